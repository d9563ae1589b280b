"""Words to make examples with: what is known, what is brought, what holds and what fails."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import reduce
from typing import Any

from parvis.states.calendar import local_instant

TODAY = date(2026, 6, 30)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NOON = local_instant(TODAY, time(12))
SECOND = timedelta(seconds=1)

Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Examples:
    """What makes one guard hold, and what makes it fail, up to the last second, cent and day."""

    hold: tuple[Change, ...]
    fail: tuple[Change, ...]


def known(**fields: Any) -> Change:
    """These facts are known."""
    return lambda facts: replace(facts, **fields)


def brings(**fields: Any) -> Change:
    """The person acting brings this."""
    return lambda facts: replace(facts, given=replace(facts.given, **fields))


def together(*changes: Change) -> Change:
    """All of these changes, in order."""
    return lambda facts: reduce(lambda changed, change: change(changed), changes, facts)


def one(hold: Change, fail: Change) -> Examples:
    """One example of each."""
    return Examples((hold,), (fail,))


REASON = Examples((brings(reason="Action annulée"),), (brings(reason=""), brings(reason="  ")))
