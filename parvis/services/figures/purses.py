"""Envelopes as pictures: a bar of what is paid, decided, reserved; a line of each against time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from babel.dates import format_date

from parvis.services.figures.showing import euros
from parvis.states.words import Language, Sentence

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 220, 74, 10, 26
BAR = 220
_LEVELS = 4
PAID = Sentence("payé", "paid")
COMMITTED = Sentence("engagé", "committed")
RESERVED = Sentence("engagé ou réservé", "committed or reserved")
TOTAL = Sentence("enveloppe", "envelope")


@dataclass(frozen=True, slots=True)
class Point:
    """What an envelope held at the end of a day, in cents; `held_cents` is decided or reserved."""

    on: date
    total_cents: int
    held_cents: int
    committed_cents: int
    paid_cents: int


def purse_bar(label: str, *, total: int, reserved: int, committed: int, paid: int) -> str:
    """A bar of an envelope: what is paid in full ink, what is decided lighter, what is reserved lighter still."""
    whole = max(total, 1)
    parts = ((paid, "0.85"), (committed - paid, "0.5"), (reserved, "0.22"))
    drawn, x = [], 0.0
    for cents, ink in parts:
        wide = BAR * cents / whole
        drawn.append(
            f'<rect x="{x:.1f}" y="1" width="{wide:.1f}" height="12" fill="currentColor" fill-opacity="{ink}"/>'
        )
        x += wide
    return (
        f'<svg role="img" class="purse" aria-label="{escape(label)}" viewBox="0 0 {BAR + 2} 14"'
        f' xmlns="http://www.w3.org/2000/svg"><title>{escape(label)}</title>{"".join(drawn)}'
        f'<rect x="0.5" y="0.5" width="{BAR}" height="13" fill="none" stroke="currentColor" stroke-opacity="0.6"/>'
        "</svg>"
    )


def consumption(label: str, points: Sequence[Point], language: str) -> str:
    """The consumption of an envelope against time: steps, one line an amount, told apart by their dashes."""
    first, last = points[0].on, max(points[-1].on, points[0].on + timedelta(days=1))
    top = max([1, *(max(each.total_cents, each.held_cents) for each in points)])
    room, tall = WIDTH - LEFT - 10, HEIGHT - TOP - BOTTOM

    def at(day: date, cents: int) -> tuple[float, float]:
        return LEFT + room * (day - first).days / (last - first).days, TOP + tall * (1 - cents / top)

    inside = []
    for level in range(_LEVELS + 1):
        _, y = at(first, top * level // _LEVELS)
        said = escape(euros(top * level // _LEVELS, language))
        inside.append(
            f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor"'
            ' stroke-opacity="0.2"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="currentColor">{said}</text>'
        )
    for name, style in _LINES:
        steps: list[tuple[float, float]] = []
        for each in points:
            x, y = at(each.on, getattr(each, name))
            steps += [(x, steps[-1][1]), (x, y)] if steps else [(x, y)]
        steps.append((at(last, 0)[0], steps[-1][1]))
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in steps)
        inside.append(f'<polyline points="{path}" fill="none" stroke="currentColor" {style}/>')
    for day, anchor in ((first, "start"), (last, "end")):
        said = escape(format_date(day, "d MMM y", locale="en_GB" if language == Language.EN else "fr_FR"))
        inside.append(
            f'<text x="{at(day, 0)[0]:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}" fill="currentColor">{said}</text>'
        )
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' font-size="12" xmlns="http://www.w3.org/2000/svg"><title>{escape(label)}</title>{"".join(inside)}</svg>'
    )


_LINES = (
    ("total_cents", 'stroke-width="1.4" stroke-dasharray="8 4"'),
    ("held_cents", 'stroke-width="1.4" stroke-dasharray="2 3"'),
    ("committed_cents", 'stroke-width="2.4"'),
    ("paid_cents", 'stroke-width="5" stroke-opacity="0.45"'),
)
"""The lines of a consumption, told apart without colour; `LEGEND` says which is which."""
LEGEND = (
    (TOTAL, _LINES[0][1]),
    (RESERVED, _LINES[1][1]),
    (COMMITTED, _LINES[2][1]),
    (PAID, _LINES[3][1]),
)


def line_sample(style: str) -> str:
    """A short piece of a line, for the legend."""
    return (
        '<svg aria-hidden="true" width="34" height="12" viewBox="0 0 34 12" xmlns="http://www.w3.org/2000/svg">'
        f'<line x1="1" x2="33" y1="6" y2="6" stroke="currentColor" {style}/></svg>'
    )
