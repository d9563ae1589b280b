"""Writing deposits: organisations, cases and all that came with them, as sets."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session
from parvis.states.access import SETTLED

Rows = Sequence[Mapping[str, Any]]
_ADDRESS_STAYS = """(excluded.email IN ('', organisations.email)
                     OR (organisations.email <> '' AND organisations.email_source = ANY(%(settled)s)))"""


@dataclass(frozen=True, slots=True)
class Held:
    """A case already there under an external id, the hash of what was said of it last, whether some of it differs.

    Nothing of one that is anonymised is followed: who it was about does not come back.
    """

    case_id: int
    content_hash: str
    reference: str
    differs: bool
    anonymised: bool


def _json(rows: Rows) -> str:
    return json.dumps(list(rows), default=str)


def calls_by_code(session: Session, contract_id: int) -> dict[str, tuple[int, dict[str, Any]]]:
    """Id and rules of every call of the contract, by code."""
    rows = session.exec_driver_sql(
        "SELECT code, id, document FROM calls WHERE contract_id = %(id)s", {"id": contract_id}
    )
    return {row.code: (row.id, row.document) for row in rows}


def held_cases(session: Session, call_id: int, external_ids: Sequence[str]) -> dict[str, Held]:
    """The cases of a call that already carry one of these external ids."""
    rows = session.exec_driver_sql(
        """
        SELECT c.external_id, c.id, COALESCE(p.content_hash, c.content_hash), c.reference,
               p.differs IS NOT NULL AND p.differs <> '{}', c.anonymised_at IS NOT NULL
          FROM cases c LEFT JOIN portal_cases p ON p.case_id = c.id
         WHERE c.call_id = %(call)s AND c.external_id = ANY(%(ids)s)
        """,
        {"call": call_id, "ids": list(external_ids)},
    )
    return {row[0]: Held(*row[1:]) for row in rows}


def write_organisations(session: Session, rows: Rows) -> dict[str, int]:
    """Insert or complete organisations by SIRET; their ids. What is already known is never emptied.

    A partner is only named by its SIRET: that takes the place of no name. An address that was proved here, or
    corrected by the service, stays whatever a deposit says.
    """
    session.exec_driver_sql(
        """
        INSERT INTO organisations (siret, rna, name, email, phone, address, school)
        SELECT siret, rna, name, email, phone, address, school FROM json_to_recordset(%(rows)s::json)
            AS r(siret text, rna text, name text, email text, phone text, address text, school boolean)
        ON CONFLICT (siret) DO UPDATE
           SET rna = COALESCE(excluded.rna, organisations.rna),
               school = organisations.school OR excluded.school,
               name = CASE WHEN excluded.name IN ('', excluded.siret) THEN organisations.name ELSE excluded.name END,
               email = CASE WHEN {stays} THEN organisations.email ELSE excluded.email END,
               email_source = CASE WHEN {stays} THEN organisations.email_source ELSE 'deposit' END,
               phone = COALESCE(NULLIF(excluded.phone, ''), organisations.phone),
               address = COALESCE(NULLIF(excluded.address, ''), organisations.address)
        """.replace("{stays}", _ADDRESS_STAYS),
        {"rows": _json(rows), "settled": [str(each) for each in sorted(SETTLED)]},
    )
    found = session.exec_driver_sql(
        "SELECT siret, id FROM organisations WHERE siret = ANY(%(sirets)s)",
        {"sirets": [r["siret"] for r in rows]},
    )
    return {row[0]: row[1] for row in found}


def known_schools(session: Session, sirets: Sequence[str] | None = None) -> frozenset[str]:
    """The SIRET of organisations remembered as schools: those among `sirets`, or all."""
    rows = session.exec_driver_sql(
        "SELECT siret FROM organisations WHERE school AND (%(sirets)s::text[] IS NULL OR siret = ANY(%(sirets)s))",
        {"sirets": None if sirets is None else list(sirets)},
    )
    return frozenset(rows.scalars())


def write_funders(session: Session, contract_id: int, rows: Rows) -> dict[str, int]:
    """Every funder of the contract by code, after adding those only named by a deposit (they give no opinion)."""
    if rows:
        session.exec_driver_sql(
            """
            INSERT INTO funders (contract_id, code, name, kind)
            SELECT %(contract)s, code, name, 'other' FROM json_to_recordset(%(rows)s::json) AS r(code text, name text)
            ON CONFLICT (contract_id, code) DO NOTHING
            """,
            {"contract": contract_id, "rows": _json(rows)},
        )
    found = session.exec_driver_sql(
        "SELECT code, id FROM funders WHERE contract_id = %(contract)s", {"contract": contract_id}
    )
    return {row[0]: row[1] for row in found}


def next_numbers(session: Session, call_id: int, count: int) -> int:
    """Reserve `count` case numbers of a call; the first of them.

    Calls of the same code in several contracts never give the same: their cases have one series of references.
    """
    row = session.exec_driver_sql(
        """
        WITH namesakes AS (
            SELECT last_number FROM calls WHERE code = (SELECT code FROM calls WHERE id = %(id)s)
             ORDER BY id FOR UPDATE
        )
        UPDATE calls SET last_number = (SELECT max(last_number) FROM namesakes) + %(count)s
         WHERE id = %(id)s RETURNING last_number
        """,
        {"id": call_id, "count": count},
    )
    return int(row.scalar_one()) - count + 1


def write_cases(session: Session, rows: Rows, *, at: datetime) -> dict[str, int]:
    """Insert cases as drafts; their ids by reference."""
    found = session.exec_driver_sql(
        """
        INSERT INTO cases (call_id, wave_id, organisation_id, instructor_id, reference, external_id, source,
                           content_hash, entered_at, title, summary, nature, starts_on, ends_on, requested_cents,
                           total_cost_cents, beneficiaries, qpv_share_percent, contact, deposited_on)
        SELECT call_id, wave_id, organisation_id, instructor_id, reference, external_id, source, content_hash,
               %(at)s, title, summary, nature, starts_on, ends_on, requested_cents, total_cost_cents,
               beneficiaries, qpv_share_percent, contact, deposited_on
          FROM json_to_recordset(%(rows)s::json) AS r(
               call_id bigint, wave_id bigint, organisation_id bigint, instructor_id bigint, reference text,
               external_id text, source text, content_hash text, title text, summary text, nature text,
               starts_on date, ends_on date, requested_cents bigint, total_cost_cents bigint, beneficiaries int,
               qpv_share_percent int, contact jsonb, deposited_on date)
        RETURNING reference, id
        """,
        {"rows": _json(rows), "at": at},
    )
    return {row[0]: row[1] for row in found}


_CHILDREN = {
    "neighbourhoods": """
        INSERT INTO case_neighbourhoods (case_id, neighbourhood_id)
        SELECT r.case_id, n.id FROM json_to_recordset(%(rows)s::json) AS r(case_id bigint, code text)
          JOIN neighbourhoods n ON n.contract_id = %(contract)s AND n.code = r.code
        """,
    "challenges": """
        INSERT INTO case_challenges (case_id, challenge_id)
        SELECT r.case_id, n.id FROM json_to_recordset(%(rows)s::json) AS r(case_id bigint, code text)
          JOIN challenges n ON n.contract_id = %(contract)s AND n.code = r.code
        """,
    "documents": """
        INSERT INTO documents (case_id, code, label, required, received_at)
        SELECT case_id, code, label, true, received_at FROM json_to_recordset(%(rows)s::json)
            AS r(case_id bigint, code text, label text, received_at timestamptz)
        """,
    "budget": """
        INSERT INTO budget_lines (case_id, position, side, account, label, amount_cents)
        SELECT * FROM json_to_recordset(%(rows)s::json)
            AS r(case_id bigint, position int, side text, account text, label text, amount_cents bigint)
        """,
    "fundings": """
        INSERT INTO fundings (case_id, funder_id, requested_cents, portal)
        SELECT * FROM json_to_recordset(%(rows)s::json)
            AS r(case_id bigint, funder_id bigint, requested_cents bigint, portal text)
        """,
    "partners": """
        INSERT INTO partners (case_id, organisation_id, requested_cents, shares, email, state, signed_by)
        SELECT * FROM json_to_recordset(%(rows)s::json)
            AS r(case_id bigint, organisation_id bigint, requested_cents bigint, shares jsonb, email text, state text,
                 signed_by text)
        """,
    "history": """
        INSERT INTO portal_events (case_id, position, at, kind, status, by)
        SELECT * FROM json_to_recordset(%(rows)s::json)
            AS r(case_id bigint, position int, at timestamptz, kind text, status text, by text)
        """,
}


def write_children(session: Session, contract_id: int, children: Mapping[str, Rows]) -> None:
    """Insert what belongs to new cases: neighbourhoods, challenges, documents, budget, fundings, partners, history."""
    for kind, rows in children.items():
        if rows:
            session.exec_driver_sql(_CHILDREN[kind], {"rows": _json(rows), "contract": contract_id})


def waves_by_code(session: Session, call_id: int) -> dict[str, int]:
    """The ids of a call's waves, by code."""
    rows = session.exec_driver_sql("SELECT code, id FROM waves WHERE call_id = %(id)s", {"id": call_id})
    return {row[0]: row[1] for row in rows}


def instructors(session: Session, contract_id: int) -> list[tuple[int, str, int]]:
    """Active instructors: id, e-mail, open cases they have."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.email, count(c.id)
          FROM people p LEFT JOIN cases c ON c.instructor_id = p.id
           AND c.stage IN ('draft', 'submitted', 'incomplete', 'instructed', 'committee')
         WHERE p.contract_id = %(contract)s AND p.active AND p.role = 'instructor'
         GROUP BY p.id ORDER BY p.id
        """,
        {"contract": contract_id},
    )
    return [(row[0], row[1], row[2]) for row in rows]
