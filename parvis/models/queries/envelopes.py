"""Reading envelopes: their tree, their amounts, the movements on each, and whether their ledger agrees with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from parvis.models.session import Session, read


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """An envelope, in cents; `place` is its challenge or neighbourhood, empty for a general one.

    `committed_cents` is what was decided, paid or not.
    """

    id: int
    parent_id: int | None
    funder_id: int
    funder: str
    place: str
    call_code: str
    call: str
    year: int
    initial_cents: int
    transferred_cents: int
    reserved_cents: int
    committed_cents: int
    paid_cents: int
    available_cents: int

    @property
    def total_cents(self) -> int:
        """What it holds in all."""
        return self.initial_cents + self.transferred_cents

    @property
    def held_cents(self) -> int:
        """What cannot be taken from it any more."""
        return self.reserved_cents + self.committed_cents

    @property
    def name(self) -> str:
        """The funder, and what the envelope is for."""
        return f"{self.funder}, {self.place}" if self.place else self.funder


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A movement as one envelope sees it: what it changed, in cents; the actor's `name` is empty for the machine's."""

    id: int
    kind: str
    at: datetime
    actor: str
    name: str
    reason: str
    case_reference: str | None
    agreement_reference: str | None
    total_cents: int
    reserved_cents: int
    committed_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class CaseOn:
    """A case or an agreement an envelope holds something for, in cents; `committed_cents` is what was decided."""

    agreement: bool
    reference: str
    title: str
    organisation: str
    stage: str
    reserved_cents: int
    committed_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Astray:
    """An amount of an envelope that is not what its lines add up to, in cents."""

    envelope_id: int
    name: str
    column: str
    said_cents: int
    lines_cents: int


_ENVELOPES = """
SELECT e.id, e.parent_id, f.id, f.name, concat_ws(', ', d.label, n.name), k.code, k.title, e.year, e.initial_cents,
       e.transferred_cents, e.reserved_cents, e.committed_cents, e.paid_cents, e.available_cents
  FROM envelopes e
  JOIN funders f ON f.id = e.funder_id
  JOIN calls k ON k.id = e.call_id
  LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
  LEFT JOIN challenges d ON d.id = e.challenge_id
 WHERE (%(contract)s::bigint IS NULL OR f.contract_id = %(contract)s::bigint)
   AND (%(funder)s::bigint IS NULL OR f.id = %(funder)s::bigint)
 ORDER BY f.name, f.id, e.year DESC, k.code, COALESCE(e.parent_id, e.id), e.parent_id IS NOT NULL, e.id
"""
_MOVEMENTS = """
SELECT m.id, m.kind, m.at, m.actor, COALESCE(p.name, ''), m.reason, c.reference, a.reference,
       -COALESCE(sum(l.amount_cents) FILTER (WHERE l.account IN ('initial', 'transferred')), 0)::bigint,
       COALESCE(sum(l.amount_cents) FILTER (WHERE l.account = 'reserved'), 0)::bigint,
       COALESCE(sum(l.amount_cents) FILTER (WHERE l.account IN ('committed', 'paid')), 0)::bigint,
       COALESCE(sum(l.amount_cents) FILTER (WHERE l.account = 'paid'), 0)::bigint
  FROM ledger l
  JOIN movements m ON m.id = l.movement_id
  LEFT JOIN people p ON m.actor = 'person:' || p.id
  LEFT JOIN cases c ON c.id = m.case_id
  LEFT JOIN agreements a ON a.id = m.agreement_id
 WHERE l.envelope_id = %(id)s::bigint
 GROUP BY m.id, p.id, c.id, a.id ORDER BY m.id
"""
_CASES = """
SELECT h.agreement_id IS NOT NULL, COALESCE(c.reference, a.reference) AS reference, COALESCE(c.title, a.title), o.name,
       COALESCE(c.stage, a.stage), h.reserved, h.committed, h.paid
  FROM (SELECT m.case_id, m.agreement_id,
               COALESCE(sum(l.amount_cents) FILTER (WHERE l.account = 'reserved'), 0)::bigint AS reserved,
               COALESCE(sum(l.amount_cents) FILTER (WHERE l.account IN ('committed', 'paid')), 0)::bigint AS committed,
               COALESCE(sum(l.amount_cents) FILTER (WHERE l.account = 'paid'), 0)::bigint AS paid
          FROM ledger l JOIN movements m ON m.id = l.movement_id
         WHERE l.envelope_id = %(id)s::bigint AND num_nonnulls(m.case_id, m.agreement_id) = 1
         GROUP BY 1, 2) h
  LEFT JOIN cases c ON c.id = h.case_id
  LEFT JOIN agreements a ON a.id = h.agreement_id
  JOIN organisations o ON o.id = COALESCE(c.organisation_id, a.organisation_id)
 WHERE h.reserved <> 0 OR h.committed <> 0
 ORDER BY h.reserved = 0, reference
"""
_ASTRAY = """
SELECT e.id, concat_ws(', ', f.name, d.label, n.name), x.name, x.said, x.lines
  FROM envelopes e
  JOIN funders f ON f.id = e.funder_id
  LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
  LEFT JOIN challenges d ON d.id = e.challenge_id
  LEFT JOIN LATERAL (
        SELECT -COALESCE(sum(amount_cents) FILTER (WHERE account = 'initial'), 0) AS initial,
               -COALESCE(sum(amount_cents) FILTER (WHERE account = 'transferred'), 0) AS transferred,
               COALESCE(sum(amount_cents) FILTER (WHERE account = 'reserved'), 0) AS reserved,
               COALESCE(sum(amount_cents) FILTER (WHERE account IN ('committed', 'paid')), 0) AS committed,
               COALESCE(sum(amount_cents) FILTER (WHERE account = 'paid'), 0) AS paid,
               COALESCE(sum(amount_cents) FILTER (WHERE account = 'available'), 0) AS available
          FROM ledger WHERE envelope_id = e.id) l ON true
  LEFT JOIN LATERAL (
        SELECT COALESCE(sum(reserved_cents), 0) AS reserved, COALESCE(sum(committed_cents), 0) AS committed
          FROM envelopes WHERE parent_id = e.id) parts ON true
 CROSS JOIN LATERAL (VALUES
        (1, 'initial', e.initial_cents, l.initial), (2, 'transferred', e.transferred_cents, l.transferred),
        (3, 'reserved', e.reserved_cents, l.reserved), (4, 'committed', e.committed_cents, l.committed),
        (5, 'paid', e.paid_cents, l.paid), (6, 'available', e.available_cents, l.available),
        (7, 'parts', GREATEST(e.reserved_cents, parts.reserved) + GREATEST(e.committed_cents, parts.committed),
            e.reserved_cents + e.committed_cents)) AS x(place, name, said, lines)
 WHERE x.said <> x.lines
 ORDER BY e.id, x.place
"""
_UNBALANCED = """
SELECT l.envelope_id, concat_ws(', ', f.name, d.label, n.name), 'movement ' || l.movement_id,
       0, sum(l.amount_cents)::bigint
  FROM ledger l
  JOIN envelopes e ON e.id = l.envelope_id
  JOIN funders f ON f.id = e.funder_id
  LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
  LEFT JOIN challenges d ON d.id = e.challenge_id
 GROUP BY l.envelope_id, l.movement_id, f.name, d.label, n.name HAVING sum(l.amount_cents) <> 0
 ORDER BY l.envelope_id, l.movement_id
"""
_OF_CASES = """
SELECT x.envelope_id, x.name, x.what, 0, x.cents
  FROM (SELECT l.envelope_id, concat_ws(', ', f.name, d.label, n.name) AS name,
               l.account || ' ' || COALESCE(c.reference, a.reference) AS what, sum(l.amount_cents)::bigint AS cents,
               l.account = 'reserved' AND c.stage IS DISTINCT FROM 'committee' AS ended
          FROM ledger l
          JOIN movements m ON m.id = l.movement_id AND num_nonnulls(m.case_id, m.agreement_id) = 1
          LEFT JOIN cases c ON c.id = m.case_id
          LEFT JOIN agreements a ON a.id = m.agreement_id
          JOIN envelopes e ON e.id = l.envelope_id
          JOIN funders f ON f.id = e.funder_id
          LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
          LEFT JOIN challenges d ON d.id = e.challenge_id
         WHERE l.account IN ('reserved', 'committed', 'paid')
         GROUP BY l.envelope_id, f.name, d.label, n.name, l.account, c.id, a.id) x
 WHERE x.cents < 0 OR (x.ended AND x.cents <> 0)
 ORDER BY x.envelope_id, x.what
"""
"""What cases may not hold: less than nothing, or something reserved once no committee is about to decide."""


def envelopes_of(
    session: Session, contract_id: int | None, *, funder_id: int | None = None
) -> list[EnvelopeLine]:
    """The envelopes of a contract, or of all, or of a funder: the latest year first, parts after their general one."""
    return [
        EnvelopeLine(*row)
        for row in read(session, _ENVELOPES, {"contract": contract_id, "funder": funder_id})
    ]


def cases_on(session: Session, envelope_id: int) -> list[CaseOn]:
    """The cases an envelope holds something for, those whose decision is awaited first."""
    return [CaseOn(*row) for row in read(session, _CASES, {"id": envelope_id})]


def movements_on(session: Session, envelope_id: int) -> list[MovementLine]:
    """The movements on an envelope, oldest first."""
    return [MovementLine(*row) for row in read(session, _MOVEMENTS, {"id": envelope_id})]


def astray(session: Session) -> list[Astray]:
    """What is not as its lines say, or lines that no case may have; by envelope.

    The amounts of an envelope are the sums of its lines, and its parts hold no more than it does.
    """
    rows = [row for said in (_ASTRAY, _UNBALANCED, _OF_CASES) for row in session.exec_driver_sql(said)]
    found = [Astray(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]
    return sorted(found, key=lambda one: one.envelope_id)


def count_ledger(session: Session) -> tuple[int, int, int]:
    """How many envelopes, movements and lines there are."""
    row = session.exec_driver_sql(
        "SELECT (SELECT count(*) FROM envelopes), (SELECT count(*) FROM movements), (SELECT count(*) FROM ledger)"
    ).one()
    return (row[0], row[1], row[2])


class Held(NamedTuple):
    """What an envelope that is held has, in cents."""

    available_cents: int
    total_cents: int


Chain = Mapping[int, Held]
"""Envelopes that are held, by id."""


def hold_chain(session: Session, envelope_ids: Sequence[int]) -> Chain:
    """Hold these envelopes and those they are a part of, in id order, until the commit."""
    rows = session.exec_driver_sql(
        """
        SELECT e.id, e.available_cents, e.total_cents FROM envelopes e
         WHERE e.id = ANY(%(ids)s) OR e.id IN (SELECT parent_id FROM envelopes WHERE id = ANY(%(ids)s))
         ORDER BY e.id FOR UPDATE
        """,
        {"ids": list(envelope_ids)},
    )
    return {row[0]: Held(row[1], row[2]) for row in rows}


def is_written(session: Session, key: str) -> bool:
    """Whether there is a movement of this key."""
    row = session.exec_driver_sql("SELECT EXISTS (SELECT FROM movements WHERE key = %(key)s)", {"key": key})
    return bool(row.scalar_one())
