"""The report of a rehearsal on a terminal: the same sections as the page, charts in block characters."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date
from rich.console import Console
from rich.table import Table
from rich.text import Text

from parvis.cli.output import kept
from parvis.services.figures.shapes import Bars, Days, Lines, Report, Section
from parvis.services.figures.showing import cell, number
from parvis.states.words import Language

if TYPE_CHECKING:
    from parvis.cli.here import Here

LEVELS = " ▁▂▃▄▅▆▇█"
FULL, LIGHT = "█", "░"
TALL = 6
MOST_ROWS = 15
WIDEST = 120
ROOMY = 100
LEAST_BAR = 8


def print_report(out: Console, report: Report, here: "Here") -> None:
    """Print the whole report, as wide as the terminal but no wider than reading allows."""
    language, width = here.language, min(out.width, WIDEST)
    out.print(Text(kept(report.title.say(language)), "bold"))
    out.print(Text(kept(report.subtitle.say(language)), "dim"))
    out.print()
    out.print(_facts(report, language))
    for section in report.sections:
        out.print()
        for piece in _section(section, language, width):
            out.print(piece, soft_wrap=False)
    out.print()
    out.print(Text(kept(report.note.say(language)), "dim"), width=width)


def _facts(report: Report, language: str) -> Table:
    grid = Table.grid(padding=(0, 3, 0, 0))
    for _ in report.facts:
        grid.add_column(justify="left")
    grid.add_row(*(Text(kept(cell(value, language)), "bold") for value, _ in report.facts))
    grid.add_row(*(Text(kept(name.say(language)), "dim") for _, name in report.facts))
    return grid


def _section(section: Section, language: str, width: int) -> Iterator[Text | Table]:
    yield Text(kept(section.title.say(language)), "bold red" if section.alarm else "bold cyan")
    yield Text(kept(section.says.say(language)))
    match section.chart:
        case Days():
            yield from _days(section.chart, language, width)
        case Lines():
            yield from _lines(section.chart, language, width)
            yield from _table(section, language, width)
        case _:
            yield from _table(section, language, width)


def _table(section: Section, language: str, width: int) -> Iterator[Text | Table]:
    """The rows that fit on a screen; in a narrow terminal without the minor columns, and tighter."""
    if not section.rows:
        return
    narrow = width < ROOMY
    shown = [index for index, column in enumerate(section.columns) if not (narrow and column.minor)]
    columns = [section.columns[index] for index in shown]
    heads = [kept(column.name.say(language)) for column in columns]
    rows = [[kept(cell(values[index], language)) for index in shown] for values in section.rows[:MOST_ROWS]]
    widths = [max(_longest_word(text) for text in texts) for texts in zip(heads, *rows, strict=True)]
    gap = 1 if narrow else 2
    made = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold", show_edge=False)
    for head, column, least, texts in zip(heads, columns, widths, zip(*rows, strict=True), strict=True):
        most = least if all(" " not in text for text in texts) else None
        made.add_column(head, justify="right" if column.number else "left", min_width=least, max_width=most)
    room = min(width // 5, width - sum(widths) - gap * len(widths))
    bars = section.chart if isinstance(section.chart, Bars) and room >= LEAST_BAR else None
    if bars:
        made.add_column("", min_width=room)
    for index, cells in enumerate(rows):
        made.add_row(*cells, *([_bar(bars, index, room)] if bars else []))
    yield made
    if len(section.rows) > MOST_ROWS:
        yield Text(f"… + {number(len(section.rows) - MOST_ROWS, language)}", "dim")


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split(" ")), default=0)


def _bar(chart: Bars, index: int, room: int) -> Text:
    """The bar of one row, its part in full blocks; rows without one (exits of a funnel) have none."""
    if index >= len(chart.bars):
        return Text("")
    longest = max([1, *(whole for _, whole, _ in chart.bars)])
    _, whole, part = chart.bars[index]
    filled, total = round(room * part / longest), round(room * whole / longest)
    return Text(FULL * filled, "cyan").append(LIGHT * max(0, total - filled), "dim")


def _days(chart: Days, language: str, width: int) -> Iterator[Text]:
    """A bar chart `TALL` lines high: each column is the busiest day of the days it stands for."""
    days = (chart.last - chart.first).days + 1
    margin = 6
    columns = min(days, width - margin)
    heights = [0] * columns
    for day, count in chart.counts:
        index = (day - chart.first).days * columns // days
        heights[index] = max(heights[index], count)
    top = max([1, *heights])
    for level in range(TALL, 0, -1):
        said = number(top, language) if level == TALL else "0" if level == 1 else ""
        drawn = "".join(_block(height * TALL / top - (level - 1)) for height in heights)
        yield Text(f"{said:>{margin - 1}} ", "dim").append(drawn.rstrip(), "cyan")
    yield Text(" " * margin + _axis(chart.first, chart.last, columns, language), "dim")


def _block(share: float) -> str:
    return LEVELS[min(8, max(0, round(share * 8)))]


def _axis(first: date, last: date, columns: int, language: str) -> str:
    """The names of months under the columns they begin at, as many as fit."""
    line = [" "] * columns
    days, free = (last - first).days + 1, 0
    month = first.replace(day=1)
    while month <= last:
        if month >= first:
            at = (month - first).days * columns // days
            said = format_date(month, "MMM" if month.month > 1 else "y", locale=_locale(language)).rstrip(".")
            if at >= free and at + len(said) <= columns:
                line[at : at + len(said)] = said
                free = at + len(said) + 1
        month = (month + timedelta(days=31)).replace(day=1)
    return "".join(line).rstrip()


def _lines(chart: Lines, language: str, width: int) -> Iterator[Text | Table]:
    """One line of blocks a name, on one scale, and the highest value."""
    longest = max((len(name) for name, _ in chart.series), default=0)
    room = max(10, width - longest - 9)
    top = max([1, *(max(values, default=0) for _, values in chart.series)])
    for name, values in chart.series:
        drawn = "".join(_block(value / top) for value in _squeezed(values, room))
        peak = number(max(values, default=0), language)
        yield Text(f"{name:<{longest}} ").append(drawn, "cyan").append(f" {peak}", "dim")
    end = chart.weeks[-1] + timedelta(days=6)
    columns = min(room, len(chart.weeks))
    yield Text(" " * (longest + 1) + _axis(chart.weeks[0], end, columns, language), "dim")


def _squeezed(values: Sequence[int], room: int) -> list[int]:
    """At most `room` values: each the highest of those it stands for."""
    columns = min(room, len(values))
    found = [0] * columns
    for index, value in enumerate(values):
        at = index * columns // len(values)
        found[at] = max(found[at], value)
    return found


def _locale(language: str) -> str:
    return "en_GB" if language == Language.EN else "fr_FR"
