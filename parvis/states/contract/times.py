"""The times a call gives to each turn: delays in days unless the name says months, and reminders around them."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field

from parvis.states.contract.values import ClockTime, Setting, Whole


def _in_order(offsets: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(offsets)))


Around = Annotated[tuple[Annotated[int, Field(strict=True, ge=-366, le=366)], ...], AfterValidator(_in_order)]
"""Days from a deadline, negative before it."""

Before = Annotated[tuple[Annotated[int, Field(strict=True, ge=-366, le=-1)], ...], AfterValidator(_in_order)]
"""Days before a deadline that ends the turn: nothing is left to remind of after it."""


class TimeRules(Setting):
    """The delays and reminders of a call.

    Law fixes `statutory_silence_months` (CRPA L231-4 3°), `report_months` (loi 2000-321 art. 10) and the most
    `payment_days` there may be (loi 2021-875: 60 from notification); every other value is a setting whose default
    no source confirms. Working days: `contact_days`, `check_days`, `instruct_days`, `decision_days`, `evaluate_days`,
    `new_dates_days`, `interim_read_days`; calendar days otherwise. `interim_months` are counted from the start of the
    action, or from the decision when it is later.
    """

    statutory_silence_months: Whole = 2
    statutory_warnings: Before = (-30, -7)
    check_days: Whole = 15
    documents_reply_days: Whole = 30
    documents_reminders: Before = (-7, -1)
    opinion_days: Whole = 30
    opinion_reminders: Around = (-7, -1, 1, 7)
    instruct_days: Whole = 45
    schedule_days: Whole = 60
    decision_days: Whole = 15
    contact_days: Whole = 5
    partner_days: Whole = 15
    partner_reminders: Before = (-5, -1)
    draft_days: Whole = 90
    draft_reminders: Before = (-15, -3)
    report_months: Whole = 6
    interim_months: Whole = 6
    interim_read_days: Whole = 15
    report_reminders: Around = (-30, -15, 1, 15, 30)
    report_escalation_days: Whole = 60
    corrections_days: Whole = 30
    new_dates_days: Whole = 15
    formal_notice_days: Whole = 30
    evaluate_days: Whole = 60
    payment_days: Annotated[int, Field(strict=True, ge=1, le=60)] = 60
    repeat_days: Annotated[int, Field(strict=True, ge=1, le=366)] = 30
    reminder_time: ClockTime = time(8, 0)
