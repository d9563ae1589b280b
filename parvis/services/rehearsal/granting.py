"""How a committee of a rehearsal shares out money: what each funder proposed, within what its envelope has left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from parvis.models.queries.purses import fitting
from parvis.models.queries.rehearsal import purses
from parvis.models.session import Session
from parvis.services.rehearsal.money import rounded
from parvis.services.rehearsal.world import World
from parvis.states.contract import Call
from parvis.states.outcomes import Ask
from parvis.states.purses import Spending
from parvis.states.stages import Opinion

GRANT_STEP_CENTS = 50_00
PARTS = {Opinion.RESERVED: 0.6, Opinion.UNFAVOURABLE: 0.0}
"""What is granted of a request when the funder proposed no amount, by its opinion; otherwise `USUAL_PART`."""
USUAL_PART = 0.75


@dataclass(slots=True)
class Purses:
    """What may still be spent of each envelope at this sitting, in cents; a funder without one is not limited."""

    spending: Spending
    funders: Mapping[str, int]

    def allows(self, case_id: int, funder: str, cents: int) -> int:
        """How much of `cents` is left for this case."""
        purse = self.spending.paying(case_id, self.funders.get(funder, 0), cents)
        return cents if purse is None else max(0, min(cents, purse.available_cents))

    def spend(self, case_id: int, amounts: Sequence[tuple[str, int]]) -> None:
        """Take these amounts for this case."""
        for funder, cents in amounts:
            self.spending.take(case_id, self.funders.get(funder, 0), cents)


def purses_of(world: World, session: Session, call: str, cases: Sequence[int], *, held_on: date) -> Purses:
    """What these cases may take; envelopes last until the last wave: only a part of each is spent before."""
    part = _spendable(world.contract.call(call), held_on, world.habits.committees.spending)
    found = purses(session, call, world.contract_id)
    left = {envelope_id: round(total * part) - held for envelope_id, _, _, total, held in found}
    fits = {
        key: [replace(purse, available_cents=left[purse.id]) for purse in each if purse.id in left]
        for key, each in fitting(session, cases).items()
    }
    return Purses(Spending(fits), {code: funder_id for _, funder_id, code, _, _ in found})


def _spendable(call: Call, held_on: date, spending: tuple[float, ...]) -> float:
    days = sorted(wave.decides_on for wave in call.waves if wave.decides_on)
    number = sum(day <= held_on + timedelta(days=1) for day in days)
    return 1.0 if number >= len(days) else spending[min(max(number - 1, 0), len(spending) - 1)]


def amounts_for(
    case_id: int, asks: Sequence[Ask], advised: Mapping[str, int] | None, left: Purses
) -> tuple[tuple[str, int], ...]:
    """What each funder gives, in cents: what the technical committee advised, else what it proposed itself."""
    found = []
    for ask in asks:
        wanted = _wanted(ask) if advised is None else advised.get(ask.funder, 0)
        cents = left.allows(case_id, ask.funder, min(wanted, ask.requested_cents))
        if cents >= GRANT_STEP_CENTS:
            found.append((ask.funder, cents // GRANT_STEP_CENTS * GRANT_STEP_CENTS))
    return tuple(found)


def _wanted(ask: Ask) -> int:
    if ask.proposed_cents is not None:
        return ask.proposed_cents
    part = PARTS.get(Opinion(ask.opinion), USUAL_PART) if ask.opinion else USUAL_PART
    return rounded(ask.requested_cents * part, GRANT_STEP_CENTS)


def enough(amounts: Sequence[tuple[str, int]], asks: Sequence[Ask], part: float) -> bool:
    """Whether an action can live on so little."""
    given, wanted = sum(cents for _, cents in amounts), sum(ask.requested_cents for ask in asks)
    return given > 0 and given >= part * wanted
