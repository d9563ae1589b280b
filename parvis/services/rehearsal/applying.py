"""What associations do once they have deposited: send documents, withdraw, give account."""

from collections.abc import Sequence
from datetime import timedelta

from parvis.models.queries.rehearsal import Seen, awaited_partners, look
from parvis.models.session import Session
from parvis.services.rehearsal.agenda import Step, Subject, spare_hour, spare_hour_on
from parvis.services.rehearsal.proposals import Answer, Report
from parvis.services.rehearsal.reporting import write_report
from parvis.services.rehearsal.world import World
from parvis.states.calendar import paris_day
from parvis.states.case_table import NOT_DECIDED
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role, Stage

MORE_TIME_DAYS = 15
AFTER_A_PART = 5
"""Days between the first documents and the others, for those who send them in two goes."""

DECLINES = 0.06
"""The part of partners who decline."""
LONGEST_ANSWER = 12
"""Days before the slowest partner answers."""
NO_LONGER = "L’association n’a plus d’animateur pour cette action."
SIGNATORY, QUALITY = "Camille Leroy", "présidente"

WITHDRAWAL = "L’association n’a plus les moyens de mener l’action."


def applicant(case: Seen) -> By:
    """The applicant of a case, about to act."""
    return By(f"organisation:{case.organisation_id}", Role.APPLICANT)


def plan_answer(world: World, case: Seen) -> None:
    """Documents are asked for: decide whether and when they will be sent."""
    conduct, chance = world.applicant_of(case).conduct, world.stream_of(case)
    if case.id in world.answered_twice:
        world.agenda.plan(spare_hour(chance, world.now, 3), Step.ANSWER, case.id)
        return
    days = conduct.answer_days
    if conduct.more_time and conduct.answer is Answer.IN_TIME:
        world.plan_work(Step.EXTEND, case, 3, sure=True)
        days += MORE_TIME_DAYS
    if conduct.answer is Answer.LATE and case.reply_by is not None:
        moment = spare_hour_on(chance, world.now, case.reply_by + timedelta(days=days))
        world.agenda.plan(moment, Step.ANSWER, case.id)
    if conduct.answer is Answer.IN_TIME:
        world.agenda.plan(spare_hour(chance, world.now, days), Step.ANSWER, case.id)


def plan_answer_when_reminded(world: World, case: Seen) -> None:
    """A reminder comes: those who needed one answer in the next days."""
    if world.applicant_of(case).conduct.answer is Answer.WHEN_REMINDED:
        chance = world.stream_of(case)
        world.agenda.plan(spare_hour(chance, world.now, chance.randint(0, 4)), Step.ANSWER, case.id)


def answer(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Send the documents that were asked for, all or a part first, and declare the case complete."""
    for case in look(session, [case_id for case_id, _ in subjects]):
        conduct = world.applicant_of(case).conduct
        wanted = case.requested
        if case.stage == Stage.INCOMPLETE and not wanted:
            continue
        if conduct.part_first and len(wanted) > 1 and case.id not in world.answered_twice:
            world.answered_twice.add(case.id)
            part = Given(documents=wanted[: len(wanted) // 2])
            world.move(session, Action.RECEIVE_DOCUMENTS, [(case, part)], applicant(case))
            world.agenda.plan(
                spare_hour(world.stream_of(case), world.now, AFTER_A_PART), Step.ANSWER, case.id
            )
            continue
        sent = Given(documents=wanted or conduct.lacks)
        if world.move(session, Action.RECEIVE_DOCUMENTS, [(case, sent)], applicant(case)):
            complete(world, session, case)


def complete(world: World, session: Session, case: Seen) -> None:
    """Declare a case complete; it comes back to the officer's desk."""
    if case.stage == Stage.INCOMPLETE and world.move_all(session, Action.COMPLETE, [case], applicant(case)):
        days = world.habits.officers.assess.draw(world.chance(f"person:{case.instructor_id}"))
        world.plan_work(Step.ASSESS, case, days)


def confirm(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Partners answer the invitation to a coordinated proposal: most sign, a few decline."""
    for case_id, organisation_id in awaited_partners(session, [case_id for case_id, _ in subjects]):
        for case in look(session, [case_id]):
            if (
                case.stage not in (Stage.SUBMITTED, Stage.INCOMPLETE)
                or (case_id, organisation_id) not in subjects
            ):
                continue
            chance = world.chance(f"partner/{case.external_id}/{organisation_id}")
            by = By(f"organisation:{organisation_id}", Role.APPLICANT)
            if chance.random() < DECLINES:
                declined = Given(partner_id=organisation_id, reason=NO_LONGER)
                world.move(session, Action.DECLINE_PARTNER, [(case, declined)], by)
            else:
                signed = Given(
                    partner_id=organisation_id, signer=SIGNATORY, signer_quality=QUALITY, undertaken="republican"
                )  # fmt: skip
                world.move(session, Action.CONFIRM_PARTNER, [(case, signed)], by)


def plan_confirmations(world: World, session: Session, cases: Sequence[Seen]) -> None:
    """Partners are invited: each will answer in the days that follow, those without an address once called."""
    for case_id, organisation_id in awaited_partners(session, [case.id for case in cases]):
        case = next(case for case in cases if case.id == case_id)
        chance = world.chance(f"partner/{case.external_id}/{organisation_id}")
        moment = spare_hour(chance, world.now, chance.randint(1, LONGEST_ANSWER))
        world.agenda.plan(moment, Step.CONFIRM, case_id, organisation_id)


def withdraw(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Give a proposal up while nothing is decided."""
    for case in look(session, [case_id for case_id, _ in subjects]):
        if case.stage in NOT_DECIDED:
            world.move(session, Action.WITHDRAW, [(case, Given(reason=WITHDRAWAL))], applicant(case))


def plan_report(world: World, case: Seen) -> None:
    """A grant comes: decide when, and whether, account will be given of it."""
    conduct, chance = world.applicant_of(case).conduct, world.stream_of(case)
    ends = case.ends_on or paris_day(world.now)
    due = case.report_due_on or ends + timedelta(days=180)
    after = timedelta(days=conduct.report_days)
    match conduct.report:
        case Report.EARLY:
            day = ends + after
        case Report.IN_TIME:
            day = max(due - after, min(due, ends + timedelta(days=10)))
        case Report.LATE:
            day = due + after
        case Report.NOT_CARRIED_OUT:
            moment = spare_hour(chance, world.now, conduct.report_days)
            world.agenda.plan(moment, Step.NOT_CARRIED_OUT, case.id)
            return
        case _:
            return
    world.agenda.plan(spare_hour_on(chance, world.now, day), Step.SEND_REPORT, case.id)


def plan_correction(world: World, case: Seen) -> None:
    """A report comes back: it is corrected, sooner or later."""
    chance = world.stream_of(case)
    days = world.habits.applicants.corrects.draw(chance)
    world.agenda.plan(spare_hour(chance, world.now, days), Step.SEND_REPORT, case.id)


def send_report(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Send the final report."""
    for case in look(session, [case_id for case_id, _ in subjects]):
        if case.stage != Stage.FUNDED or case.report_received or case.not_carried_out:
            continue
        told = Given(sha256=write_report(world, session, case))
        if world.move(session, Action.RECEIVE_REPORT, [(case, told)], applicant(case)):
            days = world.habits.officers.examine_report.draw(world.chance(f"person:{case.instructor_id}"))
            world.plan_work(Step.EXAMINE, case, days)
