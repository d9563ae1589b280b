"""Moves of one case that change an agenda, each by the way that also writes in the journal of its sitting."""

from datetime import datetime

from parvis.models.queries.agendas import sitting_of
from parvis.models.session import Session
from parvis.services import agendas
from parvis.services.advance import Advanced, advance
from parvis.states.facts import By, Given
from parvis.states.stages import Action

CHANGES_AGENDA = frozenset({Action.SCHEDULE, Action.UNSCHEDULE, Action.CARRY})


def move_on_agendas(
    session: Session,
    case_id: int,
    action: Action,
    given: Given,
    *,
    by: By,
    at: datetime,
    expected_version: int,
) -> Advanced:
    """Put a case on an agenda, take it off, or carry it to another one.

    Raises:
        MoveRefusedError: the rules refuse, or the sitting is full.
        StaleVersionError: the case moved since `expected_version`.
    """
    now_on, wanted = sitting_of(session, case_id), given.committee_id
    match action:
        case Action.SCHEDULE if wanted is not None:
            return agendas.add(session, wanted, case_id, by=by, at=at, expected_version=expected_version)
        case Action.UNSCHEDULE if now_on is not None:
            return agendas.remove(
                session, now_on, case_id, reason=given.reason, by=by, at=at, expected_version=expected_version
            )
        case Action.CARRY if now_on is not None and wanted is not None:
            return agendas.carry(
                session,
                now_on,
                wanted,
                case_id,
                reason=given.reason,
                by=by,
                at=at,
                expected_version=expected_version,
            )
        case _:
            return advance(
                session, case_id, action, by=by, at=at, given=given, expected_version=expected_version
            )
