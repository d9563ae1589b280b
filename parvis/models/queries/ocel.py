"""What an event log of the journals is made of: the objects of a contract, and every line about one, in order."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session

_PART = 5_000

# An object: its type, its id in the base, its name in the log, its attributes, its links as (type, id, qualifier).
_OBJECTS = """
SELECT 'call' AS kind, k.id, k.code AS name,
       jsonb_build_object('title', k.title, 'instrument', k.instrument, 'year', k.year) AS said, '[]'::jsonb AS links
  FROM calls k WHERE k.contract_id = %(contract)s
UNION ALL
SELECT 'funder', f.id, f.code, jsonb_build_object('name', f.name, 'kind', f.kind), '[]'
  FROM funders f WHERE f.contract_id = %(contract)s
UNION ALL
SELECT 'sitting', m.id, m.code || '/' || m.held_on,
       jsonb_build_object('name', m.name, 'kind', m.kind, 'held_on', m.held_on::text), '[]'
  FROM committees m WHERE m.contract_id = %(contract)s
UNION ALL
SELECT 'organisation', o.id, o.siret, jsonb_build_object('name', o.name), '[]'
  FROM organisations o
 WHERE EXISTS (SELECT FROM cases c JOIN calls k ON k.id = c.call_id AND k.contract_id = %(contract)s
                LEFT JOIN partners p ON p.case_id = c.id
                WHERE o.id IN (c.organisation_id, p.organisation_id))
    OR EXISTS (SELECT FROM agreements a WHERE a.contract_id = %(contract)s AND a.organisation_id = o.id)
UNION ALL
SELECT 'case', c.id, c.reference,
       jsonb_build_object('title', c.title, 'nature', c.nature, 'stage', c.stage,
                          'requested_cents', c.requested_cents),
       jsonb_build_array(jsonb_build_array('organisation', c.organisation_id, 'applicant'),
                         jsonb_build_array('call', c.call_id, 'call'))
       || COALESCE((SELECT jsonb_agg(jsonb_build_array('funder', g.funder_id, 'funder') ORDER BY g.funder_id)
                      FROM fundings g WHERE g.case_id = c.id), '[]')
       || COALESCE((SELECT jsonb_agg(jsonb_build_array('organisation', p.organisation_id, 'partner')
                                     ORDER BY p.organisation_id) FROM partners p WHERE p.case_id = c.id), '[]')
       || COALESCE((SELECT jsonb_agg(jsonb_build_array('sitting', i.committee_id, 'agenda') ORDER BY i.committee_id)
                      FROM agenda_items i WHERE i.case_id = c.id), '[]')
  FROM cases c JOIN calls k ON k.id = c.call_id WHERE k.contract_id = %(contract)s AND c.version > 0
UNION ALL
SELECT 'agreement', a.id, a.reference, jsonb_build_object('title', a.title, 'stage', a.stage),
       jsonb_build_array(jsonb_build_array('organisation', a.organisation_id, 'beneficiary'))
       || CASE WHEN a.case_id IS NULL THEN '[]'
               ELSE jsonb_build_array(jsonb_build_array('case', a.case_id, 'born_of')) END
       || CASE WHEN a.request_case_id IS NULL THEN '[]'
               ELSE jsonb_build_array(jsonb_build_array('case', a.request_case_id, 'renewal_request')) END
       || CASE WHEN a.renews_id IS NULL THEN '[]'
               ELSE jsonb_build_array(jsonb_build_array('agreement', a.renews_id, 'renews')) END
  FROM agreements a WHERE a.contract_id = %(contract)s
 ORDER BY 1, 2
"""

# A line: whose, its number, when, role, action, stages, details, and who is related to it besides.
_LINES = """
SELECT 'case' AS kind, j.case_id AS id, j.seq, j.at, j.role, j.action, j.source, j.target, j.details,
       c.organisation_id AS organisation_id, s.sitting AS other_id
  FROM journal j JOIN cases c ON c.id = j.case_id JOIN calls k ON k.id = c.call_id AND k.contract_id = %(contract)s
  LEFT JOIN LATERAL (
       SELECT (p.details::jsonb ->> 'committee_id')::bigint AS sitting FROM journal p
        WHERE (j.source = 'committee' OR j.target = 'committee') AND p.case_id = j.case_id AND p.seq <= j.seq
          AND p.details::jsonb ? 'committee_id'
        ORDER BY p.seq DESC LIMIT 1) s ON true
UNION ALL
SELECT 'agreement', j.agreement_id, j.seq, j.at, j.role, j.action, j.source, j.target, j.details,
       a.organisation_id, NULL
  FROM agreement_journal j JOIN agreements a ON a.id = j.agreement_id AND a.contract_id = %(contract)s
UNION ALL
SELECT 'sitting', j.committee_id, j.seq, j.at, j.role, j.action, '', '', j.details, NULL, NULL
  FROM committee_journal j JOIN committees m ON m.id = j.committee_id AND m.contract_id = %(contract)s
 ORDER BY 4, 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object: its type, its number, its name, what is said of it, links (type, number, how)."""

    kind: str
    id: int
    name: str
    said: dict[str, Any]
    links: Sequence[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a journal, with the organisation and the sitting it is about, if any."""

    kind: str
    id: int
    seq: int
    at: datetime
    role: str
    action: str
    source: str
    target: str
    details: str
    organisation_id: int | None
    sitting_id: int | None


def objects(session: Session, contract_id: int) -> list[ObjectRow]:
    """Every object of a contract."""
    return [ObjectRow(*row) for row in session.exec_driver_sql(_OBJECTS, {"contract": contract_id})]


def lines(session: Session, contract_id: int) -> Generator[LineRow]:
    """Every line of the journals of a contract, in the order things happened, streamed."""
    options = {"yield_per": _PART}
    with session.exec_driver_sql(_LINES, {"contract": contract_id}, execution_options=options) as rows:
        for row in rows:
            yield LineRow(*row)
