"""Agendas: closed in time, put right by hand; each change in the journal of the sitting."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.queries import agendas as queries
from parvis.models.queries.agendas import SittingRow
from parvis.models.session import Database, Session
from parvis.services.advance import Advanced, advance, served
from parvis.services.committee_journal import record_event
from parvis.states.calendar import clear_days_before, paris_day
from parvis.states.details import Plain
from parvis.states.facts import By, Given
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SITTINGS, SittingAction, SittingFacts, sitting_stage
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, Reason, StaleVersionError, decide
from parvis.states.words import Sentence

CLOCK = By("clock", Role.CLOCK)

FULL = Sentence(
    "La séance du {held_on} est complète ({capacity} dossiers) : en choisir une autre, ou dépasser sa capacité.",
    "The session of {held_on} is full ({capacity} cases): choose another, or go over its capacity.",
)
ELSEWHERE = Sentence(
    "Ce dossier n’est pas à l’ordre du jour de la séance du {held_on} : relire l’ordre du jour.",
    "This case is not on the agenda of the session of {held_on}: read the agenda again.",
)


class StaleSittingError(StaleVersionError):
    """Somebody changed the sitting, or the order of its agenda, since the version the caller saw."""


def close_due(database: Database, *, at: datetime) -> int:
    """Close the agendas whose packets leave today or should have left; one reopened by hand stays open."""
    today = paris_day(at)
    closed = 0
    with database.transaction() as session:
        for sitting_id, held_on, lead_days in queries.open_agendas(session, today):
            sitting = queries.hold_sitting(session, sitting_id)
            if sitting.agenda_closed_at is None and clear_days_before(held_on, lead_days) <= today:
                closed += _close(session, sitting, by=CLOCK, at=at)
    return closed


def close(session: Session, sitting_id: int, *, by: By, at: datetime) -> bool:
    """Close the agenda of a sitting; False when it was closed already.

    Raises:
        MoveRefusedError: the session was held or cancelled.
    """
    sitting = queries.hold_sitting(session, sitting_id)
    if sitting.agenda_open:
        sitting_to_change(session, sitting_id, SittingAction.CLOSE_AGENDA, by=by, at=at)
    return _close(session, sitting, by=by, at=at)


def _close(session: Session, sitting: SittingRow, *, by: By, at: datetime) -> bool:
    if not sitting.agenda_open:
        return False
    queries.set_agenda(session, sitting.id, is_open=False, at=at)
    record_event(
        session,
        sitting.id,
        SittingEvent.AGENDA_CLOSED,
        {"cases": [*_cases(session, sitting.id)]},
        by=by,
        at=at,
    )
    return True


def sitting_to_change(
    session: Session, sitting_id: int, action: SittingAction, *, by: By, at: datetime, reason: str = ""
) -> SittingRow:
    """A sitting that its table of moves lets somebody change so, held until the commit.

    Raises:
        MoveRefusedError: the table says no.
    """
    sitting = queries.hold_sitting(session, sitting_id)
    stage = sitting_stage(
        agenda_open=sitting.agenda_open, held_at=sitting.held_at, closed_at=sitting.closed_at,
        cancelled_at=sitting.cancelled_at,
    )  # fmt: skip
    facts = SittingFacts(stage, at, sitting.version, sitting.held_on, reason=reason)
    decide(SITTINGS, facts, action, by.role)
    return sitting


def reopen(session: Session, sitting_id: int, *, reason: str, by: By, at: datetime) -> bool:
    """Open the agenda of a sitting again, until somebody closes it; False when it was open.

    Raises:
        MoveRefusedError: no reason, or the sitting is over or cancelled.
    """
    if queries.hold_sitting(session, sitting_id).agenda_open:
        return False
    sitting_to_change(session, sitting_id, SittingAction.REOPEN_AGENDA, by=by, at=at, reason=reason)
    queries.set_agenda(session, sitting_id, is_open=True, at=at)
    record_event(session, sitting_id, SittingEvent.AGENDA_REOPENED, {"reason": reason}, by=by, at=at)
    return True


def add(
    session: Session, sitting_id: int, case_id: int, *, by: By, at: datetime, over_capacity: bool = False,
    expected_version: int | None = None, key: str | None = None,
) -> Advanced:  # fmt: skip
    """Put a case on the agenda of a sitting.

    Raises:
        MoveRefusedError: the sitting is full, or the rules refuse the case.
        StaleVersionError: the case moved since `expected_version`; so do `remove` and `carry`.
    """
    sitting, given = queries.hold_sitting(session, sitting_id), Given(committee_id=sitting_id)
    if key and (replay := served(session, key, case_id, Action.SCHEDULE, by=by, given=given)):
        return replay  # the same request, served while this one waited for the sitting
    _with_room(sitting, Action.SCHEDULE, over_capacity=over_capacity)
    advanced = advance(
        session,
        case_id,
        Action.SCHEDULE,
        by=by,
        at=at,
        given=given,
        expected_version=expected_version,
        key=key,
    )
    record_event(session, sitting_id, SittingEvent.AGENDA_FILLED, {"cases": [case_id]}, by=by, at=at)
    return advanced


def remove(
    session: Session, sitting_id: int, case_id: int, *,
    reason: str, by: By, at: datetime, expected_version: int | None = None, key: str | None = None,
) -> Advanced:  # fmt: skip
    """Take a case off the agenda of a sitting to come: it is instructed again, and nobody is written to.

    Raises:
        MoveRefusedError: no reason, or the case is not on this agenda.
    """
    sitting, given = queries.hold_sitting(session, sitting_id), Given(reason=reason)
    if key and (replay := served(session, key, case_id, Action.UNSCHEDULE, by=by, given=given)):
        return replay
    _on(session, sitting, case_id, Action.UNSCHEDULE)
    advanced = advance(
        session,
        case_id,
        Action.UNSCHEDULE,
        by=by,
        at=at,
        given=given,
        expected_version=expected_version,
        key=key,
    )
    record_event(
        session, sitting_id, SittingEvent.CASE_REMOVED, {"case": case_id, "reason": reason}, by=by, at=at
    )
    return advanced


def carry(  # noqa: PLR0913 - two sittings, and what every move of an agenda says
    session: Session, source_id: int, target_id: int, case_id: int, *,
    reason: str, by: By, at: datetime, over_capacity: bool = False, expected_version: int | None = None,
    key: str | None = None,
) -> Advanced:  # fmt: skip
    """Move a case from the agenda of a sitting to that of another.

    Raises:
        MoveRefusedError: no reason, the case is not on this agenda, the other sitting is full or refuses it.
    """
    held = {
        sitting_id: queries.hold_sitting(session, sitting_id) for sitting_id in sorted({source_id, target_id})
    }
    given = Given(committee_id=target_id, reason=reason)
    if key and (replay := served(session, key, case_id, Action.CARRY, by=by, given=given)):
        return replay
    _on(session, held[source_id], case_id, Action.CARRY)
    _with_room(held[target_id], Action.CARRY, over_capacity=over_capacity)
    advanced = advance(
        session, case_id, Action.CARRY, by=by, at=at, given=given, expected_version=expected_version, key=key
    )
    details: dict[str, Plain] = {"case": case_id, "to": target_id, "reason": reason}
    record_event(session, source_id, SittingEvent.CASE_CARRIED, details, by=by, at=at)
    return advanced


def reorder(
    session: Session, sitting_id: int, case_ids: Sequence[int], *,
    by: By, at: datetime, expected_version: int | None = None,
) -> int:  # fmt: skip
    """Put these cases first, in this order; the others of the agenda follow as they were. The version reached.

    Raises:
        StaleSittingError: the sitting changed since `expected_version`: somebody else ordered it meanwhile.
        MoveRefusedError: the sitting is over, or a case is not on its agenda.
    """
    sitting = sitting_to_change(session, sitting_id, SittingAction.ORDER, by=by, at=at)
    if expected_version is not None and expected_version != sitting.version:
        raise StaleSittingError(expected_version, sitting.version)
    known = _cases(session, sitting_id)
    wanted = list(dict.fromkeys(case_ids))
    if not set(wanted) <= set(known):
        raise MoveRefusedError(SittingAction.ORDER, (_elsewhere(sitting),))
    order = [*wanted, *(case_id for case_id in known if case_id not in set(wanted))]
    if order == known:
        return sitting.version
    queries.set_order(session, sitting_id, order)
    record_event(session, sitting_id, SittingEvent.AGENDA_ORDERED, {"cases": [*order]}, by=by, at=at)
    return sitting.version + 1


def _cases(session: Session, sitting_id: int) -> list[int]:
    return [line.case_id for line in queries.agenda(session, sitting_id)]


def _with_room(sitting: SittingRow, action: str, *, over_capacity: bool) -> None:
    if sitting.capacity is not None and sitting.taken >= sitting.capacity and not over_capacity:
        full = FULL.fill(held_on=sitting.held_on, capacity=sitting.capacity)
        raise MoveRefusedError(action, (Reason("agenda_full", full),))


def _on(session: Session, sitting: SittingRow, case_id: int, action: str) -> None:
    if queries.sitting_of(session, case_id) != sitting.id:
        raise MoveRefusedError(action, (_elsewhere(sitting),))


def _elsewhere(sitting: SittingRow) -> Reason:
    return Reason("not_on_agenda", ELSEWHERE.fill(held_on=sitting.held_on))
