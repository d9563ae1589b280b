"""Restorations: what was brought back, what holds letters back, and who let them go."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Restored:
    """The latest restoration: to what the database was at `backup_at`, done at `restored_at`; `held` until released."""

    backup_at: datetime
    restored_at: datetime
    held: bool


def note(session: Session, *, backup_at: datetime, at: datetime) -> None:
    """Hold letters back from now on; a hold that the copy itself held is over, this one takes its place."""
    session.exec_driver_sql(
        "UPDATE restorations SET released_at = %(at)s, released_by = 'restore' WHERE released_at IS NULL",
        {"at": at},
    )
    session.exec_driver_sql(
        "INSERT INTO restorations (backup_at, restored_at) VALUES (%(backup)s, %(at)s)",
        {"backup": backup_at, "at": at},
    )


def latest(session: Session) -> Restored | None:
    """The latest restoration, if there was one."""
    row = session.exec_driver_sql(
        "SELECT backup_at, restored_at, released_at IS NULL FROM restorations ORDER BY id DESC LIMIT 1"
    ).one_or_none()
    return Restored(*row) if row else None


def waiting(session: Session, *, at: datetime) -> int:
    """How many letters whose time has come are held back."""
    return int(
        session.exec_driver_sql(
            "SELECT count(*) FROM letters WHERE stage = 'owed' AND NOT digest AND not_before <= %(at)s",
            {"at": at},
        ).scalar_one()
    )


def release(session: Session, *, by: str, at: datetime) -> bool:
    """Let letters go; False when nothing held them back."""
    released = session.exec_driver_sql(
        "UPDATE restorations SET released_at = %(at)s, released_by = %(by)s WHERE released_at IS NULL",
        {"at": at, "by": by},
    )
    return released.rowcount > 0
