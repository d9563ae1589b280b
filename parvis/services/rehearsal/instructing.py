"""What instructors do: check, ask for documents, assess, ask opinions, instruct, examine reports."""

from collections.abc import Sequence
from datetime import timedelta

from parvis.models.queries.rehearsal import Seen, look
from parvis.models.session import Session
from parvis.services.rehearsal.agenda import Step, Subject, office_hour_on
from parvis.services.rehearsal.applying import MORE_TIME_DAYS, plan_confirmations
from parvis.services.rehearsal.evaluating import concluded
from parvis.services.rehearsal.proposals import Door
from parvis.services.rehearsal.reporting import TO_CORRECT, is_sent_back
from parvis.services.rehearsal.world import World, by_officer
from parvis.states.calendar import paris_day
from parvis.states.facts import Given
from parvis.states.stages import Action, Stage

NOT_ELIGIBLE = "L’action ne concerne pas principalement les habitants d’un quartier prioritaire."


def check(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Open deposits: refuse those that are not eligible, record what was joined, ask for what is missing."""
    waiting = [case for case in look(session, _ids(subjects)) if case.stage == Stage.SUBMITTED]
    for officer, cases in by_officer(world, waiting):
        refused = [case for case in cases if not world.applicant_of(case).conduct.eligible]
        because = Given(reason=NOT_ELIGIBLE)
        world.move(session, Action.DECLARE_INELIGIBLE, ((case, because) for case in refused), officer)
        kept = [case for case in cases if case not in refused]
        world.move_all(
            session, Action.CHECK_ELIGIBILITY, (c for c in kept if not c.eligibility_checked), officer
        )
        joined = [(case, Given(documents=found)) for case in kept if (found := _joined(world, case))]
        world.move(session, Action.RECEIVE_DOCUMENTS, joined, officer)
        lacking = [(case, Given(documents=left)) for case in kept if (left := _lacking(world, case))]
        world.move(session, Action.REQUEST_DOCUMENTS, lacking, officer)
        asked = {case.id for case, _ in lacking}
        plan_confirmations(world, session, kept)
        for case in kept:
            if case.id not in asked:
                world.plan_work(Step.ASSESS, case, _draw(world, case, "assess"))


def _joined(world: World, case: Seen) -> tuple[str, ...]:
    lacks = _lacking(world, case)
    return tuple(code for code in case.missing if code not in lacks)


def _lacking(world: World, case: Seen) -> tuple[str, ...]:
    """What the applicant had not joined, of what is still missing."""
    proposal = world.applicant_of(case)
    if proposal.door is Door.PORTAL:
        return ()
    return tuple(code for code in case.missing if code in proposal.conduct.lacks)


def assess(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Fill the grid of complete cases, and ask their funders' opinions."""
    ready = [
        case for case in look(session, _ids(subjects)) if case.stage == Stage.SUBMITTED and not case.missing
    ]
    for officer, cases in by_officer(world, ready):
        graded = [(case, Given(score=_score(world, case))) for case in cases if case.score is None]
        world.move(session, Action.ASSESS, graded, officer)
        to_ask = [case for case in cases if not case.asked and _to_consult(world, case)]
        asked = {case.id for case in world.move_all(session, Action.ASK_OPINIONS, to_ask, officer)}
        for case in cases:
            delay = _draw(world, case, "instruct")
            wait = world.call_of(case).times.opinion_days if case.id in asked else 0
            due = paris_day(world.now) + timedelta(days=wait + 1 if wait else 0)
            chance = world.chance(officer.actor)
            world.agenda.plan(office_hour_on(chance, world.now, due, delay), Step.INSTRUCT, case.id)


def _to_consult(world: World, case: Seen) -> bool:
    give_opinions = {funder.code for funder in world.contract.funders if funder.asks_opinion}
    return any(code in give_opinions for code, _ in world.applicant_of(case).asked)


def _score(world: World, case: Seen) -> int:
    """A mark out of 100: points on each line of the call's grid, by its weight."""
    chance = world.chance(f"person:{case.instructor_id}")
    grid = [(line.weight, line.maximum) for line in world.call_of(case).grid] or [(100, 100)]
    quality, noise = world.applicant_of(case).quality, world.habits.officers.score_noise
    score = 0.0
    for weight, maximum in grid:
        found = min(100.0, max(0.0, chance.gauss(quality, noise)))
        score += weight * round(found / 100 * maximum) / maximum
    return min(100, max(0, round(score)))


def instruct(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Close the instruction of cases that have their opinions, or overdue ones; agendas fill themselves."""
    waiting = [
        case
        for case in look(session, _ids(subjects))
        if case.stage == Stage.SUBMITTED and case.score is not None and not case.missing
    ]
    ready = [case for case in waiting if not case.awaited or _overdue(world, case)]
    for officer, cases in by_officer(world, ready):
        world.move_all(session, Action.INSTRUCT, cases, officer)


def _overdue(world: World, case: Seen) -> bool:
    return case.opinions_due_at is not None and case.opinions_due_at <= world.now


def extend(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Give applicants who asked for it more time to send documents."""
    waiting = [
        c for c in look(session, _ids(subjects)) if c.stage == Stage.INCOMPLETE and c.reply_by is not None
    ]
    for officer, cases in by_officer(world, waiting):
        more = timedelta(days=MORE_TIME_DAYS)
        longer = [(case, Given(reply_by=case.reply_by + more)) for case in cases if case.reply_by]
        world.move(session, Action.EXTEND_REPLY, longer, officer)


def examine(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Accept final reports, or send them back once; the balance is then for finance."""
    received = [
        case
        for case in look(session, _ids(subjects))
        if case.stage == Stage.FUNDED and case.report_received and not case.report_accepted
    ]
    for officer, cases in by_officer(world, received):
        odd = [case for case in cases if is_sent_back(world, case)]
        because = Given(reason=TO_CORRECT)
        world.move(session, Action.ASK_CORRECTIONS, ((case, because) for case in odd), officer)
        kept = [case for case in cases if case not in odd]
        for case in world.move_all(session, Action.ACCEPT_REPORT, kept, officer):
            days = world.habits.finance.settle.draw(world.chance("finance"))
            world.plan_work(Step.SETTLE, case, days, sure=True)


def evaluate(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Close cases whose report is accepted and whose balance is settled."""
    ready = [
        case
        for case in look(session, _ids(subjects))
        if case.stage == Stage.FUNDED and case.report_accepted and case.balance_settled
    ]
    for officer, cases in by_officer(world, ready):
        world.move(session, Action.EVALUATE, ((case, concluded(world, case)) for case in cases), officer)


def take_up(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Do what a forgotten case waits for, whatever its stage."""
    cases = look(session, _ids(subjects))
    for step, act in _BY_NEED.items():
        wanted = [(case.id, 0) for case in cases if _need(case) is step]
        if wanted:
            act(world, session, wanted)


def _need(case: Seen) -> Step | None:
    match case.stage:
        case Stage.SUBMITTED if not case.eligibility_checked or case.missing:
            return Step.CHECK
        case Stage.SUBMITTED if case.score is None:
            return Step.ASSESS
        case Stage.SUBMITTED:
            return Step.INSTRUCT
        case Stage.FUNDED if case.report_received and not case.report_accepted:
            return Step.EXAMINE
        case Stage.FUNDED:
            return Step.EVALUATE
        case _:
            return None


_BY_NEED = {
    Step.CHECK: check,
    Step.ASSESS: assess,
    Step.INSTRUCT: instruct,
    Step.EXAMINE: examine,
    Step.EVALUATE: evaluate,
}


def _draw(world: World, case: Seen, turn: str) -> int:
    officers = world.habits.officers
    delay = {"assess": officers.assess, "instruct": officers.instruct}[turn]
    return delay.draw(world.chance(f"person:{case.instructor_id}"))


def _ids(subjects: Sequence[Subject]) -> list[int]:
    return [case_id for case_id, _ in subjects]
