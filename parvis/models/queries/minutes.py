"""The minutes of a sitting as they are kept: JSON text and its SHA-256."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session


def write(session: Session, committee_id: int, content: str, sha256: str, *, by: str, at: datetime) -> int:
    """Keep the content of a sitting's minutes as its next version, whose number is returned."""
    row = session.exec_driver_sql(
        """
        INSERT INTO minutes (committee_id, version, content, sha256, written_at, written_by)
        SELECT %(id)s, COALESCE(max(version), 0) + 1, %(content)s, %(sha256)s, %(at)s, %(by)s
          FROM minutes WHERE committee_id = %(id)s
        RETURNING version
        """,
        {"id": committee_id, "content": content, "sha256": sha256, "at": at, "by": by},
    )
    return int(row.scalar_one())


def latest(session: Session, committee_id: int) -> tuple[int, str] | None:
    """The last version of a sitting's minutes and its content; None before it is closed."""
    row = session.exec_driver_sql(
        "SELECT version, content FROM minutes WHERE committee_id = %(id)s ORDER BY version DESC LIMIT 1",
        {"id": committee_id},
    ).one_or_none()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True, slots=True)
class KeptMinutes:
    """One version of a sitting's minutes, and the key its documents are kept under, each with its ending."""

    committee_id: int
    version: int
    content: str
    key: str


def without_document(session: Session, *, limit: int = 50) -> list[KeptMinutes]:
    """Versions of minutes one of whose documents is not kept yet, the oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT m.committee_id, m.version, m.content, 'minutes/' || m.committee_id || '/' || m.version AS key
          FROM minutes m
         WHERE (SELECT count(*) FROM files f
                 WHERE f.key IN ('minutes/' || m.committee_id || '/' || m.version || '/docx',
                                 'minutes/' || m.committee_id || '/' || m.version || '/pdf')) < 2
         ORDER BY m.written_at, m.committee_id, m.version LIMIT %(limit)s
        """,
        {"limit": limit},
    )
    return [KeptMinutes(*row) for row in rows]
