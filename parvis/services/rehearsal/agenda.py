"""The virtual clock: what is planned, in order; and the hours at which people act."""

import heapq
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from itertools import groupby
from random import Random

from parvis.states.calendar import add_working_days, local_instant, next_working_day, paris_day

OFFICE = (time(9, 30), time(11, 0), time(14, 30), time(16, 0))
HOME = (time(8, 0), time(12, 30), time(18, 0), time(20, 30))


class Step(IntEnum):
    """What can be planned, in the order things are done when planned for the same moment."""

    IMPORT = 0
    ANSWER = 1
    WITHDRAW = 2
    SEND_REPORT = 3
    OPINE = 4
    CHECK = 5
    ASSESS = 6
    EXTEND = 7
    INSTRUCT = 8
    TAKE_UP = 9
    PREPARE = 10
    PACKET = 11
    DECLARE = 12
    HOLD = 13
    DECIDE = 14
    EXAMINE = 15
    EVALUATE = 16
    NOT_CARRIED_OUT = 17
    SETTLE = 18
    GIVE_NOTICE = 19
    RECLAIM = 20
    REOPEN = 21
    CONFIRM = 22
    PAY = 23
    SELF_EVALUATE = 24
    ASK_AGAIN = 25
    SIGN = 26
    REVIEW_YEAR = 27
    CONFIRM_YEAR = 28
    AMEND = 29
    RECORD_APPROVAL = 30
    CLOSE_DOWN = 31
    SEND_INTERIM = 32
    READ_INTERIM = 33
    PAY_YEAR = 34
    SUBMIT_REQUESTS = 35


Subject = tuple[int, int]
"""What a step is about: a case (and for an opinion its funder), a sitting, the number of a day, or an agreement (and
for some its year)."""


class Agenda:
    """What is planned. Things planned for the same moment come by step, then in the order they were planned."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, Step, int, Subject]] = []
        self._count = 0

    def plan(self, at: datetime, step: Step, subject: int, other: int = 0) -> None:
        """Plan a step for `at`, which may be planned already: whoever acts looks first."""
        self._count += 1
        heapq.heappush(self._heap, (at, step, self._count, (subject, other)))

    @property
    def next_at(self) -> datetime | None:
        """The moment of the next thing planned."""
        return self._heap[0][0] if self._heap else None

    def take(self, at: datetime) -> Iterator[tuple[Step, list[Subject]]]:
        """What is planned up to `at`, step by step, each subject once."""
        taken = []
        while self._heap and self._heap[0][0] <= at:
            taken.append(heapq.heappop(self._heap))
        taken.sort(key=lambda one: one[1:3])
        for step, group in groupby(taken, key=lambda one: one[1]):
            yield step, list(dict.fromkeys(subject for *_, subject in group))


def office_hour(chance: Random, at: datetime, working_days: int) -> datetime:
    """A moment at work, `working_days` after `at` and never before it."""
    first = next_working_day(paris_day(at))
    day = add_working_days(first, working_days) if working_days > 0 else first
    return _moment(chance, at, day, OFFICE, next_working_day(day + timedelta(days=1)))


def spare_hour(chance: Random, at: datetime, days: int) -> datetime:
    """A moment of an association's day, `days` after `at` and never before it."""
    return spare_hour_on(chance, at, paris_day(at) + timedelta(days=days))


def spare_hour_on(chance: Random, at: datetime, day: date) -> datetime:
    """A moment of an association on `day`, or after `at` when the day has passed."""
    chosen = max(day, paris_day(at))
    return _moment(chance, at, chosen, HOME, chosen + timedelta(days=1))


def office_hour_on(chance: Random, at: datetime, day: date, working_days: int = 0) -> datetime:
    """A moment at work, `working_days` after `day`, or after `at` when that has passed."""
    return office_hour(chance, max(at, local_instant(day)), working_days)


def next_tick(at: datetime, minutes: int) -> datetime:
    """The first moment from `at` on that a job run every so many minutes meets."""
    past = timedelta(minutes=at.minute % minutes, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + timedelta(minutes=minutes)


def _moment(chance: Random, after: datetime, day: date, hours: tuple[time, ...], otherwise: date) -> datetime:
    """One of these hours of `day` that comes after `after`; the first hour of the day `otherwise` if none does."""
    left = [moment for hour in hours if (moment := local_instant(day, hour)) > after]
    return chance.choice(left) if left else local_instant(otherwise, hours[0])
