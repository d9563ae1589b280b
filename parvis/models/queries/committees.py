"""Committees: their sittings, and what was recorded of each."""

from dataclasses import dataclass
from datetime import date, datetime, time

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting of a committee. `covers` names its neighbourhoods, none for all; `cases` are on its agenda."""

    id: int
    contract_id: int
    code: str
    name: str
    kind: str
    held_on: date
    covers: tuple[str, ...]
    capacity: int | None
    agenda_open: bool
    held_at: datetime | None
    quorate: bool
    recusals_recorded: bool
    cases: int
    decided: int
    cancelled_at: datetime | None = None


_SITTINGS = """
SELECT m.id, m.contract_id, m.code, m.name, m.kind, m.held_on,
       ARRAY(SELECT n.name FROM committee_neighbourhoods v JOIN neighbourhoods n ON n.id = v.neighbourhood_id
              WHERE v.committee_id = m.id ORDER BY n.code),
       m.capacity, m.agenda_open, m.held_at, m.quorate, m.recusals_recorded,
       (SELECT count(*) FROM cases c WHERE c.committee_id = m.id AND c.stage = 'committee'),
       (SELECT count(*) FROM cases c WHERE c.committee_id = m.id AND c.decided_on IS NOT NULL),
       m.cancelled_at
  FROM committees m
 WHERE (%(contract)s::bigint IS NULL OR m.contract_id = %(contract)s::bigint)
   AND (%(code)s::text IS NULL OR m.code = %(code)s::text)
   AND (%(since)s::date IS NULL OR m.held_on >= %(since)s::date)
 ORDER BY m.held_on, m.code
"""


def sittings(
    session: Session, *, contract_id: int | None = None, code: str | None = None, since: date | None = None
) -> list[Sitting]:
    """Sittings by day: of one contract or all, of one committee or all, from a day on or ever."""
    rows = session.exec_driver_sql(_SITTINGS, {"contract": contract_id, "code": code, "since": since})
    return [Sitting(*[*row[:6], tuple(row[6]), *row[7:]]) for row in rows]


def on_agenda(session: Session, committee_id: int) -> list[int]:
    """The cases on the agenda of a sitting, in the order they came to Parvis."""
    rows = session.exec_driver_sql(
        "SELECT id FROM cases WHERE committee_id = %(id)s AND stage = 'committee' ORDER BY id",
        {"id": committee_id},
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class SittingCard:
    """All there is to say of one sitting; `planned_on` is none once the contract says it no more.

    `starts_at` is a Paris wall clock time, `taken` counts its agenda.
    """

    id: int
    contract_id: int
    code: str
    name: str
    kind: str
    held_on: date
    starts_at: time
    duration_minutes: int
    room: str
    video_url: str
    capacity: int | None
    taken: int
    lead_days: int
    summons_days: int
    quorum_percent: int
    agenda_open: bool
    held_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    version: int
    planned_on: date | None


def sitting_card(session: Session, committee_id: int) -> SittingCard:
    """One sitting."""
    row = session.exec_driver_sql(
        """
        SELECT id, contract_id, code, name, kind, held_on, starts_at, duration_minutes, room, video_url, capacity,
               (SELECT count(*) FROM agenda_items a WHERE a.committee_id = m.id AND a.left_at IS NULL),
               lead_days, summons_days, quorum_percent, agenda_open, held_at, closed_at, cancelled_at, version,
               planned_on
          FROM committees m WHERE id = %(id)s
        """,
        {"id": committee_id},
    )
    return SittingCard(*row.one())
