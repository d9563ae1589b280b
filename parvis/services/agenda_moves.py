"""Moves of one case as edges make them: alone, or by the way that also writes in the journal of its sitting."""

from datetime import datetime

from parvis.models.queries.agendas import sitting_of
from parvis.models.session import Database, Session
from parvis.services import agendas
from parvis.services.advance import Advanced, advance, advance_alone, served
from parvis.states.facts import By, Given
from parvis.states.stages import Action

CHANGES_AGENDA = frozenset({Action.SCHEDULE, Action.UNSCHEDULE, Action.CARRY})


def move(
    database: Database, case_id: int, action: Action, given: Given, *,
    by: By, at: datetime, expected_version: int | None, key: str | None = None,
) -> Advanced:  # fmt: skip
    """Move one case in a transaction of its own, with what it writes in the journal of a sitting, if it does.

    Raises:
        CaseNotFoundError, MoveRefusedError, StaleVersionError, IdempotencyMismatchError: as `advance`.
    """
    if action not in CHANGES_AGENDA:
        return advance_alone(
            database, case_id, action, by=by, at=at, expected_version=expected_version, given=given, key=key
        )
    with database.transaction() as session:
        if key and (replay := served(session, key, case_id, action, by=by, given=given)):
            return replay
        return move_on_agendas(
            session, case_id, action, given, by=by, at=at, expected_version=expected_version, key=key
        )


def move_on_agendas(
    session: Session, case_id: int, action: Action, given: Given, *,
    by: By, at: datetime, expected_version: int | None, key: str | None = None,
) -> Advanced:  # fmt: skip
    """Put a case on an agenda, take it off, or carry it to another one.

    Raises:
        MoveRefusedError: the rules refuse, or the sitting is full.
        StaleVersionError: the case moved since `expected_version`.
    """
    now_on, wanted = sitting_of(session, case_id), given.committee_id
    match action:
        case Action.SCHEDULE if wanted is not None:
            return agendas.add(
                session, wanted, case_id, by=by, at=at, expected_version=expected_version, key=key
            )
        case Action.UNSCHEDULE if now_on is not None:
            return agendas.remove(
                session, now_on, case_id, reason=given.reason, by=by, at=at,
                expected_version=expected_version, key=key,
            )  # fmt: skip
        case Action.CARRY if now_on is not None and wanted is not None:
            return agendas.carry(
                session, now_on, wanted, case_id, reason=given.reason, by=by, at=at,
                expected_version=expected_version, key=key,
            )  # fmt: skip
        case _:
            return advance(
                session,
                case_id,
                action,
                by=by,
                at=at,
                given=given,
                expected_version=expected_version,
                key=key,
            )
