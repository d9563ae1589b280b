"""Envelopes as pages show them: by funder with their sums, and what became of one day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from parvis.models.queries.envelopes import EnvelopeLine, MovementLine
from parvis.services.figures.purses import Point
from parvis.states.calendar import paris_day
from parvis.states.ledger import Kind

AMOUNTS = (
    "initial_cents", "transferred_cents", "total_cents", "reserved_cents", "committed_cents", "paid_cents",
    "available_cents",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Purses:
    """The envelopes of a funder, each general one followed by its parts, and what they hold together.

    A part of the general one counts in it, and not a second time.
    """

    funder: str
    lines: tuple[EnvelopeLine, ...]

    @property
    def sums(self) -> dict[str, int]:
        """Each amount, in cents, by its name."""
        return sums(self.lines)


def sums(lines: Iterable[EnvelopeLine]) -> dict[str, int]:
    """What these envelopes hold together, in cents, parts counted once."""
    roots = [one for one in lines if one.parent_id is None]
    return {name: sum(getattr(one, name) for one in roots) for name in AMOUNTS}


def by_funder(lines: Sequence[EnvelopeLine]) -> list[Purses]:
    """The same envelopes, in their order, by funder."""
    return [Purses(funder, tuple(each)) for funder, each in groupby(lines, key=lambda one: one.funder)]


def day_by_day(movements: Sequence[MovementLine], *, at: datetime) -> list[Point]:
    """What an envelope held at the end of each day something happened, and today.

    What it opened with was there from the first of them, even where its contract was brought in later.
    """
    total = reserved = committed = paid = 0
    found = {}
    began = min((each.at for each in movements), default=at)
    dated = [(began if each.kind == Kind.OPEN else each.at, each.id, each) for each in movements]
    for when, _, each in sorted(dated, key=lambda one: one[:2]):
        total, reserved = total + each.total_cents, reserved + each.reserved_cents
        committed, paid = committed + each.committed_cents, paid + each.paid_cents
        day = paris_day(when)
        found[day] = Point(day, total, committed + reserved, committed, paid)
    points = sorted(found.values(), key=lambda point: point.on)
    today = paris_day(at)
    if points and points[-1].on < today:
        last = points[-1]
        points.append(Point(today, last.total_cents, last.held_cents, last.committed_cents, last.paid_cents))
    return points
