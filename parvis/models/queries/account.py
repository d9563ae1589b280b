"""What one person has open and how they want to be written to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class SessionLine:
    """An open session, as its person sees it."""

    id: int
    browser: str
    made_at: datetime
    seen_at: datetime


def open_sessions(session: Session, person_id: int, *, at: datetime, idles: timedelta) -> list[SessionLine]:
    """The sessions of a person that still open something, the last used first."""
    rows = session.exec_driver_sql(
        """
        SELECT id, browser, made_at, seen_at FROM web_sessions
         WHERE person_id = %(id)s AND ended_at IS NULL AND expires_at > %(at)s AND seen_at > %(idle)s
         ORDER BY seen_at DESC, id DESC
        """,
        {"id": person_id, "at": at, "idle": at - idles},
    )
    return [SessionLine(*row) for row in rows]


def end_session_of(session: Session, person_id: int, session_id: int, *, at: datetime) -> bool:
    """End a session of a person; False when they have no such session."""
    row = session.exec_driver_sql(
        """
        UPDATE web_sessions SET ended_at = COALESCE(ended_at, %(at)s), id_token = NULL
         WHERE id = %(id)s AND person_id = %(person)s RETURNING id
        """,
        {"id": session_id, "person": person_id, "at": at},
    )
    return row.one_or_none() is not None


def preferences(session: Session, person_id: int) -> tuple[str, str]:
    """The language of a person, and whether letters come `immediate` or in a `digest`."""
    row = session.exec_driver_sql(
        "SELECT language, delivery FROM people WHERE id = %(id)s", {"id": person_id}
    ).one()
    return str(row[0]), str(row[1])


def set_preferences(session: Session, person_id: int, *, language: str, delivery: str) -> None:
    """Write how a person wants to be written to."""
    session.exec_driver_sql(
        "UPDATE people SET language = %(language)s, delivery = %(delivery)s WHERE id = %(id)s",
        {"id": person_id, "language": language, "delivery": delivery},
    )
