"""Bulk runs: what was asked of which cases, what is left to do, what became of each, and the letters it owes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A bulk run as it stands: `waiting` cases had no turn yet. Letters wait `wait_seconds` after their move."""

    id: int
    key: str
    request_hash: str
    actor: str
    role: str
    action: str
    given: dict[str, Any]
    query: str
    wait_seconds: int
    asked_at: datetime
    finished_at: datetime | None
    withheld_at: datetime | None
    total: int
    waiting: int
    done: int
    refused: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case of a run; `reasons` are code, French and English of each.

    `renewed_as` is the case that renews it, where that is what the run did.
    """

    case_id: int
    reference: str
    title: str
    version: int
    outcome: str | None
    stage: str | None
    reasons: list[dict[str, str]]
    withheld: str | None
    renewed_as: str | None = None


_RUNS = """
SELECT r.id, r.key, r.request_hash, r.actor, r.role, r.action, r.given, r.query, r.wait_seconds, r.asked_at,
       r.finished_at, r.withheld_at, n.total, n.waiting, n.done, n.refused
  FROM bulk_runs r
  CROSS JOIN LATERAL (
        SELECT count(*) AS total, count(*) FILTER (WHERE outcome IS NULL) AS waiting,
               count(*) FILTER (WHERE outcome = 'done') AS done, count(*) FILTER (WHERE outcome = 'refused') AS refused
          FROM bulk_results WHERE run_id = r.id) n
"""
_FIELDS = tuple(Run.__dataclass_fields__)


def run_of_key(session: Session, key: str) -> Run | None:
    """The run asked for with this key."""
    row = session.exec_driver_sql(_RUNS + " WHERE r.key = %(key)s", {"key": key}).one_or_none()
    return Run(**dict(zip(_FIELDS, row, strict=True))) if row else None


def run_by_id(session: Session, run_id: int) -> Run | None:
    """A run."""
    row = session.exec_driver_sql(_RUNS + " WHERE r.id = %(id)s", {"id": run_id}).one_or_none()
    return Run(**dict(zip(_FIELDS, row, strict=True))) if row else None


def runs_of(session: Session, actor: str, *, limit: int) -> list[Run]:
    """Somebody's runs, the last one first."""
    rows = session.exec_driver_sql(
        _RUNS + " WHERE r.actor = %(actor)s ORDER BY r.id DESC LIMIT %(limit)s",
        {"actor": actor, "limit": limit},
    )
    return [Run(**dict(zip(_FIELDS, row, strict=True))) for row in rows]


def write_run(session: Session, run: Mapping[str, Any], case_ids: Sequence[int]) -> bool:
    """Freeze a run: its cases at the versions they have now; False when its key has one already."""
    row = session.exec_driver_sql(
        """
        WITH run AS (
            INSERT INTO bulk_runs (key, request_hash, actor, role, action, given, query, wait_seconds, asked_at)
            VALUES (%(key)s, %(request_hash)s, %(actor)s, %(role)s, %(action)s, %(given)s, %(query)s,
                    %(wait_seconds)s, %(asked_at)s)
            ON CONFLICT (key) DO NOTHING RETURNING id
        ), chosen AS (
            INSERT INTO bulk_results (run_id, case_id, version)
            SELECT run.id, c.id, c.version FROM run, cases c WHERE c.id = ANY(%(ids)s::bigint[])
        )
        SELECT id FROM run
        """,
        {**run, "given": json.dumps(run["given"]), "ids": list(case_ids)},
    ).one_or_none()
    return row is not None


def take(session: Session, run_id: int, *, limit: int) -> list[tuple[int, int]]:
    """The next cases of a run (id, version when chosen), held until the commit; those another worker holds are left."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, version FROM bulk_results WHERE run_id = %(run)s AND outcome IS NULL
         ORDER BY case_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        """,
        {"run": run_id, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]


def settle(session: Session, run_id: int, results: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Write what became of cases of a run: `case_id`, `outcome`, `version_after`, `stage_after`, `reasons`."""
    session.exec_driver_sql(
        """
        UPDATE bulk_results b
           SET outcome = r.outcome, version_after = r.version_after, stage_after = r.stage_after, reasons = r.reasons,
               done_at = %(at)s
          FROM json_to_recordset(%(results)s::json)
               AS r(case_id bigint, outcome text, version_after int, stage_after text, reasons jsonb)
         WHERE b.run_id = %(run)s AND b.case_id = r.case_id
        """,
        {"run": run_id, "results": json.dumps(list(results)), "at": at},
    )


def finish(session: Session, run_id: int, *, at: datetime) -> None:
    """Say that a run is over, once none of its cases waits."""
    session.exec_driver_sql(
        """
        UPDATE bulk_runs SET finished_at = %(at)s
         WHERE id = %(run)s AND finished_at IS NULL
           AND NOT EXISTS (SELECT FROM bulk_results WHERE run_id = %(run)s AND outcome IS NULL)
        """,
        {"run": run_id, "at": at},
    )


def put_off_letters(
    session: Session, run_id: int, action: str, case_ids: Sequence[int], *, until: datetime
) -> None:
    """Let the letters that these cases of a run have just come to owe leave later."""
    session.exec_driver_sql(
        """
        UPDATE letters l SET not_before = %(until)s
          FROM bulk_results b
         WHERE b.run_id = %(run)s AND b.case_id = ANY(%(ids)s::bigint[]) AND b.outcome = 'done'
           AND l.case_id = b.case_id AND l.rule = %(action)s AND l.stage = 'owed'
           AND l.occurrence = b.version_after::text
        """,
        {"run": run_id, "action": action, "ids": list(case_ids), "until": until},
    )


_WITHHOLD = """
WITH run AS (
    UPDATE bulk_runs SET withheld_at = %(at)s, withheld_by = %(by)s WHERE id = %(run)s RETURNING id, action
), letters_of AS MATERIALIZED (
    SELECT l.id, l.case_id, l.stage FROM run
      JOIN bulk_results b ON b.run_id = run.id AND b.outcome = 'done' AND b.withheld IS NULL
      JOIN letters l ON l.case_id = b.case_id AND l.rule = run.action AND l.occurrence = b.version_after::text
     ORDER BY l.id FOR UPDATE OF l
), judged AS (
    SELECT b.case_id,
           CASE WHEN c.version <> b.version_after THEN 'moved'
                WHEN NOT EXISTS (SELECT FROM letters_of l WHERE l.case_id = b.case_id) THEN 'none'
                WHEN EXISTS (SELECT FROM letters_of l WHERE l.case_id = b.case_id AND l.stage <> 'owed') THEN 'left'
                ELSE 'withheld' END AS withheld
      FROM run JOIN bulk_results b ON b.run_id = run.id AND b.outcome = 'done' AND b.withheld IS NULL
      JOIN cases c ON c.id = b.case_id
), dropped AS (
    UPDATE letters l SET stage = 'dropped', version = l.version + 1, note = %(note)s
      FROM letters_of o JOIN judged j ON j.case_id = o.case_id AND j.withheld = 'withheld'
     WHERE l.id = o.id
), stopped AS (
    UPDATE bulk_results b SET outcome = 'refused', done_at = %(at)s, reasons = %(stopped)s::jsonb
      FROM run WHERE b.run_id = run.id AND b.outcome IS NULL
 RETURNING b.case_id
), said AS (
    UPDATE bulk_results b SET withheld = j.withheld FROM run, judged j
     WHERE b.run_id = run.id AND b.case_id = j.case_id
 RETURNING b.withheld
)
SELECT withheld, count(*) FROM said GROUP BY 1 UNION ALL SELECT 'stopped', count(*) FROM stopped
"""


def withhold(
    session: Session, run_id: int, *, by: str, note: str, stopped: Sequence[Mapping[str, str]], at: datetime
) -> dict[str, int]:
    """Take back the letters of a run that have not left, and stop what is left of it; how many cases of each kind."""
    rows = session.exec_driver_sql(
        _WITHHOLD, {"run": run_id, "by": by, "note": note, "stopped": json.dumps(list(stopped)), "at": at}
    )
    return {row[0]: row[1] for row in rows}


def results(session: Session, run_id: int, *, after: int, limit: int) -> list[Result]:
    """What became of the cases of a run, by case, from the one after `after` on."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, b.version, b.outcome, b.stage_after, b.reasons, b.withheld,
               CASE WHEN r.action = 'renew' AND b.outcome = 'done' THEN
                    (SELECT n.reference FROM cases n WHERE n.renews_id = c.id AND n.stage <> 'withdrawn'
                      ORDER BY n.id LIMIT 1) END
          FROM bulk_results b JOIN bulk_runs r ON r.id = b.run_id JOIN cases c ON c.id = b.case_id
         WHERE b.run_id = %(run)s AND b.case_id > %(after)s ORDER BY b.case_id LIMIT %(limit)s
        """,
        {"run": run_id, "after": after, "limit": limit},
    )
    return [Result(*row) for row in rows]


def named(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The reference and the organisation of these cases."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, o.name FROM cases c JOIN organisations o ON o.id = c.organisation_id
         WHERE c.id = ANY(%(ids)s::bigint[])
        """,
        {"ids": list(case_ids)},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def stages_of(session: Session, case_ids: Sequence[int]) -> dict[str, int]:
    """How many of these cases stand at each stage."""
    rows = session.exec_driver_sql(
        "SELECT stage, count(*) FROM cases WHERE id = ANY(%(ids)s::bigint[]) GROUP BY 1",
        {"ids": list(case_ids)},
    )
    return {row[0]: row[1] for row in rows}


def letters_owed_now(session: Session, case_versions: Mapping[int, int]) -> list[int]:
    """The letters that these cases came to owe when they reached these versions."""
    rows = session.exec_driver_sql(
        """
        SELECT l.id FROM unnest(%(ids)s::bigint[], %(versions)s::int[]) AS v(case_id, version)
          JOIN letters l ON l.case_id = v.case_id AND l.occurrence = v.version::text
        """,
        {"ids": list(case_versions), "versions": list(case_versions.values())},
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case as a list of those chosen says it."""

    id: int
    reference: str
    title: str
    organisation: str


def named_cases(session: Session, case_ids: Sequence[int]) -> list[NamedCase]:
    """These cases by name, in the order of their references."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, o.name
          FROM cases c JOIN organisations o ON o.id = c.organisation_id
         WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.reference
        """,
        {"ids": list(case_ids)},
    )
    return [NamedCase(*row) for row in rows]
