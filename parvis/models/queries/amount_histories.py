"""What happened to the amounts of a case: what its funders proposed, what sittings said, what its ledger moved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session, read


@dataclass(frozen=True, slots=True)
class AmountLine:
    """One amount said or moved, in cents, of one funder; `name` is empty for the machine's own hands.

    `source` is where it was said: `asked`, `opinion`, `recommended`, `programming`, `decision`, or a movement.
    """

    at: datetime
    name: str
    actor: str
    funder: str
    source: str
    cents: int
    said: str
    reason: str


_LINES = """
WITH asked AS (
    SELECT j.at, j.actor, f.name AS funder, 'asked' AS source, g.requested_cents AS cents, '' AS said, '' AS reason
      FROM fundings g JOIN funders f ON f.id = g.funder_id
      JOIN LATERAL (SELECT at, actor FROM journal WHERE case_id = g.case_id AND action = 'submit'
                     ORDER BY seq LIMIT 1) j ON true
     WHERE g.case_id = %(case)s AND g.requested_cents > 0
), opinions AS (
    SELECT j.at, j.actor, f.name, 'opinion', COALESCE((d.it ->> 'proposed_cents')::bigint, 0),
           COALESCE(d.it ->> 'opinion', ''), COALESCE(d.it ->> 'reason', '')
      FROM journal j CROSS JOIN LATERAL (SELECT j.details::jsonb AS it) d
      JOIN funders f ON f.id = (d.it ->> 'funder_id')::bigint
     WHERE j.case_id = %(case)s AND j.action = 'give_opinion'
), recommended AS (
    SELECT j.at, j.actor, f.name, 'recommended', (x.it ->> 1)::bigint, '', COALESCE(d.it ->> 'reason', '')
      FROM journal j CROSS JOIN LATERAL (SELECT j.details::jsonb AS it) d
      JOIN cases c ON c.id = j.case_id JOIN calls k ON k.id = c.call_id
      CROSS JOIN LATERAL jsonb_array_elements(d.it -> 'amounts') AS x(it)
      JOIN funders f ON f.contract_id = k.contract_id AND f.code = x.it ->> 0
     WHERE j.case_id = %(case)s AND j.action = 'recommend_amounts'
), programmings AS (
    SELECT s.sent_at, s.saved_by, f.name, 'programming', a.amount_cents, s.name, ''
      FROM scenario_amounts a JOIN scenarios s ON s.id = a.scenario_id AND s.sent_at IS NOT NULL
      JOIN funders f ON f.id = a.funder_id
     WHERE a.case_id = %(case)s
), decisions AS (
    SELECT e.at, e.actor, f.name, 'decision', (x.it ->> 1)::bigint, m.name || '/' || (d.it ->> 'outcome'),
           COALESCE(d.it ->> 'reason', '')
      FROM agenda_items i
      JOIN committee_journal e ON e.committee_id = i.committee_id AND e.action = 'decision'
      JOIN committees m ON m.id = e.committee_id
      CROSS JOIN LATERAL (SELECT e.details::jsonb AS it) d
      CROSS JOIN LATERAL jsonb_array_elements(d.it -> 'amounts') AS x(it)
      JOIN funders f ON f.contract_id = m.contract_id AND f.code = x.it ->> 0
     WHERE i.case_id = %(case)s AND (d.it ->> 'case')::bigint = %(case)s
), moved AS (
    SELECT DISTINCT ON (m.id, e.funder_id)
           m.at, m.actor, f.name, m.kind,
           CASE WHEN m.kind = 'pay' THEN l.paid WHEN m.kind = 'reserve' OR l.held = 0 THEN l.reserved ELSE l.held END,
           concat_ws(', ', d.label, n.name), m.reason
      FROM movements m
      JOIN LATERAL (SELECT envelope_id,
                           COALESCE(sum(amount_cents) FILTER (WHERE account = 'reserved'), 0)::bigint AS reserved,
                           COALESCE(sum(amount_cents) FILTER (WHERE account IN ('committed', 'paid')), 0)::bigint
                               AS held,
                           COALESCE(sum(amount_cents) FILTER (WHERE account = 'paid'), 0)::bigint AS paid
                      FROM ledger WHERE movement_id = m.id GROUP BY 1) l ON true
      JOIN envelopes e ON e.id = l.envelope_id JOIN funders f ON f.id = e.funder_id
      LEFT JOIN challenges d ON d.id = e.challenge_id LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
     WHERE m.case_id = %(case)s AND m.kind <> 'adjust'
     ORDER BY m.id, e.funder_id, e.parent_id NULLS LAST
)
SELECT t.at, COALESCE(p.name, ''), t.actor, t.funder, t.source, t.cents, t.said, t.reason
  FROM (SELECT * FROM asked UNION ALL SELECT * FROM opinions UNION ALL SELECT * FROM recommended
        UNION ALL SELECT * FROM programmings
        UNION ALL SELECT * FROM decisions UNION ALL SELECT * FROM moved) AS t
  LEFT JOIN people p ON t.actor = 'person:' || p.id
 ORDER BY t.at, t.funder, t.source
"""


def amount_lines(session: Session, case_id: int) -> list[AmountLine]:
    """All that was said of the amounts of a case, and all that its ledger moved, oldest first."""
    rows: Any = read(session, _LINES, {"case": case_id})
    return [AmountLine(*row) for row in rows]
