"""Reading the reports of cases: those of one with their accounts, those that are awaited, what an evaluation says."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session, select
from parvis.states.gaps import Line


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
    kind: str


def list_reports(session: Session, *, contract_id: int | None, limit: int) -> list[ReportLineRow]:
    """The reports of cases not closed yet, those that are awaited or to be read, the one due first first."""
    rows = session.exec_driver_sql(
        """
        SELECT c.reference, c.title, o.name, w.due_on, COALESCE(r.state, 'asked'), r.way, w.received_on,
               c.notice_expires_on, w.kind
          FROM cases c JOIN organisations o ON o.id = c.organisation_id JOIN calls k ON k.id = c.call_id
         CROSS JOIN LATERAL (
               VALUES ('final', COALESCE(c.corrections_due_on, c.report_due_on), c.report_received_on),
                      ('interim', c.interim_due_on, c.interim_received_on)) AS w(kind, due_on, received_on)
          LEFT JOIN LATERAL (SELECT state, way FROM reports WHERE case_id = c.id AND kind = w.kind
                              ORDER BY id DESC LIMIT 1) r ON true
         WHERE c.stage = 'funded' AND (w.kind = 'final' OR w.due_on IS NOT NULL)
           AND (%(contract)s::bigint IS NULL OR k.contract_id = %(contract)s::bigint)
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
