"""A case and all that was deposited with it."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    cents,
    chain_head,
    document,
    flag,
    identity,
    instant,
    number,
    one_of,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.partners import PartnerState
from parvis.states.stages import Nature, Stage

_DUE, _DEPOSITED = "COALESCE(due_on, 'infinity'::date)", "COALESCE(deposited_on, '-infinity'::date)"


class Case(Row, table=True):
    """One proposal. `version` is the number of its journal lines, `journal_head` the hash of the last."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("call_id", "external_id"),
        one_of("stage", Stage),
        one_of("nature", Nature),
        CheckConstraint("requested_cents >= 0 AND total_cost_cents >= 0", name="amounts"),
        # what lists are sorted by, and within a stage or a call what stands far apart (models/queries/queue.py)
        Index("ix_cases_due", sql(_DUE), "id"),
        Index("ix_cases_stage_due", "stage", sql(_DUE), "id"),
        Index("ix_cases_call_due", "call_id", sql(_DUE), "id"),
        Index("ix_cases_call_deposited", "call_id", sql(_DEPOSITED), "id"),
        Index("ix_cases_deposited", sql(_DEPOSITED), "id"),
        Index("ix_cases_stage_deposited", "stage", sql(_DEPOSITED), "id"),
        Index("ix_cases_stage_reference", "stage", "reference"),
        Index("ix_cases_requested", "requested_cents", "id"),
        Index("ix_cases_call_requested", "call_id", "requested_cents", "id"),
        Index("ix_cases_stage_instructor", "stage", "instructor_id", "requested_cents", "id"),
        Index("ix_cases_contact", sql("lower(contact ->> 'email')")),
        Index("ix_cases_renews_id", "renews_id", postgresql_where=sql("renews_id IS NOT NULL")),
        Index("ix_cases_score", sql("COALESCE(score, -1)"), "id"),
    )

    id: int = identity()
    call_id: int = reference("calls")
    wave_id: int | None = optional_reference("waves", index=True)
    organisation_id: int = reference("organisations", index=True)
    instructor_id: int | None = optional_reference("people")
    reference: str = Field(unique=True)
    external_id: str
    source: str
    content_hash: str
    stage: str = text(Stage.DRAFT)
    version: int = number()
    journal_head: bytes = chain_head()
    entered_at: Any = instant()
    entered_version: int = number()
    title: str
    summary: str = text()
    nature: str = text(Nature.NEW)
    renews_id: int | None = optional_reference("cases")  # the same action, the time before
    starts_on: date | None = None
    ends_on: date | None = None
    requested_cents: int = cents()
    total_cost_cents: int = cents()
    beneficiaries: int | None = None
    qpv_share_percent: int | None = None
    contact: dict[str, Any] = document()
    deposited_on: date | None = None
    # before the deposit: the officer a new action meets first
    contact_asked_on: date | None = None
    contacted_on: date | None = None
    # coordinated proposals: the day partners answer by, and whether the lead may grant on (CGCT L1611-4)
    partners_due_on: date | None = None
    sub_granting: bool = flag()
    # what its timers say, kept by whoever writes them (models/queries/due_dates.py)
    due_on: date | None = None
    late_after: date | None = None
    # instruction
    eligibility_checked: bool = flag()
    score: int | None = None
    assessment: dict[str, Any] = document()
    opinions_due_at: Any = optional_instant()
    reply_by: date | None = None
    # statutory clock (CRPA L231-4 3°, suspended while documents are awaited: L114-5)
    clock_started_on: date | None = None
    clock_paused_on: date | None = None
    clock_paused_days: int = number()
    # committee
    committee_id: int | None = optional_reference("committees", index=True)
    decided_on: date | None = None
    # after the decision; an interim report is awaited while it has a day to be due on
    interim_due_on: date | None = None
    interim_received_on: date | None = None
    report_due_on: date | None = None
    report_received_on: date | None = None
    report_accepted: bool = flag()
    balance_settled: bool = flag()
    notice_expires_on: date | None = None
    not_carried_out: bool = flag()
    corrections_due_on: date | None = None
    new_dates_asked_on: date | None = None
    new_starts_on: date | None = None
    new_ends_on: date | None = None
    evaluation: dict[str, Any] = document()
    evaluation_score: int | None = None
    conclusion: str = text()
    # what people wrote and who they are is gone since (services/retention/)
    anonymised_at: Any = optional_instant()


class CaseNeighbourhood(Row, table=True):
    """A neighbourhood the action serves."""

    __tablename__ = "case_neighbourhoods"
    __table_args__ = (Index("ix_case_neighbourhoods_cases", "neighbourhood_id", "case_id"),)

    case_id: int = reference("cases", cascade=True, primary_key=True)
    neighbourhood_id: int = reference("neighbourhoods", primary_key=True)


class CaseChallenge(Row, table=True):
    """A challenge the action answers."""

    __tablename__ = "case_challenges"
    __table_args__ = (Index("ix_case_challenges_cases", "challenge_id", "case_id"),)

    case_id: int = reference("cases", cascade=True, primary_key=True)
    challenge_id: int = reference("challenges", primary_key=True)


class BudgetLine(Row, table=True):
    """One line of the budget, by account (Cerfa 12156)."""

    __tablename__ = "budget_lines"
    __table_args__ = (one_of("side", ("charge", "produit")),)

    id: int = identity()
    case_id: int = reference("cases", index=True, cascade=True)
    position: int
    side: str
    account: str
    label: str = text()
    amount_cents: int = cents()


class Document(Row, table=True):
    """One document of the check-list: required, asked for again, received."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("case_id", "code"),)

    id: int = identity()
    case_id: int = reference("cases", cascade=True)
    code: str
    label: str
    required: bool = flag(default=True)
    requested_at: Any = optional_instant()
    received_at: Any = optional_instant()


class Partner(Row, table=True):
    """A partner of a coordinated proposal: its share by funder code (`shares`), what it was granted (`granted`).

    `answers` are those of its own part, word for word by field; `signed_by` binds it once it confirmed.
    """

    __tablename__ = "partners"
    __table_args__ = (
        one_of("state", PartnerState),
        CheckConstraint("(state = 'confirmed') <= (signed_by <> '')", name="signed"),
        Index("ix_partners_organisation_id", "organisation_id"),
    )

    case_id: int = reference("cases", cascade=True, primary_key=True)
    organisation_id: int = reference("organisations", primary_key=True)
    requested_cents: int = cents()
    shares: dict[str, Any] = document()
    granted: dict[str, Any] = document()
    state: str = text(PartnerState.NAMED)
    email: str = text()
    answers: dict[str, Any] = document()
    invited_at: Any = optional_instant()
    answered_at: Any = optional_instant()
    signed_by: str = text()


class PortalEvent(Row, table=True):
    """What happened to the case on the portal it came from, before Parvis."""

    __tablename__ = "portal_events"
    __table_args__ = (UniqueConstraint("case_id", "position"),)

    id: int = identity()
    case_id: int = reference("cases", cascade=True)
    position: int
    at: Any = instant()
    kind: str
    status: str
    by: str = text()
