"""A sitting as its session needs it: its row held, its members, who came, opened, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from parvis.models.session import Session
from parvis.states.quorum import Attendance, Member


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A sitting and what was recorded of it. `starts_at` is Paris time."""

    id: int
    contract_id: int
    contract: str
    city: str
    code: str
    name: str
    kind: str
    held_on: date
    starts_at: time
    room: str
    video_url: str
    quorum_percent: int
    agenda_open: bool
    held_at: datetime | None
    quorate: bool
    closed_at: datetime | None
    cancelled_at: datetime | None
    version: int


_ROW = """
SELECT m.id, m.contract_id, t.name, COALESCE(t.document ->> 'city', ''), m.code, m.name, m.kind, m.held_on,
       m.starts_at, m.room, m.video_url, m.quorum_percent, m.agenda_open, m.held_at, m.quorate, m.closed_at,
       m.cancelled_at, m.version
  FROM committees m JOIN contracts t ON t.id = m.contract_id
 WHERE m.id = %(id)s
"""


def read_sitting(session: Session, committee_id: int, *, hold: bool = False) -> SessionRow:
    """The row of a sitting; with `hold`, nobody else changes it until the commit."""
    if hold:
        session.exec_driver_sql(
            "SELECT 1 FROM committees WHERE id = %(id)s FOR NO KEY UPDATE", {"id": committee_id}
        )
    return SessionRow(*session.exec_driver_sql(_ROW, {"id": committee_id}).one())


def members(session: Session, committee_id: int) -> list[Member]:
    """Who may sit, in the order of the contract."""
    rows = session.exec_driver_sql(
        """
        SELECT m.id, m.person_id, p.name, m.role, m.votes, m.attendance, m.substitute_for
          FROM committee_members m JOIN people p ON p.id = m.person_id
         WHERE m.committee_id = %(id)s ORDER BY m.id
        """,
        {"id": committee_id},
    )
    return [
        Member(number, person, name, role, votes, Attendance(attendance), titular)
        for number, person, name, role, votes, attendance, titular in rows
    ]


def set_attendance(session: Session, committee_id: int, came: Mapping[int, Attendance]) -> None:
    """Write who came, by id of the member; it is another version of the sitting."""
    session.exec_driver_sql(
        """
        UPDATE committee_members m SET attendance = c.attendance
          FROM unnest(%(ids)s::bigint[], %(said)s::text[]) AS c(id, attendance)
         WHERE m.committee_id = %(committee)s AND m.id = c.id
        """,
        {"committee": committee_id, "ids": list(came), "said": [str(one) for one in came.values()]},
    )
    session.exec_driver_sql(
        "UPDATE committees SET version = version + 1 WHERE id = %(id)s", {"id": committee_id}
    )


def write_opened(session: Session, committee_id: int, *, quorate: bool, at: datetime) -> None:
    """Write that a session began: nothing more comes on its agenda."""
    session.exec_driver_sql(
        """
        UPDATE committees SET held_at = %(at)s, quorate = %(quorate)s, agenda_open = false,
               agenda_closed_at = COALESCE(agenda_closed_at, %(at)s), version = version + 1
         WHERE id = %(id)s
        """,
        {"id": committee_id, "at": at, "quorate": quorate},
    )


def write_quorum(session: Session, committee_id: int, *, quorate: bool) -> None:
    """Write whether there was a quorum, and that the recusals are recorded."""
    session.exec_driver_sql(
        "UPDATE committees SET quorate = %(quorate)s, recusals_recorded = true WHERE id = %(id)s",
        {"id": committee_id, "quorate": quorate},
    )


def write_closed(session: Session, committee_id: int, *, at: datetime) -> None:
    """Write that the session is over."""
    session.exec_driver_sql(
        "UPDATE committees SET closed_at = %(at)s, version = version + 1 WHERE id = %(id)s",
        {"id": committee_id, "at": at},
    )


def journal_actor(session: Session, committee_id: int, action: str) -> str:
    """The name of who did this last to a sitting; empty when nobody did."""
    row = session.exec_driver_sql(
        """
        SELECT COALESCE(p.name, j.actor) FROM committee_journal j
          LEFT JOIN people p ON j.actor = 'person:' || p.id
         WHERE j.committee_id = %(id)s AND j.action = %(action)s ORDER BY j.seq DESC LIMIT 1
        """,
        {"id": committee_id, "action": action},
    )
    return str(row.scalar_one_or_none() or "")
