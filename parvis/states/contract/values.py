"""The values a contract file is written with, and how a file that cannot be is refused."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from parvis.states.fields.amounts import MAX_AMOUNT_CENTS
from parvis.states.fields.dates import calendar_day
from parvis.states.fields.errors import FieldError, is_blank, shortened
from parvis.states.fields.identifiers import siret
from parvis.states.fields.mailbox import email
from parvis.states.fields.texts import text
from parvis.states.words import Sentence

RULE = "parvis_rule"
"""The type of the errors whose context holds the sentence, as `fr` and `en`."""

EVERYWHERE = "all"
"""What `covers` says instead of a list when a committee covers every neighbourhood."""

CODE = Sentence(
    "« {value} » n’est pas un code : 40 signes au plus, lettres sans accent, chiffres, tiret ou souligné.",
    "“{value}” is not a code: 40 signs at most, unaccented letters, digits, hyphen or underscore.",
)
COMPANY = Sentence(
    "« {value} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres) : l’écrire entre guillemets.",
    "“{value}” is neither a SIREN (9 digits) nor a SIRET (14 digits): write it in quotes.",
)
QPV = Sentence(
    "« {value} » n’est pas un code de quartier prioritaire : QN, cinq chiffres puis M, I ou N (QN08003M).",
    "“{value}” is not a priority neighbourhood code: QN, five digits then M, I or N (QN08003M).",
)
SHARE = Sentence(
    "« {value} » n’est pas une part : écrire un nombre de 0 à 1, comme 0.8, ou un pourcentage, comme 80 %.",
    "“{value}” is not a share: write a number from 0 to 1, like 0.8, or a percentage, like 80 %.",
)
CLOCK = Sentence(
    "« {value} » n’est pas une heure : écrire les heures et les minutes, comme 08:00.",
    "“{value}” is not a time of day: write hours and minutes, like 08:00.",
)
FOLDER = Sentence(
    "« {value} » ne peut pas être un dossier de lettres : écrire un chemin relatif à ce fichier, sans « .. ».",
    "“{value}” cannot be a folder of letters: write a path relative to this file, without “..”.",
)
WEB_ADDRESS = Sentence(
    "« {value} » n’est pas une adresse de page : la copier en entier, comme https://visio.ville.fr/comite.",
    "“{value}” is not a web address: copy it whole, like https://visio.ville.fr/comite.",
)
TWICE = Sentence(
    "« {value} » est déjà dans la liste, au rang {first} : en garder un seul, ou en changer un.",
    "“{value}” is already in the list, at rank {first}: keep only one, or change one.",
)
UNKNOWN = Sentence(
    "« {value} » n’existe pas dans « {where} » : l’y ajouter, ou écrire un de ses codes ({known}).",
    "“{value}” does not exist in “{where}”: add it there, or write one of its codes ({known}).",
)
NONE = Sentence("aucun pour l’instant", "none so far")


class Setting(BaseModel):
    """A closed, frozen and hashable part of a contract file: an unknown name is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that fields say together and that cannot be, at the `path` of the one to change."""

    path: tuple[str | int, ...]
    value: object
    sentence: Sentence


def refuse(problems: Iterable[Problem]) -> None:
    """Raise every problem at once, each at its own path.

    Raises:
        ValidationError: there is at least one problem.
    """
    found = [
        InitErrorDetails(type=refusal(problem.sentence), loc=problem.path, input=problem.value)
        for problem in problems
    ]
    if found:
        raise ValidationError.from_exception_data("contract", found)


def duplicates(field: str, values: Iterable[str], key: str | None = "code") -> list[Problem]:
    """A problem for each value of the list `field` already met, letter case apart; `key` names it in an item."""
    first: dict[str, int] = {}
    problems = []
    for index, value in enumerate(values):
        before = first.setdefault(value.casefold(), index)
        if before != index:
            path = (field, index) if key is None else (field, index, key)
            problems.append(Problem(path, value, TWICE.fill(value=value, first=before + 1)))
    return problems


def unknown(
    path: tuple[str | int, ...], value: str | None, known: Collection[str], where: str
) -> list[Problem]:
    """A problem when `value` is said and is not a code of the list `where`."""
    if value is None or value in known:
        return []
    shown = sorted(known) if known else NONE
    return [Problem(path, value, UNKNOWN.fill(value=value, where=where, known=shown))]


def refusal(sentence: Sentence) -> PydanticCustomError:
    """The error a validator raises to say `sentence` about its own field."""
    return PydanticCustomError(RULE, "{fr}", {"fr": sentence.fr, "en": sentence.en})


def _parsed(parse: Callable[[Any], Any]) -> BeforeValidator:
    """A field parser whose refusal becomes an error of the file; lists and blocks are left to the type."""

    def check(value: object) -> object:
        if value is None or isinstance(value, (dict, list, tuple)):
            return value
        try:
            return parse(value)
        except FieldError as refused:
            raise refusal(refused.sentence) from None

    return BeforeValidator(check)


def _matching(pattern: str, sentence: Sentence) -> BeforeValidator:
    compiled = re.compile(pattern)

    def parse(value: object) -> str:
        typed = str(value).strip()
        if not compiled.fullmatch(typed):
            raise FieldError("format", sentence, value=shortened(typed))
        return typed

    return _parsed(parse)


def _share(value: object) -> Decimal:
    typed = str(value).strip().replace(",", ".")
    try:
        share = Decimal(typed.removesuffix("%").strip()) / (100 if typed.endswith("%") else 1)
        within = 0 <= share <= 1
    except InvalidOperation:
        within, share = False, Decimal(0)
    if not within:
        raise FieldError("share", SHARE, value=shortened(value))
    return share.normalize()


def _clock(value: object) -> time:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:00)?", str(value).strip())
    if not found:
        raise FieldError("clock", CLOCK, value=shortened(value))
    return time(int(found[1]), int(found[2]))


_CODE = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
_QPV = r"QN([0-9]{5}|2[AB][0-9]{3})[MIN]"
_COMPANY = r"[0-9]{9}([0-9]{5})?"
_PERCENT = r"^[0-9]+([.,][0-9]+)? ?%?$"
DAY_SCHEMA: dict[str, Any] = {
    "type": "string",
    "anyOf": [{"format": "date"}, {"pattern": "^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$"}],
}
_WEB = r"https?://[A-Za-z0-9._~-]+(:[0-9]{1,5})?(/[^\s<>\"'`\\]{0,1000})?"
_FOLDER = r"(?![/~])(?!.*\.\.)[\w./ -]{1,200}"

Text = Annotated[str, _parsed(lambda value: text(value, max_length=300))]
Note = Annotated[str, _parsed(lambda value: "" if is_blank(value) else text(value, max_length=300))]
Lines = Annotated[
    str, _parsed(lambda value: "" if is_blank(value) else text(value, max_length=1000, lines=True))
]
Mailbox = Annotated[str, _parsed(email), WithJsonSchema({"type": "string", "format": "email"})]
Code = Annotated[str, _matching(_CODE, CODE), WithJsonSchema({"type": "string", "pattern": f"^{_CODE}$"})]
QpvCode = Annotated[str, _matching(_QPV, QPV), WithJsonSchema({"type": "string", "pattern": f"^{_QPV}$"})]
CompanyNumber = Annotated[
    str, _matching(_COMPANY, COMPANY), WithJsonSchema({"type": "string", "pattern": f"^{_COMPANY}$"})
]
"""A SIREN, or a SIRET."""
Siret = Annotated[str, _parsed(siret), WithJsonSchema({"type": "string", "pattern": "^[0-9 ]{14,20}$"})]
QpvOrAll = Annotated[str, _matching(f"{EVERYWHERE}|{_QPV}", QPV)]
Folder = Annotated[str, _matching(_FOLDER, FOLDER)]
WebAddress = Annotated[
    str,
    _matching(_WEB, WEB_ADDRESS),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://"}),
]
Day = Annotated[date, _parsed(calendar_day), WithJsonSchema(DAY_SCHEMA)]
ClockTime = Annotated[
    time, _parsed(_clock), WithJsonSchema({"type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$"})
]
Share = Annotated[
    Decimal,
    _parsed(_share),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": _PERCENT}]}
    ),
]
Whole = Annotated[int, Field(strict=True, ge=1, le=1000)]
Amount = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT_CENTS)]
"""Integer cents."""
