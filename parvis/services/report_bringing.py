"""What the moves of reports and payments need to know, looked up before the rules decide."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from parvis.models.queries import payments, reports
from parvis.models.queries.calls import rules_of_case
from parvis.models.session import Session
from parvis.states.calendar import paris_day
from parvis.states.contract.instruction import Underspend
from parvis.states.facts import Given
from parvis.states.payments import settle
from parvis.states.words import Sentence

LATE_REPORT = Sentence("{reference}, attendu le {due}", "{reference}, due on {due}")


def owed_reports(
    session: Session, case_ids: Sequence[int], *, at: datetime
) -> dict[int, tuple[Sentence, ...]]:
    """By draft, the reports its organisation owes of other cases, and since when."""
    found = reports.late_reports(session, case_ids, on=paris_day(at))
    return {
        case_id: tuple(LATE_REPORT.fill(reference=reference, due=due) for reference, due in late)
        for case_id, late in found.items()
    }


def settled(session: Session, given: dict[int, Given]) -> Iterable[tuple[int, Given]]:
    """What is left to pay once a report is accepted, by the rule of its call."""
    held = payments.held_payments(session, list(given))
    costs = reports.costs(session, list(given))
    for case_id, each in given.items():
        rules = rules_of_case(session, case_id)
        spent, planned = costs.get(case_id, (None, 0))
        left = settle(
            held.get(case_id, []), spent_cents=spent, planned_cents=planned,
            rule=rules.underspend if rules else Underspend.PRO_RATA,
        )  # fmt: skip
        whole = replace(each, settlement=left, spent_cents=spent)
        yield case_id, replace(whole, balance_cents=left.balance_cents, repay_cents=left.repay_cents)


def released(session: Session, given: dict[int, Given]) -> Iterable[tuple[int, Given]]:
    """What an interim report makes due once it is accepted."""
    waiting = payments.waiting_for_interim(session, list(given))
    return [
        (case_id, replace(each, balance_cents=waiting.get(case_id, 0))) for case_id, each in given.items()
    ]


def payable(session: Session, given: dict[int, Given]) -> Iterable[tuple[int, Given]]:
    """The payments a named instalment is made of, or those named one by one, and whether nothing is left after them."""
    for case_id, each in given.items():
        paying, nothing_left = payments.unpaid(session, case_id, each.instalment, each.payment_ids)
        yield case_id, replace(each, paying=paying, nothing_left=nothing_left)
