"""What somebody typed in the form of an action, turned into what the rules decide on; each fault beside its field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from parvis.services.case_page import Choices
from parvis.states import fields
from parvis.states.asking import ASKS, Asked, Field
from parvis.states.facts import Given
from parvis.states.grid import score
from parvis.states.stages import Action, Opinion
from parvis.states.words import Sentence
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.parts import read_parts

Value = TypeVar("Value")
LONGEST_REASON = 4_000
MOST_WORDS = 20

AMOUNT, POINTS, OTHER_DOCUMENTS = "amount_", "points_", "other_documents"
"""Beginnings of the names of fields there is one of for each funder or criterion; documents named in words."""

REQUIRED = Sentence("à remplir", "to be filled in")
ONE_AT_LEAST = Sentence(
    "rien n’est coché : cocher ce qui est voulu", "nothing is ticked: tick what is wanted"
)
NOT_OFFERED = Sentence("choix inconnu : choisir dans la liste", "unknown choice: choose from the list")
UNREADABLE_VERSION = Sentence("relire la page, puis recommencer", "read the page again, then retry")
NOT_POINTS = Sentence("un nombre entier de 0 à {most}", "a whole number from 0 to {most}")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as sent: by name, every value given."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The last value of a field, without the spaces around it; empty when it was not sent."""
        said = self.values.get(name) or ("",)
        return said[-1].strip()

    def all(self, name: str) -> list[str]:
        """Every value of a field that is not empty, each once."""
        return [each for each in dict.fromkeys(value.strip() for value in self.values.get(name, ())) if each]


async def read_form(request: Request) -> Typed:
    """Every field of a form, by name; files are left out."""
    return await _read(request, 1_000)


async def read_grid(request: Request) -> Typed:
    """The same of a grid, which has a field for each of its cells."""
    return await _read(request, 20_000)


async def _read(request: Request, most: int) -> Typed:
    sent = await request.form(max_files=0, max_fields=most)
    said = {name: [each for each in sent.getlist(name) if isinstance(each, str)] for name in sent}
    return Typed({name: [_kept(each) for each in several] for name, several in said.items()})


def _kept(value: str) -> str:
    """A value as a database can hold it: without NUL, nor halves of letters."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


TypedForm = Annotated[Typed, Depends(read_form)]
TypedGrid = Annotated[Typed, Depends(read_grid)]


def given(
    action: Action, typed: Typed, choices: Choices, documents: Iterable[str], *,
    funder_id: int | None, left_out: frozenset[Field] = frozenset(),
) -> Given:  # fmt: skip
    """What the form of an action brings, but for the fields `left_out`.

    `documents` are the codes of the case's check-list.

    Raises:
        WrongInputError: fields cannot be read, are missing, or name what is not offered; all of them are named.
    """
    reading = _Reading(typed, choices, tuple(documents), funder_id)
    brought: dict[str, object] = {}
    faults: list[FieldError] = []
    for asked in (each for each in ASKS[action] if each.field not in left_out):
        try:
            brought |= _READERS[asked.field](reading, asked)
        except WrongInputError as wrong:
            faults += wrong.fields
    if faults:
        raise WrongInputError(*faults)
    return Given(**brought)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Reading:
    typed: Typed
    choices: Choices
    documents: tuple[str, ...]
    funder_id: int | None

    def read(self, asked: Asked, name: str, parse: Callable[[str], Value]) -> Value | None:
        """A field parsed; None when it is empty and may be."""
        said = self.typed.one(name)
        if not said:
            if asked.required:
                raise wrong(name, REQUIRED)
            return None
        return parsed(name, said, parse)


def parsed(name: str, said: str, parse: Callable[[str], Value]) -> Value:
    """What a field says.

    Raises:
        WrongInputError: it says nothing that can be used.
    """
    try:
        return parse(said)
    except fields.FieldError as error:
        raise wrong(name, error.sentence) from None


def wrong(name: str, sentence: Sentence) -> WrongInputError:
    """The error that names one field."""
    return WrongInputError(FieldError(name, sentence))


def chosen_id(name: str, said: str, offered: Iterable[int]) -> int:
    """A number among those a list offered.

    Raises:
        WrongInputError: it is none of them.
    """
    known = set(offered)
    if said.isascii() and said.isdigit() and len(said) <= 18 and int(said) in known:
        return int(said)
    raise wrong(name, NOT_OFFERED)


def version(typed: Typed) -> int:
    """The version of what the page showed.

    Raises:
        WrongInputError: the form does not say it.
    """
    said = typed.one("version")
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise wrong("version", UNREADABLE_VERSION)
    return int(said)


def _text(reading: _Reading, asked: Asked) -> dict[str, object]:
    said = reading.read(
        asked, asked.field, lambda typed: fields.text(typed, max_length=LONGEST_REASON, lines=True)
    )
    return {asked.field: said or ""}


def _short(typed: str) -> str:
    return fields.text(typed, max_length=200)


def _documents(reading: _Reading, asked: Asked) -> dict[str, object]:
    named = reading.typed.all(asked.field)
    if not set(named) <= set(reading.documents):
        raise wrong(asked.field, NOT_OFFERED)
    lines = [line.strip() for line in reading.typed.one(OTHER_DOCUMENTS).splitlines()]
    words = [parsed(OTHER_DOCUMENTS, line, _short) for line in lines if line]
    if not named and not words:
        raise wrong(asked.field, ONE_AT_LEAST)
    return {asked.field: tuple(dict.fromkeys([*named, *words[:MOST_WORDS]]))}


def _day(reading: _Reading, asked: Asked) -> dict[str, object]:
    return {asked.field: reading.read(asked, asked.field, fields.calendar_day)}


def _committee(reading: _Reading, asked: Asked) -> dict[str, object]:
    offered = [sitting.id for sitting in reading.choices.sittings]
    return {asked.field: reading.read(asked, asked.field, lambda said: chosen_id(asked.field, said, offered))}


def _instructor(reading: _Reading, asked: Asked) -> dict[str, object]:
    offered = [person_id for person_id, _ in reading.choices.officers]
    return {asked.field: reading.read(asked, asked.field, lambda said: chosen_id(asked.field, said, offered))}


def _partner(reading: _Reading, asked: Asked) -> dict[str, object]:
    offered = [partner_id for partner_id, _ in reading.choices.partners]
    return {asked.field: reading.read(asked, asked.field, lambda said: chosen_id(asked.field, said, offered))}


def _email(reading: _Reading, asked: Asked) -> dict[str, object]:
    return {asked.field: reading.read(asked, asked.field, fields.email) or ""}


def _siret(reading: _Reading, asked: Asked) -> dict[str, object]:
    return {asked.field: reading.read(asked, asked.field, fields.siret) or ""}


def _signer(reading: _Reading, asked: Asked) -> dict[str, object]:
    read = reading.read(asked, asked.field, _short)
    return {asked.field: read or ""}


def _amounts(reading: _Reading, asked: Asked) -> dict[str, object]:
    shares = []
    for funder in reading.choices.funders:
        name = AMOUNT + funder.code
        if said := reading.typed.one(name):
            cents = parsed(name, said, lambda typed: fields.amount(typed, zero_allowed=True))
            shares += [(funder.code, cents)] if cents else []
    if asked.required and not shares:
        raise wrong(asked.field, REQUIRED)
    return {asked.field: tuple(shares)}


def _part_amounts(reading: _Reading, asked: Asked) -> dict[str, object]:
    whose = [payee.who for payee in reading.choices.payees]
    return {
        asked.field: read_parts(reading.typed.one, whose, [each.code for each in reading.choices.funders])
    }


def _opinion(reading: _Reading, asked: Asked) -> dict[str, object]:
    said = reading.typed.one(asked.field)
    if said not in set(Opinion):
        raise wrong(asked.field, NOT_OFFERED if said else REQUIRED)
    return {asked.field: said, "funder_id": reading.funder_id}


def _proposed(reading: _Reading, asked: Asked) -> dict[str, object]:
    read = reading.read(asked, asked.field, lambda said: fields.amount(said, zero_allowed=True))
    return {asked.field: read}


def _funders(reading: _Reading, asked: Asked) -> dict[str, object]:
    offered = {funder.id for funder in reading.choices.funders if funder.asks_opinion}
    ids = tuple(chosen_id(asked.field, said, offered) for said in reading.typed.all(asked.field))
    if not ids:
        raise wrong(asked.field, ONE_AT_LEAST)
    return {asked.field: ids}


def _instalment(reading: _Reading, asked: Asked) -> dict[str, object]:
    said = reading.typed.one(asked.field)
    if said and said not in {code for code, _ in reading.choices.instalments}:
        raise wrong(asked.field, NOT_OFFERED)
    return {asked.field: said}


def _points(reading: _Reading, asked: Asked) -> dict[str, object]:
    choices = reading.choices
    grid = [line.criterion for line in (choices.evaluation if asked.final else choices.grid)]
    points: dict[str, int] = {}
    faults = []
    for criterion in grid:
        said = reading.typed.one(POINTS + criterion.code)
        if said.isascii() and said.isdigit() and len(said) <= 3 and int(said) <= criterion.maximum:
            points[criterion.code] = int(said)
        else:
            faults.append(FieldError(POINTS + criterion.code, NOT_POINTS.fill(most=criterion.maximum)))
    if faults:
        raise WrongInputError(*faults)
    return {asked.field: tuple(points.items()), "score": score(grid, points)}


_READERS: dict[Field, Callable[[_Reading, Asked], dict[str, object]]] = {
    Field.REASON: _text,
    Field.CONDITIONS: _text,
    Field.DOCUMENTS: _documents,
    Field.REPLY_BY: _day,
    Field.DUE_ON: _day,
    Field.CONTACT_ON: _day,
    Field.PARTNER: _partner,
    Field.PARTNER_EMAIL: _email,
    Field.PARTNER_SIRET: _siret,
    Field.PARTNER_NAME: _signer,
    Field.SIGNER: _signer,
    Field.SIGNER_QUALITY: _signer,
    Field.COMMITTEE: _committee,
    Field.INSTRUCTOR: _instructor,
    Field.AMOUNTS: _amounts,
    Field.PARTS: _part_amounts,
    Field.OPINION: _opinion,
    Field.PROPOSED: _proposed,
    Field.FUNDERS: _funders,
    Field.POINTS: _points,
    Field.STARTS_ON: _day,
    Field.ENDS_ON: _day,
    Field.INSTALMENT: _instalment,
}
