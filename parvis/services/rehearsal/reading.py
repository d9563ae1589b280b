"""What people do when a letter reaches them: without a letter, nobody who was waiting for one moves."""

from collections.abc import Sequence

from parvis.models.queries.rehearsal import Letter, Seen, look
from parvis.models.queries.rehearsal_agreements import SeenAgreement, look_agreements
from parvis.models.session import Session
from parvis.services.rehearsal import renewing, reviewing
from parvis.services.rehearsal.advising import plan_opinion, plan_opinion_when_reminded
from parvis.services.rehearsal.agenda import Step, office_hour, spare_hour
from parvis.services.rehearsal.applying import (
    plan_answer,
    plan_answer_when_reminded,
    plan_correction,
    plan_report,
)
from parvis.services.rehearsal.closing import plan_notice, plan_payment, plan_protest
from parvis.services.rehearsal.half_way import plan_interim
from parvis.services.rehearsal.world import World
from parvis.states.case_table import TO_APPLICANT, TO_INSTRUCTOR, TO_MANAGER


def read(world: World, session: Session, letters: Sequence[Letter]) -> None:
    """Let everybody read what arrived; an applicant whose letter cannot be delivered is called on the telephone."""
    cases = {one.id: one for one in look(session, sorted({each.case_id for each in letters if each.case_id}))}
    ids = sorted({each.agreement_id for each in letters if each.agreement_id}) if world.centres else []
    agreements = {one.id: one for one in look_agreements(session, ids)}
    for letter in letters:
        reached = letter.arrived or (letter.stage == "failed" and letter.recipient == TO_APPLICANT)
        case, agreement = cases.get(letter.case_id or 0), agreements.get(letter.agreement_id or 0)
        if not reached or (case is None and agreement is None):
            continue
        world.tally.phoned += not letter.arrived
        if case is not None and case.external_id in world.proposals:
            _read_one(world, case, letter)
        elif agreement is not None and agreement.siret in world.centres:
            _of_agreement(world, session, agreement, letter)


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


def _of_agreement(world: World, session: Session, agreement: SeenAgreement, letter: Letter) -> None:
    match letter.template:
        case "renewal_opened":
            renewing.plan_evaluation(world, agreement)
        case "evaluation_reminder":
            renewing.plan_evaluation_when_reminded(world, agreement)
        case "renewal_ready":
            renewing.plan_request(world, session, agreement)
        case "agreement_active":
            renewing.plan_signature(world, agreement)
        case "review_reminder":
            reviewing.plan_review(world, agreement)
        case "approval_reminder":
            reviewing.plan_approval(world, agreement)


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
            plan_interim(world, case)
        case "interim_accepted":
            plan_interim(world, case)
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
