"""Interim reports: by when they are due, what their moves change, the timers they start. Pure.

One is due half-way where the call pays an instalment on it, and every year of an action of several years (loi 2000-321,
art. 10: an account of the use of a grant within six months after each financial year). Others are asked for by hand.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from parvis.states.calendar import add_months, delay_end, report_due
from parvis.states.contract import TimeRules
from parvis.states.contract.instruction import Instalment, PaidOn
from parvis.states.details import Plain, Value
from parvis.states.facts import Facts
from parvis.states.payments import due_on
from parvis.states.stages import Action

SEVERAL_YEARS_MONTHS = 18
"""An action that lasts longer gives account every year; one of a school year does not."""

RULE = "report-interim"
"""The beginning of the rules of its timers: all of them end with the final report, whose rules begin with `report`."""


def first_interim(facts: Facts, year: int, schedule: Iterable[Instalment], times: TimeRules) -> date | None:
    """The day the first interim report of an action decided today is due; None when only the final one will be."""
    half_way = any(each.on == PaidOn.INTERIM_REPORT for each in schedule)
    begins = max(facts.starts_on or date(year, 1, 1), facts.today)
    ahead = [delay_end(begins, months=times.interim_months)] if half_way else []
    return min([*ahead, *yearly_reports(facts, times, after=facts.today)], default=None)


def yearly_reports(facts: Facts, times: TimeRules, *, after: date) -> list[date]:
    """The days after `after` when an action of several years accounts for a year that is not its last one."""
    first, last = facts.starts_on, facts.ends_on
    if first is None or last is None or last <= add_months(first, SEVERAL_YEARS_MONTHS):
        return []
    due = (
        report_due(date(year, 12, 31), months=times.report_months) for year in range(first.year, last.year)
    )
    return [day for day in due if day > after]


def interim_letter_data(action: Action, after: Facts, times: TimeRules) -> dict[str, Plain]:
    """The facts the letters of these moves need, as JSON."""
    match action:
        case Action.ASK_INTERIM | Action.CORRECT_INTERIM:
            return {"deadline": _iso(after.interim_due_on)}
        case Action.ACCEPT_INTERIM:
            by = due_on(after.today, times.payment_days)
            return {
                "balance_cents": after.given.balance_cents or 0, "deadline": _iso(by),
                "next_due": _iso(after.interim_due_on),
            }  # fmt: skip
        case _:
            return {}


def _ask(facts: Facts, times: TimeRules) -> dict[str, Value]:
    asked = facts.given.due_on or facts.today + timedelta(days=times.corrections_days)
    return {"interim_due_on": asked, "interim_received_on": None}


def _settle(facts: Facts, times: TimeRules) -> dict[str, Value]:
    """Nothing is awaited of it any more; the one of the year after is, for an action of several years."""
    following = yearly_reports(facts, times, after=facts.interim_due_on or facts.today)
    return {"interim_due_on": min(following, default=None), "interim_received_on": None}


INTERIM_CHANGES: Mapping[Action, Callable[[Facts, TimeRules], dict[str, Value]]] = {
    Action.ASK_INTERIM: _ask,
    Action.RECEIVE_INTERIM: lambda facts, times: {"interim_received_on": facts.today},
    Action.CORRECT_INTERIM: _ask,
    Action.ACCEPT_INTERIM: _settle,
    Action.WAIVE_INTERIM: _settle,
}
"""By action, the columns of the case it changes."""

NO_INTERIM: dict[str, Value] = {"interim_due_on": None, "interim_received_on": None}
"""What a final report, or an action that did not take place, makes of the interim one."""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
