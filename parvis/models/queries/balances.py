"""What is left in the envelopes while a committee sits: now, and after what is on the table."""

from dataclasses import dataclass

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Balance:
    """One envelope, in cents. `on_table_cents` is what this session would take of it and has not committed yet."""

    envelope_id: int
    funder: str
    name: str
    call: str
    year: int
    total_cents: int
    committed_cents: int
    on_table_cents: int

    @property
    def left_cents(self) -> int:
        """What is left now."""
        return self.total_cents - self.committed_cents

    @property
    def left_after_cents(self) -> int:
        """What would be left; less than nothing when the table promises too much."""
        return self.left_cents - self.on_table_cents


_BALANCES = """
SELECT e.id, f.code, f.name, k.code, e.year, e.total_cents, e.committed_cents,
       COALESCE((SELECT sum(a.amount_cents)
                   FROM session_amounts a
                   JOIN cases c ON c.id = a.case_id AND c.call_id = e.call_id AND c.stage = 'committee'
                               AND c.committee_id = a.committee_id
                  WHERE a.committee_id = %(committee)s AND a.funder_id = e.funder_id), 0)::bigint
  FROM envelopes e
  JOIN funders f ON f.id = e.funder_id
  JOIN calls k ON k.id = e.call_id
 WHERE e.neighbourhood_id IS NULL AND e.challenge_id IS NULL
   AND e.call_id IN (SELECT c.call_id FROM agenda_items i JOIN cases c ON c.id = i.case_id
                      WHERE i.committee_id = %(committee)s)
 ORDER BY k.code, f.id
"""


def balances(session: Session, committee_id: int) -> list[Balance]:
    """The envelopes that the cases of a sitting may take from, by call and funder."""
    return [Balance(*row) for row in session.exec_driver_sql(_BALANCES, {"committee": committee_id})]
