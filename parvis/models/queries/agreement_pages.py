"""Agreements as people read them: lists, one with all it holds, its story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class KnownOf:
    """What was imported with an agreement, for its renewal to take up."""

    title: str
    instructor_id: int | None
    document: dict[str, Any]


def known_of(session: Session, agreement_id: int) -> KnownOf:
    """What is known of an agreement that exists beside its rules."""
    row = session.exec_driver_sql(
        "SELECT title, instructor_id, known FROM agreements WHERE id = %(id)s", {"id": agreement_id}
    ).one()
    return KnownOf(*row)


def never_asked(session: Session, today: date) -> list[int]:
    """The agreements in renewal whose request was never written though its call has opened, the first to end first."""
    rows = session.exec_driver_sql(
        """
        SELECT id FROM agreements a WHERE stage = 'in_renewal' AND request_case_id IS NULL
           AND EXISTS (SELECT FROM calls k WHERE k.contract_id = a.contract_id AND k.instrument = 'agreement'
                          AND k.year = extract(year FROM a.ends_on + 1) AND k.opens_on <= %(today)s)
         ORDER BY ends_on, id
        """,
        {"today": today},
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement of a list. Amounts in cents: of the year under way, or of the nearest one."""

    id: int
    reference: str
    title: str
    organisation_id: int
    organisation: str
    stage: str
    version: int
    starts_on: date
    ends_on: date
    instructor: str | None
    year_cents: int
    total_cents: int
    due_on: date | None
    case: str | None
    request: str | None
    request_stage: str | None
    renews: str | None
    followed_by: str | None
    signed_on: date | None
    approval_ends_on: date | None
    evaluation_received_on: date | None


_ROWS = """
SELECT a.id, a.reference, a.title, a.organisation_id, o.name, a.stage, a.version, a.starts_on, a.ends_on, u.name,
       COALESCE((SELECT sum(m.amount_cents) FROM agreement_years y
                   JOIN agreement_amounts m ON m.agreement_id = y.agreement_id AND m.number = y.number
                  WHERE y.agreement_id = a.id AND y.number = COALESCE(
                        (SELECT max(number) FROM agreement_years
                          WHERE agreement_id = a.id AND starts_on <= %(today)s), 1)), 0)::bigint,
       COALESCE((SELECT sum(amount_cents) FROM agreement_amounts WHERE agreement_id = a.id), 0)::bigint,
       (SELECT min(deadline) FROM timers t WHERE t.agreement_id = a.id AND t.settled_at IS NULL),
       c.reference, r.reference, r.stage, b.reference, n.reference,
       a.signed_on, a.approval_ends_on, a.evaluation_received_on
  FROM agreements a
  JOIN organisations o ON o.id = a.organisation_id
  LEFT JOIN people u ON u.id = a.instructor_id
  LEFT JOIN cases c ON c.id = a.case_id
  LEFT JOIN cases r ON r.id = a.request_case_id
  LEFT JOIN agreements b ON b.id = a.renews_id
  LEFT JOIN agreements n ON n.renews_id = a.id AND n.stage <> 'terminated'
"""


def list_agreements(
    session: Session, *, today: date, stages: Sequence[str] = (), ends_by: date | None = None, words: str = "",
    organisation_id: int | None = None, contract_id: int | None = None, limit: int = 200,
) -> list[AgreementRow]:  # fmt: skip
    """Agreements at these stages (all when none is said), that end by a day, whose names hold these words."""
    rows = session.exec_driver_sql(
        _ROWS
        + """
         WHERE (%(stages)s::text[] = '{}' OR a.stage = ANY(%(stages)s::text[]))
           AND (%(ends)s::date IS NULL OR a.ends_on <= %(ends)s::date)
           AND (%(organisation)s::bigint IS NULL OR a.organisation_id = %(organisation)s::bigint)
           AND (%(contract)s::bigint IS NULL OR a.contract_id = %(contract)s::bigint)
           AND bare_words(concat_ws(' ', a.reference, a.title, o.name, o.siret)) LIKE '%%' || btrim(bare_words(%(words)s)) || '%%'
         ORDER BY a.stage IN ('renewed', 'ended', 'terminated'), a.ends_on, a.id LIMIT %(limit)s
        """,  # noqa: E501
        {"today": today, "stages": list(stages), "ends": ends_by, "words": words, "organisation": organisation_id,
         "contract": contract_id,
         "limit": limit},
    )  # fmt: skip
    return [AgreementRow(*row) for row in rows]


def one_agreement(session: Session, agreement_id: int, *, today: date) -> AgreementRow | None:
    """An agreement as a list shows it."""
    row = session.exec_driver_sql(
        f"{_ROWS} WHERE a.id = %(id)s", {"id": agreement_id, "today": today}
    ).one_or_none()
    return AgreementRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """The review of a year."""

    number: int
    reviewed_on: date
    review: str
    note: str


def reviews(session: Session, agreement_id: int) -> list[ReviewLine]:
    """The reviews made of the years of an agreement."""
    rows = session.exec_driver_sql(
        """
        SELECT number, reviewed_on, review, review_note FROM agreement_years
         WHERE agreement_id = %(id)s AND reviewed_on IS NOT NULL ORDER BY number
        """,
        {"id": agreement_id},
    )
    return [ReviewLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class InstalmentLine:
    """An instalment of a year, all funders together. In cents."""

    number: int
    position: int
    code: str
    paid_on: str
    amount_cents: int


def instalments(session: Session, agreement_id: int) -> list[InstalmentLine]:
    """The instalments of an agreement, all funders together."""
    rows = session.exec_driver_sql(
        """
        SELECT number, position, min(code), min(paid_on), sum(amount_cents)::bigint FROM agreement_instalments
         WHERE agreement_id = %(id)s GROUP BY number, position ORDER BY number, position
        """,
        {"id": agreement_id},
    )
    return [InstalmentLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """An amendment of an agreement."""

    number: int
    made_at: datetime
    reason: str
    old_end: date
    new_end: date | None
    year: int | None


def amendments(session: Session, agreement_id: int) -> list[AmendmentLine]:
    """The amendments of an agreement, in order."""
    rows = session.exec_driver_sql(
        """
        SELECT number, made_at, reason, old_end, new_end, year FROM agreement_amendments
         WHERE agreement_id = %(id)s ORDER BY number
        """,
        {"id": agreement_id},
    )
    return [AmendmentLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A line of the journal of an agreement, with the name of who acted; empty for the machine's own hands."""

    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    target: str
    details: str
    actor_name: str


def told_steps(session: Session, agreement_id: int) -> list[ToldStep]:
    """What happened to an agreement, oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT j.seq, j.at, j.actor, j.role, j.action, j.target, j.details, COALESCE(p.name, '')
          FROM agreement_journal j LEFT JOIN people p ON j.actor = 'person:' || p.id
         WHERE j.agreement_id = %(id)s ORDER BY j.seq
        """,
        {"id": agreement_id},
    )
    return [ToldStep(*row) for row in rows]


def seen_agreement(
    session: Session, reference: str, *, contract_id: int | None, organisation_id: int | None
) -> int | None:
    """The agreement of this reference, of this organisation or, for a person, of this contract; None when not."""
    row = session.exec_driver_sql(
        """
        SELECT id FROM agreements
         WHERE upper(reference) = upper(%(reference)s)
           AND (organisation_id = %(organisation)s::bigint
                OR %(organisation)s::bigint IS NULL AND contract_id = %(contract)s::bigint)
        """,
        {"reference": reference, "contract": contract_id, "organisation": organisation_id},
    ).one_or_none()
    return int(row[0]) if row else None


def contract_of(session: Session, agreement_id: int) -> int:
    """The contract of an agreement that exists."""
    row = session.exec_driver_sql(
        "SELECT contract_id FROM agreements WHERE id = %(id)s", {"id": agreement_id}
    )
    return int(row.scalar_one())


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A letter about an agreement."""

    template: str
    stage: str
    at: datetime
    subject: str | None
    name: str | None


def agreement_letters(session: Session, agreement_id: int) -> list[OwedLine]:
    """The letters about an agreement, oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT template, stage, COALESCE(sent_at, owed_at), subject, name FROM letters
         WHERE agreement_id = %(id)s ORDER BY 3, id
        """,
        {"id": agreement_id},
    )
    return [OwedLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A request to renew an agreement that its organisation has not submitted."""

    case_id: int
    organisation_id: int
    call: str
    saved_at: datetime


def waiting_drafts(session: Session, contract_id: int) -> list[WaitingDraft]:
    """The renewal requests of a contract that are drafts still."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.organisation_id, k.code, d.saved_at
          FROM agreements a JOIN cases c ON c.id = a.request_case_id AND c.stage = 'draft'
          JOIN drafts d ON d.case_id = c.id JOIN calls k ON k.id = c.call_id
         WHERE a.contract_id = %(contract)s ORDER BY c.id
        """,
        {"contract": contract_id},
    )
    return [WaitingDraft(*row) for row in rows]
