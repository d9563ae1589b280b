"""Everything the rows of one case say, part by part."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session, select
from parvis.states.partners import PartnerState


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for the case at the organisation."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks."""

    siret: str
    rna: str | None
    name: str
    email: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """The case itself, the call it answers, who looks after it, and where it stands. Amounts in cents."""

    id: int
    reference: str
    external_id: str
    source: str
    title: str
    summary: str
    nature: str
    stage: str
    version: int
    entered_at: datetime
    call: str
    call_title: str
    wave: str | None
    instructor: str | None
    instructor_email: str | None
    starts_on: date | None
    ends_on: date | None
    requested_cents: int
    total_cost_cents: int
    beneficiaries: int | None
    qpv_share_percent: int | None
    deposited_on: date | None
    eligibility_checked: bool
    score: int | None
    opinions_due_at: datetime | None
    reply_by: date | None
    clock_started_on: date | None
    clock_paused_on: date | None
    committee: str | None
    committee_on: date | None
    decided_on: date | None
    report_due_on: date | None
    report_received_on: date | None
    report_accepted: bool
    balance_settled: bool
    anonymised_at: datetime | None
    interim_due_on: date | None
    interim_received_on: date | None


_HEAD = """
SELECT c.id, c.reference, c.external_id, c.source, c.title, c.summary, c.nature, c.stage, c.version, c.entered_at,
       k.code, k.title, w.title, p.name, p.email, c.starts_on, c.ends_on, c.requested_cents, c.total_cost_cents,
       c.beneficiaries, c.qpv_share_percent, c.deposited_on, c.eligibility_checked, c.score, c.opinions_due_at,
       c.reply_by, c.clock_started_on, c.clock_paused_on, m.name, m.held_on, c.decided_on, c.report_due_on,
       c.report_received_on, c.report_accepted, c.balance_settled, c.anonymised_at,
       c.interim_due_on, c.interim_received_on,
       o.siret, o.rna, o.name, o.email, o.phone, o.address,
       COALESCE(c.contact ->> 'name', ''), COALESCE(c.contact ->> 'email', ''), COALESCE(c.contact ->> 'phone', '')
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN waves w ON w.id = c.wave_id
  LEFT JOIN people p ON p.id = c.instructor_id
  LEFT JOIN committees m ON m.id = c.committee_id
 WHERE c.id = %(id)s
"""


def read_head(session: Session, case_id: int) -> tuple[Head, Applicant, Contact]:
    """A case that exists, who asks, and their contact (empty texts when there is none)."""
    [row] = select(session, _HEAD, {"id": case_id})
    return Head(*row[:38]), Applicant(*row[38:44]), Contact(*row[44:])


@dataclass(frozen=True, slots=True)
class Named:
    """A code and what people call it."""

    code: str
    name: str


def read_places(session: Session, case_id: int) -> tuple[list[Named], list[Named]]:
    """The neighbourhoods the action serves, and the challenges it answers."""
    rows = select(
        session,
        """
        SELECT 1, n.code, n.name FROM case_neighbourhoods c JOIN neighbourhoods n ON n.id = c.neighbourhood_id
         WHERE c.case_id = %(id)s
        UNION ALL
        SELECT 2, n.code, n.label FROM case_challenges c JOIN challenges n ON n.id = c.challenge_id
         WHERE c.case_id = %(id)s
         ORDER BY 1, 2
        """,
        {"id": case_id},
    )
    return [Named(*row[1:]) for row in rows if row[0] == 1], [Named(*row[1:]) for row in rows if row[0] == 2]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of the check-list: asked for again, received."""

    code: str
    label: str
    requested_at: datetime | None
    received_at: datetime | None


def read_documents(session: Session, case_id: int) -> list[DocumentLine]:
    """The check-list, in its order."""
    rows = select(
        session,
        "SELECT code, label, requested_at, received_at FROM documents WHERE case_id = %(id)s ORDER BY id",
        {"id": case_id},
    )
    return [DocumentLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of the budget; `side` is `charge` or `produit`, the amount in cents."""

    side: str
    account: str
    label: str
    amount_cents: int


def read_budget(session: Session, case_id: int) -> list[BudgetLine]:
    """The budget, in its order."""
    rows = select(
        session,
        "SELECT side, account, label, amount_cents FROM budget_lines WHERE case_id = %(id)s ORDER BY position, id",
        {"id": case_id},
    )
    return [BudgetLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class FundingLine:
    """What one funder is asked, says, proposes and gives. Amounts in cents, None until said."""

    code: str
    funder: str
    requested_cents: int
    opinion_asked_at: datetime | None
    opinion: str | None
    opinion_at: datetime | None
    comment: str
    proposed_cents: int | None
    granted_cents: int | None
    portal: str


def read_fundings(session: Session, case_id: int) -> list[FundingLine]:
    """The funders of a case, the most asked first."""
    rows = select(
        session,
        """
        SELECT f.code, f.name, g.requested_cents, g.opinion_asked_at, g.opinion, g.opinion_at, g.opinion_comment,
               g.proposed_cents, g.granted_cents, g.portal
          FROM fundings g JOIN funders f ON f.id = g.funder_id
         WHERE g.case_id = %(id)s ORDER BY g.requested_cents DESC, f.id
        """,
        {"id": case_id},
    )
    return [FundingLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner of a coordinated proposal, its share and where it stands, in cents."""

    siret: str
    name: str
    requested_cents: int
    state: str = PartnerState.NAMED
    email: str = ""
    signed_by: str = ""
    invited_at: datetime | None = None
    answered_at: datetime | None = None
    organisation_id: int = 0
    shares: tuple[tuple[str, int], ...] = ()
    granted: tuple[tuple[str, int], ...] = ()

    @property
    def granted_cents(self) -> int:
        """What it was granted, in cents."""
        return sum(cents for _, cents in self.granted)


def read_partners(session: Session, case_id: int) -> list[PartnerLine]:
    """The partners of a case."""
    rows = select(
        session,
        """
        SELECT o.siret, o.name, p.requested_cents, p.state, COALESCE(NULLIF(o.email, ''), p.email), p.signed_by,
               p.invited_at, p.answered_at, o.id, p.shares, p.granted
          FROM partners p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.case_id = %(id)s ORDER BY p.requested_cents DESC, o.id
        """,
        {"id": case_id},
    )
    return [PartnerLine(*row[:9], _by_funder(row[9]), _by_funder(row[10])) for row in rows]  # type: ignore[call-arg]


def _by_funder(amounts: Any) -> tuple[tuple[str, int], ...]:
    return tuple(amounts.items())


@dataclass(frozen=True, slots=True)
class PortalStep:
    """A step the case took on the portal it came from."""

    at: datetime
    kind: str
    status: str
    by: str


def read_portal(session: Session, case_id: int) -> list[PortalStep]:
    """The life of the case before Parvis, in its order."""
    rows = select(
        session,
        "SELECT at, kind, status, by FROM portal_events WHERE case_id = %(id)s ORDER BY position",
        {"id": case_id},
    )
    return [PortalStep(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """Something that will happen to the case if nobody does anything."""

    rule: str
    kind: str
    deadline: date | None
    due_at: datetime
    action: str | None
    template: str | None
    recipient: str | None


def read_deadlines(session: Session, case_id: int) -> list[DeadlineLine]:
    """The open timers of a case, the next one first."""
    rows = select(
        session,
        """
        SELECT rule, kind, deadline, due_at, action, template, recipient FROM timers
         WHERE case_id = %(id)s AND settled_at IS NULL ORDER BY due_at, id
        """,
        {"id": case_id},
    )
    return [DeadlineLine(*row) for row in rows]
