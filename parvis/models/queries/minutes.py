"""The minutes of a sitting as they are kept: JSON text and its SHA-256."""

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
