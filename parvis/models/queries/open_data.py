"""The grants of a contract as they are published, and the publications made of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session, read


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What one funder gives to one organisation by one decision, as the database holds it. Amounts in cents.

    `paid` are the instalments, each a day or nothing, in their order. `threshold_cents` and the four that follow are
    what the call says, None without a call.
    """

    funder: str
    reference: str
    decided_on: date
    organisation: str
    siret: str
    rna: str | None
    title: str
    cents: int
    whole_cents: int
    year_cents: int
    paid: Sequence[str | None]
    report_due_on: date | None
    ends_on: date | None
    threshold_cents: int | None
    payment_days: int | None
    notified_to_eu: bool | None
    aid_scheme: str | None


# What each funder gives directly to each organisation: by cases that are funded, by the years of agreements that no
# case of ours gave birth to. The lead of a coordinated proposal has what is not its partners'.
_GRANTS = """
WITH decided AS (
    SELECT c.id, c.reference, c.title, c.organisation_id, c.report_due_on, c.ends_on, c.sub_granting, k.year,
           k.document, COALESCE(a.signed_on, c.decided_on, (c.entered_at AT TIME ZONE 'Europe/Paris')::date) AS day
      FROM cases c JOIN calls k ON k.id = c.call_id
      LEFT JOIN agreements a ON a.case_id = c.id
     WHERE k.contract_id = %(contract)s AND c.stage IN ('funded', 'evaluated')
), shared AS (
    SELECT d.id, f.id AS funder_id, p.organisation_id, (p.granted ->> f.code)::bigint AS cents
      FROM decided d JOIN partners p ON p.case_id = d.id AND p.state = 'confirmed' AND NOT d.sub_granting
      JOIN fundings g ON g.case_id = d.id JOIN funders f ON f.id = g.funder_id AND p.granted ? f.code
), given AS (
    SELECT id, funder_id, organisation_id, organisation_id AS partner_id, cents FROM shared
    UNION ALL
    SELECT d.id, g.funder_id, d.organisation_id, NULL, (COALESCE(g.granted_cents, 0) - COALESCE(
           (SELECT sum(s.cents) FROM shared s WHERE s.id = d.id AND s.funder_id = g.funder_id), 0))::bigint
      FROM decided d JOIN fundings g ON g.case_id = d.id
), taken_over AS (
    SELECT a.id, a.reference, a.title, a.organisation_id, COALESCE(a.signed_on, a.starts_on) AS day, a.ends_on,
           m.funder_id, m.amount_cents AS cents, extract(year FROM y.starts_on)::int AS year
      FROM agreements a JOIN agreement_years y ON y.agreement_id = a.id AND y.starts_on <= a.ends_on
      JOIN agreement_amounts m ON m.agreement_id = a.id AND m.number = y.number
     WHERE a.contract_id = %(contract)s AND a.case_id IS NULL AND a.stage <> 'draft'
), yearly AS (
    SELECT funder_id, organisation_id, year, sum(cents)::bigint AS cents FROM (
        SELECT g.funder_id, g.organisation_id, d.year, g.cents FROM given g JOIN decided d ON d.id = g.id
        UNION ALL SELECT funder_id, organisation_id, year, cents FROM taken_over) x
     GROUP BY funder_id, organisation_id, year
), published AS (
    SELECT g.funder_id, d.reference, d.day, g.organisation_id, d.title, g.cents,
           (SELECT h.granted_cents FROM fundings h WHERE h.case_id = d.id AND h.funder_id = g.funder_id) AS whole,
           (SELECT y.cents FROM yearly y WHERE y.funder_id = g.funder_id AND y.organisation_id = g.organisation_id
               AND y.year = d.year) AS year_cents,
           ARRAY(SELECT COALESCE(p.paid_on, p.due_on)::text FROM payments p
                  WHERE p.case_id = d.id AND p.funder_id = g.funder_id
                    AND p.partner_id IS NOT DISTINCT FROM g.partner_id
                    AND p.status <> 'cancelled' AND p.instalment <> 'repayment' ORDER BY p.position, p.id) AS paid,
           d.report_due_on, d.ends_on, d.document
      FROM given g JOIN decided d ON d.id = g.id
     WHERE g.cents > 0
    UNION ALL
    SELECT t.funder_id, t.reference, t.day, t.organisation_id, t.title, sum(t.cents)::bigint, sum(t.cents)::bigint,
           max((SELECT y.cents FROM yearly y WHERE y.funder_id = t.funder_id
                   AND y.organisation_id = t.organisation_id AND y.year = t.year)),
           ARRAY(SELECT COALESCE(p.paid_on, p.due_on)::text FROM agreement_instalments i
                   LEFT JOIN payments p ON p.agreement_id = i.agreement_id AND p.year = i.number
                         AND p.funder_id = i.funder_id AND p.instalment = i.code AND p.status <> 'cancelled'
                  WHERE i.agreement_id = t.id AND i.funder_id = t.funder_id ORDER BY i.number, i.position),
           NULL::date, t.ends_on, NULL::jsonb
      FROM taken_over t
     GROUP BY t.id, t.funder_id, t.reference, t.day, t.organisation_id, t.title, t.ends_on HAVING sum(t.cents) > 0
)
SELECT f.code, p.reference, p.day, o.name, o.siret, o.rna, p.title, p.cents, p.whole, p.year_cents, p.paid,
       p.report_due_on, p.ends_on, (p.document ->> 'agreement_threshold_cents')::bigint,
       (p.document #>> '{times,payment_days}')::int, (p.document ->> 'notified_to_eu')::boolean,
       p.document ->> 'aid_scheme'
  FROM published p JOIN funders f ON f.id = p.funder_id JOIN organisations o ON o.id = p.organisation_id
 ORDER BY p.reference, f.code, o.siret
"""


def grants(session: Session, contract_id: int) -> list[GrantRow]:
    """All that was granted by decisions of a contract and still holds."""
    return [GrantRow(*row) for row in read(session, _GRANTS, {"contract": contract_id})]


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """One publication, without its content."""

    number: int
    published_at: datetime
    scope: str
    schema_version: str
    validator: str
    rows: int
    sha256: str
    size: int
    changes: Mapping[str, Any]


_WITHOUT = (
    "number, published_at, scope, schema_version, validator, rows, sha256, octet_length(content), changes"
)


def publications(session: Session, contract_id: int, limit: int = 60) -> list[PublicationRow]:
    """The publications of a contract, the one in force first."""
    rows = session.exec_driver_sql(
        f"SELECT {_WITHOUT} FROM publications WHERE contract_id = %(contract)s"  # noqa: S608 - the words above
        " ORDER BY number DESC LIMIT %(limit)s",
        {"contract": contract_id, "limit": limit},
    )
    return [PublicationRow(*row) for row in rows]


def content(session: Session, contract_id: int, number: int) -> str:
    """The file of a publication that exists."""
    row = session.exec_driver_sql(
        "SELECT content FROM publications WHERE contract_id = %(contract)s AND number = %(number)s",
        {"contract": contract_id, "number": number},
    )
    return str(row.scalar_one())


def lock(session: Session, contract_id: int) -> None:
    """Publish one at a time."""
    session.exec_driver_sql("SELECT FROM contracts WHERE id = %(id)s FOR UPDATE", {"id": contract_id})


def add_publication(session: Session, contract_id: int, made: PublicationRow, written: str) -> None:
    """Keep a publication: it is in force from now on."""
    session.exec_driver_sql(
        """
        INSERT INTO publications (contract_id, number, published_at, scope, schema_version, validator, rows, sha256,
                                  content, changes)
        VALUES (%(contract)s, %(number)s, %(at)s, %(scope)s, %(schema)s, %(validator)s, %(rows)s, %(sha256)s,
                %(content)s, %(changes)s)
        """,
        {"contract": contract_id, "number": made.number, "at": made.published_at, "scope": made.scope,
         "schema": made.schema_version, "validator": made.validator, "rows": made.rows, "sha256": made.sha256,
         "content": written, "changes": json.dumps(made.changes, ensure_ascii=False)},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicContract:
    """A contract anybody may read of."""

    id: int
    code: str
    name: str


def public_contracts(session: Session) -> list[PublicContract]:
    """Every contract, in its order."""
    return [
        PublicContract(*row)
        for row in session.exec_driver_sql("SELECT id, code, name FROM contracts ORDER BY id")
    ]


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that takes requests."""

    code: str
    title: str
    opens_on: date
    closes_on: date | None


def open_calls(session: Session, contract_id: int, today: date) -> list[OpenCall]:
    """The calls open today, the latest opened first; history taken over is none."""
    rows = session.exec_driver_sql(
        """
        SELECT code, title, opens_on, closes_on FROM calls
         WHERE contract_id = %(contract)s AND NOT silent AND opens_on <= %(today)s
           AND (closes_on IS NULL OR closes_on >= %(today)s) ORDER BY opens_on DESC, id DESC
        """,
        {"contract": contract_id, "today": today},
    )
    return [OpenCall(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """A grant as anybody may know of it (loi 2000-321 art. 10). Cents."""

    reference: str
    title: str
    organisation: str
    decided_on: date
    cents: int


def decisions(session: Session, contract_id: int, before: date, limit: int = 100) -> list[PublicDecision]:
    """The latest grants decided before a day, the latest first; history taken over is left out."""
    rows = session.exec_driver_sql(
        """
        SELECT c.reference, c.title, o.name, c.decided_on,
               COALESCE((SELECT sum(granted_cents) FROM fundings WHERE case_id = c.id), 0)::bigint
          FROM cases c JOIN calls k ON k.id = c.call_id AND NOT k.silent
          JOIN organisations o ON o.id = c.organisation_id
         WHERE k.contract_id = %(contract)s AND c.stage IN ('funded', 'evaluated') AND c.decided_on < %(before)s
         ORDER BY c.decided_on DESC, c.id DESC LIMIT %(limit)s
        """,
        {"contract": contract_id, "before": before, "limit": limit},
    )
    return [PublicDecision(*row) for row in rows]
