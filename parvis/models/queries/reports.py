"""Writing the reports of cases: asked for, typed, received, corrected, settled; reading them is in `report_reading`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session
from parvis.states.gaps import Line


def ask_reports(session: Session, case_id: int, kinds: Sequence[str]) -> None:
    """Ask for reports of these kinds; one that is open already is not asked for twice."""
    session.exec_driver_sql(
        """
        INSERT INTO reports (case_id, kind, state) SELECT %(id)s, unnest(%(kinds)s::text[]), 'asked'
        ON CONFLICT (case_id, kind) WHERE state NOT IN ('accepted', 'refused', 'waived') DO NOTHING
        """,
        {"id": case_id, "kinds": [str(kind) for kind in kinds]},
    )


def ask_interim(session: Session, case_id: int) -> None:
    """Ask for the interim report its case awaits, if it awaits one."""
    session.exec_driver_sql(
        """
        INSERT INTO reports (case_id, kind, state)
        SELECT id, 'interim', 'asked' FROM cases WHERE id = %(id)s AND interim_due_on IS NOT NULL
        ON CONFLICT (case_id, kind) WHERE state NOT IN ('accepted', 'refused', 'waived') DO NOTHING
        """,
        {"id": case_id},
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
    corrections: str = "", corrections_by: date | None = None, kind: str = "final",
) -> None:  # fmt: skip
    """Say where the open report of a case stands; a final one there is none of yet begins so."""
    if kind == "final":
        ask_reports(session, case_id, [kind])
    session.exec_driver_sql(
        """
        UPDATE reports
           SET state = %(state)s, version = version + 1, way = COALESCE(%(way)s, way), corrections = %(corrections)s,
               corrections_by = %(corrections_by)s,
               received_at = CASE WHEN %(state)s = 'received' THEN %(at)s ELSE received_at END,
               received_by = CASE WHEN %(state)s = 'received' THEN %(by)s ELSE received_by END,
               settled_at = CASE WHEN %(state)s IN ('accepted', 'refused', 'waived') THEN %(at)s END,
               settled_by = CASE WHEN %(state)s IN ('accepted', 'refused', 'waived') THEN %(by)s ELSE '' END
         WHERE case_id = %(id)s AND kind = %(kind)s AND state NOT IN ('accepted', 'refused', 'waived')
        """,
        {"id": case_id, "kind": kind, "state": state, "way": way, "at": at, "by": by, "corrections": corrections,
         "corrections_by": corrections_by},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenReport:
    """The report of its `kind` a funded case owes, with what is typed of it; `report_id` None: nothing is typed yet."""

    kind: str
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


_OWED = {
    "final": "c.report_received_on IS NULL AND NOT c.not_carried_out AND c.new_dates_asked_on IS NULL",
    "interim": "c.interim_due_on IS NOT NULL AND c.interim_received_on IS NULL",
}
_DAYS = {
    "final": "c.report_due_on, c.corrections_due_on",
    "interim": "c.interim_due_on, NULL",
}


def open_report(session: Session, case_id: int, kind: str, *, lock: bool = False) -> OpenReport | None:
    """The report of this kind a case owes and has not sent; None when it owes none, or no longer."""
    statement = f"""
        SELECT %(kind)s::text, c.id, c.reference, c.title, o.name, c.starts_on, c.ends_on, {_DAYS[kind]},
               c.beneficiaries, c.qpv_share_percent, r.id, COALESCE(r.state, 'asked'), COALESCE(r.corrections, ''),
               COALESCE(r.answers, '{{}}'), r.saved_at
          FROM cases c JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN reports r ON r.case_id = c.id AND r.kind = %(kind)s
               AND r.state NOT IN ('accepted', 'refused', 'waived')
         WHERE c.id = %(id)s AND c.stage = 'funded' AND {_OWED[kind]}
        """  # noqa: S608 - the words above
    row = session.exec_driver_sql(
        f"{statement} FOR NO KEY UPDATE OF c" if lock else statement, {"id": case_id, "kind": kind}
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
    session: Session, case_id: int, kind: str, step: str, values: Mapping[str, Any], *, at: datetime, by: str
) -> None:
    """Keep the answers of one step of the open report; the others stay."""
    session.exec_driver_sql(
        """
        UPDATE reports SET answers = answers || jsonb_build_object(%(step)s::text, %(values)s::jsonb), way = 'report',
                           state = CASE WHEN state = 'asked' THEN 'draft' ELSE state END,
                           version = version + 1, saved_at = %(at)s, saved_by = %(by)s
         WHERE case_id = %(id)s AND kind = %(kind)s AND state NOT IN ('accepted', 'refused', 'waived')
        """,
        {"id": case_id, "kind": kind, "step": step, "values": json.dumps(values), "at": at, "by": by},
    )


def write_figures(
    session: Session, case_id: int, kind: str, lines: Sequence[Line], *, spent_cents: int, people: int | None,
    qpv_share_percent: int | None, answers: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write what the open report says in figures, instead of what it said before; its words too, unless it has none."""
    row = session.exec_driver_sql(
        """
        UPDATE reports SET spent_cents = %(spent)s, people = %(people)s, qpv_share_percent = %(share)s,
                           answers = answers || %(answers)s::jsonb
         WHERE case_id = %(id)s AND kind = %(kind)s AND state NOT IN ('accepted', 'refused', 'waived') RETURNING id
        """,
        {
            "id": case_id,
            "kind": kind,
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
