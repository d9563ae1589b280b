"""The cases on which a funder is asked for an opinion, and those on which it gave one."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class AwaitedOpinion:
    """A case that waits for this funder's opinion. `others_in` of `others_asked` others have given theirs."""

    case_id: int
    version: int
    reference: str
    title: str
    organisation: str
    call: str
    neighbourhoods: tuple[str, ...]
    requested_cents: int
    total_cost_cents: int
    asked_at: datetime
    due_at: datetime | None
    others_asked: int
    others_in: int
    next_reminder: datetime | None


_OTHERS = """
  LEFT JOIN LATERAL (
        SELECT count(*) AS asked, count(h.opinion) AS received FROM fundings h
         WHERE h.case_id = c.id AND h.funder_id <> g.funder_id AND h.opinion_asked_at IS NOT NULL) others ON true
"""

_NOT_HIDDEN = """NOT EXISTS (SELECT FROM interests i WHERE i.case_id = c.id AND i.person_id = %(person)s::bigint
                     AND i.status <> 'dismissed')"""

_AWAITED = f"""
SELECT c.id, c.version, c.reference, c.title, o.name, k.code,
       ARRAY(SELECT n.name FROM case_neighbourhoods v JOIN neighbourhoods n ON n.id = v.neighbourhood_id
              WHERE v.case_id = c.id ORDER BY n.code),
       g.requested_cents, c.total_cost_cents, g.opinion_asked_at, c.opinions_due_at, others.asked, others.received,
       (SELECT min(t.due_at) FROM timers t
         WHERE t.case_id = c.id AND t.settled_at IS NULL AND t.template IS NOT NULL
           AND t.recipient = 'funder:' || g.funder_id)
  FROM fundings g
  JOIN cases c ON c.id = g.case_id
  JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
  {_OTHERS}
 WHERE g.funder_id = %(funder)s AND g.opinion_asked_at IS NOT NULL AND g.opinion IS NULL
   AND c.stage IN ('submitted', 'incomplete') AND {_NOT_HIDDEN}
 ORDER BY c.opinions_due_at NULLS LAST, c.id
 LIMIT %(limit)s
"""  # noqa: S608 - the text above


def awaited_opinions(
    session: Session, funder_id: int, *, person_id: int | None, limit: int
) -> list[AwaitedOpinion]:
    """The cases that wait for this funder's opinion, the most pressing first; none hidden from the person."""
    rows = session.exec_driver_sql(_AWAITED, {"funder": funder_id, "person": person_id, "limit": limit})
    return [AwaitedOpinion(*[*row[:6], tuple(row[6]), *row[7:]]) for row in rows]


@dataclass(frozen=True, slots=True)
class GivenOpinion:
    """An opinion this funder gave: it does not change any more. Amounts in cents."""

    case_id: int
    reference: str
    title: str
    organisation: str
    opinion: str
    proposed_cents: int | None
    comment: str
    given_at: datetime
    stage: str
    decided_on: date | None
    granted_cents: int | None


def given_opinions(
    session: Session, funder_id: int, *, person_id: int | None, limit: int
) -> list[GivenOpinion]:
    """The opinions a funder gave, the latest first; none on a case hidden from the person."""
    rows = session.exec_driver_sql(
        f"""
        SELECT c.id, c.reference, c.title, o.name, g.opinion, g.proposed_cents, g.opinion_comment, g.opinion_at,
               c.stage, c.decided_on, g.granted_cents
          FROM fundings g
          JOIN cases c ON c.id = g.case_id
          JOIN organisations o ON o.id = c.organisation_id
         WHERE g.funder_id = %(funder)s AND g.opinion IS NOT NULL AND {_NOT_HIDDEN}
         ORDER BY g.opinion_at DESC, c.id DESC
         LIMIT %(limit)s
        """,  # noqa: S608 - the text above
        {"funder": funder_id, "person": person_id, "limit": limit},
    )
    return [GivenOpinion(*row) for row in rows]
