"""The cases of a page of a list, as their lines say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries.queue_filters import OPEN
from parvis.models.session import Session, select
from parvis.states.queue import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of a list. `due_on` is its nearest deadline, `late_since` the one it has already missed.

    `opinions` are those received, of `opinions_asked`; `documents` those received, of `documents_required`.
    `news` is what happened since the viewer, who looks after it, last opened or moved it. Amounts in cents.
    """

    id: int
    reference: str
    title: str
    stage: str
    version: int
    organisation: str
    siret: str
    call: str
    wave: str | None
    nature: str
    instructor_id: int | None
    instructor: str | None
    requested_cents: int
    total_cost_cents: int
    granted_cents: int | None
    deposited_on: date | None
    entered_at: datetime
    due_on: date | None
    late_since: date | None
    score: int | None
    opinions_due_at: datetime | None
    opinions: int
    opinions_asked: int
    documents: int
    documents_required: int
    neighbourhoods: tuple[str, ...]
    challenges: tuple[str, ...]
    committee: str | None
    held_on: date | None
    news: tuple[str, ...]


_DETAILS = f"""
SELECT c.id, c.reference, c.title, c.stage, c.version, o.name, o.siret, k.code, w.title, c.nature, c.instructor_id,
       p.name, c.requested_cents, c.total_cost_cents, g.granted, c.deposited_on, c.entered_at, c.due_on,
       CASE WHEN c.late_after < %(today)s::date THEN c.late_after END, c.score, c.opinions_due_at, g.given, g.asked,
       d.received, d.required,
       ARRAY(SELECT n.name FROM case_neighbourhoods x JOIN neighbourhoods n ON n.id = x.neighbourhood_id
              WHERE x.case_id = c.id ORDER BY n.code),
       ARRAY(SELECT n.label FROM case_challenges x JOIN challenges n ON n.id = x.challenge_id
              WHERE x.case_id = c.id ORDER BY n.code),
       m.name, m.held_on,
       CASE WHEN COALESCE(c.instructor_id, %(viewer)s::bigint) = %(viewer)s::bigint AND c.stage IN {OPEN} THEN ARRAY(
            SELECT DISTINCT CASE j.action WHEN 'submit' THEN 'deposit' WHEN 'give_opinion' THEN 'opinion'
                                          WHEN 'receive_report' THEN 'report'
                                          WHEN 'receive_interim' THEN 'report' ELSE 'documents' END
              FROM journal j
             WHERE j.case_id = c.id AND j.seq > COALESCE(s.version, (
                   SELECT max(seq) FROM journal
                    WHERE case_id = c.id AND actor = 'person:' || %(viewer)s::bigint), 0)
               AND j.action IN ('submit', 'receive_documents', 'give_opinion', 'receive_report',
                                'receive_interim')
               AND j.actor <> 'person:' || %(viewer)s::bigint ORDER BY 1) ELSE ARRAY[]::text[] END
  FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS page(id, place)
  JOIN cases c ON c.id = page.id
  JOIN calls k ON k.id = c.call_id
  LEFT JOIN waves w ON w.id = c.wave_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people p ON p.id = c.instructor_id
  LEFT JOIN committees m ON m.id = c.committee_id
  LEFT JOIN seen s ON s.person_id = %(viewer)s::bigint AND s.case_id = c.id
  LEFT JOIN LATERAL (
        SELECT sum(granted_cents)::bigint AS granted, count(*) FILTER (WHERE opinion_asked_at IS NOT NULL) AS asked,
               count(opinion) AS given
          FROM fundings WHERE case_id = c.id) g ON true
  LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE required) AS required,
               count(*) FILTER (WHERE required AND received_at IS NOT NULL) AS received
          FROM documents WHERE case_id = c.id) d ON true
 ORDER BY page.place
"""  # noqa: S608 - the stages of `queue_filters`


def read_rows(session: Session, ids: Sequence[int], viewer: Viewer, *, today: date) -> list[CaseRow]:
    """These cases, in this order, as this viewer sees them."""
    told = {"ids": list(ids), "viewer": viewer.person_id, "today": today}
    return [_row(line) for line in select(session, _DETAILS, told)] if ids else []


_NAMES = tuple(CaseRow.__dataclass_fields__)
_LISTS = frozenset({"neighbourhoods", "challenges", "news"})


def _row(values: Sequence[Any]) -> CaseRow:
    said: dict[str, Any] = dict(zip(_NAMES, values, strict=True))
    return CaseRow(**{**said, **{name: tuple(said[name]) for name in _LISTS}})
