"""What committees and their secretary do: close agendas, sit, decide within the envelopes, record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from parvis.models.queries.committees import Sitting, on_agenda, sittings
from parvis.models.queries.rehearsal import Ask, Seen, asks, look, purses
from parvis.models.session import Session
from parvis.services.committees import close_agenda, hold
from parvis.services.rehearsal.agenda import Step, Subject, office_hour, office_hour_on
from parvis.services.rehearsal.instructing import committee_of
from parvis.services.rehearsal.money import rounded
from parvis.services.rehearsal.world import World
from parvis.states.calendar import clear_days_before, local_instant, paris_day
from parvis.states.contract import Call
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Opinion, Role, Stage

NOON = time(12, 0)
GRANT_STEP_CENTS = 50_00
PARTS = {Opinion.RESERVED: 0.6, Opinion.UNFAVOURABLE: 0.0}
"""What is granted of a request when the funder proposed no amount, by its opinion; otherwise `USUAL_PART`."""
USUAL_PART = 0.75
PUT_OFF_DAYS = 8

NO_QUORUM = "Le quorum n’était pas atteint ; le dossier sera présenté à la séance suivante."
TO_BE_PRECISE = "Le comité demande des précisions sur le budget et les partenaires."
TOO_LOW = "L’action répond trop peu aux critères de l’appel."
NO_MONEY = "Les crédits disponibles ne permettent pas de soutenir l’action."
CONDITIONS = (
    "Mentionner le soutien des financeurs ; rendre compte du nombre d’habitants des quartiers touchés."
)


def plan_sittings(world: World, session: Session, last: date) -> None:
    """Plan every sitting of the contract until the day `last`: its agenda's closing, then the session."""
    for sitting in sittings(session, contract_id=world.contract_id, since=paris_day(world.now)):
        if sitting.held_on > last or sitting.held_at is not None:
            continue
        closing = clear_days_before(sitting.held_on, committee_of(world.contract, sitting).lead_days)
        agenda_closes = max(world.now, local_instant(closing, NOON))
        world.agenda.plan(agenda_closes, Step.CLOSE_AGENDA, sitting.id)
        hour = time(world.habits.committees.hour, 0)
        world.agenda.plan(local_instant(sitting.held_on, hour), Step.HOLD, sitting.id)


def close_agendas(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Close the agendas whose packets leave now."""
    for sitting in _sittings(world, session, subjects):
        close_agenda(session, sitting)


def hold_sessions(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Sit; with a quorum the decisions are recorded in the next days, without one every case is put off."""
    habits, chance = world.habits.committees, world.chance("secretary")
    for sitting in _sittings(world, session, subjects):
        if not sitting.cases:
            continue
        quorate = chance.random() < habits.quorum
        hold(session, sitting, at=world.now, quorate=quorate)
        world.agenda.plan(office_hour(chance, world.now, habits.record.draw(chance)), Step.DECIDE, sitting.id)


def decide(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Record what the sittings decided, the best assessed first; a few are forgotten until a letter comes."""
    secretary, chance = world.someone(Role.SECRETARY), world.chance("secretary")
    for sitting in _sittings(world, session, subjects):
        cases = look(session, on_agenda(session, sitting.id))
        if secretary is None:
            continue
        if not sitting.quorate:
            _put_off(world, session, cases, NO_QUORUM, secretary)
            continue
        kept = [case for case in cases if chance.random() >= world.habits.committees.forgets]
        world.tally.forgotten += len(cases) - len(kept)
        _record(world, session, sitting, kept, secretary)


def decide_one(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Record the forgotten decisions a letter recalls."""
    secretary = world.someone(Role.SECRETARY)
    held = {one.id: one for one in sittings(session, contract_id=world.contract_id) if one.held_at}
    for case in look(session, [case_id for case_id, _ in subjects]):
        sitting = held.get(case.committee_id or 0)
        if secretary is not None and sitting is not None and case.stage == Stage.COMMITTEE:
            _record(world, session, sitting, [case], secretary)


def _record(world: World, session: Session, sitting: Sitting, cases: Sequence[Seen], secretary: By) -> None:
    chance, habits = world.chance("secretary"), world.habits.committees
    ranked = sorted(cases, key=lambda case: (-(case.score or 0), case.id))
    put_off = [case for case in ranked if chance.random() < habits.defers]
    asked: dict[int, list[Ask]] = {}
    for ask in asks(session, [case.id for case in ranked]):
        asked.setdefault(ask.case_id, []).append(ask)
    grants: list[tuple[Seen, Given]] = []
    refusals: list[tuple[Seen, Given]] = []
    left: dict[str, _Purses] = {}
    for case in (one for one in ranked if one not in put_off):
        if case.call not in left:
            left[case.call] = _purses(world, session, case, sitting)
        amounts = _amounts(asked.get(case.id, []), left[case.call])
        if (case.score or 0) < habits.lowest_score:
            refusals.append((case, Given(reason=TOO_LOW)))
        elif not _enough(amounts, asked.get(case.id, []), habits.lowest_part):
            refusals.append((case, Given(reason=NO_MONEY)))
        else:
            left[case.call].spend(amounts)
            grants.append((case, Given(amounts=amounts, conditions=CONDITIONS)))
    world.move(session, Action.FUND, grants, secretary)
    world.move(session, Action.REJECT, refusals, secretary)
    _put_off(world, session, put_off, TO_BE_PRECISE, secretary)


def _put_off(world: World, session: Session, cases: Sequence[Seen], reason: str, secretary: By) -> None:
    because = Given(reason=reason)
    for case in world.move(session, Action.DEFER, ((case, because) for case in cases), secretary):
        world.plan_work(Step.SCHEDULE, case, PUT_OFF_DAYS)


@dataclass(slots=True)
class _Purses:
    """What may still be spent of each envelope at this sitting, in cents; a funder without one is not limited."""

    left: dict[str, int]

    def allows(self, funder: str, cents: int) -> int:
        return max(0, min(cents, self.left.get(funder, cents)))

    def spend(self, amounts: tuple[tuple[str, int], ...]) -> None:
        for funder, cents in amounts:
            if funder in self.left:
                self.left[funder] -= cents


def _purses(world: World, session: Session, case: Seen, sitting: Sitting) -> _Purses:
    """Envelopes last until the last wave: only a part of each is spent before."""
    part = _spendable(world.call_of(case), sitting.held_on, world.habits.committees.spending)
    found = purses(session, case.call, world.contract_id)
    return _Purses({funder: round(total * part) - committed for funder, (total, committed) in found.items()})


def _spendable(call: Call, held_on: date, spending: tuple[float, ...]) -> float:
    decisions = sorted(wave.decides_on for wave in call.waves if wave.decides_on)
    number = sum(day <= held_on + timedelta(days=1) for day in decisions)
    return 1.0 if number >= len(decisions) else spending[min(max(number - 1, 0), len(spending) - 1)]


def _amounts(asked: Sequence[Ask], left: _Purses) -> tuple[tuple[str, int], ...]:
    found = []
    for ask in asked:
        wanted = ask.proposed_cents
        if wanted is None:
            part = PARTS.get(Opinion(ask.opinion), USUAL_PART) if ask.opinion else USUAL_PART
            wanted = rounded(ask.requested_cents * part, GRANT_STEP_CENTS)
        cents = (
            left.allows(ask.funder, min(wanted, ask.requested_cents)) // GRANT_STEP_CENTS * GRANT_STEP_CENTS
        )
        if cents > 0:
            found.append((ask.funder, cents))
    return tuple(found)


def _enough(amounts: tuple[tuple[str, int], ...], asked: Sequence[Ask], part: float) -> bool:
    given, wanted = sum(cents for _, cents in amounts), sum(ask.requested_cents for ask in asked)
    return given > 0 and given >= part * wanted


def plan_decision(world: World, case: Seen) -> None:
    """A letter recalls a decision that was not recorded."""
    chance = world.chance("secretary")
    moment = office_hour_on(chance, world.now, paris_day(world.now), chance.randint(1, 5))
    world.agenda.plan(moment, Step.DECIDE_ONE, case.id)


def _sittings(world: World, session: Session, subjects: Sequence[Subject]) -> list[Sitting]:
    wanted = {sitting_id for sitting_id, _ in subjects}
    return [one for one in sittings(session, contract_id=world.contract_id) if one.id in wanted]
