"""What an organisation sees of its own cases: where they stand, what is awaited of it, what it was written."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of an organisation. `awaited` counts the documents asked of it; `leads` unless it is a partner."""

    id: int
    reference: str
    title: str
    call: str
    stage: str
    requested_cents: int
    granted_cents: int | None
    deposited_on: date | None
    reply_by: date | None
    report_due_on: date | None
    report_received_on: date | None
    awaited: int
    leads: bool


def own_cases(session: Session, organisation_id: int, *, limit: int) -> list[OwnCase]:
    """The cases an organisation leads or takes part in, the latest first."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, k.title, c.stage, c.requested_cents,
               (SELECT sum(granted_cents)::bigint FROM fundings WHERE case_id = c.id),
               c.deposited_on, c.reply_by, c.report_due_on, c.report_received_on,
               (SELECT count(*) FROM documents d
                 WHERE d.case_id = c.id AND d.requested_at IS NOT NULL AND d.received_at IS NULL),
               c.organisation_id = %(organisation)s
          FROM cases c JOIN calls k ON k.id = c.call_id
         WHERE c.organisation_id = %(organisation)s
            OR EXISTS (SELECT FROM partners p WHERE p.case_id = c.id AND p.organisation_id = %(organisation)s)
         ORDER BY c.id DESC LIMIT %(limit)s
        """,
        {"organisation": organisation_id, "limit": limit},
    )
    return [OwnCase(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Received:
    """A letter the organisation was sent, as it read it."""

    at: datetime
    subject: str
    text: str


def letters_received(session: Session, case_id: int) -> list[Received]:
    """The letters of a case that its applicant received, the latest first; secret links are left out."""
    rows = session.exec_driver_sql(
        """
        SELECT sent_at, subject, COALESCE(body_text, '') FROM letters
         WHERE case_id = %(id)s AND recipient = 'applicant' AND stage = 'sent' AND template <> 'sign_in'
         ORDER BY sent_at DESC, id DESC LIMIT 100
        """,
        {"id": case_id},
    )
    return [Received(*row) for row in rows]
