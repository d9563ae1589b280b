"""What cases ask of funders, what these propose and grant: a row a case, read for a call or a sitting at once."""

from dataclasses import dataclass
from typing import Any

from parvis.models.session import Session, read


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of a contract, of a call (its code), of a sitting, at a stage; empty or None is all.

    `funder_id` keeps the cases that ask this funder, and its column alone.
    """

    contract_id: int
    call: str = ""
    committee_id: int | None = None
    stage: str = ""
    funder_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseShares:
    """A case, and by funder (its code) what it asks, is proposed, is granted, in cents; None: not said yet.

    What is reserved for it is what is proposed, whatever the funder's opinion was.
    """

    reference: str
    title: str
    organisation: str
    stage: str
    shares: dict[str, list[Any]]


_CASES = """
SELECT c.reference, c.title, o.name, c.stage,
       json_object_agg(f.code, json_build_array(
           g.requested_cents, COALESCE(r.cents, g.proposed_cents), g.granted_cents) ORDER BY f.id)
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
  JOIN fundings g ON g.case_id = c.id
  JOIN funders f ON f.id = g.funder_id
  LEFT JOIN LATERAL (
        SELECT max(x.cents) AS cents
          FROM (SELECT sum(l.amount_cents)::bigint AS cents
                  FROM movements m JOIN ledger l ON l.movement_id = m.id AND l.account = 'reserved'
                  JOIN envelopes e ON e.id = l.envelope_id AND e.funder_id = g.funder_id
                 WHERE m.case_id = c.id GROUP BY l.envelope_id HAVING sum(l.amount_cents) <> 0) x) r ON true
 WHERE k.contract_id = %(contract)s::bigint AND c.stage <> 'draft'
   AND (%(call)s::text = '' OR k.code = %(call)s::text)
   AND (%(stage)s::text = '' OR c.stage = %(stage)s::text)
   AND (%(funder)s::bigint IS NULL OR f.id = %(funder)s::bigint)
   AND (%(committee)s::bigint IS NULL OR EXISTS (
        SELECT FROM agenda_items i
         WHERE i.case_id = c.id AND i.committee_id = %(committee)s::bigint AND i.left_at IS NULL))
   AND (g.requested_cents > 0 OR g.proposed_cents > 0 OR g.granted_cents > 0)
 GROUP BY c.id, o.id ORDER BY c.reference
"""
_FUNDERS = """
SELECT code, name, id FROM funders
 WHERE contract_id = %(contract)s::bigint AND (%(funder)s::bigint IS NULL OR id = %(funder)s::bigint) ORDER BY id
"""
_SITTINGS = """
SELECT id, name, held_on FROM committees
 WHERE contract_id = %(contract)s::bigint AND cancelled_at IS NULL
   AND EXISTS (SELECT FROM agenda_items i WHERE i.committee_id = committees.id AND i.left_at IS NULL)
 ORDER BY held_on DESC, id
"""


def case_shares(session: Session, wanted: Wanted) -> list[CaseShares]:
    """The cases wanted that ask somebody for something, by reference."""
    return [CaseShares(*row) for row in read(session, _CASES, {
        "contract": wanted.contract_id, "call": wanted.call, "stage": wanted.stage, "funder": wanted.funder_id,
        "committee": wanted.committee_id,
    })]  # fmt: skip


def funders_of(session: Session, contract_id: int, funder_id: int | None) -> list[tuple[str, str, int]]:
    """The funders of a contract, or this one alone: code, name, id."""
    return [tuple(row) for row in read(session, _FUNDERS, {"contract": contract_id, "funder": funder_id})]


def sittings_of(session: Session, contract_id: int) -> list[tuple[int, str, Any]]:
    """The sittings with an agenda: id, name, day; the latest first."""
    return [tuple(row) for row in read(session, _SITTINGS, {"contract": contract_id})]
