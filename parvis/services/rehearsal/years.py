"""A contract carried over several years: its annual calls opened again, its committees sitting again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from parvis.states.calendar import previous_working_day
from parvis.states.contract import Call, Committee, Contract, Instrument, Sitting, roll_forward

MOST_YEARS = 20


def carried(contract: Contract, calls: Sequence[Call], last: date) -> tuple[Contract, tuple[Call, ...]]:
    """The contract until `last`, and `calls` with those that follow them: each annual one opens again every year.

    A call of the file for a later year is taken as it is written. Committees sit again at their anniversaries, or the
    working day before, from the year after their last.
    """
    known = {call.code: call for call in contract.calls}
    played = {call.code: known.setdefault(call.code, call) for call in calls}
    for call in calls:
        for following in _following(call, last):
            played.setdefault(following.code, known.setdefault(following.code, following))
    committees = tuple(_sitting_until(one, last) for one in contract.committees)
    fields = {**dict(contract), "calls": tuple(known.values()), "committees": committees}
    return Contract.model_validate(fields), tuple(played.values())


def _following(call: Call, last: date) -> Iterator[Call]:
    if call.instrument is not Instrument.ANNUAL:
        return
    for years in range(1, MOST_YEARS):
        rolled = roll_forward(call, years)
        if rolled.opens_on > last:
            return
        yield rolled


def _sitting_until(committee: Committee, last: date) -> Committee:
    if not committee.held_on:
        return committee
    ends = max(sitting.day.year for sitting in committee.held_on)
    of_a_year = [sitting for sitting in committee.held_on if sitting.day.year == ends]
    later = (
        sitting.model_copy(update={"day": previous_working_day(sitting.day + relativedelta(years=years))})
        for years in range(1, last.year - ends + 1)
        for sitting in of_a_year
    )
    return Committee.model_validate(
        {**dict(committee), "held_on": tuple(_by_day([*committee.held_on, *later]))}
    )


def _by_day(sittings: Iterable[Sitting]) -> list[Sitting]:
    days = {sitting.day: sitting for sitting in sittings}
    return [days[day] for day in sorted(days)]
