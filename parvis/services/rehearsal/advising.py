"""What funders do: give opinions, in time, late or never."""

from collections.abc import Sequence
from random import Random

from parvis.models.queries.rehearsal import Ask, Seen, asks, look
from parvis.models.session import Session
from parvis.services.rehearsal.agenda import Step, Subject, office_hour_on
from parvis.services.rehearsal.habits import FunderHabits
from parvis.services.rehearsal.money import rounded
from parvis.services.rehearsal.world import World
from parvis.states.calendar import add_working_days, paris_day
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Opinion, Role, Stage

PROPOSAL_STEP_CENTS = 10_00
TASTE = 12
"""How far, in points, a funder's view of an action is from its quality."""

COMMENTS = {
    Opinion.FAVOURABLE: "Action conforme aux priorités du financeur.",
    Opinion.RESERVED: "Action à préciser : publics, partenaires et calendrier.",
    Opinion.UNFAVOURABLE: "Action hors des priorités du financeur cette année.",
}


def plan_opinion(world: World, case: Seen, funder_id: int) -> None:
    """An opinion is asked: decide when it will be given, if ever."""
    habits, chance = world.habits.funders, world.chance(f"funder/{funder_id}")
    drawn = chance.random()
    if drawn >= habits.in_time + habits.late:
        return
    delay = habits.answer if drawn < habits.in_time else habits.answer_late
    _plan(world, chance, case, funder_id, delay.draw(chance))


def plan_opinion_when_reminded(world: World, case: Seen, funder_id: int) -> None:
    """A reminder comes: some of those who would not have answered do."""
    chance = world.chance(f"funder/{funder_id}")
    if chance.random() < world.habits.funders.answers_reminder:
        _plan(world, chance, case, funder_id, chance.randint(1, 4))


def _plan(world: World, chance: Random, case: Seen, funder_id: int, days: int) -> None:
    day = add_working_days(paris_day(world.now), max(1, days * 5 // 7))
    world.agenda.plan(office_hour_on(chance, world.now, day), Step.OPINE, case.id, funder_id)


def opine(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Give the opinions that are ready and still awaited; what the instruction did not wait for is refused."""
    cases = {case.id: case for case in look(session, [case_id for case_id, _ in subjects])}
    asked = {(ask.case_id, ask.funder_id): ask for ask in asks(session, list(cases))}
    by_funder: dict[int, list[tuple[Seen, Given]]] = {}
    for case_id, funder_id in subjects:
        case, ask = cases[case_id], asked[case_id, funder_id]
        if ask.opinion is None and case.stage in (Stage.SUBMITTED, Stage.INSTRUCTED):
            by_funder.setdefault(funder_id, []).append((case, _opinion(world, case, ask)))
    for funder_id, given in by_funder.items():
        world.move(session, Action.GIVE_OPINION, given, _voice(world, funder_id))
    for case in look(session, [case.id for given in by_funder.values() for case, _ in given]):
        if case.stage == Stage.SUBMITTED and not case.awaited:
            officer = world.habits.officers.instruct
            world.plan_work(Step.INSTRUCT, case, officer.draw(world.chance(f"person:{case.instructor_id}")))


def _voice(world: World, funder_id: int) -> By:
    """Who speaks for a funder: its person, or the funder itself when it has none."""
    who = world.first(Role.FUNDER, funder_id)
    return By(f"person:{who}" if who is not None else f"funder:{funder_id}", Role.FUNDER)


def _opinion(world: World, case: Seen, ask: Ask) -> Given:
    habits, chance = world.habits.funders, world.chance(f"funder/{ask.funder_id}")
    liked = world.applicant_of(case).quality + chance.gauss(0, TASTE)
    opinion = _kind(liked, habits)
    part = {
        Opinion.FAVOURABLE: habits.usual_part.draw(chance),
        Opinion.RESERVED: habits.usual_part.draw(chance) * 2 // 3,
        Opinion.UNFAVOURABLE: 0,
    }[opinion]
    proposed = min(ask.requested_cents, rounded(ask.requested_cents * part / 100, PROPOSAL_STEP_CENTS))
    return Given(
        opinion=opinion, funder_id=ask.funder_id, proposed_cents=proposed, reason=COMMENTS[opinion]
    )  # fmt: skip


def _kind(liked: float, habits: FunderHabits) -> Opinion:
    if liked < habits.unfavourable_below:
        return Opinion.UNFAVOURABLE
    return Opinion.RESERVED if liked < habits.reserved_below else Opinion.FAVOURABLE
