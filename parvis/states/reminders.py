"""Which reminder goes out on a given day, and which are only recorded: the policy a sweep follows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from parvis.states.calendar import reminder_date


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder around a deadline: `offset` in days (negative: before) and the working day it is due."""

    offset: int
    due_on: date

    @property
    def rule(self) -> str:
        """Its name, as officers say it: `J-7`, `J`, `J+15`."""
        return rule_name(self.offset)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one sweep does with the reminders of one case and recipient."""

    sent: Reminder | None
    superseded: tuple[Reminder, ...]


def rule_name(offset: int) -> str:
    """`J-7`, `J` or `J+15` for an offset in days."""
    return f"J{offset:+d}" if offset else "J"


def plan_reminders(deadline: date, offsets: Iterable[int]) -> tuple[Reminder, ...]:
    """The reminders around `deadline`, earliest first."""
    return tuple(Reminder(offset, reminder_date(deadline, offset)) for offset in sorted(set(offsets)))


def sweep_reminders(deadline: date, offsets: Iterable[int], *, settled: Collection[int], on: date) -> Sweep:
    """What to send on the day `on`, knowing the offsets already `settled` (sent or superseded).

    Only the latest due reminder goes out, however long nothing ran; the older ones are superseded. A reminder
    before the deadline, or on it, never goes out after the deadline: it is superseded too.
    """
    due = [
        reminder
        for reminder in plan_reminders(deadline, offsets)
        if reminder.due_on <= on and reminder.offset not in settled
    ]
    if not due:
        return Sweep(None, ())
    latest = due[-1]
    if latest.offset <= 0 and on > deadline:
        return Sweep(None, tuple(due))
    return Sweep(latest, tuple(due[:-1]))
