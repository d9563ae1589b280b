"""What comes after the decision: payments of a grant, reports of an action and the lines of their accounts."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    cents,
    document,
    identity,
    number,
    one_of,
    optional_cents,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.contract.instruction import PaidOn
from parvis.states.payments import PaymentStatus
from parvis.states.report_words import ReportKind, ReportState, Way


class Payment(Row, table=True):
    """One instalment of one funder's grant, to the lead or to a partner; what is to be paid back is negative.

    It is of a case, or of a year of an agreement.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint(
            "case_id", "agreement_id", "year", "funder_id", "partner_id", "instalment",
            name="uq_payments_instalment", postgresql_nulls_not_distinct=True,
        ),
        one_of("condition", PaidOn),
        one_of("status", PaymentStatus),
        CheckConstraint("amount_cents >= 0 OR instalment = 'repayment'", name="amount"),
        CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        CheckConstraint(
            "num_nonnulls(case_id, agreement_id) = 1 AND (agreement_id IS NULL) = (year IS NULL)", name="subject"
        ),
        Index("ix_payments_due", "due_on", postgresql_where=sql("status IN ('due', 'ordered')")),
        Index("ix_payments_agreement", "agreement_id", "year", postgresql_where=sql("agreement_id IS NOT NULL")),
    )  # fmt: skip

    id: int = identity()
    case_id: int | None = optional_reference("cases", cascade=True)
    agreement_id: int | None = optional_reference("agreements", cascade=True)
    year: int | None = None
    funder_id: int = reference("funders", index=True)
    partner_id: int | None = optional_reference("organisations")
    position: int
    instalment: str
    condition: str
    amount_cents: int = cents()
    due_on: date | None = None
    status: str = text(PaymentStatus.PLANNED)
    paid_on: date | None = None
    reference: str = text()


class Report(Row, table=True):
    """One report of a case, from the day it is asked for; `answers` are as typed, by step and field.

    At most one of a kind is open: one that is settled, or no longer awaited, leaves its row and makes way for the next.
    """

    __tablename__ = "reports"
    __table_args__ = (
        one_of("kind", ReportKind),
        one_of("way", Way),
        one_of("state", ReportState),
        CheckConstraint("people >= 0 AND qpv_share_percent BETWEEN 0 AND 100", name="indicators"),
        Index(
            "uq_reports_open", "case_id", "kind", unique=True,
            postgresql_where=sql("state NOT IN ('accepted', 'refused', 'waived')"),
        ),
        Index("ix_reports_case", "case_id"),
    )  # fmt: skip

    id: int = identity()
    case_id: int = reference("cases", cascade=True)
    kind: str = text(ReportKind.FINAL)
    way: str | None = None
    state: str = text(ReportState.ASKED)
    version: int = number()
    answers: dict[str, Any] = document()
    saved_at: Any = optional_instant()
    saved_by: str = text()
    received_at: Any = optional_instant()
    received_by: str = text()
    spent_cents: int | None = optional_cents()
    people: int | None = None
    qpv_share_percent: int | None = None
    corrections: str = text()
    corrections_by: date | None = None
    settled_at: Any = optional_instant()
    settled_by: str = text()


class ReportLine(Row, table=True):
    """One account of a report: what the budget planned and what was done."""

    __tablename__ = "report_lines"
    __table_args__ = (one_of("side", ("charge", "produit")),)

    report_id: int = reference("reports", cascade=True, primary_key=True)
    position: int = Field(primary_key=True)
    side: str
    account: str
    label: str = text()
    planned_cents: int = cents()
    done_cents: int = cents()
