"""Committees: which sitting a person means, and recording that it was held."""

from datetime import date, datetime

from parvis.models.queries import committees as queries
from parvis.models.queries.committees import Sitting
from parvis.models.session import Session
from parvis.services.people import UnknownNameError
from parvis.states.calendar import paris_day
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

HOLD = "hold"

TOO_EARLY = Sentence(
    "La séance du {held_on} n’a pas encore eu lieu : l’enregistrer ce jour-là ou après.",
    "The session of {held_on} has not taken place yet: record it on that day or later.",
)
DECIDED = Sentence(
    "Cette séance a déjà décidé de dossiers ({decided}) : son quorum ne se change plus.",
    "This session has decided cases already ({decided}): its quorum cannot be changed any more.",
)


def find_sitting(
    session: Session, code: str, day: date | None, *, at: datetime, contract_id: int | None = None
) -> Sitting:
    """The sitting of a committee on `day`, else its next one from the Paris day of `at` whose agenda is open.

    `code` may say the day as well: `pilotage/2026-12-10`.

    Raises:
        UnknownNameError: there is no such committee, or no such sitting; `known` says which there are.
    """
    if day is None and "/" in code:
        code, day = _with_day(code)
    of_committee = queries.sittings(session, contract_id=contract_id, code=code.lower())
    if not of_committee:
        codes = sorted({sitting.code for sitting in queries.sittings(session, contract_id=contract_id)})
        raise UnknownNameError("committee", code, codes)
    for sitting in of_committee:
        if sitting.held_on == day or (
            day is None and sitting.agenda_open and sitting.held_on >= paris_day(at)
        ):
            return sitting
    known = [f"{sitting.code}/{sitting.held_on}" for sitting in of_committee]
    raise UnknownNameError("committee", f"{code}/{day}" if day else code, known)


def _with_day(typed: str) -> tuple[str, date | None]:
    """A committee and the day said behind a slash; as typed when what follows is no day."""
    code, _, said = typed.partition("/")
    try:
        return code.strip(), date.fromisoformat(said.strip())
    except ValueError:
        return typed, None


def sitting_named(session: Session, typed: str, day: date | None, *, at: datetime) -> Sitting:
    """The sitting of a committee on `day`, else its next one neither held nor cancelled, its agenda open or not.

    Raises:
        UnknownNameError: as `find_sitting`.
    """
    if day is None:
        for sitting in queries.sittings(session, code=typed.lower(), since=paris_day(at)):
            if sitting.held_at is None and sitting.cancelled_at is None:
                return sitting
    return find_sitting(session, typed, day, at=at)


def hold(session: Session, sitting: Sitting, *, at: datetime, quorate: bool) -> Sitting:
    """Record that a committee sat: its quorum, its recusals recorded (none or some), its agenda closed.

    The same again writes nothing; a wrong quorum can be corrected until a case is decided.

    Raises:
        MoveRefusedError: the day has not come, or cases were decided with another quorum.
    """
    queries.hold_committee(session, sitting.id)
    now = _again(session, sitting)
    if now.held_on > paris_day(at):
        raise MoveRefusedError(HOLD, (Reason("session_to_come", TOO_EARLY.fill(held_on=now.held_on)),))
    if now.held_at is not None and now.quorate == quorate and now.recusals_recorded:
        return now
    if now.decided and now.quorate != quorate:
        raise MoveRefusedError(HOLD, (Reason("session_decided", DECIDED.fill(decided=now.decided)),))
    queries.record_session(session, sitting.id, at=at, quorate=quorate)
    return _again(session, sitting)


def close_agenda(session: Session, sitting: Sitting) -> bool:
    """Close the agenda of a sitting, so that its packet can be made; False when it was closed already."""
    return queries.close_agenda(session, sitting.id)


def _again(session: Session, sitting: Sitting) -> Sitting:
    same = queries.sittings(
        session, contract_id=sitting.contract_id, code=sitting.code, since=sitting.held_on
    )
    return same[0]
