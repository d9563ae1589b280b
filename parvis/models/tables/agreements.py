"""Agreements of several years: their years, amounts and instalments, their amendments, and their own journal."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
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
from parvis.states.agreement_stages import AgreementStage, Review


class Agreement(Row, table=True):
    """An agreement. `version` is the number of its journal lines, `journal_head` the hash of the last.

    One organisation has one agreement at a time for a purpose; one that ends on the eve of its start never ran a day.
    `schedule` is how each of its years is paid; `known` what a renewal request takes up when no case came before.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        one_of("stage", AgreementStage),
        CheckConstraint("ends_on >= starts_on - 1", name="days"),
        ExcludeConstraint(
            ("organisation_id", "="), ("purpose", "="), (sql("daterange(starts_on, ends_on + 1)"), "&&"),
            name="no_overlap", using="gist",
        ),
        Index(
            "uq_agreements_successor", "renews_id", unique=True,
            postgresql_where=sql("renews_id IS NOT NULL AND stage <> 'terminated'"),
        ),
        Index("uq_agreements_case", "case_id", unique=True, postgresql_where=sql("case_id IS NOT NULL")),
        Index("ix_agreements_request", "request_case_id", postgresql_where=sql("request_case_id IS NOT NULL")),
        Index("ix_agreements_stage_end", "stage", "ends_on"),
    )  # fmt: skip

    id: int = identity()
    contract_id: int = reference("contracts")
    organisation_id: int = reference("organisations", index=True)
    purpose: str
    reference: str = Field(unique=True)
    title: str
    stage: str = text(AgreementStage.DRAFT)
    version: int = number()
    journal_head: bytes = chain_head()
    entered_at: Any = instant()
    entered_version: int = number()
    starts_on: date
    ends_on: date
    instructor_id: int | None = optional_reference("people")
    call_id: int | None = optional_reference("calls")
    case_id: int | None = optional_reference("cases")
    renews_id: int | None = optional_reference("agreements")
    request_case_id: int | None = optional_reference("cases")
    schedule: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    known: dict[str, Any] = document()
    signed_on: date | None = None
    approval_ends_on: date | None = None
    evaluation_received_on: date | None = None
    anonymised_at: Any = optional_instant()


class AgreementYear(Row, table=True):
    """A year of an agreement and its review. The first year is firm, the others once confirmed."""

    __tablename__ = "agreement_years"
    __table_args__ = (one_of("review", Review),)

    agreement_id: int = reference("agreements", cascade=True, primary_key=True)
    number: int = Field(primary_key=True)
    starts_on: date
    ends_on: date
    firm: bool = flag()
    reviewed_on: date | None = None
    review: str | None = None
    review_note: str = text()


class AgreementAmount(Row, table=True):
    """What a funder gives in a year of an agreement."""

    __tablename__ = "agreement_amounts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement_id", "number"], ["agreement_years.agreement_id", "agreement_years.number"],
            ondelete="CASCADE", name="fk_agreement_amounts_year",
        ),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )  # fmt: skip

    agreement_id: int = Field(primary_key=True, sa_type=BigInteger)
    number: int = Field(primary_key=True)
    funder_id: int = reference("funders", primary_key=True)
    amount_cents: int = cents()


class AgreementInstalment(Row, table=True):
    """A part of what a funder gives in a year; the parts of a year sum to its amount."""

    __tablename__ = "agreement_instalments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement_id", "number", "funder_id"],
            ["agreement_amounts.agreement_id", "agreement_amounts.number", "agreement_amounts.funder_id"],
            ondelete="CASCADE", name="fk_agreement_instalments_amount",
        ),
    )  # fmt: skip

    agreement_id: int = Field(primary_key=True, sa_type=BigInteger)
    number: int = Field(primary_key=True)
    funder_id: int = Field(primary_key=True, sa_type=BigInteger)
    position: int = Field(primary_key=True)
    code: str
    paid_on: str
    amount_cents: int = cents()


class Amendment(Row, table=True):
    """A change made to an agreement by both sides; its document and its versions are files of the agreement."""

    __tablename__ = "agreement_amendments"

    agreement_id: int = reference("agreements", cascade=True, primary_key=True)
    number: int = Field(primary_key=True)
    made_at: Any = instant()
    made_by: str
    reason: str
    old_end: date
    new_end: date | None = None
    year: int | None = None


class AgreementLine(Row, table=True):
    """One thing that happened to an agreement. Append-only, as the journal of cases."""

    __tablename__ = "agreement_journal"
    __table_args__ = (
        Index(
            "uq_agreement_journal_key", "idempotency_key", unique=True,
            postgresql_where=sql("idempotency_key IS NOT NULL"),
        ),
    )  # fmt: skip

    agreement_id: int = reference("agreements", primary_key=True)
    seq: int = Field(primary_key=True)
    at: Any = instant()
    actor: str
    role: str
    action: str
    source: str
    target: str
    details: str = text("{}")
    idempotency_key: str | None = None
    request_hash: str | None = None
    hash: bytes = Field(sa_type=LargeBinary)


class AnchorAgreementHead(Row, table=True):
    """The head of one agreement's journal that had moved since the anchor before."""

    __tablename__ = "anchor_agreement_heads"

    anchor_id: int = reference("anchors", primary_key=True)
    agreement_id: int = reference("agreements", primary_key=True)
    seq: int
    hash: bytes = Field(sa_type=LargeBinary)
