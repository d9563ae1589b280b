"""What commands print: sentences, tables, amounts and days as French people write them, or JSON."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from parvis.states.words import PARIS, Sentence, money

if TYPE_CHECKING:
    from parvis.cli.here import Here

# Rich breaks lines at any space, even those French forbids to break at: they travel as letters.
_TRAVELLING = str.maketrans({"\u202f": "\ue000", "\u00a0": "\ue001"})
_ARRIVED = str.maketrans({"\ue000": "\u202f", "\ue001": "\u00a0"})


_FILLING = re.compile(r"[ ]+$", re.MULTILINE)


class _Typographic:
    """A stream that gives unbreakable spaces back their own sign, and a file no spaces at the end of its lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._seen = stream.isatty()

    def write(self, text: str) -> int:
        """Write `text` as it should be read."""
        written = text.translate(_ARRIVED)
        return self._stream.write(written if self._seen else _FILLING.sub("", written))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console(*, error: bool = False) -> Console:
    """The terminal, or the file the output goes to: no colour there, and no highlighting anywhere."""
    stream = sys.stderr if error else sys.stdout
    return Console(file=cast("IO[str]", _Typographic(stream)), highlight=False, markup=False, emoji=False)


def kept(text: str) -> str:
    """`text` whose unbreakable spaces no table will break at."""
    return text.translate(_TRAVELLING)


def say(here: "Here", sentence: Sentence, *, style: str = "", **values: object) -> None:
    """Print a sentence in the reader's language."""
    console().print(Text(kept(here.say(sentence, **values)), style))


def table(*columns: str, right: Iterable[int] = (), whole: Iterable[int] = ()) -> Table:
    """An empty table; columns `right` hold numbers, those and columns `whole` are never cut or broken."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    to_right, unbroken = set(right), {*right, *whole}
    for index, name in enumerate(columns):
        made.add_column(
            kept(name),
            justify="right" if index in to_right else "left",
            no_wrap=index in unbroken,
            overflow="fold",
        )
    return made


def grid(columns: int = 2, *, whole: Iterable[int] = (0,)) -> Table:
    """An empty table without titles; columns `whole` are never broken, the others never cut."""
    made = Table.grid(padding=(0, 2, 0, 0))
    unbroken = set(whole)
    for index in range(columns):
        made.add_column(no_wrap=index in unbroken, overflow="fold")
    return made


def row(made: Table, *cells: str | Text, style: str = "") -> None:
    """Add a row."""
    made.add_row(*(kept(cell) if isinstance(cell, str) else cell for cell in cells), style=style)


def show(*what: RenderableType) -> None:
    """Print tables and texts, one under the other."""
    out = console()
    for each in what:
        out.print(kept(each) if isinstance(each, str) else each)


def euros(cents: int | None, here: "Here") -> str:
    """An amount; a dash for one not said yet."""
    return "—" if cents is None else money(cents, here.language)


def short_day(day: date | None) -> str:
    """A day in a table: 31/01/2027, empty when there is none."""
    return day.strftime("%d/%m/%Y") if day else ""


def paris(at: datetime) -> date:
    """The day in Paris."""
    return at.astimezone(PARIS).date()


def short_instant(at: datetime | None) -> str:
    """An instant in a table, Paris time: 31/01/2027 08:00."""
    return at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M") if at else ""


def dump(value: object) -> None:
    """Print a value as JSON: amounts in integer cents, days and instants in ISO form, instants in UTC."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def plain(value: object) -> Any:
    """A value as JSON holds it."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | frozenset():
            return [plain(each) for each in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return _written(value)


def _written(value: object) -> str | dict[str, str]:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Path():
            return str(value)
        case Sentence():
            return {"fr": value.fr, "en": value.en}
        case _:
            raise TypeError(type(value).__name__)
