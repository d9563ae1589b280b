"""Sentences people read: French first, English beside it, and how values look inside them."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list

from parvis.states.quotes import inner_quotes

PARIS = ZoneInfo("Europe/Paris")


class Language(StrEnum):
    """Languages a person can choose."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True, slots=True, order=True)
class Cents:
    """An amount of money shown to a person, in integer euro cents."""

    amount: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said to a person, in both languages."""

    fr: str
    en: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "fr", french_spaces(self.fr))

    def say(self, language: str = Language.FR, **values: object) -> str:
        """The sentence in `language`, filled with `values` if any; French when the language is not known."""
        if language == Language.EN:
            return _fill(self.en, Language.EN, values) if values else self.en
        return french_spaces(inner_quotes(_fill(self.fr, Language.FR, values))) if values else self.fr

    def fill(self, **values: object) -> "Sentence":
        """Both languages with their `{placeholders}` replaced by `values`, shown as each language shows them."""
        return Sentence(
            inner_quotes(_fill(self.fr, Language.FR, values)), _fill(self.en, Language.EN, values)
        )

    def __str__(self) -> str:
        return self.fr


def shown(value: object, language: str = Language.FR) -> str:
    """A value as a reader of `language` expects it: dates in full, instants in Paris time, money with its sign.

    Nothing at all, or a list with nothing in it, is a dash.
    """
    match value:
        case None | () | []:
            return "—"
        case Cents(amount):
            return money(amount, language)
        case datetime():
            return instant(value, language)
        case date():
            return day(value, language)
        case str():
            return value
        case Sentence():
            return value.say(language)
        case Iterable():
            return format_list([shown(item, language) for item in value], locale=_locale(language))
        case _:
            return str(value)


def french_spaces(text: str) -> str:
    """`text` with the narrow no-break spaces French puts before `; : ! ?` and inside « »."""
    return _BEFORE.sub("\u202f", _INSIDE.sub("«\u202f", text))


_BEFORE = re.compile(r"[ \u00a0](?=[;:!?»])")
_INSIDE = re.compile(r"«[ \u00a0]")


def money(cents: int, language: str = Language.FR) -> str:
    """Integer cents as `12 345,50 €`, with the spaces the language asks for.

    Written here for the sake of lists, which are full of amounts; a test holds it to what Babel says.
    """
    sign, (euros, rest) = "-" if cents < 0 else "", divmod(abs(cents), 100)
    if language == Language.EN:
        return f"{sign}€{euros:,}.{rest:02}"
    return f"{sign}{euros:,},{rest:02}\u00a0€".replace(",", "\u202f", (len(str(euros)) - 1) // 3)


@lru_cache(maxsize=5_000)
def day(value: date, language: str = Language.FR) -> str:
    """A calendar day in full: `1er mars 2027`, `1 March 2027`."""
    text = format_date(value, "d MMMM y", locale=_locale(language))
    return "1er" + text[1:] if language != Language.EN and value.day == 1 else text


def instant(value: datetime, language: str = Language.FR) -> str:
    """An aware instant as Paris wall-clock time, to the minute: `1er mars 2027 à 08:00`."""
    local = value.astimezone(PARIS)
    clock = format_datetime(local, "HH:mm", locale=_locale(language))
    return f"{day(local.date(), language)} {'at' if language == Language.EN else 'à'} {clock}"


def appointment(value: datetime, language: str = Language.FR) -> str:
    """When somebody is expected, in Paris time: `jeudi 10 décembre 2026 à 14 h 30`."""
    local = value.astimezone(PARIS)
    weekday = format_date(local, "EEEE", locale=_locale(language))
    if language == Language.EN:
        return f"{weekday} {day(local.date(), language)} at {local:%H:%M}"
    minutes = f"\u00a0{local:%M}" if local.minute else ""
    return f"{weekday} {day(local.date(), language)} à {local.hour}\u00a0h{minutes}"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == Language.EN else "fr_FR")


class _Filler(string.Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, _spec: str) -> str:
        return shown(value, self.language)


def _fill(template: str, language: str, values: dict[str, object]) -> str:
    parts = _plain(template)
    if parts is None:
        return _Filler(language).vformat(template, (), values)
    return "".join(words + shown(values[name], language) if name else words for words, name in parts)


@lru_cache(maxsize=5_000)
def _plain(template: str) -> tuple[tuple[str, str], ...] | None:
    """The words of a template, each with the name of the value that follows; None where one is more than a name.

    For the sake of lists, where the same few sentences are said of each line.
    """
    parts = list(string.Formatter().parse(template))
    if any(conversion or (name is not None and not name.isidentifier()) for _, name, _, conversion in parts):
        return None
    return tuple((words, name or "") for words, name, _, _ in parts)
