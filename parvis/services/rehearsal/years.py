"""A contract carried over several years: its annual calls opened again, its committees sitting again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from parvis.states.calendar import previous_working_day
from parvis.states.contract import Call, Committee, Contract, Instrument, Sitting, roll_forward

MOST_YEARS = 20
NEAR = timedelta(days=31)


def named(contract: Contract, code: str) -> Call | None:
    """The call of this code: of the file, else what one of its calls becomes when it opens again years later."""
    calls = sorted(contract.calls, key=lambda call: -call.year)
    again = (roll_forward(call, years) for call in calls for years in _every(call))
    return next((call for call in (*contract.calls, *again) if call.code == code and not call.silent), None)


def carried(
    contract: Contract, calls: Sequence[Call], last: date, *, yearly: bool = True
) -> tuple[Contract, tuple[Call, ...]]:
    """The contract until `last`, and `calls` with those that follow them: each annual one opens again every year.

    Unless `yearly`, no other call than `calls` is added. A call of the file for a later year is taken as it is
    written. Committees sit again at their anniversaries, or the working day before, from the year after their last;
    they decide the waves that are not of the file on the day they sit that is nearest to the anniversary.
    """
    written = {call.code for call in contract.calls}
    known = {call.code: call for call in contract.calls}
    played = {call.code: known.setdefault(call.code, call) for call in calls}
    for call in calls if yearly else ():
        for following in _following(call, last, Instrument.ANNUAL):
            played.setdefault(following.code, known.setdefault(following.code, following))
    committees = tuple(_sitting_until(one, last) for one in contract.committees)
    every = {code: call if code in written else _decided(call, committees) for code, call in known.items()}
    fields = {**dict(contract), "calls": tuple(every.values()), "committees": committees}
    return Contract.model_validate(fields), tuple(every[code] for code in played)


def _decided(call: Call, committees: Sequence[Committee]) -> Call:
    """The call, each wave decided on the nearest day its committee sits."""
    days = sorted(day for one in committees if one.kind == call.decides for day in one.days)
    waves = []
    for wave in call.waves:
        on = wave.decides_on
        near = [day for day in days if on is not None and abs(day - on) <= NEAR]
        nearest = min(near, key=lambda day: (abs(day - on), day)) if on is not None and near else on
        waves.append(wave.model_copy(update={"decides_on": nearest}))
    return call.model_copy(update={"waves": tuple(waves)})


def for_agreements(contract: Contract, last: date) -> tuple[Call, ...]:
    """The calls for agreements of the contract until `last`: each opens again when its agreements are about to end."""
    calls = [call for call in contract.calls if call.instrument is Instrument.AGREEMENT and not call.silent]
    found = {call.code: call for call in calls}
    for call in calls:
        for following in _following(call, last, Instrument.AGREEMENT):
            found.setdefault(following.code, following)
    return tuple(found.values())


def _every(call: Call) -> range:
    """How many years pass each time before a call opens again; never for a call of its own kind."""
    if call.silent or call.instrument is Instrument.SPECIFIC:
        return range(0)
    return range(call.duration_years, MOST_YEARS, call.duration_years)


def _following(call: Call, last: date, instrument: Instrument) -> Iterator[Call]:
    if call.instrument is not instrument:
        return
    for years in _every(call):
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
