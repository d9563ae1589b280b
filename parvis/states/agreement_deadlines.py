"""Which timers an agreement has open where it stands: pure, from its facts and the rules of its contract."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from parvis.states.agreement_calendar import RenewalCalendar, renewal_calendar, review_due
from parvis.states.agreement_facts import AgreementFacts
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.calendar import (
    add_months,
    deadline_instant,
    local_instant,
    next_working_day,
    previous_working_day,
    reminder_dates,
)
from parvis.states.case_table import TO_APPLICANT, TO_INSTRUCTOR, TO_MANAGER
from parvis.states.contract.agreements import AgreementRules
from parvis.states.deadlines import Kind, Timer

_DAY = timedelta(days=1)


def plan(facts: AgreementFacts, rules: AgreementRules) -> list[Timer]:
    """Every timer an agreement should have open.

    A reminder before its date is left out once its moment has come: the letter of a move just said it, and an
    agreement taken over late is not told of what is past. One after its date stays, for the sweep to choose from.
    """
    return [timer for timer in _PLANS.get(facts.stage, _nothing)(facts, rules) if not _too_late(timer, facts)]


def steps(facts: AgreementFacts, rules: AgreementRules) -> RenewalCalendar:
    """The days of the renewal: as counted back from the end until it opens, then with the grace of its opening."""
    opened = facts.entered_on if facts.stage == AgreementStage.IN_RENEWAL else None
    return renewal_calendar(facts.ends_on, rules, opened, facts.door)


def _draft(facts: AgreementFacts, rules: AgreementRules) -> Iterator[Timer]:
    if facts.granted:
        start = facts.starts_on
        yield _move(AgreementAction.ACTIVATE, start, facts, local_instant(start, rules.reminder_time))
    late = max((facts.entered_on or facts.today) + timedelta(days=rules.draft_days), facts.starts_on)
    yield from _late(facts, rules, "draft", late, TO_INSTRUCTOR, TO_MANAGER)


def _active(facts: AgreementFacts, rules: AgreementRules) -> Iterator[Timer]:
    opens = steps(facts, rules).opens_on
    yield _move(AgreementAction.OPEN_RENEWAL, opens, facts, local_instant(opens, rules.reminder_time))
    yield from _running(facts, rules)


def _in_renewal(facts: AgreementFacts, rules: AgreementRules) -> Iterator[Timer]:
    days = steps(facts, rules)
    if facts.evaluation_received_on is None:
        yield from _around(facts, rules, "evaluation", days.evaluation_on, "evaluation_reminder")
    if not facts.request:  # once written, its own reminders take over
        yield from _around(facts, rules, "request", days.request_on, "request_reminder")
    yield from _late(facts, rules, "decision", days.decision_on, TO_INSTRUCTOR, TO_MANAGER)
    yield from _running(facts, rules)


def _running(facts: AgreementFacts, rules: AgreementRules) -> Iterator[Timer]:
    yield _move(AgreementAction.END, facts.ends_on, facts, deadline_instant(facts.ends_on))
    for year in facts.years:
        if year.reviewed_on is None and year.ends_on >= facts.today:
            due, over = review_due(year.ends_on, rules), deadline_instant(year.ends_on)
            offsets = (-rules.review_reminder_days, 1, rules.review_reminder_days)
            for offset, day in zip(offsets, reminder_dates(due, offsets), strict=True):
                yield Timer(
                    f"review:{year.number}:{offset:+d}", f"{due}", Kind.REMINDER,
                    local_instant(day, rules.reminder_time), due, template="review_reminder",
                    recipient=TO_INSTRUCTOR, expires_at=deadline_instant(due) if offset < 0 else over,
                )  # fmt: skip
    if facts.approval_ends_on is not None:
        yield from _approval(facts, rules, facts.approval_ends_on)


def _approval(facts: AgreementFacts, rules: AgreementRules, ends_on: date) -> Iterator[Timer]:
    over = deadline_instant(ends_on)
    for months in rules.approval_months:
        day = previous_working_day(add_months(ends_on, -months))
        yield Timer(
            f"approval-{months}m", f"{ends_on}", Kind.REMINDER, local_instant(day, rules.reminder_time), ends_on,
            template="approval_reminder", recipient=TO_APPLICANT, expires_at=over,
        )  # fmt: skip
    after = local_instant(next_working_day(ends_on + _DAY), rules.reminder_time)
    yield Timer(
        "approval-over", f"{ends_on}", Kind.REMINDER, after, ends_on, template="approval_reminder",
        recipient=TO_APPLICANT,
    )  # fmt: skip
    yield Timer(
        f"approval-late:{TO_INSTRUCTOR}", f"{ends_on}", Kind.ESCALATION, after, ends_on, template="agreement_late",
        recipient=TO_INSTRUCTOR, repeat_days=rules.repeat_days,
    )  # fmt: skip


def _nothing(facts: AgreementFacts, rules: AgreementRules) -> Iterator[Timer]:
    yield from ()


_PLANS = {
    AgreementStage.DRAFT: _draft,
    AgreementStage.ACTIVE: _active,
    AgreementStage.IN_RENEWAL: _in_renewal,
}


def _too_late(timer: Timer, facts: AgreementFacts) -> bool:
    return timer.kind is Kind.REMINDER and (
        (timer.expires_at is not None and timer.expires_at <= facts.at)
        or (timer.due_at <= facts.at and timer.due_at < deadline_instant(timer.deadline))
    )


def _move(action: AgreementAction, deadline: date, facts: AgreementFacts, due_at: datetime) -> Timer:
    return Timer(str(action), _occurrence(facts, deadline), Kind.MOVE, due_at, deadline, action=str(action))


def _around(
    facts: AgreementFacts, rules: AgreementRules, rule: str, deadline: date, template: str
) -> Iterator[Timer]:
    over = deadline_instant(deadline)
    for offset, day in zip(rules.reminders, reminder_dates(deadline, rules.reminders), strict=True):
        yield Timer(
            f"{rule}{offset:+d}", _occurrence(facts, deadline), Kind.REMINDER,
            local_instant(day, rules.reminder_time), deadline, template=template, recipient=TO_APPLICANT,
            expires_at=over if offset <= 0 else deadline_instant(facts.ends_on),
        )  # fmt: skip


def _late(
    facts: AgreementFacts, rules: AgreementRules, rule: str, due: date, *recipients: str
) -> Iterator[Timer]:
    day = next_working_day(due + _DAY)
    for recipient in recipients:
        yield Timer(
            f"{rule}-late:{recipient}", _occurrence(facts, due), Kind.ESCALATION,
            local_instant(day, rules.reminder_time), due, template="agreement_late", recipient=recipient,
            repeat_days=rules.repeat_days,
        )  # fmt: skip


def _occurrence(facts: AgreementFacts, deadline: date) -> str:
    """Tells this deadline from others of its rule: by its date, and by the visit of the stage it belongs to."""
    return f"{facts.entered_version}/{deadline}"
