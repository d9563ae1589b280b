"""Interests and recusals: what members declare, what the data propose, what the secretary decides of it."""

from collections.abc import Mapping
from datetime import datetime

from parvis.models.queries import agendas
from parvis.models.queries import interests as queries
from parvis.models.queries import members as sitting_members
from parvis.models.queries.interests import ToWeigh
from parvis.models.session import Database, Session
from parvis.services.agendas import sitting_to_change
from parvis.services.committee_journal import record_event
from parvis.states.calendar import paris_day
from parvis.states.details import Plain
from parvis.states.facts import By
from parvis.states.interests import Standing, conflict
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SittingAction
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

CLOCK = By("clock", Role.CLOCK)

NOT_A_MEMBER = Sentence(
    "Cette personne ne siège pas à cette séance : seuls ses membres déclarent leurs intérêts.",
    "This person does not sit in this session: only its members declare their interests.",
)
NOT_ON_AGENDA = Sentence(
    "Un des dossiers n’est pas à l’ordre du jour de cette séance : relire la liste.",
    "One of the cases is not on the agenda of this session: read the list again.",
)
OVER = Sentence(
    "La séance est passée ou annulée : les déports ne changent plus.",
    "The session is over or cancelled: recusals no longer change.",
)
NOTHING = Sentence(
    "Rien ne sépare ce membre de ce dossier : vérifier la personne et le dossier.",
    "Nothing stands between this member and this case: check the person and the case.",
)
WHY = Sentence("Dire pourquoi ce conflit est écarté.", "Say why this conflict is dismissed.")
WITHDRAWN = Sentence("Déclaration corrigée par le membre.", "Declaration corrected by the member.")


def propose_all(database: Database, *, at: datetime) -> int:
    """Compare the members and the cases of every sitting to come; how many conflicts are new."""
    with database.transaction() as session:
        sittings = [
            sitting.id
            for contract_id in agendas.contract_ids(session)
            for sitting in agendas.seats(session, contract_id, paris_day(at))
            if sitting.taken
        ]
    found = 0
    for sitting_id in sittings:
        with database.transaction() as session:
            found += propose(session, sitting_id, at=at)
    return found


def propose(session: Session, sitting_id: int, *, at: datetime) -> int:
    """Compare the members and the cases of a sitting: each new conflict hides its case until somebody looks at it.

    What is known already is left as it is, dismissed or not.
    """
    known = queries.known_pairs(session, sitting_id)
    members, cases = queries.members(session, sitting_id), queries.parties(session, sitting_id)
    found = [
        (member.person_id, case_id, *seen)
        for case_id, parties in cases.items()
        for member in members
        if (member.person_id, case_id) not in known and (seen := conflict(member, parties))
    ]
    new = queries.propose(session, found, by=CLOCK.actor, at=at) if found else []
    if new:
        details: dict[str, Plain] = {"found": [[person, case] for person, case in new]}
        record_event(session, sitting_id, SittingEvent.CONFLICTS_FOUND, details, by=CLOCK, at=at)
    return len(new)


def cases_to_weigh(session: Session, sitting_id: int, person_id: int) -> list[ToWeigh]:
    """What a member reads before declaring: titles and organisations, without the cases hidden from them.

    Raises:
        MoveRefusedError: the person does not sit there.
    """
    _seated(session, sitting_id, person_id)
    return queries.to_weigh(session, sitting_id, person_id)


def declare(
    session: Session, sitting_id: int, person_id: int, interests: Mapping[int, str], *, by: By, at: datetime
) -> None:
    """Record what a member declares: an interest in each of these cases (said in words), in none of the others.

    Declaring again replaces what the member declared before; conflicts found in the data stay.

    Raises:
        MoveRefusedError: the person does not sit there, a case is not on the agenda, or the session is over.
    """
    _open(session, sitting_id)
    _seated(session, sitting_id, person_id)
    on_agenda = {line.case_id for line in agendas.agenda(session, sitting_id)}
    if not set(interests) <= on_agenda:
        raise MoveRefusedError("declare", (Reason("not_on_agenda", NOT_ON_AGENDA),))
    queries.declare(session, sitting_id, person_id, interests, withdrawn=WITHDRAWN.fr, by=by.actor, at=at)
    details: dict[str, Plain] = {"person": person_id, "cases": [*sorted(interests)]}
    record_event(session, sitting_id, SittingEvent.INTERESTS_DECLARED, details, by=by, at=at)


def confirm(
    session: Session, sitting_id: int, person_id: int, case_id: int, *, by: By, at: datetime, reason: str = ""
) -> None:
    """Confirm that a member does not weigh a case.

    Raises:
        MoveRefusedError: nothing was found or declared between them, or the session is over.
    """
    _settle(session, sitting_id, person_id, case_id, Standing.CONFIRMED, reason=reason, by=by, at=at)


def dismiss(
    session: Session, sitting_id: int, person_id: int, case_id: int, *, reason: str, by: By, at: datetime
) -> None:
    """Say, with the reason, that what was found keeps the member from nothing: the case shows again.

    Raises:
        MoveRefusedError: no reason, nothing was found or declared between them, or the session is over.
    """
    if not reason.strip():
        raise MoveRefusedError("dismiss", (Reason("reason_given", WHY),))
    _settle(session, sitting_id, person_id, case_id, Standing.DISMISSED, reason=reason, by=by, at=at)


def _settle(
    session: Session, sitting_id: int, person_id: int, case_id: int, status: Standing, *,
    reason: str, by: By, at: datetime,
) -> None:  # fmt: skip
    sitting_to_change(session, sitting_id, SittingAction.SETTLE, by=by, at=at)
    _seated(session, sitting_id, person_id)
    known = {line.case_id for line in agendas.agenda(session, sitting_id)}
    before = (
        queries.settle(session, person_id, case_id, status, reason=reason, by=by.actor, at=at)
        if (case_id in known)
        else None
    )
    if before is None:
        raise MoveRefusedError(str(status), (Reason("no_interest", NOTHING),))
    event = SittingEvent.RECUSAL_CONFIRMED if status is Standing.CONFIRMED else SittingEvent.RECUSAL_DISMISSED
    details: dict[str, Plain] = {"person": person_id, "case": case_id, "reason": reason, "before": before}
    record_event(session, sitting_id, event, details, by=by, at=at)


def _open(session: Session, sitting_id: int) -> None:
    sitting = agendas.hold_sitting(session, sitting_id)
    if sitting.closed_at is not None or sitting.cancelled_at is not None:
        raise MoveRefusedError("declare", (Reason("session_over", OVER),))


def _seated(session: Session, sitting_id: int, person_id: int) -> None:
    if all(seat.person_id != person_id for seat in sitting_members.seats(session, sitting_id)):
        raise MoveRefusedError("declare", (Reason("not_a_member", NOT_A_MEMBER),))
