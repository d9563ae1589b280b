"""The contract the demonstration plays: that of the file, with the calls and sittings the present year needs."""

from collections.abc import Iterator
from datetime import date, timedelta

from parvis.states.calendar import next_working_day
from parvis.states.contract import Call, Committee, Contract, Instrument, Sitting, roll_forward

SOON_DAYS = 14
"""A committee sits within so many days of the present, so that an agenda can be seen filling."""
EXTRA_SITTING_DAYS = 11
AROUND = (-1, 0, 1)
"""The years around the present one whose annual calls may be open during the demonstration."""


def framed(contract: Contract, first: date, today: date) -> Contract:
    """The contract with an annual call for each year around `today`, and a committee that decides each and soon.

    Calls the file lacks are its latest annual call some years later. Unchanged when it has all that is needed.
    """
    calls = (*contract.calls, *_missing_calls(contract, first, today))
    committees = list(contract.committees)
    for call in played(calls, first, today):
        _ensure_sittings(committees, call, today)
    if len(calls) == len(contract.calls) and tuple(committees) == contract.committees:
        return contract
    return Contract.model_validate({**dict(contract), "calls": calls, "committees": tuple(committees)})


def played(calls: tuple[Call, ...], first: date, today: date) -> list[Call]:
    """The annual calls that take deposits between these days, the oldest first; any other call when none does."""
    taking = [
        call
        for call in calls
        if not call.silent and call.opens_on <= today and (call.closes_on or date.max) >= first
    ]
    annual = [call for call in taking if call.instrument is Instrument.ANNUAL]
    return sorted(annual or taking, key=lambda call: (call.opens_on, call.code))


def _missing_calls(contract: Contract, first: date, today: date) -> Iterator[Call]:
    annual = [call for call in contract.calls if call.instrument is Instrument.ANNUAL and not call.silent]
    if not annual:
        return
    latest = max(annual, key=lambda call: call.year)
    codes = {call.code for call in contract.calls}
    for year in (today.year + offset for offset in AROUND):
        if any(call.year == year for call in annual):
            continue
        rolled = roll_forward(latest, year - latest.year)
        if rolled.code not in codes and played((rolled,), first, today):
            yield rolled


def _ensure_sittings(committees: list[Committee], call: Call, today: date) -> None:
    """Have the committee that decides a call sit when each wave is decided, and soon."""
    able = [index for index, one in enumerate(committees) if one.kind == call.decides]
    if not able:
        return
    chosen = next((index for index in able if committees[index].covers_all), able[0])
    held_on = set(committees[chosen].days)
    wanted = {next_working_day(wave.decides_on) for wave in call.waves if wave.decides_on}
    missing = {day for day in wanted if not any(abs((day - other).days) <= 3 for other in held_on)}
    soon = today + timedelta(days=SOON_DAYS)
    if not any(today + timedelta(days=7) < day <= soon for day in held_on | missing):
        missing.add(next_working_day(today + timedelta(days=EXTRA_SITTING_DAYS)))
    if missing:
        sittings = [*committees[chosen].held_on, *(Sitting(day=day) for day in missing)]
        fields = {
            **dict(committees[chosen]),
            "held_on": tuple(sorted(sittings, key=lambda sitting: sitting.day)),
        }
        committees[chosen] = Committee.model_validate(fields)
