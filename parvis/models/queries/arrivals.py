"""Drafts as they are about to be submitted: what sort of request each is, and who would follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session
from parvis.states.contract import Call

_KEPT = 256
_parsed: dict[str, Call] = {}


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """A case not submitted yet. `typed` when it is typed here; `qpvs` are those its draft names so far."""

    case_id: int
    reference: str
    organisation: str
    nature: str
    siret: str
    school: bool
    typed: bool
    entered_at: datetime
    deposited_on: date | None
    contact_asked_on: date | None
    contacted_on: date | None
    instructor_id: int | None
    qpvs: Sequence[str]
    contract_id: int
    call_id: int
    digest: str


def at_the_door(session: Session, case_ids: Sequence[int]) -> list[AtTheDoor]:
    """Those of these cases that are drafts."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, o.name, c.nature, o.siret, o.school, d.case_id IS NOT NULL, c.entered_at,
               c.deposited_on, c.contact_asked_on, c.contacted_on, c.instructor_id,
               ARRAY(SELECT jsonb_array_elements_text(COALESCE(d.answers -> 'action' -> 'qpv', '[]'))),
               k.contract_id, k.id, k.digest
          FROM cases c
          JOIN calls k ON k.id = c.call_id
          JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN drafts d ON d.case_id = c.id
         WHERE c.id = ANY(%(ids)s::bigint[]) AND c.stage = 'draft'
        """,
        {"ids": list(case_ids)},
    )
    return [AtTheDoor(*row) for row in rows]


def whole_call(session: Session, call_id: int, digest: str) -> Call:
    """A call with all its rules, whose text has this digest: parsed once per process."""
    call = _parsed.get(digest)
    if call is None:
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        row = session.exec_driver_sql("SELECT document FROM calls WHERE id = %(id)s", {"id": call_id})
        call = _parsed[digest] = Call.model_validate(row.scalar_one())
    return call


def next_opening(session: Session, call_id: int, nature: str, day: date) -> tuple[str, date] | None:
    """Title and first day of the next call of the same contract and instrument that takes such a request."""
    row = session.exec_driver_sql(
        """
        SELECT n.title, n.opens_on FROM calls k
          JOIN calls n ON n.contract_id = k.contract_id AND n.instrument = k.instrument AND NOT n.silent
         WHERE k.id = %(id)s AND n.opens_on > %(day)s
           AND COALESCE(n.document -> 'accepts', '["new", "renewal"]') ? %(nature)s
         ORDER BY n.opens_on, n.id LIMIT 1
        """,
        {"id": call_id, "day": day, "nature": nature},
    ).one_or_none()
    return (str(row[0]), row[1]) if row else None


@dataclass(frozen=True, slots=True)
class Officer:
    """An instructor: id, name, address, and how many open cases they have."""

    id: int
    name: str
    email: str
    load: int


def officers(session: Session, contract_id: int) -> list[Officer]:
    """The active instructors of a contract, with the open cases they have."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.name, p.email, count(c.id)
          FROM people p LEFT JOIN cases c ON c.instructor_id = p.id
           AND c.stage IN ('draft', 'submitted', 'incomplete', 'instructed', 'committee')
         WHERE p.contract_id = %(contract)s AND p.active AND p.role = 'instructor'
         GROUP BY p.id ORDER BY p.id
        """,
        {"contract": contract_id},
    )
    return [Officer(*row) for row in rows]
