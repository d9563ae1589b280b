"""Reading the journal: by key, by case, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session
from parvis.states.journal import Head, Line


@dataclass(frozen=True, slots=True)
class Served:
    """The line a request with an idempotency key left."""

    case_id: int
    seq: int
    target: str
    request_hash: str | None


def find_by_key(session: Session, key: str) -> Served | None:
    """The line written for this idempotency key, if any."""
    row = session.exec_driver_sql(
        "SELECT case_id, seq, target, request_hash FROM journal WHERE idempotency_key = %(key)s", {"key": key}
    ).one_or_none()
    return Served(*row) if row else None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a case's history, with the name of who acted."""

    line: Line
    actor_name: str


def history(session: Session, case_id: int) -> list[HistoryLine]:
    """The journal of a case, oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT j.case_id, j.seq, j.at, j.actor, j.role, j.action, j.source, j.target, j.details,
               COALESCE(p.name, o.name, f.name, '')
          FROM journal j
          JOIN cases c ON c.id = j.case_id
          LEFT JOIN people p ON j.actor = 'person:' || p.id
          LEFT JOIN organisations o ON j.actor = 'organisation:' || o.id
          LEFT JOIN funders f ON j.actor = 'funder:' || f.id
         WHERE j.case_id = %(case_id)s ORDER BY j.seq
        """,
        {"case_id": case_id},
    )
    return [HistoryLine(Line(*row[:9]), row[9]) for row in rows]


def lines_with_hashes(session: Session, *, batch: int = 5_000) -> Iterator[tuple[Line, bytes]]:
    """Every line with its stored hash, by case then number, streamed."""
    rows = session.execution_options(yield_per=batch).exec_driver_sql(
        """
        SELECT case_id, seq, at, actor, role, action, source, target, details, hash
          FROM journal ORDER BY case_id, seq
        """
    )
    for row in rows:
        yield Line(*row[:9]), row[9]


def heads(session: Session, *, batch: int = 5_000) -> Iterator[Head]:
    """The head each case claims, by case."""
    rows = session.execution_options(yield_per=batch).exec_driver_sql(
        "SELECT id, version, journal_head FROM cases WHERE version > 0 ORDER BY id"
    )
    for row in rows:
        yield Head(*row)


def changed_since(session: Session, moment: datetime) -> int:
    """How many lines were written after `moment`."""
    row = session.exec_driver_sql("SELECT count(*) FROM journal WHERE at > %(at)s", {"at": moment})
    return int(row.scalar_one())
