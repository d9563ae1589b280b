"""Which timers a stage starts: pure, from the facts of a case and the times of its call."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from parvis.states.calendar import (
    add_months,
    add_working_days,
    deadline_instant,
    local_instant,
    next_working_day,
    reminder_dates,
    report_due,
)
from parvis.states.case_table import CLOCK_RUNS, TO_APPLICANT, TO_INSTRUCTOR, TO_MANAGER
from parvis.states.contract import TimeRules
from parvis.states.facts import Facts
from parvis.states.interim import RULE as INTERIM
from parvis.states.stages import Action, Stage


class Kind(StrEnum):
    """What a timer does: makes a move, reminds before or after a date, or tells someone else."""

    MOVE = "move"
    REMINDER = "reminder"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Timer:
    """A due moment to write. `occurrence` tells one deadline of a rule from the next one of the same rule.

    With `repeat_days` it is said again, that many days after each time, until what it warns of has ended.
    """

    rule: str
    occurrence: str
    kind: Kind
    due_at: datetime
    deadline: date
    period: str = "stage"
    action: str | None = None
    template: str | None = None
    recipient: str | None = None
    expires_at: datetime | None = None
    repeat_days: int | None = None


def plan(facts: Facts, times: TimeRules) -> list[Timer]:
    """The timers of the stage the case stands in, counted from the day it was entered.

    A reminder before its deadline, or on it, is left out once its moment has come: the letter of the move just
    said it.
    """
    return [*_STAGES.get(facts.stage, _nothing)(facts, times)]


def plan_clock(facts: Facts, times: TimeRules) -> list[Timer]:
    """The timers of the statutory clock (CRPA L231-4 3°): warnings to the instructor, then silence recorded."""
    deadline = silence_on(facts, times)
    if deadline is None:
        return []
    warnings = _reminders(
        facts, times, deadline, times.statutory_warnings,
        rule="silence", template="statutory_warning", recipient=TO_INSTRUCTOR,
        occurrence=f"{deadline}", period="clock",
    )  # fmt: skip
    over = deadline_instant(deadline)
    recorded = Timer("silence", f"{deadline}", Kind.MOVE, over, deadline, "clock", Action.RECORD_SILENCE)
    return [*warnings, recorded]


@lru_cache(maxsize=8)
def working_days_after(today: date) -> tuple[date, ...]:
    """The working day on or after each of the next 366 days: the one `repeat_days` from today is at `[days - 1]`."""
    return tuple(next_working_day(today + timedelta(days=days)) for days in range(1, 367))


def silence_on(facts: Facts, times: TimeRules) -> date | None:
    """The day silence becomes a refusal; None while the clock is stopped or suspended (CRPA L114-5)."""
    if facts.clock_started_on is None or facts.clock_paused_on is not None:
        return None
    end = add_months(facts.clock_started_on, times.statutory_silence_months)
    return next_working_day(end + timedelta(days=facts.clock_paused_days))


def plan_opinions(facts: Facts, times: TimeRules, due: date, funder_ids: tuple[int, ...]) -> list[Timer]:
    """Reminders to each funder asked, around the date its opinion is due: the same ones after a pause."""
    return [
        timer
        for funder_id in funder_ids
        for timer in _reminders(
            facts, times, due, times.opinion_reminders, rule=f"opinion:{funder_id}:",
            template="opinion_reminder", recipient=f"funder:{funder_id}", occurrence=f"{due}",
        )
    ]  # fmt: skip


def plan_contact(facts: Facts, times: TimeRules) -> list[Timer]:
    """The alerts about a contact asked for and not recorded: to the officer, then to the manager."""
    if facts.contact_asked_on is None or facts.contacted_on is not None:
        return []
    answered = add_working_days(facts.contact_asked_on, times.contact_days)
    return [
        _late(facts, times, "contact", answered, TO_INSTRUCTOR),
        _late(facts, times, "contact", add_working_days(answered, times.contact_days), TO_MANAGER),
    ]


def plan_partners(facts: Facts, times: TimeRules) -> list[Timer]:
    """Reminders to each partner whose confirmation is awaited, then alerts to the instructor."""
    due = facts.partners_due_on
    if due is None:
        return []
    joining = facts.given.joining
    awaited = (*facts.awaited_partner_ids, *([joining.organisation_id] if joining else []))
    reminders = [
        timer
        for partner_id in awaited
        for timer in _reminders(
            facts, times, due, times.partner_reminders, rule=f"partner:{partner_id}:",
            template="partner_reminder", recipient=f"partner:{partner_id}",
        )
    ]  # fmt: skip
    late = [_late(facts, times, f"partner:{partner_id}:", due, TO_INSTRUCTOR) for partner_id in awaited]
    return [*reminders, *late]


def plan_all(facts: Facts, times: TimeRules) -> list[Timer]:
    """Every timer a case should have open: those of its stage and those of its clock."""
    return plan(facts, times) + (plan_clock(facts, times) if facts.stage in CLOCK_RUNS else [])


def _draft(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    for closing in facts.closings:
        yield from _reminders(
            facts, times, closing, times.draft_reminders,
            rule="draft", template="draft_closing", recipient=TO_APPLICANT,
        )  # fmt: skip
    last = facts.closings[-1] if facts.closings else facts.closed_on
    deadline = last or _entered(facts) + timedelta(days=times.draft_days)
    yield _late(facts, times, "draft", deadline, TO_INSTRUCTOR)
    yield from plan_contact(facts, times)


def _submitted(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    if not facts.eligibility_checked:
        yield _late(facts, times, "check", add_working_days(_entered(facts), times.check_days), TO_INSTRUCTOR)
    yield _late(facts, times, "instruct", add_working_days(_entered(facts), times.instruct_days), TO_MANAGER)
    if facts.opinions_due_on is not None:
        yield from plan_opinions(facts, times, facts.opinions_due_on, facts.awaited_funders)
    yield from plan_partners(facts, times)


def _incomplete(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    deadline = facts.reply_by or _entered(facts) + timedelta(days=times.documents_reply_days)
    yield from _reminders(
        facts, times, deadline, times.documents_reminders,
        rule="reply", template="documents_reminder", recipient=TO_APPLICANT,
    )  # fmt: skip
    yield from plan_partners(facts, times)
    over = deadline_instant(deadline)
    yield Timer("reply", _occurrence(facts, deadline), Kind.MOVE, over, deadline, action=Action.LAPSE)


def _instructed(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    deadline = _entered(facts) + timedelta(days=times.schedule_days)
    yield _late(facts, times, "schedule", deadline, TO_INSTRUCTOR)
    yield _late(facts, times, "schedule", deadline, TO_MANAGER)


def _committee(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    deadline = add_working_days(facts.held_on or _entered(facts), times.decision_days)
    yield _late(facts, times, "decide", deadline, "secretary")
    yield _late(facts, times, "decide", deadline, TO_MANAGER)


def _interim(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    due = facts.interim_due_on
    if facts.interim_received_on is not None:
        read = add_working_days(facts.interim_received_on, times.interim_read_days)
        yield _late(facts, times, f"{INTERIM}-read", read, TO_INSTRUCTOR)
    elif due is not None:
        yield from _reminders(
            facts, times, due, times.report_reminders,
            rule=INTERIM, template="interim_reminder", recipient=TO_APPLICANT,
        )  # fmt: skip
        late = due + timedelta(days=times.report_escalation_days)
        yield _late(facts, times, INTERIM, late, TO_INSTRUCTOR, template="interim_late", deadline=due)


def _funded(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    yield from _interim(facts, times)
    year_end = date(_entered(facts).year, 12, 31)
    deadline = facts.report_expected_on or report_due(year_end, months=times.report_months)
    escalated = deadline + timedelta(days=times.report_escalation_days)
    if facts.report_received_on is not None:
        evaluated = add_working_days(facts.report_received_on, times.evaluate_days)
        yield _late(facts, times, "evaluate", evaluated, TO_INSTRUCTOR)
        yield _late(facts, times, "evaluate", add_working_days(evaluated, times.evaluate_days), TO_MANAGER)
    elif facts.new_dates_asked_on is not None:
        answered = add_working_days(facts.new_dates_asked_on, times.new_dates_days)
        yield _late(facts, times, "report-dates", answered, TO_INSTRUCTOR)
    elif not facts.not_carried_out:
        yield from _reminders(
            facts, times, deadline, times.report_reminders,
            rule="report", template="report_reminder", recipient=TO_APPLICANT,
        )  # fmt: skip
        yield _late(
            facts, times, "report", escalated, TO_INSTRUCTOR, template="report_late", deadline=deadline
        )
        further = escalated + timedelta(days=times.report_escalation_days)
        yield _late(facts, times, "report", further, TO_MANAGER, template="report_late", deadline=deadline)
    if facts.not_carried_out:
        yield _late(facts, times, "reclaim", escalated, TO_INSTRUCTOR)
    if facts.notice_expires_on is not None:
        yield _late(facts, times, "notice", facts.notice_expires_on, TO_INSTRUCTOR)


def _nothing(facts: Facts, times: TimeRules) -> Iterator[Timer]:
    yield from ()


_STAGES = {
    Stage.DRAFT: _draft,
    Stage.SUBMITTED: _submitted,
    Stage.INCOMPLETE: _incomplete,
    Stage.INSTRUCTED: _instructed,
    Stage.COMMITTEE: _committee,
    Stage.FUNDED: _funded,
}


def _entered(facts: Facts) -> date:
    return facts.entered_on or facts.today


def _reminders(
    facts: Facts, times: TimeRules, deadline: date, offsets: tuple[int, ...], *,
    rule: str, template: str, recipient: str, occurrence: str | None = None, period: str = "stage",
) -> Iterator[Timer]:  # fmt: skip
    end = deadline_instant(deadline)
    for offset, day in zip(offsets, reminder_dates(deadline, offsets), strict=True):
        due_at = local_instant(day, times.reminder_time)
        before = offset <= 0
        if before and due_at <= facts.at:
            continue
        yield Timer(
            f"{rule}{offset:+d}", occurrence or _occurrence(facts, deadline), Kind.REMINDER, due_at, deadline,
            period, template=template, recipient=recipient, expires_at=end if before else None,
        )  # fmt: skip


def _late(
    facts: Facts, times: TimeRules, rule: str, due: date, recipient: str, *,
    template: str = "stage_late", deadline: date | None = None,
) -> Timer:  # fmt: skip
    day = next_working_day(due + timedelta(days=1))
    return Timer(
        f"{rule}-late:{recipient}", _occurrence(facts, deadline or due), Kind.ESCALATION,
        local_instant(day, times.reminder_time), deadline or due, template=template, recipient=recipient,
        repeat_days=times.repeat_days,
    )  # fmt: skip


def _occurrence(facts: Facts, deadline: date) -> str:
    """Tells this deadline from others of its rule: by its date, and by the visit of the stage it belongs to."""
    return f"{facts.entered_version}/{deadline}"
