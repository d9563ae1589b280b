"""What people do when a letter reaches them: without a letter, nobody who was waiting for one moves."""

from collections.abc import Sequence

from parvis.models.queries.rehearsal import Letter, Seen, look
from parvis.models.session import Session
from parvis.services.rehearsal.advising import plan_opinion, plan_opinion_when_reminded
from parvis.services.rehearsal.agenda import Step, office_hour, spare_hour
from parvis.services.rehearsal.applying import (
    plan_answer,
    plan_answer_when_reminded,
    plan_correction,
    plan_report,
)
from parvis.services.rehearsal.closing import plan_notice, plan_payment, plan_protest
from parvis.services.rehearsal.world import World
from parvis.states.case_table import TO_APPLICANT, TO_INSTRUCTOR, TO_MANAGER


def read(world: World, session: Session, letters: Sequence[Letter]) -> None:
    """Let everybody read what arrived; an applicant whose letter cannot be delivered is called on the telephone."""
    cases = {case.id: case for case in look(session, sorted({letter.case_id for letter in letters}))}
    for letter in letters:
        case = cases[letter.case_id]
        if letter.arrived:
            _read_one(world, case, letter)
        elif letter.stage == "failed" and letter.recipient == TO_APPLICANT:
            world.tally.phoned += 1
            _read_one(world, case, letter)


def _read_one(world: World, case: Seen, letter: Letter) -> None:
    who, _, funder = letter.recipient.partition(":")
    match who:
        case str() if who == TO_APPLICANT:
            _applicant(world, case, letter.template)
        case "funder":
            _funder(world, case, letter.template, int(funder))
        case str() if who == TO_INSTRUCTOR:
            _instructor(world, case, letter.template)
        case str() if who == TO_MANAGER and letter.template in ("stage_late", "statutory_silence"):
            _recalled(world, case)


def _applicant(world: World, case: Seen, template: str) -> None:
    match template:
        case "acknowledge":
            _acknowledged(world, case)
        case "documents_requested":
            plan_answer(world, case)
        case "documents_reminder":
            plan_answer_when_reminded(world, case)
        case "granted":
            plan_report(world, case)
            plan_payment(world, case)
        case "report_corrections":
            plan_correction(world, case)
        case "lapsed" | "ineligible" | "rejected":
            plan_protest(world, case)


def _acknowledged(world: World, case: Seen) -> None:
    days = world.applicant_of(case).conduct.withdraws_after
    if days is not None:
        world.agenda.plan(spare_hour(world.stream_of(case), world.now, days), Step.WITHDRAW, case.id)


def _funder(world: World, case: Seen, template: str, funder_id: int) -> None:
    if template == "opinion_requested":
        plan_opinion(world, case, funder_id)
    elif template == "opinion_reminder" and funder_id in case.awaited:
        plan_opinion_when_reminded(world, case, funder_id)


def _instructor(world: World, case: Seen, template: str) -> None:
    match template:
        case "stage_late" | "statutory_warning" | "statutory_silence":
            _recalled(world, case)
        case "report_late":
            plan_notice(world, case)


def _recalled(world: World, case: Seen) -> None:
    """A case is recalled to its instructor, who mostly takes it up."""
    habits, chance = world.habits.officers, world.chance(f"person:{case.instructor_id}")
    if chance.random() >= habits.lets_letter_pass:
        moment = office_hour(chance, world.now, habits.answer_to_letter.draw(chance))
        world.agenda.plan(moment, Step.TAKE_UP, case.id)
