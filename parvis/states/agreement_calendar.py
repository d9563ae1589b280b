"""The calendar of an agreement: its years, and the steps of its renewal counted back from its end. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.states.calendar import (
    add_months,
    agreement_end,
    milestones_rolled,
    next_working_day,
    previous_working_day,
)
from parvis.states.contract.agreements import AgreementRules

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RenewalCalendar:
    """The days of a renewal: it opens, the self-evaluation is due, the request is due, the decision is taken."""

    opens_on: date
    evaluation_on: date
    request_on: date
    decision_on: date


@dataclass(frozen=True, slots=True)
class Door:
    """When the call that takes a request opens, and the last day it does: a closing is fixed and never rolls."""

    opens_on: date
    closes_on: date | None = None


def renewal_calendar(
    ends_on: date, rules: AgreementRules, opened_on: date | None = None, door: Door | None = None
) -> RenewalCalendar:
    """The steps of the renewal of an agreement that ends on `ends_on`: working days, each from the original end.

    For a renewal that was opened on `opened_on`, perhaps late, each step leaves `grace_days` after the one before,
    and none is later than the end. A request is not due before the call that takes it opens (`door`): it then is by
    the closing of that call.
    """
    opens, *steps = milestones_rolled(ends_on, rules.milestones)
    if opened_on is None:
        return RenewalCalendar(opens, *steps)
    days, earliest = [], opened_on
    steps[1] = _asked_by(steps[1], door, rules)
    for day in steps:
        earliest += timedelta(days=rules.grace_days)
        days.append(min(max(day, next_working_day(earliest)), max(ends_on, opened_on)))
        earliest = days[-1]
    return RenewalCalendar(opens, *days)


def _asked_by(day: date, door: Door | None, rules: AgreementRules) -> date:
    if door is None or day >= door.opens_on:
        return day
    return door.closes_on or next_working_day(door.opens_on + timedelta(days=rules.grace_days))


def years_of(starts_on: date, ends_on: date) -> Iterator[tuple[date, date]]:
    """The first and last day of each year of an agreement; the last year ends with the agreement."""
    number, first = 1, starts_on
    while first <= ends_on:
        last = min(agreement_end(starts_on, number), ends_on)
        yield first, last
        number, first = number + 1, last + _DAY


def review_due(year_ends_on: date, rules: AgreementRules) -> date:
    """The last day to review a year of an agreement, so that the next one can be confirmed."""
    return previous_working_day(add_months(year_ends_on, -rules.review_months))
