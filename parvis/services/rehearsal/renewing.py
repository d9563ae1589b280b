"""How agreements are renewed in a rehearsal: evaluated, asked again, signed; and given up by centres that cease."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from parvis.models.queries.rehearsal import look
from parvis.models.queries.rehearsal_agreements import SeenAgreement, look_agreements, running_agreements
from parvis.models.session import Session
from parvis.services import drafts
from parvis.services.rehearsal.agenda import Step, Subject, office_hour, spare_hour, spare_hour_on
from parvis.services.rehearsal.agreement_acts import (
    RUNNING,
    advance,
    centre_of,
    numbers,
    organisation_of,
    stream_of,
)
from parvis.services.rehearsal.agreements import costs
from parvis.services.rehearsal.centres import Centre, SelfEvaluation
from parvis.services.rehearsal.conduct import draw_conduct
from parvis.services.rehearsal.habits import AgreementHabits
from parvis.services.rehearsal.proposals import Door, Proposal, Report
from parvis.services.rehearsal.world import World
from parvis.states.agreement_calendar import RenewalCalendar, renewal_calendar
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.calendar import paris_day
from parvis.states.case_table import NOT_DECIDED
from parvis.states.facts import Given
from parvis.states.stages import Action, Nature, Role, Stage
from parvis.states.table import MoveRefusedError

FAR = 45
"""Days before a deadline that has none, for those who act long before."""
CEASES = "L’association cesse son activité ; le centre ferme."


def plan_evaluation(world: World, agreement: SeenAgreement) -> None:
    """A renewal opens: decide when, and whether, the centre evaluates itself."""
    chance, habits = stream_of(world, agreement), world.habits.agreements
    steps, manner = _steps(world, agreement), _manner(chance, habits)
    match manner:
        case SelfEvaluation.IN_TIME:
            day = steps.evaluation_on - timedelta(days=habits.evaluation_before.draw(chance))
        case SelfEvaluation.LATE:
            day = steps.evaluation_on + timedelta(days=habits.evaluation_after.draw(chance))
        case _:
            if manner is SelfEvaluation.WHEN_REMINDED:
                world.when_reminded.add(agreement.id)
            return
    moment = spare_hour_on(chance, world.now, max(day, paris_day(world.now) + timedelta(days=2)))
    world.agenda.plan(moment, Step.SELF_EVALUATE, agreement.id)


def plan_evaluation_when_reminded(world: World, agreement: SeenAgreement) -> None:
    """A reminder comes: those who needed one evaluate themselves."""
    if agreement.id in world.when_reminded:
        world.when_reminded.discard(agreement.id)
        chance = stream_of(world, agreement)
        world.agenda.plan(
            spare_hour(chance, world.now, chance.randint(1, 12)), Step.SELF_EVALUATE, agreement.id
        )


def _manner(chance: Random, habits: AgreementHabits) -> SelfEvaluation:
    shares = {
        SelfEvaluation.LATE: habits.evaluates_late, SelfEvaluation.WHEN_REMINDED: habits.evaluates_when_reminded,
        SelfEvaluation.NEVER: habits.never_evaluates,
    }  # fmt: skip
    rest = max(0.0, 1 - sum(shares.values()))
    return chance.choices([*shares, SelfEvaluation.IN_TIME], [*shares.values(), rest])[0]


def _steps(world: World, agreement: SeenAgreement) -> RenewalCalendar:
    return renewal_calendar(agreement.ends_on, world.contract.agreements, paris_day(agreement.entered_at))


def evaluate_itself(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Send the self-evaluation."""
    for one in look_agreements(session, numbers(subjects)):
        if one.stage == AgreementStage.IN_RENEWAL and one.evaluation_received_on is None:
            advance(world, session, one, AgreementAction.RECEIVE_EVALUATION, organisation_of(one))


def plan_request(world: World, session: Session, agreement: SeenAgreement) -> None:
    """A request is ready: decide when, and whether, the centre completes and submits it."""
    chance, habits = stream_of(world, agreement), world.habits.agreements
    if agreement.request_id is None or chance.random() < habits.asks_never:
        return
    draft = drafts.open_draft(session, agreement.request_id)
    closes_on = draft.closes_on(paris_day(world.now)) or paris_day(world.now) + timedelta(days=FAR)
    day = closes_on - timedelta(days=habits.asks_before.draw(chance))
    soon = paris_day(world.now) + timedelta(days=1)
    world.agenda.plan(spare_hour_on(chance, world.now, max(day, soon)), Step.ASK_AGAIN, agreement.id)


def ask_again(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Complete the request for the next agreement, and submit it."""
    for one in look_agreements(session, numbers(subjects)):
        centre = centre_of(world, one)
        if (
            centre is None
            or one.request_id is None
            or one.request is None
            or one.request_stage != Stage.DRAFT
        ):
            continue
        there, by = drafts.open_draft(session, one.request_id), organisation_of(one)
        budget = {**there.values("budget"), **costs(there.read.requested_cents)}
        drafts.save(
            session,
            one.request_id,
            "budget",
            budget,
            drafts.stamp(there.values("budget")),
            by=by,
            at=world.now,
        )
        world.proposals[one.request] = _proposal(
            world, one, centre, drafts.open_draft(session, one.request_id)
        )
        try:
            drafts.submit(session, one.request_id, committed=True, by=by, at=world.now)
        except MoveRefusedError as refusal:
            world.tally.refuse(Action.SUBMIT, refusal)
            continue
        for case in look(session, [one.request_id]):
            officer = world.chance(f"person:{case.instructor_id}")
            world.plan_work(Step.CHECK, case, world.habits.officers.check.draw(officer))


def _proposal(world: World, agreement: SeenAgreement, centre: Centre, draft: drafts.Draft) -> Proposal:
    """What a request is, and how its centre will behave: an agreement is carried out, whatever becomes of it."""
    read, call = draft.read, draft.call
    chance = world.chance(f"request/{draft.row.reference}")
    conduct = draw_conduct(chance, call, Nature.RENEWAL, Door.SHEET, world.habits.applicants)
    if conduct.report is Report.NOT_CARRIED_OUT:
        conduct = replace(conduct, report=Report.IN_TIME)
    today = paris_day(world.now)
    return Proposal(
        external_id=draft.row.external_id, call=call.code, door=Door.SHEET, association=centre.association,
        title=read.title or centre.title, summary=read.summary or centre.summary, nature=Nature.RENEWAL,
        challenges=centre.challenges, neighbourhoods=(centre.association.home,), deposited_at=world.now,
        deposited_on=today, starts_on=read.starts_on or today, ends_on=read.ends_on or agreement.ends_on,
        requested_cents=read.requested_cents, total_cents=read.cost_cents or read.requested_cents,
        asked=tuple((each.code, each.requested_cents) for each in read.funders if each.code), partners=(), budget=(),
        beneficiaries=centre.beneficiaries, qpv_share_percent=centre.qpv_share_percent, quality=centre.quality,
        conduct=replace(conduct, eligible=True, withdraws_after=None),
    )  # fmt: skip


def plan_signature(world: World, agreement: SeenAgreement) -> None:
    """An agreement is in force: the secretary has it signed."""
    chance = world.chance("secretary")
    moment = office_hour(chance, world.now, world.habits.agreements.sign.draw(chance))
    world.agenda.plan(moment, Step.SIGN, agreement.id)


def sign(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Record the signatures."""
    secretary, today = world.someone(Role.SECRETARY), AgreementGiven(on=paris_day(world.now))
    for one in look_agreements(session, numbers(subjects)):
        if secretary is not None and one.signed_on is None and one.stage in RUNNING:
            advance(world, session, one, AgreementAction.SIGN, secretary, given=today)


def close_down(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """A centre ceases: its request is withdrawn, its agreement terminated on that day."""
    manager = world.someone(Role.MANAGER)
    sirets = sorted(world.centres)
    for place, _ in subjects:
        for one in running_agreements(session, sirets[place]):
            if manager is None:
                continue
            if one.request_id is not None and one.request_stage in NOT_DECIDED:
                asked = look(session, [one.request_id])
                because = Given(reason=CEASES)
                world.move(
                    session, Action.WITHDRAW, ((case, because) for case in asked), organisation_of(one)
                )
            advance(
                world, session, one, AgreementAction.TERMINATE, manager, given=AgreementGiven(reason=CEASES)
            )
