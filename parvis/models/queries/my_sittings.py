"""The sittings somebody looks at: those they sit in, or all those of a contract."""

from dataclasses import dataclass
from datetime import date, datetime, time

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class SittingLine:
    """A sitting in a list. `cases` are those on its agenda that this person may see; `role` is theirs there, if any."""

    id: int
    name: str
    kind: str
    held_on: date
    starts_at: time
    room: str
    agenda_open: bool
    held_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    capacity: int | None
    cases: int
    to_confirm: int
    role: str | None
    declared_at: datetime | None
    duration_minutes: int


_LINES = """
SELECT m.id, m.name, m.kind, m.held_on, m.starts_at, m.room, m.agenda_open, m.held_at, m.closed_at, m.cancelled_at,
       m.capacity,
       (SELECT count(*) FROM agenda_items a JOIN cases c ON c.id = a.case_id
         WHERE a.committee_id = m.id AND a.left_at IS NULL
           AND NOT EXISTS (SELECT FROM interests i WHERE i.case_id = c.id AND i.person_id = %(person)s
                              AND i.status <> 'dismissed')),
       (SELECT count(*) FROM agenda_items a JOIN interests i ON i.case_id = a.case_id AND i.status = 'proposed'
          JOIN committee_members s ON s.committee_id = m.id AND s.person_id = i.person_id
         WHERE a.committee_id = m.id AND a.left_at IS NULL),
       own.role, own.declared_at, m.duration_minutes
  FROM committees m
  LEFT JOIN committee_members own ON own.committee_id = m.id AND own.person_id = %(person)s
 WHERE m.contract_id = %(contract)s AND m.held_on BETWEEN %(since)s AND %(until)s
   AND (%(all)s::boolean OR own.id IS NOT NULL)
 ORDER BY m.held_on, m.starts_at, m.id
"""


def sitting_lines(
    session: Session, contract_id: int, person_id: int, *, everybodys: bool, since: date, until: date
) -> list[SittingLine]:
    """The sittings between two days, in order: those of this person, or `everybodys`."""
    rows = session.exec_driver_sql(
        _LINES,
        {"contract": contract_id, "person": person_id, "all": everybodys, "since": since, "until": until},
    )
    return [SittingLine(*row) for row in rows]
