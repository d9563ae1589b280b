"""What everybody who acts on an agreement in a rehearsal needs: who they are, their stream, a step made or refused."""

from collections.abc import Sequence
from random import Random

from parvis.models.queries.rehearsal_agreements import SeenAgreement
from parvis.models.session import Session
from parvis.services import agreements
from parvis.services.rehearsal.agenda import Subject
from parvis.services.rehearsal.centres import Centre
from parvis.services.rehearsal.world import World
from parvis.states.agreement_facts import NOTHING_SAID, AgreementGiven
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError

RUNNING = (AgreementStage.ACTIVE, AgreementStage.IN_RENEWAL)


def centre_of(world: World, agreement: SeenAgreement) -> Centre | None:
    """The centre of an agreement; None when it is none of the rehearsal’s."""
    return world.centres.get(agreement.siret)


def advance(
    world: World, session: Session, agreement: SeenAgreement, action: AgreementAction, by: By, *,
    given: AgreementGiven = NOTHING_SAID,
) -> bool:  # fmt: skip
    """Have somebody make one step; whether the rules let them."""
    try:
        agreements.advance(session, agreement.id, action, by=by, at=world.now, given=given)
    except MoveRefusedError as refusal:
        world.tally.refuse(action, refusal)
        return False
    return True


def officer_of(world: World, agreement: SeenAgreement) -> By | None:
    """Who follows an agreement, about to act; None when nobody can."""
    who = agreement.instructor_id or world.first(Role.INSTRUCTOR)
    return By(f"person:{who}", Role.INSTRUCTOR) if who is not None else None


def organisation_of(agreement: SeenAgreement) -> By:
    """The organisation of an agreement, about to act."""
    return By(f"organisation:{agreement.organisation_id}", Role.APPLICANT)


def stream_of(world: World, agreement: SeenAgreement) -> Random:
    """The stream of the organisation of an agreement."""
    return world.chance(f"agreement/{agreement.reference}")


def numbers(subjects: Sequence[Subject]) -> list[int]:
    """The agreements these steps are about."""
    return [agreement_id for agreement_id, _ in subjects]
