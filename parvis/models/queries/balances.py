"""What is left in the envelopes while a committee sits: now, and after what is on the table."""

from collections import defaultdict
from dataclasses import dataclass

from parvis.models.queries.purses import fitting
from parvis.models.session import Session
from parvis.states.purses import Spending


@dataclass(frozen=True, slots=True)
class Balance:
    """One envelope, in cents. `on_table_cents` is what this session would take of it and has not committed yet.

    `reserved_cents` is what is kept for cases that are not on this table: what is kept for those is shared out here.

    `name` is the funder's, with the challenge or the neighbourhood the envelope is for, if any.
    """

    envelope_id: int
    funder: str
    name: str
    call: str
    year: int
    total_cents: int
    committed_cents: int
    reserved_cents: int
    on_table_cents: int

    @property
    def left_cents(self) -> int:
        """What is left now."""
        return self.total_cents - self.committed_cents - self.reserved_cents

    @property
    def left_after_cents(self) -> int:
        """What would be left; less than nothing when the table promises too much."""
        return self.left_cents - self.on_table_cents


_ENVELOPES = """
SELECT e.id, f.code, concat_ws(', ', f.name, n.name, d.label), k.code, e.year, e.total_cents, e.committed_cents,
       e.reserved_cents
  FROM envelopes e
  JOIN funders f ON f.id = e.funder_id
  JOIN calls k ON k.id = e.call_id
  LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
  LEFT JOIN challenges d ON d.id = e.challenge_id
 WHERE e.id = ANY(%(ids)s)
    OR (e.neighbourhood_id IS NULL AND e.challenge_id IS NULL AND e.year = k.year
        AND e.call_id IN (SELECT call_id FROM cases WHERE id = ANY(%(cases)s)))
 ORDER BY k.code, f.id, e.parent_id IS NOT NULL, e.id
"""
_TABLE = """
SELECT i.case_id, a.funder_id, a.amount_cents, c.stage = 'committee' AND c.committee_id = i.committee_id
  FROM agenda_items i
  JOIN cases c ON c.id = i.case_id
  LEFT JOIN session_amounts a ON a.committee_id = i.committee_id AND a.case_id = i.case_id
            AND c.stage = 'committee' AND c.committee_id = i.committee_id
 WHERE i.committee_id = %(committee)s ORDER BY i.position, i.case_id, a.funder_id
"""


def balances(session: Session, committee_id: int) -> list[Balance]:
    """The envelopes that the cases of a sitting may take from, by call and funder.

    Amounts are taken in the order of the agenda, each from the envelope that would pay it then.
    """
    table = session.exec_driver_sql(_TABLE, {"committee": committee_id}).fetchall()
    cases = sorted({row[0] for row in table})
    fits = fitting(session, cases, elsewhere={row[0] for row in table if not row[3]})
    spending, taken = Spending(fits), defaultdict[int, int](int)
    for case_id, funder_id, cents, _ in table:
        for envelope_id in spending.take(case_id, funder_id, cents) if cents else ():
            taken[envelope_id] += cents
    ids = sorted({purse.id for purses in fits.values() for purse in purses})
    rows = session.exec_driver_sql(_ENVELOPES, {"ids": ids, "cases": cases})
    return [Balance(*(*row[:-1], row[-1] - spending.freed[row[0]], taken[row[0]])) for row in rows]
