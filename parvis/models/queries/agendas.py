"""Agendas: what waits for one, what is on one and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session
from parvis.states.agendas import Seats, Waiting

_SEATS = """
SELECT m.id, m.code, m.kind, m.held_on,
       CASE WHEN m.covers_all THEN NULL
            ELSE ARRAY(SELECT neighbourhood_id FROM committee_neighbourhoods WHERE committee_id = m.id) END,
       m.takes_several, m.capacity,
       (SELECT count(*) FROM agenda_items a WHERE a.committee_id = m.id AND a.left_at IS NULL), m.agenda_open
  FROM committees m
 WHERE m.contract_id = %(contract)s AND m.held_on >= %(since)s AND m.held_at IS NULL AND m.cancelled_at IS NULL
 ORDER BY m.held_on, m.id
"""

_WAITING = """
SELECT c.id, k.document ->> 'decides',
       ARRAY(SELECT neighbourhood_id FROM case_neighbourhoods WHERE case_id = c.id), w.decides_on,
       CASE WHEN c.nature = 'renewal' THEN w.closes_renewal_on ELSE w.closes_new_on END,
       EXISTS (SELECT FROM agenda_items a JOIN committees m ON m.id = a.committee_id
                WHERE a.case_id = c.id
                  AND (a.origin = 'recommended' OR m.kind = 'steering' AND m.held_at IS NOT NULL)),
       ARRAY(SELECT committee_id FROM agenda_items WHERE case_id = c.id)
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  LEFT JOIN waves w ON w.id = c.wave_id
 WHERE {which}
 ORDER BY w.decides_on NULLS LAST, c.entered_at, c.id
"""


def contract_ids(session: Session) -> list[int]:
    """Every contract."""
    return list(session.exec_driver_sql("SELECT id FROM contracts ORDER BY id").scalars())


def seats(session: Session, contract_id: int, since: date) -> list[Seats]:
    """The sittings of a contract from a day on, neither held nor cancelled."""
    rows = session.exec_driver_sql(_SEATS, {"contract": contract_id, "since": since})
    return [Seats(*[*row[:4], None if row[4] is None else frozenset(row[4]), *row[5:]]) for row in rows]


def waiting(session: Session, contract_id: int) -> list[Waiting]:
    """The instructed cases of a contract, by the day their wave is decided, then by how long they are ready."""
    which = "k.contract_id = %(contract)s AND NOT k.silent AND c.stage = 'instructed'"
    return _read(session, which, {"contract": contract_id})


def recommended(session: Session, contract_id: int) -> list[Waiting]:
    """The cases of a contract that a committee advised on while nothing was planned to decide them."""
    which = (
        "k.contract_id = %(contract)s AND NOT k.silent AND c.stage = 'committee' AND c.committee_id IS NULL"
    )
    return _read(session, which, {"contract": contract_id})


def on_agenda(session: Session, committee_id: int) -> list[Waiting]:
    """The cases of a sitting that are not decided, as cases that wait."""
    which = "c.committee_id = %(committee)s AND c.stage = 'committee'"
    return _read(session, which, {"committee": committee_id})


def cases(session: Session, case_ids: Sequence[int]) -> list[Waiting]:
    """These cases as cases that wait, whatever their stage."""
    return _read(session, "c.id = ANY(%(ids)s::bigint[])", {"ids": list(case_ids)})


def contract_of(session: Session, case_id: int) -> int:
    """The contract of a case."""
    row = session.exec_driver_sql(
        "SELECT k.contract_id FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(id)s",
        {"id": case_id},
    )
    return int(row.scalar_one())


def _read(session: Session, which: str, parameters: dict[str, object]) -> list[Waiting]:
    rows = session.exec_driver_sql(_WAITING.format(which=which), parameters)
    return [Waiting(*[*row[:2], frozenset(row[2]), *row[3:6], frozenset(row[6])]) for row in rows]


@dataclass(frozen=True, slots=True)
class SittingRow:
    """A sitting as it is while nobody else may change it. Its clock times are those of Paris."""

    id: int
    contract_id: int
    code: str
    name: str
    kind: str
    held_on: date
    lead_days: int
    capacity: int | None
    taken: int
    agenda_open: bool
    agenda_closed_at: datetime | None
    held_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    version: int


def hold_sitting(session: Session, committee_id: int) -> SittingRow:
    """Read a sitting and keep others from changing it until the commit; moves of its cases alone still may."""
    session.exec_driver_sql(
        "SELECT 1 FROM committees WHERE id = %(id)s FOR NO KEY UPDATE", {"id": committee_id}
    )
    row = session.exec_driver_sql(
        """
        SELECT id, contract_id, code, name, kind, held_on, lead_days, capacity,
               (SELECT count(*) FROM agenda_items a WHERE a.committee_id = m.id AND a.left_at IS NULL),
               agenda_open, agenda_closed_at, held_at, closed_at, cancelled_at, version
          FROM committees m WHERE id = %(id)s
        """,
        {"id": committee_id},
    )
    return SittingRow(*row.one())


def open_agendas(session: Session, until: date) -> list[tuple[int, date, int]]:
    """Sittings up to a day whose agenda has never closed: id, day, clear days before it at which it closes."""
    rows = session.exec_driver_sql(
        """
        SELECT id, held_on, lead_days FROM committees
         WHERE agenda_open AND agenda_closed_at IS NULL AND held_at IS NULL AND cancelled_at IS NULL
           AND held_on - lead_days - 1 <= %(until)s
         ORDER BY id
        """,
        {"until": until},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def set_agenda(session: Session, committee_id: int, *, is_open: bool, at: datetime) -> None:
    """Open or close the agenda of a sitting; the first closing is remembered."""
    session.exec_driver_sql(
        """
        UPDATE committees SET agenda_open = %(open)s, version = version + 1,
               agenda_closed_at = CASE WHEN %(open)s THEN agenda_closed_at ELSE COALESCE(agenda_closed_at, %(at)s) END
         WHERE id = %(id)s
        """,
        {"id": committee_id, "open": is_open, "at": at},
    )


def set_cancelled(session: Session, committee_id: int, *, at: datetime) -> None:
    """Write that a sitting will not be held."""
    session.exec_driver_sql(
        """
        UPDATE committees SET cancelled_at = %(at)s, agenda_open = false, version = version + 1,
               agenda_closed_at = COALESCE(agenda_closed_at, %(at)s)
         WHERE id = %(id)s
        """,
        {"id": committee_id, "at": at},
    )


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A case on an agenda; `position` counts from 1 in the order of the sitting. Amounts in cents."""

    position: int
    case_id: int
    reference: str
    title: str
    organisation: str
    neighbourhoods: tuple[str, ...]
    requested_cents: int
    stage: str
    origin: str
    note: str
    version: int
    proposed_cents: int | None = None


def agenda(session: Session, committee_id: int) -> list[AgendaLine]:
    """The agenda of a sitting, in its order."""
    rows = session.exec_driver_sql(
        """
        SELECT row_number() OVER (ORDER BY a.position, a.case_id), c.id, c.reference, c.title, o.name,
               ARRAY(SELECT n.name FROM case_neighbourhoods v JOIN neighbourhoods n ON n.id = v.neighbourhood_id
                      WHERE v.case_id = c.id ORDER BY n.code),
               c.requested_cents, c.stage, a.origin, a.note, c.version,
               (SELECT sum(g.proposed_cents)::bigint FROM fundings g WHERE g.case_id = c.id)
          FROM agenda_items a JOIN cases c ON c.id = a.case_id JOIN organisations o ON o.id = c.organisation_id
         WHERE a.committee_id = %(id)s AND a.left_at IS NULL
         ORDER BY a.position, a.case_id
        """,
        {"id": committee_id},
    )
    return [AgendaLine(*[*row[:5], tuple(row[5]), *row[6:]]) for row in rows]


def set_order(session: Session, committee_id: int, case_ids: Sequence[int]) -> None:
    """Number the agenda of a sitting in this order; it is another version of the sitting."""
    session.exec_driver_sql(
        """
        UPDATE agenda_items a SET position = o.position
          FROM unnest(%(cases)s::bigint[]) WITH ORDINALITY AS o(case_id, position)
         WHERE a.committee_id = %(id)s AND a.case_id = o.case_id AND a.left_at IS NULL
        """,
        {"id": committee_id, "cases": list(case_ids)},
    )
    session.exec_driver_sql(
        "UPDATE committees SET version = version + 1 WHERE id = %(id)s", {"id": committee_id}
    )


def sits_on(session: Session, sitting: SittingRow, day: date) -> bool:
    """Whether the committee of a sitting has another one on this day."""
    row = session.exec_driver_sql(
        """
        SELECT EXISTS (SELECT FROM committees WHERE contract_id = %(contract)s AND code = %(code)s
                          AND held_on = %(day)s AND id <> %(id)s)
        """,
        {"contract": sitting.contract_id, "code": sitting.code, "day": day, "id": sitting.id},
    )
    return bool(row.scalar_one())


def sitting_of(session: Session, case_id: int) -> int | None:
    """The sitting whose agenda a case is on."""
    row = session.exec_driver_sql(
        "SELECT committee_id FROM agenda_items WHERE case_id = %(id)s AND left_at IS NULL", {"id": case_id}
    )
    found: int | None = row.scalar_one_or_none()
    return found
