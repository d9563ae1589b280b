"""What the moves that follow the decision change: reports, their dates, payments, the evaluation. Pure."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from parvis.states.calendar import report_due
from parvis.states.contract import TimeRules
from parvis.states.details import Plain, Value
from parvis.states.facts import Facts
from parvis.states.interim import INTERIM_CHANGES, NO_INTERIM, RULE, interim_letter_data
from parvis.states.payments import due_on
from parvis.states.stages import Action

AFTER_REPORT = frozenset(
    {
        Action.RECEIVE_REPORT,
        Action.RECORD_NOT_CARRIED_OUT,
        Action.ATTEST_NOT_CARRIED_OUT,
        Action.ASK_CORRECTIONS,
        Action.ASK_NEW_DATES,
        Action.GRANT_NEW_DATES,
        Action.REFUSE_NEW_DATES,
        *INTERIM_CHANGES,
    }
)
"""Moves after which something else is awaited, or by another day: their timers are planned anew."""


def cancelled_rules(action: Action) -> str | None:
    """The beginning of the rules whose timers end with this move; None when it ends none by their rule."""
    if action == Action.ASK_CORRECTIONS:
        return "evaluate"
    if action in INTERIM_CHANGES:
        return RULE
    return "report" if action in AFTER_REPORT else None


def report_letter_data(action: Action, after: Facts, times: TimeRules) -> dict[str, Plain]:
    """The facts the letters of these moves need, as JSON."""
    given = after.given
    match action:
        case Action.ASK_CORRECTIONS:
            return {"deadline": _iso(after.corrections_due_on)}
        case Action.ACCEPT_REPORT:
            by = due_on(after.today, times.payment_days)
            return {
                "balance_cents": given.balance_cents or 0, "repay_cents": given.repay_cents or 0, "deadline": _iso(by),
            }  # fmt: skip
        case Action.GRANT_NEW_DATES:
            return {"ends_on": _iso(after.ends_on), "report_due": _iso(after.report_due_on)}
        case Action.REFUSE_NEW_DATES:
            return {"report_due": _iso(after.report_expected_on)} if after.report_expected_on else {}
        case Action.EVALUATE:
            return {"score": given.score}
        case _:
            return interim_letter_data(action, after, times)


_NO_NEW_DATES: dict[str, Value] = {"new_dates_asked_on": None, "new_starts_on": None, "new_ends_on": None}


def _receive(facts: Facts, times: TimeRules) -> dict[str, Value]:
    return {
        "report_received_on": facts.report_received_on or facts.today, "corrections_due_on": None, **_NO_NEW_DATES,
        **NO_INTERIM,
    }  # fmt: skip


def _ask_corrections(facts: Facts, times: TimeRules) -> dict[str, Value]:
    return {
        "report_received_on": None,
        "corrections_due_on": facts.given.due_on or facts.today + timedelta(days=times.corrections_days),
    }


def _accept(facts: Facts, times: TimeRules) -> dict[str, Value]:
    given = facts.given
    settled = given.settlement is not None and not given.balance_cents and not given.repay_cents
    return {"report_accepted": True, "balance_settled": facts.balance_settled or settled}


def _pay(facts: Facts, times: TimeRules) -> dict[str, Value]:
    settled = facts.report_accepted and facts.given.nothing_left
    return {"balance_settled": facts.balance_settled or settled}


def _ask_new_dates(facts: Facts, times: TimeRules) -> dict[str, Value]:
    return {
        "new_dates_asked_on": facts.today,
        "new_starts_on": facts.given.starts_on,
        "new_ends_on": facts.given.ends_on,
    }


def _grant_new_dates(facts: Facts, times: TimeRules) -> dict[str, Value]:
    """The report is due so many months after the financial year in which the action now ends."""
    ends_on = facts.new_ends_on or facts.ends_on or facts.today
    changes: dict[str, Value] = {
        "ends_on": ends_on,
        "report_due_on": report_due(date(ends_on.year, 12, 31), months=times.report_months),
        "corrections_due_on": None,
        **_NO_NEW_DATES,
    }
    if facts.new_starts_on:
        changes["starts_on"] = facts.new_starts_on
    return changes


def _give_notice(facts: Facts, times: TimeRules) -> dict[str, Value]:
    """When the notice expires. Its letter says what the law gives the applicant before a grant is withdrawn.

    The report is owed by loi 2000-321 art. 10; observations are heard first (CRPA L121-1, L122-1); a grant whose
    conditions were not met may be withdrawn at any time (CRPA L242-2, 2°). How many days is the call's choice.
    """
    return {"notice_expires_on": facts.given.due_on or facts.today + timedelta(days=times.formal_notice_days)}


def _not_carried_out(facts: Facts, times: TimeRules) -> dict[str, Value]:
    return {"not_carried_out": True, **_NO_NEW_DATES, **NO_INTERIM}


def _evaluate(facts: Facts, times: TimeRules) -> dict[str, Value]:
    given = facts.given
    return {
        "evaluation": json.dumps(dict(given.points)), "evaluation_score": given.score, "conclusion": given.reason,
    }  # fmt: skip


REPORT_CHANGES: Mapping[Action, Callable[[Facts, TimeRules], dict[str, Value]]] = {
    Action.RECEIVE_REPORT: _receive,
    Action.ASK_CORRECTIONS: _ask_corrections,
    Action.ACCEPT_REPORT: _accept,
    Action.RECORD_PAYMENT: _pay,
    Action.SETTLE_BALANCE: lambda facts, times: {"balance_settled": True},
    Action.ASK_NEW_DATES: _ask_new_dates,
    Action.GRANT_NEW_DATES: _grant_new_dates,
    Action.REFUSE_NEW_DATES: lambda facts, times: dict(_NO_NEW_DATES),
    Action.GIVE_NOTICE: _give_notice,
    Action.RECORD_NOT_CARRIED_OUT: _not_carried_out,
    Action.ATTEST_NOT_CARRIED_OUT: _not_carried_out,
    Action.EVALUATE: _evaluate,
    Action.RECLAIM: lambda facts, times: dict(NO_INTERIM),
    **INTERIM_CHANGES,
}
"""By action, the columns of the case it changes."""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
