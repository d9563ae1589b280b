"""Figures over many cases, each in one statement: how far they come, how long it takes, whose money, whose load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.models.session import Session, read

_FINAL = "('evaluated', 'ineligible', 'lapsed', 'rejected', 'withdrawn', 'reclaimed')"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases are counted: those of a contract, of these calls (by code) or of all."""

    contract_id: int
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageCount:
    """A stage: cases that have ever come to it, those there now, what these ask for in cents."""

    stage: str
    reached: int
    here: int
    requested_cents: int


@dataclass(frozen=True, slots=True)
class StageDelay:
    """How long cases stay at a stage, in days, over the visits that ended: the median, and nine in ten."""

    stage: str
    visits: int
    median: float
    nine_in_ten: float


@dataclass(frozen=True, slots=True)
class LateCase:
    """A case past a delay of its stage: `since` is the day that passed."""

    reference: str
    title: str
    stage: str
    instructor: str | None
    since: date


@dataclass(frozen=True, slots=True)
class Money:
    """Money by funder, neighbourhood or challenge, in cents; the envelope is the funder's, or the place's own."""

    code: str
    name: str
    cases: int
    total_cents: int
    reserved_cents: int
    committed_cents: int
    requested_cents: int
    proposed_cents: int
    granted_cents: int


@dataclass(frozen=True, slots=True)
class Load:
    """What an instructor has open, nobody's when there is none."""

    person_id: int | None
    instructor: str | None
    submitted: int
    incomplete: int
    instructed: int
    committee: int
    funded: int
    late: int


_CALLS = """calls k ON k.id = c.call_id AND k.contract_id = %(contract)s::bigint
       AND (%(calls)s::text[] = '{}' OR lower(k.code) = ANY(%(calls)s::text[]))"""

_FUNNEL = f"""
WITH mine AS MATERIALIZED (
    SELECT c.id, c.stage, c.requested_cents FROM cases c JOIN {_CALLS}
), reached AS (
    SELECT j.target AS stage, count(DISTINCT j.case_id) AS cases
      FROM journal j JOIN mine ON mine.id = j.case_id WHERE j.source <> j.target GROUP BY 1
), here AS (
    SELECT stage, count(*) AS cases, sum(requested_cents)::bigint AS requested FROM mine GROUP BY 1
)
SELECT stage, COALESCE(reached.cases, here.cases), COALESCE(here.cases, 0), COALESCE(here.requested, 0)
  FROM reached FULL JOIN here USING (stage)
"""  # noqa: S608 - the calls above
_DELAYS = f"""
SELECT stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
  FROM (SELECT j.target AS stage,
               extract(epoch FROM lead(j.at) OVER (PARTITION BY j.case_id ORDER BY j.seq) - j.at)::float8
                   / 86400 AS days
          FROM journal j JOIN cases c ON c.id = j.case_id JOIN {_CALLS}
         WHERE j.source <> j.target) visits
 WHERE days IS NOT NULL AND stage NOT IN {_FINAL}
 GROUP BY 1
"""  # noqa: S608 - the calls above
_LATE = f"""
SELECT c.reference, c.title, c.stage, p.name, c.late_after, count(*) OVER ()
  FROM cases c JOIN {_CALLS} LEFT JOIN people p ON p.id = c.instructor_id
 WHERE c.late_after < %(today)s::date ORDER BY c.late_after, c.id LIMIT %(limit)s
"""  # noqa: S608 - the calls above
_BY_FUNDER = f"""
SELECT f.code, f.name, COALESCE(g.cases, 0), COALESCE(e.total, 0), COALESCE(e.reserved, 0),
       COALESCE(e.committed, 0), COALESCE(g.requested, 0),
       COALESCE(g.proposed, 0), COALESCE(g.granted, 0)
  FROM funders f
  LEFT JOIN (SELECT g.funder_id, count(*) AS cases, sum(g.requested_cents)::bigint AS requested,
                    sum(g.proposed_cents)::bigint AS proposed, sum(g.granted_cents)::bigint AS granted
               FROM fundings g JOIN cases c ON c.id = g.case_id AND c.stage <> 'draft' JOIN {_CALLS} GROUP BY 1
            ) g ON g.funder_id = f.id
  LEFT JOIN (SELECT c.funder_id, sum(c.total_cents)::bigint AS total, sum(c.reserved_cents)::bigint AS reserved,
                    sum(c.committed_cents)::bigint AS committed
               FROM envelopes c JOIN {_CALLS} WHERE c.parent_id IS NULL AND c.year = k.year GROUP BY 1
            ) e ON e.funder_id = f.id
 WHERE f.contract_id = %(contract)s AND (g.cases > 0 OR e.total > 0)
 ORDER BY COALESCE(e.total, 0) DESC, f.name
"""  # noqa: S608 - the calls above
_BY_PLACE = """
SELECT n.code, n.{name}, COALESCE(g.cases, 0), COALESCE(e.total, 0), COALESCE(e.reserved, 0), COALESCE(e.committed, 0),
       COALESCE(g.requested, 0), COALESCE(g.proposed, 0), COALESCE(g.granted, 0)
  FROM {table}s n
  LEFT JOIN (SELECT x.{table}_id AS id, count(*) AS cases, sum(c.requested_cents)::bigint AS requested,
                    sum(f.proposed)::bigint AS proposed, sum(f.granted)::bigint AS granted
               FROM case_{table}s x JOIN cases c ON c.id = x.case_id AND c.stage <> 'draft' JOIN {calls}
               LEFT JOIN LATERAL (SELECT sum(proposed_cents) AS proposed, sum(granted_cents) AS granted
                                    FROM fundings WHERE case_id = c.id) f ON true
              GROUP BY 1) g ON g.id = n.id
  LEFT JOIN (SELECT c.{table}_id AS id, sum(c.total_cents)::bigint AS total,
                    sum(c.reserved_cents)::bigint AS reserved, sum(c.committed_cents)::bigint AS committed
               FROM envelopes c JOIN {calls} AND c.year = k.year GROUP BY 1) e ON e.id = n.id
 WHERE n.contract_id = %(contract)s
 ORDER BY n.code
"""
_BY_NEIGHBOURHOOD = _BY_PLACE.format(table="neighbourhood", name="name", calls=_CALLS)
_BY_CHALLENGE = _BY_PLACE.format(table="challenge", name="label", calls=_CALLS)
_LOAD = f"""
SELECT p.id, p.name, count(*) FILTER (WHERE c.stage = 'submitted'), count(*) FILTER (WHERE c.stage = 'incomplete'),
       count(*) FILTER (WHERE c.stage = 'instructed'), count(*) FILTER (WHERE c.stage = 'committee'),
       count(*) FILTER (WHERE c.stage = 'funded'), count(*) FILTER (WHERE c.late_after < %(today)s::date)
  FROM cases c JOIN {_CALLS} LEFT JOIN people p ON p.id = c.instructor_id
 WHERE c.stage IN ('submitted', 'incomplete', 'instructed', 'committee', 'funded')
 GROUP BY p.id, p.name ORDER BY count(*) DESC, p.name
"""  # noqa: S608 - the calls above


def funnel(session: Session, scope: Scope) -> list[StageCount]:
    """Every stage a case has come to."""
    return [StageCount(*row) for row in _rows(session, _FUNNEL, scope)]


def delays(session: Session, scope: Scope) -> list[StageDelay]:
    """Every stage that a case has left."""
    return [StageDelay(*row) for row in _rows(session, _DELAYS, scope)]


def late(session: Session, scope: Scope, *, today: date, limit: int) -> tuple[list[LateCase], int]:
    """The cases late the longest, and how many are late in all."""
    rows = _rows(session, _LATE, scope, today=today, limit=limit)
    return [LateCase(*row[:5]) for row in rows], rows[0][5] if rows else 0


def money_by_funder(session: Session, scope: Scope) -> list[Money]:
    """The funders that are asked for something or have an envelope, the greatest envelope first."""
    return [Money(*row) for row in _rows(session, _BY_FUNDER, scope)]


def money_by_neighbourhood(session: Session, scope: Scope) -> list[Money]:
    """Every neighbourhood; a case that serves two counts in both."""
    return [Money(*row) for row in _rows(session, _BY_NEIGHBOURHOOD, scope)]


def money_by_challenge(session: Session, scope: Scope) -> list[Money]:
    """Every challenge; a case that answers two counts in both."""
    return [Money(*row) for row in _rows(session, _BY_CHALLENGE, scope)]


def load(session: Session, scope: Scope, *, today: date) -> list[Load]:
    """Every instructor with something open, the most loaded first, and what is nobody's."""
    return [Load(*row) for row in _rows(session, _LOAD, scope, today=today)]


def _rows(session: Session, statement: str, scope: Scope, **more: Any) -> Sequence[tuple[Any, ...]]:
    calls = [code.lower() for code in scope.calls]
    return read(session, statement, {"contract": scope.contract_id, "calls": calls, **more})
