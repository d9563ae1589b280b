"""Charts as SVG, drawn by hand: every colour is that of the text around, more or less of it.

So they follow a dark page, print in grey, and need no style sheet; a page that has one may colour their classes.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape

from babel.dates import format_date

from parvis.services.figures.shapes import Bars, Chart, Days, Lines, Pairs, Tiles
from parvis.services.figures.showing import number, thousands, thousands_of
from parvis.states.words import Sentence

WIDTH = 960
NAMES, VALUES, ROW, PAIR = 240, 100, 26, 38
PLOT_HEIGHT, LEFT, BOTTOM = 150, 36, 22
SMALL_WIDTH, SMALL_HEIGHT = 460, 96
TICKS = 4
LETTER, WIDE_LETTER = 6.2, 7.2
TILE, GAP = 150, 8
LIGHTEST, DARKEST = 0.06, 0.33
"""How much ink a tile takes: never so much that what is written on it, in the same ink, could not be read."""
INK = 'fill="currentColor"'
INKS = {
    "great": 'class="great" font-size="20" font-weight="600"',
    "part": 'class="part" fill="currentColor" fill-opacity="0.78"',
    "whole": 'class="whole" fill="currentColor" fill-opacity="0.2"',
    "area": 'class="area" fill="currentColor" fill-opacity="0.15"',
    "line": 'class="line" fill="none" stroke="currentColor" stroke-width="1.8"',
    "grid": 'class="grid" stroke="currentColor" stroke-opacity="0.2"',
    "small": 'class="small" font-size="10.5"',
    "strong": 'class="strong" font-weight="600"',
}


def draw(chart: Chart, label: str, language: str, *, described: str = "", width: int = WIDTH) -> str:
    """The chart as one SVG element; `label` says in words what it shows, `described` where to read it otherwise.

    `width` is that of bars, pairs and tiles: lines and days need all of it.
    """
    width = width if isinstance(chart, Bars | Pairs | Tiles) else WIDTH
    height, inside = _drawn(chart, language, width)
    desc = f"<desc>{escape(described)}</desc>" if described else ""
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-size="12" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(label)}</title>{desc}{''.join(inside)}</svg>"
    )


def _drawn(chart: Chart, language: str, width: int) -> tuple[int, list[str]]:
    match chart:
        case Bars():
            return _bars(chart, language, width)
        case Pairs():
            return _pairs(chart, language, width)
        case Days():
            return _days(chart, language)
        case Lines():
            return _lines(chart, language)
        case Tiles():
            return _tiles(chart, language, width)


def _bars(chart: Bars, language: str, width: int) -> tuple[int, list[str]]:
    """One row a bar: its name, the whole in a light tint, its part over it in full colour, the value."""
    longest = max([1, *(max(whole, part) for _, whole, part in chart.bars)])
    names = min(NAMES, width // 3)
    room = width - names - VALUES
    inside = []
    for index, (name, whole, part) in enumerate(chart.bars):
        y = index * ROW
        value = _value(whole, part, chart, language)
        inside += [
            _text(names - 8, y + 17, _short(name.say(language), names), "end"),
            _rect(names, y + 4, room * whole / longest, ROW - 8, "whole" if chart.part else "part"),
            _rect(names, y + 4, room * part / longest, ROW - 8, "part") if chart.part else "",
            _text(names + room * max(whole, part) / longest + 6, y + 17, value, "start"),
        ]
    height = len(chart.bars) * ROW + 4
    if chart.part and chart.whole:
        inside += _legend(names, height + 14, chart.part, chart.whole, language)
        height += 24
    return height, inside


def _pairs(chart: Pairs, language: str, width: int) -> tuple[int, list[str]]:
    """Two thin bars a row, the first in full colour, the second in a light tint, each with its value."""
    longest = max([1, *(max(first, second) for _, first, second in chart.pairs)])
    names = min(NAMES, width // 3)
    room = width - names - VALUES
    inside = []
    for index, (name, *values) in enumerate(chart.pairs):
        y = index * PAIR
        inside.append(_text(names - 8, y + 22, _short(name.say(language), names), "end"))
        for place, (value, kind) in enumerate(zip(values, ("part", "whole"), strict=True)):
            said = thousands(value, language) if chart.money else number(value, language)
            top = y + 4 + place * 15
            inside += [
                _rect(names, top, room * value / longest, 12, kind),
                _text(names + room * value / longest + 6, top + 10, said, "start", "small"),
            ]
    height = len(chart.pairs) * PAIR + 4
    return height + 24, [*inside, *_legend(names, height + 14, chart.first, chart.second, language)]


def _short(name: str, room: float) -> str:
    """A name cut to what fits in so much room."""
    most = int((room - GAP) / WIDE_LETTER)
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _value(whole: int, part: int, chart: Bars, language: str) -> str:
    if chart.money and not chart.part:
        return thousands(whole, language)
    if chart.money:
        return thousands_of(part, whole, language)
    return f"{number(part, language)} / {number(whole, language)}" if chart.part else number(whole, language)


def _legend(x: int, y: int, part: Sentence, whole: Sentence, language: str) -> list[str]:
    middle = x + 180
    return [
        _rect(x, y - 9, 12, 10, "part"), _text(x + 18, y, part.say(language), "start"),
        _rect(middle, y - 9, 12, 10, "whole"), _text(middle + 18, y, whole.say(language), "start"),
    ]  # fmt: skip


def _days(chart: Days, language: str) -> tuple[int, list[str]]:
    """One thin bar a day, months under them, a few levels behind."""
    days = (chart.last - chart.first).days + 1
    top = _round_up(max([1, *(count for _, count in chart.counts)]))
    room, step = WIDTH - LEFT - 4, (WIDTH - LEFT - 4) / days
    inside = [_level(WIDTH - 4, level, top, PLOT_HEIGHT, language) for level in _levels(top)]
    for day, count in chart.counts:
        x = LEFT + (day - chart.first).days * step
        tall = PLOT_HEIGHT * count / top
        said = f"{format_date(day, 'd MMMM y', locale=_locale(language))} : {number(count, language)}"
        inside.append(
            f'<rect {INKS["part"]} x="{x:.1f}" y="{8 + PLOT_HEIGHT - tall:.1f}" width="{max(step * 0.86, 0.8):.2f}"'
            f' height="{tall:.1f}"><title>{escape(said)}</title></rect>'
        )
    for x, said in _months(chart.first, chart.last, LEFT, room, language=language):
        inside.append(_text(x, PLOT_HEIGHT + 22, said, "start", "small"))
    return PLOT_HEIGHT + 8 + BOTTOM, inside


def _lines(chart: Lines, language: str) -> tuple[int, list[str]]:
    """Two small charts a row, all on the same scale so that desks compare."""
    top = _round_up(max([1, *(max(values, default=0) for _, values in chart.series)]))
    inside = []
    for index, (name, values) in enumerate(chart.series):
        column, row = index % 2, index // 2
        x, y = column * (WIDTH - SMALL_WIDTH), row * (SMALL_HEIGHT + 52)
        inside.append(f'<g transform="translate({x} {y})">')
        inside += _small(name, values, chart.weeks, top, language)
        inside.append("</g>")
    rows = -(-len(chart.series) // 2)
    return max(1, rows) * (SMALL_HEIGHT + 52) - 8, inside


def _small(name: str, values: Sequence[int], weeks: Sequence[date], top: int, language: str) -> Iterator[str]:
    room = SMALL_WIDTH - LEFT
    yield _text(LEFT, 14, name, "start", "strong")
    yield '<g transform="translate(0 16)">'
    for level in _levels(top, 2):
        yield _level(SMALL_WIDTH, level, top, SMALL_HEIGHT, language)
    step = room / max(1, len(values) - 1)
    points = [
        (LEFT + n * step, 8 + SMALL_HEIGHT - SMALL_HEIGHT * value / top) for n, value in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    base = 8 + SMALL_HEIGHT
    yield f'<polygon {INKS["area"]} points="{LEFT},{base} {path} {SMALL_WIDTH},{base}"/>'
    yield f'<polyline {INKS["line"]} points="{path}"/>'
    for x, said in _months(weeks[0], weeks[-1], LEFT, room, language=language, every=3):
        yield _text(x, SMALL_HEIGHT + 22, said, "start", "small")
    yield "</g>"


def _tiles(chart: Tiles, language: str, width: int) -> tuple[int, list[str]]:
    """One square a place, as much inked as its value is great; the square does not say where it is."""
    columns = max(1, min(len(chart.tiles), (width + GAP) // (TILE + GAP)))
    greatest = max([1, *(value for _, value, _ in chart.tiles)])
    inside = []
    for index, (name, value, note) in enumerate(chart.tiles):
        x, y = index % columns * (TILE + GAP), index // columns * (96 + GAP)
        ink = LIGHTEST + (DARKEST - LIGHTEST) * value / greatest
        said = thousands(value, language) if chart.money else number(value, language)
        inside += [
            f"<g><title>{escape(name)} : {escape(said)}</title>",
            f'<rect class="tile" {INK} fill-opacity="{ink:.2f}" stroke="currentColor" stroke-opacity="0.35"',
            f' x="{x + 0.5}" y="{y + 0.5}" width="{TILE - 1}" height="95" rx="3"/>',
            *(_text(x + 10, y + 20 + 14 * row, part, "start") for row, part in enumerate(_folded(name))),
            _text(x + 10, y + 68, said, "start", "great"),
            _text(x + 10, y + 86, note.say(language), "start", "small"),
            "</g>",
        ]
    return -(-len(chart.tiles) // columns) * (96 + GAP), inside


def _folded(name: str, letters: int = 22) -> list[str]:
    """A name on two lines at most."""
    if len(name) <= letters:
        return [name]
    cut = name.rfind(" ", 0, letters + 1)
    first = name[:cut] if cut > 0 else name[:letters]
    rest = name[len(first) :].strip()
    return [first, rest if len(rest) <= letters else f"{rest[: letters - 1]}…"]


def _months(
    first: date, last: date, left: float, room: float, *, language: str, every: int = 0
) -> Iterator[tuple[float, str]]:
    """Where months begin, and their names: as many as there is room for, the year at each January."""
    days = max(1, (last - first).days)
    gap = every or max(1, round(days / 30.4 / 12))
    month = first.replace(day=1)
    if month < first:
        month = _next(month)
    free = left
    while month <= last:
        said = format_date(month, "MMM y" if month.month == 1 else "MMM", locale=_locale(language))
        x, wide = left + room * (month - first).days / days, LETTER * len(said)
        if (month.month - 1) % gap == 0 and x >= free and x + wide < left + room:
            yield x, said
            free = x + wide + LETTER
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _levels(top: int, count: int = TICKS) -> list[int]:
    return sorted({top * n // count for n in range(count + 1)})


def _round_up(value: int) -> int:
    """The next number a scale of four levels can end with: twice a digit or so, then zeros."""
    power = 1
    while True:
        for step in (4, 8, 12, 16, 20, 24, 32, 40):
            if step * power >= value:
                return step * power
        power *= 10


def _level(right: float, level: int, top: int, tall: int, language: str) -> str:
    y = 8 + tall - tall * level / top
    line = f'<line {INKS["grid"]} x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _text(LEFT - 6, y + 4, number(level, language), "end", "small")


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect {INKS[kind]} x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" rx="2"/>'


def _text(x: float, y: float, said: str, anchor: str, kind: str = "") -> str:
    styled = f" {INKS[kind]}" if kind else ""
    return f'<text fill="currentColor"{styled} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _locale(language: str) -> str:
    return "en_GB" if language == "en" else "fr_FR"
