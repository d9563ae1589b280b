"""The reports of cases: asked for with the decision, typed, received, corrected, settled."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session, select
from parvis.states.gaps import Line


def ask_reports(session: Session, case_id: int, kinds: Sequence[str]) -> None:
    """Ask for reports of these kinds; one that is open already is not asked for twice."""
    session.exec_driver_sql(
        """
        INSERT INTO reports (case_id, kind, state) SELECT %(id)s, unnest(%(kinds)s::text[]), 'asked'
        ON CONFLICT (case_id, kind) WHERE state NOT IN ('accepted', 'refused') DO NOTHING
        """,
        {"id": case_id, "kinds": [str(kind) for kind in kinds]},
    )


def costs(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By case, what its received report says was spent, and what the budget had planned: in money, in cents."""
    rows = session.exec_driver_sql(
        """
        SELECT r.case_id, sum(l.done_cents)::bigint, sum(l.planned_cents)::bigint
          FROM reports r JOIN report_lines l ON l.report_id = r.id
         WHERE r.case_id = ANY(%(ids)s) AND r.kind = 'final' AND r.state = 'received' AND r.way = 'report'
           AND l.side = 'charge' AND l.account NOT LIKE '86%%'
         GROUP BY r.case_id
        """,
        {"ids": list(case_ids)},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def late_reports(session: Session, case_ids: Sequence[int], *, on: date) -> dict[int, list[tuple[str, date]]]:
    """By draft, the cases of the same organisation and contract whose final report was due before that day.

    None where the call does not ask for the previous report first. A report to be corrected counts from the day its
    corrections are late; a change of dates that nobody answered yet is not the applicant's delay. Take-overs of
    history (silent calls) asked for no report here.
    """
    rows = session.exec_driver_sql(
        """
        WITH drafts AS MATERIALIZED (
            SELECT id, call_id, organisation_id FROM cases WHERE id = ANY(%(ids)s)
        ), asking AS MATERIALIZED (
            SELECT id, contract_id FROM calls
             WHERE id IN (SELECT call_id FROM drafts)
               AND COALESCE((document -> 'eligibility' ->> 'previous_report_first')::boolean, true)
        )
        SELECT c.id, o.reference, COALESCE(r.corrections_by, o.report_due_on)
          FROM drafts c
          JOIN asking k ON k.id = c.call_id
          JOIN cases o ON o.organisation_id = c.organisation_id AND o.id <> c.id AND o.stage = 'funded'
          JOIN calls l ON l.id = o.call_id AND l.contract_id = k.contract_id AND NOT l.silent
          LEFT JOIN LATERAL (SELECT state, corrections_by FROM reports
                              WHERE case_id = o.id AND kind = 'final' ORDER BY id DESC LIMIT 1) r ON true
         WHERE COALESCE(r.state, 'asked') IN ('asked', 'draft', 'corrections_asked')
           AND COALESCE(r.corrections_by, o.report_due_on) < %(on)s
         ORDER BY 3, 2
        """,
        {"ids": list(case_ids), "on": on},
    )
    found: dict[int, list[tuple[str, date]]] = {}
    for case_id, reference, due in rows:
        found.setdefault(case_id, []).append((reference, due))
    return found


def mark(
    session: Session, case_id: int, state: str, *, at: datetime, by: str, way: str | None = None,
    corrections: str = "", corrections_by: date | None = None,
) -> None:  # fmt: skip
    """Say where the open final report of a case stands; one there is none of yet begins so."""
    session.exec_driver_sql(
        """
        INSERT INTO reports (case_id, kind, state) VALUES (%(id)s, 'final', 'asked')
        ON CONFLICT (case_id, kind) WHERE state NOT IN ('accepted', 'refused') DO NOTHING
        """,
        {"id": case_id},
    )
    session.exec_driver_sql(
        """
        UPDATE reports
           SET state = %(state)s, version = version + 1, way = COALESCE(%(way)s, way), corrections = %(corrections)s,
               corrections_by = %(corrections_by)s,
               received_at = CASE WHEN %(state)s = 'received' THEN %(at)s ELSE received_at END,
               received_by = CASE WHEN %(state)s = 'received' THEN %(by)s ELSE received_by END,
               settled_at = CASE WHEN %(state)s IN ('accepted', 'refused') THEN %(at)s END,
               settled_by = CASE WHEN %(state)s IN ('accepted', 'refused') THEN %(by)s ELSE '' END
         WHERE case_id = %(id)s AND kind = 'final' AND state NOT IN ('accepted', 'refused')
        """,
        {"id": case_id, "state": state, "way": way, "at": at, "by": by, "corrections": corrections,
         "corrections_by": corrections_by},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenReport:
    """The final report a funded case owes, with what is typed of it; `report_id` None: nothing is typed yet."""

    case_id: int
    reference: str
    title: str
    organisation: str
    starts_on: date | None
    ends_on: date | None
    due_on: date | None
    corrections_due_on: date | None
    planned_people: int | None
    planned_qpv_percent: int | None
    report_id: int | None
    state: str
    corrections: str
    answers: dict[str, dict[str, list[str]]]
    saved_at: datetime | None


def open_report(session: Session, case_id: int, *, lock: bool = False) -> OpenReport | None:
    """The report a case owes and has not sent; None when it owes none, or no longer."""
    statement = """
        SELECT c.id, c.reference, c.title, o.name, c.starts_on, c.ends_on, c.report_due_on, c.corrections_due_on,
               c.beneficiaries, c.qpv_share_percent, r.id, COALESCE(r.state, 'asked'), COALESCE(r.corrections, ''),
               COALESCE(r.answers, '{}'), r.saved_at
          FROM cases c JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN reports r ON r.case_id = c.id AND r.kind = 'final' AND r.state NOT IN ('accepted', 'refused')
         WHERE c.id = %(id)s AND c.stage = 'funded' AND c.report_received_on IS NULL AND NOT c.not_carried_out
           AND c.new_dates_asked_on IS NULL
        """
    row = session.exec_driver_sql(
        f"{statement} FOR NO KEY UPDATE OF c" if lock else statement, {"id": case_id}
    ).one_or_none()
    return OpenReport(*row) if row else None


def budget_of(session: Session, case_id: int) -> list[tuple[str, str, str, int]]:
    """The lines of the budget of a case: side, account, label, cents; those of nothing are left out."""
    rows = session.exec_driver_sql(
        """
        SELECT side, account, label, amount_cents FROM budget_lines
         WHERE case_id = %(id)s AND amount_cents > 0 ORDER BY side, position, id
        """,
        {"id": case_id},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def save_step(
    session: Session, case_id: int, step: str, values: Mapping[str, Any], *, at: datetime, by: str
) -> None:
    """Keep the answers of one step of the open report; the others stay."""
    session.exec_driver_sql(
        """
        UPDATE reports SET answers = answers || jsonb_build_object(%(step)s::text, %(values)s::jsonb), way = 'report',
                           state = CASE WHEN state = 'asked' THEN 'draft' ELSE state END,
                           version = version + 1, saved_at = %(at)s, saved_by = %(by)s
         WHERE case_id = %(id)s AND kind = 'final' AND state NOT IN ('accepted', 'refused')
        """,
        {"id": case_id, "step": step, "values": json.dumps(values), "at": at, "by": by},
    )


def write_figures(
    session: Session, case_id: int, lines: Sequence[Line], *, spent_cents: int, people: int | None,
    qpv_share_percent: int | None, answers: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write what the open report says in figures, instead of what it said before; its words too, unless it has none."""
    row = session.exec_driver_sql(
        """
        UPDATE reports SET spent_cents = %(spent)s, people = %(people)s, qpv_share_percent = %(share)s,
                           answers = answers || %(answers)s::jsonb
         WHERE case_id = %(id)s AND kind = 'final' AND state NOT IN ('accepted', 'refused') RETURNING id
        """,
        {
            "id": case_id,
            "spent": spent_cents,
            "people": people,
            "share": qpv_share_percent,
            "answers": json.dumps(answers),
        },
    ).one()
    session.exec_driver_sql("DELETE FROM report_lines WHERE report_id = %(id)s", {"id": row.id})
    session.exec_driver_sql(
        """
        INSERT INTO report_lines (report_id, position, side, account, label, planned_cents, done_cents)
        SELECT %(id)s, l.position, l.side, l.account, l.label, l.planned, l.done
          FROM unnest(%(sides)s::text[], %(accounts)s::text[], %(labels)s::text[], %(planned)s::bigint[],
                      %(done)s::bigint[]) WITH ORDINALITY AS l(side, account, label, planned, done, position)
        """,
        {
            "id": row.id, "sides": [line.side for line in lines], "accounts": [line.account for line in lines],
            "labels": [line.label for line in lines], "planned": [line.planned_cents for line in lines],
            "done": [line.done_cents or 0 for line in lines],
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report as it stands, with the lines of its accounts."""

    id: int
    kind: str
    way: str | None
    state: str
    answers: dict[str, dict[str, list[str]]]
    received_at: datetime | None
    spent_cents: int | None
    people: int | None
    qpv_share_percent: int | None
    corrections: str
    corrections_by: date | None
    settled_at: datetime | None
    lines: tuple[Line, ...]


def reports_of(session: Session, case_id: int) -> list[SentReport]:
    """The reports of a case, the first one first."""
    rows = select(
        session,
        """
        SELECT id, kind, way, state, answers, received_at, spent_cents, people, qpv_share_percent, corrections,
               corrections_by, settled_at
          FROM reports WHERE case_id = %(id)s ORDER BY id
        """,
        {"id": case_id},
    )
    lines = _lines_of(session, case_id) if rows else {}
    return [SentReport(*[*row, tuple(lines.get(row[0], ()))]) for row in rows]


def _lines_of(session: Session, case_id: int) -> dict[int, list[Line]]:
    """By report of a case, its accounts."""
    lines: dict[int, list[Line]] = {}
    for report_id, *line in select(
        session,
        """
        SELECT l.report_id, l.side, l.account, l.label, l.planned_cents, l.done_cents
          FROM report_lines l JOIN reports r ON r.id = l.report_id
         WHERE r.case_id = %(id)s ORDER BY l.report_id, l.position
        """,
        {"id": case_id},
    ):
        lines.setdefault(report_id, []).append(Line(*line))
    return lines


@dataclass(frozen=True, slots=True)
class ReportLineRow:
    """A funded case as the list of reports shows it."""

    reference: str
    title: str
    organisation: str
    due_on: date | None
    state: str
    way: str | None
    received_on: date | None
    notice_expires_on: date | None


def list_reports(session: Session, *, contract_id: int | None, limit: int) -> list[ReportLineRow]:
    """The final reports of cases not closed yet, the one due first first."""
    rows = session.exec_driver_sql(
        """
        SELECT c.reference, c.title, o.name, COALESCE(c.corrections_due_on, c.report_due_on),
               COALESCE(r.state, 'asked'), r.way, c.report_received_on, c.notice_expires_on
          FROM cases c JOIN organisations o ON o.id = c.organisation_id JOIN calls k ON k.id = c.call_id
          LEFT JOIN LATERAL (SELECT state, way FROM reports WHERE case_id = c.id AND kind = 'final'
                              ORDER BY id DESC LIMIT 1) r ON true
         WHERE c.stage = 'funded' AND (%(contract)s::bigint IS NULL OR k.contract_id = %(contract)s::bigint)
         ORDER BY 4 NULLS LAST, c.reference LIMIT %(limit)s
        """,
        {"contract": contract_id, "limit": limit},
    )
    return [ReportLineRow(*row) for row in rows]


def evaluation_of(session: Session, case_id: int) -> tuple[int | None, str, dict[str, int]]:
    """What the evaluation of a case says: its score out of 100, its conclusion, the points by criterion."""
    said = "SELECT evaluation_score, conclusion, evaluation FROM cases WHERE id = %(id)s"
    [row] = select(session, said, {"id": case_id})
    return row[0], row[1], {code: int(points) for code, points in row[2].items()}
