"""What people type after an option, turned into values: days, instants, amounts, names of things."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from parvis.states.words import Sentence

Choice = TypeVar("Choice", bound=StrEnum)

NOT_A_CHOICE = Sentence(
    "« {value} » n’est pas connu. Choix possibles : {choices}.",
    "“{value}” is not known. Possible: {choices}.",
)
NEAR = Sentence(
    "« {value} » n’est pas connu. Vouliez-vous dire « {nearest} » ?",
    "“{value}” is not known. Did you mean “{nearest}”?",
)
NOT_WHOLE = Sentence(
    "« {value} » n’est pas un nombre entier de {least} à {most}.",
    "“{value}” is not a whole number from {least} to {most}.",
)
NOT_A_SHARE = Sentence(
    "« {value} » ne se lit pas : écrire le code du financeur, « = », puis le montant, comme etat=1 234,56.",
    "“{value}” cannot be read: write the funder’s code, “=”, then the amount, like etat=1 234,56.",
)
NOT_A_PART = Sentence(
    "« {value} » ne se lit pas : écrire SIRET:financeur=montant, ou lead:financeur=montant.",
    "“{value}” cannot be read: write SIRET:funder=amount, or lead:funder=amount.",
)


class WrongUseError(Exception):
    """What was typed cannot be understood: `option` is where (empty for the command as a whole)."""

    def __init__(self, option: str, sentence: Sentence) -> None:
        super().__init__(f"{option}: {sentence}")
        self.option = option
        self.sentence = sentence


def is_text(word: str) -> bool:
    """Whether the word was UTF-8 where it was typed: Python keeps other bytes as lone surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in word)


def day(option: str, typed: str) -> date:
    """A calendar day: 31/01/2027 or 2027-01-31.

    Raises:
        WrongUseError: it is not one.
    """
    from parvis.states.fields import FieldError, calendar_day

    try:
        return calendar_day(typed)
    except FieldError as error:
        raise WrongUseError(option, error.sentence) from None


def instant(option: str, typed: str) -> datetime:
    """An aware UTC instant: a day (its midnight in Paris), a day and an hour of Paris, or ISO 8601 with an offset.

    Raises:
        WrongUseError: it is not one.
    """
    from parvis.states import fields
    from parvis.states.calendar import local_instant

    try:
        return fields.day_or_instant(typed)
    except fields.FieldError as error:
        if error.code != "datetime_offset_required":
            raise WrongUseError(option, error.sentence) from None
    try:
        read = fields.instant(f"{typed.strip()}Z")
    except fields.FieldError as error:
        raise WrongUseError(option, error.sentence) from None
    return local_instant(read.date(), read.time())


def amount(option: str, typed: str, *, zero_allowed: bool = False) -> int:
    """Integer cents, from `1 234,56`.

    Raises:
        WrongUseError: it is not an amount.
    """
    from parvis.states import fields

    try:
        return fields.amount(typed, zero_allowed=zero_allowed)
    except fields.FieldError as error:
        raise WrongUseError(option, error.sentence) from None


def shares(option: str, typed: list[str]) -> tuple[tuple[str, int], ...]:
    """Cents by funder, from several `code=1 234,56`.

    Raises:
        WrongUseError: one of them cannot be read.
    """
    given = []
    for each in typed:
        code, equals, euros = each.partition("=")
        if not equals or not code.strip():
            raise WrongUseError(option, NOT_A_SHARE.fill(value=each))
        given.append((code.strip().lower(), amount(option, euros)))
    return tuple(given)


def parts(option: str, typed: list[str]) -> tuple[tuple[str, str, int], ...]:
    """Cents by partner and funder, from several `SIRET:code=1 234,56`; `lead` stands for the lead.

    Raises:
        WrongUseError: one of them cannot be read.
    """
    said = []
    for each in typed:
        who, colon, share = each.partition(":")
        code, equals, euros = share.partition("=")
        if not (colon and equals and who.strip() and code.strip()):
            raise WrongUseError(option, NOT_A_PART.fill(value=each))
        bare = "".join(who.split()).lower()
        said.append((bare, code.strip().lower(), amount(option, euros, zero_allowed=True)))
    return tuple(said)


def whole(option: str, typed: str, *, least: int = 1, most: int = 10_000) -> int:
    """A whole number between two bounds, both allowed.

    Raises:
        WrongUseError: it is not one.
    """
    digits = typed.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9 or not least <= int(digits) <= most:
        raise WrongUseError(option, NOT_WHOLE.fill(value=typed, least=least, most=most))
    return int(digits)


def chosen(option: str, typed: str, choices: Iterable[Choice], words: Mapping[str, Sentence]) -> Choice:
    """One of a closed set, by its code or by what people call it, whatever case, accents and hyphens.

    Raises:
        WrongUseError: it is none of them; the nearest is named.
    """
    possible = list(choices)
    meant = _beginnings(possible, words)
    meant |= {bare(name): choice for choice in possible for name in _names(choice, words)}
    if (found := meant.get(bare(typed))) is not None:
        return found
    nearest = get_close_matches(bare(typed), meant, n=1, cutoff=0.6)
    if nearest:
        raise WrongUseError(option, NEAR.fill(value=typed, nearest=code(meant[nearest[0]])))
    raise WrongUseError(option, NOT_A_CHOICE.fill(value=typed, choices=[code(choice) for choice in possible]))


def code(choice: StrEnum) -> str:
    """A member of a closed set as it is typed: `request-documents`."""
    return choice.value.replace("_", "-")


def bare(text: str) -> str:
    """A name without what people vary: case, accents, apostrophes, spaces, hyphens."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in letters if char.isalnum())


def _beginnings(choices: Iterable[Choice], words: Mapping[str, Sentence]) -> dict[str, Choice]:
    """The first word of what people call each choice, when no other choice begins with it."""
    begun: dict[str, set[Choice]] = defaultdict(set)
    for choice in choices:
        for name in _names(choice, words):
            begun[bare(name.split()[0])].add(choice)
    return {word: found.pop() for word, found in begun.items() if len(found) == 1}


def _names(choice: StrEnum, words: Mapping[str, Sentence]) -> list[str]:
    said = words.get(choice)
    return [choice.value, *((said.fr, said.en) if said else ())]
