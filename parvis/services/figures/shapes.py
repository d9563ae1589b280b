"""What figures are made of: sections with a sentence, a chart and a table, wherever they are shown."""

from dataclasses import dataclass, field
from datetime import date

from parvis.states.words import Cents, Sentence


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, or a change when it is signed, in whole percent."""

    value: int
    signed: bool = False


Cell = str | int | Cents | Percent | date | Sentence | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, whether it holds numbers, whether a narrow terminal can do without it."""

    name: Sentence
    number: bool = True
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of horizontal bars: a name, a value, and the part of it that stands out."""

    bars: tuple[tuple[Sentence, int, int], ...]
    money: bool = False
    part: Sentence | None = None
    whole: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """A chart of two bars a name, one under the other: what `first` and `second` say of it."""

    pairs: tuple[tuple[Sentence, int, int], ...]
    first: Sentence
    second: Sentence
    money: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """A chart of one bar a day, from `first` to `last`; days without any are left out of `counts`."""

    first: date
    last: date
    counts: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Small charts side by side, one a name, of the same weeks and on the same scale."""

    weeks: tuple[date, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """A map without geography: a square a place (name, value, note), as dark as its value is great."""

    tiles: tuple[tuple[str, int, Sentence], ...]
    money: bool = False


Chart = Bars | Pairs | Days | Lines | Tiles


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: a title, what to retain of it, a chart perhaps, and its table.

    `links` are the addresses that list what each row counts, as many as rows or none; `more`, that of them all.
    `ways` are those of each cell, as many as cells or none; `foot` is the row of them all together.
    """

    code: str
    title: Sentence
    says: Sentence
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    chart: Chart | None = None
    long: bool = False
    alarm: bool = False
    links: tuple[str, ...] = ()
    more: str = ""
    ways: tuple[tuple[str, ...], ...] = ()
    foot: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `facts` are the few figures to see first."""

    title: Sentence
    subtitle: Sentence
    facts: tuple[tuple[Cell, Sentence], ...]
    sections: tuple[Section, ...]
    note: Sentence
    alarms: tuple[Sentence, ...] = field(default=())
