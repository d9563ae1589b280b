"""The ledger follows the payments of the years of agreements, where their call has an envelope for that year."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class YearOnEnvelope:
    """A funder's envelope for a year of an agreement: what it holds for it, and what its payments ask it to, in cents.

    `chain` is the envelope and the general one it is a part of; `left_cents` what the fuller of them has left.
    """

    funder_id: int
    name: str
    chain: tuple[int, ...]
    left_cents: int
    committed_cents: int
    paid_cents: int
    due_cents: int
    made_cents: int


_ON_ENVELOPES = """
WITH wanted AS (
    SELECT DISTINCT p.funder_id, p.year, a.case_id, a.call_id,
           extract(year FROM a.starts_on)::int + p.year - 1 AS of_year
      FROM payments p JOIN agreements a ON a.id = p.agreement_id
     WHERE a.id = %(id)s AND p.year = ANY(%(numbers)s::int[])
), found AS (
    SELECT w.funder_id, w.year, CASE WHEN w.year = 1 THEN g.envelope_id ELSE e.id END AS envelope_id
      FROM wanted w
      LEFT JOIN fundings g ON g.case_id = w.case_id AND g.funder_id = w.funder_id
      LEFT JOIN envelopes e ON e.funder_id = w.funder_id AND e.call_id = w.call_id AND e.year = w.of_year
            AND e.neighbourhood_id IS NULL AND e.challenge_id IS NULL
), held AS MATERIALIZED (
    SELECT id, parent_id, available_cents FROM envelopes
     WHERE id IN (SELECT envelope_id FROM found)
        OR id IN (SELECT x.parent_id FROM envelopes x WHERE x.id IN (SELECT envelope_id FROM found))
     ORDER BY id FOR UPDATE
)
SELECT f.funder_id, u.name, h.id, h.parent_id,
       LEAST(h.available_cents, (SELECT up.available_cents FROM held up WHERE up.id = h.parent_id)),
       COALESCE(sum(l.amount_cents) FILTER (WHERE l.account = 'committed'), 0)::bigint,
       COALESCE(sum(l.amount_cents) FILTER (WHERE l.account = 'paid'), 0)::bigint, due.due, due.made
  FROM found f JOIN held h ON h.id = f.envelope_id JOIN funders u ON u.id = f.funder_id
  LEFT JOIN movements m ON m.agreement_id = %(id)s
  LEFT JOIN ledger l ON l.movement_id = m.id AND l.envelope_id = h.id
 CROSS JOIN LATERAL (
       SELECT COALESCE(sum(amount_cents) FILTER (WHERE status <> 'paid'), 0)::bigint AS due,
              COALESCE(sum(amount_cents) FILTER (WHERE status = 'paid'), 0)::bigint AS made
         FROM payments WHERE agreement_id = %(id)s AND year = f.year AND funder_id = f.funder_id
          AND status <> 'cancelled') due
 GROUP BY f.funder_id, f.year, u.name, h.id, h.parent_id, h.available_cents, due.due, due.made
 ORDER BY h.id
"""


def years_on_envelopes(session: Session, agreement_id: int, numbers: Sequence[int]) -> list[YearOnEnvelope]:
    """The envelopes of these years of an agreement, held until the commit, in id order.

    That of a year after the first is the general one its funder has for its call and that year; what amendments add
    to the first is of the envelope that pays its case.
    """
    rows = session.exec_driver_sql(
        _ON_ENVELOPES,
        {"id": agreement_id, "numbers": list(numbers)},
    )
    return [
        YearOnEnvelope(funder, name, tuple(one for one in (own, parent) if one is not None), left, *cents)
        for funder, name, own, parent, left, *cents in rows
    ]


def years_with_payments(session: Session, agreement_id: int) -> list[int]:
    """The years of an agreement that have payments, whatever became of them."""
    rows = session.exec_driver_sql(
        "SELECT DISTINCT year FROM payments WHERE agreement_id = %(id)s ORDER BY 1", {"id": agreement_id}
    )
    return list(rows.scalars())
