"""What a cell of an exported table may hold, and the texts that must not become formulas."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from parvis.states.words import Cents, Sentence


@dataclass(frozen=True, slots=True)
class Formula:
    """An amount a spreadsheet works out again: the formula, without its sign of equality, and what it gives now.

    It is ours, never what somebody typed: references, numbers and our own words alone.
    """

    said: str
    now: Cents | None


Value = str | int | Cents | Formula | date | Sentence | None
Row = Sequence[Value]
Writer = Callable[[IO[bytes], Sequence[str], Iterable[Row], str], None]
"""Writes a table to a file, row by row: where, the names of the columns, the rows, the language."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST_LETTERS = 32_767  # in one cell of XLSX


def text_of(value: Value, language: str) -> str:
    """A value that is a text, as a cell holds it: what begins like a formula is kept from being one by an apostrophe.

    Signs that no spreadsheet can hold are taken out, and what a cell has no room for.
    """
    said = value.say(language) if isinstance(value, Sentence) else str(value)
    said = _UNREADABLE.sub("", said)
    return (f"'{said}" if said.startswith(_FORMULA) else said)[:MOST_LETTERS]


def euros(cents: Cents, separator: str) -> str:
    """An amount as a number: `-1234,50`."""
    whole, part = divmod(abs(cents.amount), 100)
    return f"{'-' if cents.amount < 0 else ''}{whole}{separator}{part:02}"


def day_of(value: date) -> date:
    """The day of a date; that of an instant would be one of a place."""
    if isinstance(value, datetime):
        raise TypeError("a cell holds days, not instants")
    return value
