"""Bank details of organisations: those asked, confirmed, refused; who waits to be paid without any."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session
from parvis.states.facts import By


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bank details as they are kept; `asked_name` and `decided_name` are those of people, else empty."""

    id: int
    organisation_id: int
    sealed: bytes
    masked: str
    state: str
    asked_at: datetime
    asked_by: str
    asked_name: str
    decided_at: datetime | None
    decided_name: str
    reason: str


_DETAILS = """
SELECT b.id, b.organisation_id, b.sealed, b.masked, b.state, b.asked_at, b.asked_by,
       COALESCE(a.name, ''), b.decided_at, COALESCE(d.name, ''), b.reason
  FROM bank_details b
  LEFT JOIN people a ON b.asked_by = 'person:' || a.id
  LEFT JOIN people d ON b.decided_by = 'person:' || d.id
"""


def details_of(session: Session, organisation_id: int) -> list[Sealed]:
    """All the bank details an organisation ever gave, the latest first."""
    rows = session.exec_driver_sql(
        _DETAILS + " WHERE b.organisation_id = %(id)s ORDER BY b.id DESC", {"id": organisation_id}
    )
    return [Sealed(*row) for row in rows]


def hold(session: Session, organisation_id: int) -> list[Sealed]:
    """The same, this organisation's alone to change until the commit."""
    session.exec_driver_sql(
        "SELECT FROM organisations WHERE id = %(id)s FOR NO KEY UPDATE", {"id": organisation_id}
    )
    return details_of(session, organisation_id)


def add(session: Session, organisation_id: int, sealed: bytes, masked: str, *, by: By, at: datetime) -> int:
    """Write bank details somebody asks for; their number."""
    row = session.exec_driver_sql(
        """
        INSERT INTO bank_details (organisation_id, sealed, masked, asked_at, asked_by)
        VALUES (%(organisation)s, %(sealed)s, %(masked)s, %(at)s, %(by)s) RETURNING id
        """,
        {"organisation": organisation_id, "sealed": sealed, "masked": masked, "at": at, "by": by.actor},
    )
    return int(row.scalar_one())


def decide(session: Session, details_id: int, state: str, *, by: By, at: datetime, reason: str = "") -> None:
    """Write what became of bank details.

    Raises:
        ConstraintError: who asked would confirm (`ck_bank_details_two_people`).
    """
    session.exec_driver_sql(
        """
        UPDATE bank_details SET state = %(state)s, decided_at = %(at)s, reason = %(reason)s,
               decided_by = CASE WHEN %(state)s = 'replaced' THEN decided_by ELSE %(by)s END
         WHERE id = %(id)s
        """,
        {"id": details_id, "state": state, "at": at, "by": by.actor, "reason": reason},
    )


def write_event(
    session: Session, organisation_id: int, action: str, details: Mapping[str, object], *, by: By, at: datetime
) -> None:  # fmt: skip
    """Add a line to the story of an organisation's bank details."""
    session.exec_driver_sql(
        """
        INSERT INTO bank_journal (organisation_id, at, actor, role, action, details)
        VALUES (%(id)s, %(at)s, %(actor)s, %(role)s, %(action)s, %(details)s)
        """,
        {"id": organisation_id, "at": at, "actor": by.actor, "role": by.role, "action": action,
         "details": json.dumps(details, ensure_ascii=False)},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation of a contract: what it has confirmed and what waits, both masked; what is due to it, in cents."""

    id: int
    siret: str
    name: str
    confirmed: str
    asked: str
    due_cents: int


def organisations(session: Session, contract_id: int | None) -> list[OrganisationLine]:
    """The organisations of a contract, or of all, with bank details or to be paid; those with something to do first."""
    rows = session.exec_driver_sql(
        f"""
        WITH due AS (
            SELECT {of.PAYEE} AS id, sum(p.amount_cents)::bigint AS cents
              FROM {of.SUBJECTS}
             WHERE ({of.CONTRACT} = %(contract)s OR %(contract)s::bigint IS NULL)
               AND p.status = 'due' AND p.amount_cents > 0 GROUP BY 1
        ), known AS (
            SELECT c.organisation_id AS id FROM cases c JOIN calls k ON k.id = c.call_id
             WHERE k.contract_id = %(contract)s OR %(contract)s::bigint IS NULL
             UNION
            SELECT p.organisation_id FROM partners p JOIN cases c ON c.id = p.case_id JOIN calls k ON k.id = c.call_id
             WHERE k.contract_id = %(contract)s OR %(contract)s::bigint IS NULL
             UNION
            SELECT organisation_id FROM agreements
             WHERE contract_id = %(contract)s OR %(contract)s::bigint IS NULL
        )
        SELECT o.id, o.siret, o.name, COALESCE(b.masked, ''), COALESCE(a.masked, ''), COALESCE(due.cents, 0)
          FROM known JOIN organisations o USING (id)
          LEFT JOIN bank_details b ON b.organisation_id = o.id AND b.state = 'confirmed'
          LEFT JOIN bank_details a ON a.organisation_id = o.id AND a.state = 'asked'
          LEFT JOIN due ON due.id = o.id
         WHERE b.id IS NOT NULL OR a.id IS NOT NULL OR due.id IS NOT NULL
         ORDER BY a.id IS NULL, b.id IS NOT NULL, o.name, o.id
        """,  # noqa: S608 - the fragments of what a payment is of
        {"contract": contract_id},
    )
    return [OrganisationLine(*row) for row in rows]
