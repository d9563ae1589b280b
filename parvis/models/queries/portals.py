"""What the platform of a case says of it, beside what Parvis has; and what is taken from it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class PortalLine:
    """What a platform said last; by key, what `differs`, and what was `kept` in spite of it."""

    source: str
    status: str
    content_hash: str
    said: Mapping[str, Any]
    differs: Mapping[str, Any]
    kept: Mapping[str, Any]
    told_at: datetime


def portal_line(session: Session, case_id: int) -> PortalLine | None:
    """What its platform said of a case; None when none did."""
    rows = select(
        session,
        """
        SELECT source, status, content_hash, said, differs, kept, told_at FROM portal_cases WHERE case_id = %(id)s
        """,
        {"id": case_id},
    )
    return PortalLine(*rows[0]) if rows else None


def write_lines(session: Session, rows: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Write what platforms say of cases, whatever they said before; what was kept stays kept."""
    session.exec_driver_sql(
        """
        INSERT INTO portal_cases (case_id, source, status, content_hash, said, differs, told_at)
        SELECT case_id, source, status, content_hash, said, differs, %(at)s
          FROM json_to_recordset(%(rows)s::json) AS r(case_id bigint, source text, status text, content_hash text,
                                                      said jsonb, differs jsonb)
        ON CONFLICT (case_id) DO UPDATE
           SET source = excluded.source, status = excluded.status, content_hash = excluded.content_hash,
               said = excluded.said, differs = excluded.differs, told_at = excluded.told_at
        """,
        {"rows": json.dumps(list(rows), default=str), "at": at},
    )


def settle_key(session: Session, case_id: int, key: str, *, kept: object = None) -> None:
    """Forget that a key differs; with a `kept` value, remember that it was kept against it."""
    session.exec_driver_sql(
        """
        UPDATE portal_cases SET differs = differs - %(key)s::text,
               kept = CASE WHEN %(kept)s::jsonb IS NULL THEN kept - %(key)s::text
                           ELSE kept || jsonb_build_object(%(key)s::text, %(kept)s::jsonb) END
         WHERE case_id = %(id)s
        """,
        {"id": case_id, "key": key, "kept": None if kept is None else json.dumps(kept)},
    )


def set_status(session: Session, case_id: int, status: str, *, differs: bool, at: datetime) -> None:
    """Write the status a platform gives a case, among what `differs` when it contradicts us."""
    session.exec_driver_sql(
        """
        UPDATE portal_cases SET status = %(status)s, told_at = %(at)s,
               differs = CASE WHEN %(differs)s THEN differs || jsonb_build_object('status', %(status)s::text)
                              ELSE differs - 'status' END
         WHERE case_id = %(id)s
        """,
        {"id": case_id, "status": status, "differs": differs, "at": at},
    )


@dataclass(frozen=True, slots=True)
class OurCase:
    """What Parvis has of a case, for what platforms also say; amounts in cents, funders by code."""

    stage: str
    eligibility_checked: bool
    siret: str
    title: str
    summary: str
    nature: str
    starts_on: date | None
    ends_on: date | None
    requested_cents: int
    total_cost_cents: int
    beneficiaries: int | None
    qpv_share_percent: int | None
    contact: Mapping[str, Any]
    asked: Mapping[str, int]
    neighbourhoods: Sequence[str]
    challenges: Sequence[str]
    budget: Sequence[Sequence[Any]]
    has_partners: bool


_OURS = """
SELECT c.stage, c.eligibility_checked, o.siret, c.title, c.summary, c.nature, c.starts_on, c.ends_on,
       c.requested_cents, c.total_cost_cents, c.beneficiaries, c.qpv_share_percent, c.contact,
       COALESCE((SELECT jsonb_object_agg(f.code, g.requested_cents) FROM fundings g JOIN funders f ON f.id = g.funder_id
                  WHERE g.case_id = c.id AND g.requested_cents > 0), '{}'),
       ARRAY(SELECT n.code FROM case_neighbourhoods x JOIN neighbourhoods n ON n.id = x.neighbourhood_id
              WHERE x.case_id = c.id ORDER BY n.code),
       ARRAY(SELECT h.code FROM case_challenges x JOIN challenges h ON h.id = x.challenge_id
              WHERE x.case_id = c.id ORDER BY h.code),
       COALESCE((SELECT jsonb_agg(jsonb_build_array(b.side, b.account, b.label, b.amount_cents) ORDER BY b.position)
                   FROM budget_lines b WHERE b.case_id = c.id), '[]'),
       EXISTS (SELECT FROM partners p WHERE p.case_id = c.id)
  FROM cases c JOIN organisations o ON o.id = c.organisation_id
 WHERE c.id = %(id)s
"""


def our_case(session: Session, case_id: int) -> OurCase:
    """What Parvis has of a case that exists."""
    return OurCase(*select(session, _OURS, {"id": case_id})[0])


def hold_case(session: Session, case_id: int) -> None:
    """Keep everybody else from changing a case until the commit."""
    session.exec_driver_sql("SELECT FROM cases WHERE id = %(id)s FOR UPDATE", {"id": case_id})


def names_by_code(session: Session, case_id: int) -> dict[str, str]:
    """The names of the funders, neighbourhoods and challenges of the contract of a case."""
    rows = select(
        session,
        """
        WITH here AS (SELECT k.contract_id FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(id)s)
        SELECT code, name FROM here JOIN funders USING (contract_id)
        UNION ALL SELECT code, name FROM here JOIN neighbourhoods USING (contract_id)
        UNION ALL SELECT code, code || ' ' || label FROM here JOIN challenges USING (contract_id)
        """,
        {"id": case_id},
    )
    return {row[0]: row[1] for row in rows}


_COLUMNS = {
    "title": "text", "summary": "text", "starts_on": "date", "ends_on": "date", "beneficiaries": "int",
    "qpv_share_percent": "int", "total_cost_cents": "bigint",
    "requested_cents": "bigint",
}  # fmt: skip


def take_columns(session: Session, case_id: int, values: Mapping[str, object]) -> None:
    """Write on a case what a platform says, by column; its contact as a whole."""
    plain = {name: value for name, value in values.items() if name in _COLUMNS}
    said = ", ".join(f"{name} = %({name})s::{_COLUMNS[name]}" for name in plain)
    if said:
        session.exec_driver_sql(f"UPDATE cases SET {said} WHERE id = %(id)s", {**plain, "id": case_id})  # noqa: S608
    if "contact" in values:
        session.exec_driver_sql(
            "UPDATE cases SET contact = %(contact)s::jsonb WHERE id = %(id)s",
            {"contact": json.dumps(values["contact"]), "id": case_id},
        )


def take_asked(session: Session, case_id: int, funder: str, cents: int) -> None:
    """Write what a case asks of a funder (by code), and what it asks in all."""
    session.exec_driver_sql(
        """
        WITH asked AS (
            INSERT INTO fundings (case_id, funder_id, requested_cents)
            SELECT c.id, f.id, %(cents)s FROM cases c JOIN calls k ON k.id = c.call_id
              JOIN funders f ON f.contract_id = k.contract_id AND f.code = %(funder)s
             WHERE c.id = %(id)s
            ON CONFLICT (case_id, funder_id) DO UPDATE SET requested_cents = excluded.requested_cents
            RETURNING case_id, funder_id, requested_cents
        )
        UPDATE cases c SET requested_cents = asked.requested_cents + COALESCE((
               SELECT sum(g.requested_cents) FROM fundings g
                WHERE g.case_id = c.id AND g.funder_id <> asked.funder_id), 0)
          FROM asked WHERE c.id = asked.case_id
        """,
        {"id": case_id, "funder": funder, "cents": cents},
    )


_SETS = {
    "neighbourhoods": ("case_neighbourhoods", "neighbourhood_id"),
    "challenges": ("case_challenges", "challenge_id"),
}


def take_codes(session: Session, case_id: int, kind: str, codes: Sequence[str]) -> None:
    """Write the neighbourhoods, or the challenges, of a case by their codes."""
    table, column = _SETS[kind]
    session.exec_driver_sql(f"DELETE FROM {table} WHERE case_id = %(id)s", {"id": case_id})  # noqa: S608
    session.exec_driver_sql(
        f"""
        INSERT INTO {table} (case_id, {column})
        SELECT c.id, n.id FROM cases c JOIN calls k ON k.id = c.call_id
          JOIN {kind} n ON n.contract_id = k.contract_id AND n.code = ANY(%(codes)s)
         WHERE c.id = %(id)s
        """,  # noqa: S608 - the two tables above
        {"id": case_id, "codes": list(codes)},
    )


def take_budget(session: Session, case_id: int, lines: Sequence[Sequence[object]]) -> None:
    """Write the budget of a case: side, account, label and cents of each line."""
    session.exec_driver_sql("DELETE FROM budget_lines WHERE case_id = %(id)s", {"id": case_id})
    session.exec_driver_sql(
        """
        INSERT INTO budget_lines (case_id, position, side, account, label, amount_cents)
        SELECT %(id)s, rank - 1, line ->> 0, line ->> 1, line ->> 2, (line ->> 3)::bigint
          FROM json_array_elements(%(lines)s::json) WITH ORDINALITY AS l(line, rank)
        """,
        {"id": case_id, "lines": json.dumps([list(line) for line in lines])},
    )


def follow_steps(
    session: Session, case_id: int, steps: Sequence[Mapping[str, Any]], answers: Mapping[str, str]
) -> None:
    """Write the steps a case took on its platform, and where each funder (by code) stands there."""
    if steps:
        session.exec_driver_sql("DELETE FROM portal_events WHERE case_id = %(id)s", {"id": case_id})
        session.exec_driver_sql(
            """
            INSERT INTO portal_events (case_id, position, at, kind, status, by)
            SELECT %(id)s, position, at, kind, status, by FROM json_to_recordset(%(rows)s::json)
                AS r(position int, at timestamptz, kind text, status text, by text)
            """,
            {"id": case_id, "rows": json.dumps(list(steps), default=str)},
        )
    session.exec_driver_sql(
        """
        UPDATE fundings g SET portal = said.status
          FROM json_each_text(%(answers)s::json) AS said(code, status), funders f
         WHERE g.case_id = %(id)s AND f.id = g.funder_id AND f.code = said.code AND g.portal <> said.status
        """,
        {"id": case_id, "answers": json.dumps(dict(answers))},
    )
