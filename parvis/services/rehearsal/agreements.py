"""The agreements of a demonstration: those of the contract's folder taken over, evaluated, some asked to be renewed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from parvis.models.queries.agreement_pages import AgreementRow, list_agreements, waiting_drafts
from parvis.models.session import Session
from parvis.services import drafts
from parvis.services.agreement_imports import take_over
from parvis.services.agreements import advance
from parvis.services.rehearsal.agenda import Step, Subject
from parvis.services.rehearsal.world import World
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.calendar import local_instant, next_working_day, paris_day
from parvis.states.contract import Contract, Instrument
from parvis.states.facts import By
from parvis.states.stages import Role

FILES = "conventions-*.csv"
MORNING = time(9, 30)
EVALUATES_AFTER, EVALUATES_EVERY = 45, 4
"""Days after the beginning when the first organisation sends its self-evaluation, and between two of them."""
SUBMITS_BEFORE = 12
"""Days before the call closes when those that ask to renew do."""


def take_over_all(
    session: Session, contract_id: int, contract: Contract, folder: Path, *, at: datetime
) -> int:
    """Take over the agreements of every file of the folder that holds some; how many there are."""
    taken = [
        take_over(session, contract_id, contract, file.read_bytes(), at=at)
        for file in sorted(folder.glob(FILES))
    ]
    return sum(len(each.created) for each in taken)


def evaluate(session: Session, contract_id: int, *, first: date, until: datetime) -> int:
    """Two organisations in three send their self-evaluation, one after the other; how many did."""
    done = 0
    for place, row in enumerate(_renewing(session, contract_id, paris_day(until))):
        day = next_working_day(first + timedelta(days=EVALUATES_AFTER + EVALUATES_EVERY * place))
        at = local_instant(day, MORNING)
        if place % 3 == 2 or at > until:
            continue
        advance(session, row.id, AgreementAction.RECEIVE_EVALUATION, by=_by(row.organisation_id), at=at)
        done += 1
    return done


def plan_requests(world: World) -> None:
    """Some organisations ask to be renewed, days before the call closes: within the story, and not behind its back."""
    for call in world.contract.calls:
        if call.instrument == Instrument.AGREEMENT and call.closes_on is not None:
            moment = local_instant(call.closes_on - timedelta(days=SUBMITS_BEFORE), MORNING)
            if moment > world.now:
                world.agenda.plan(moment, Step.SUBMIT_REQUESTS, call.closes_on.toordinal())


def submit_requests(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Every other organisation completes its request for a call that closes these days, and submits it."""
    closings = {closes for closes, _ in subjects}
    calls = {
        call.code
        for call in world.contract.calls
        if call.closes_on and call.closes_on.toordinal() in closings
    }
    for draft in waiting_drafts(session, world.contract_id)[::2]:
        if draft.call not in calls:
            continue
        by, there = _by(draft.organisation_id), drafts.open_draft(session, draft.case_id)
        budget = {**there.values("budget"), **costs(there.read.requested_cents)}
        stamp = drafts.stamp(there.values("budget"))
        drafts.save(session, draft.case_id, "budget", budget, stamp, by=by, at=world.now)
        drafts.submit(session, draft.case_id, committed=True, by=by, at=world.now)


def _renewing(session: Session, contract_id: int, today: date) -> list[AgreementRow]:
    return list_agreements(session, today=today, stages=[AgreementStage.IN_RENEWAL], contract_id=contract_id)


def _by(organisation_id: int) -> By:
    return By(f"organisation:{organisation_id}", Role.APPLICANT)


def costs(requested_cents: int) -> dict[str, list[str]]:
    """A budget whose sums hold: what funders are asked for pays four fifths of it."""
    own = requested_cents // 4
    staff = (requested_cents + own) // 2
    lines = {"charge_641": staff, "charge_604": requested_cents + own - staff, "produit_70x": own}
    return {name: [f"{cents // 100},{cents % 100:02d}"] for name, cents in lines.items()}
