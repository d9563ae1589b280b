"""Where organisations are paid: their bank details, encrypted, and the append-only story of their changes."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    document,
    identity,
    instant,
    one_of,
    optional_instant,
    reference,
    text,
)
from parvis.states.bank import BankState


class BankDetails(Row, table=True):
    """One account an organisation gave: `sealed` is encrypted (services/bank_keys.py), `masked` what may be shown.

    One that is confirmed was asked by one person and confirmed by another; at most one is, and at most one waits.
    """

    __tablename__ = "bank_details"
    __table_args__ = (
        one_of("state", BankState),
        CheckConstraint("decided_by <> asked_by OR state <> 'confirmed'", name="two_people"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        Index(
            "uq_bank_details_asked", "organisation_id", unique=True, postgresql_where=sql("state = 'asked'")
        ),
        Index(
            "uq_bank_details_confirmed",
            "organisation_id",
            unique=True,
            postgresql_where=sql("state = 'confirmed'"),
        ),
        Index("ix_bank_details_organisation", "organisation_id", "id"),
    )

    id: int = identity()
    organisation_id: int = reference("organisations")
    sealed: bytes = Field(sa_type=LargeBinary)
    masked: str
    state: str = text(BankState.ASKED)
    asked_at: Any = instant()
    asked_by: str
    decided_at: Any = optional_instant()
    decided_by: str = text()
    reason: str = text()


class BankEvent(Row, table=True):
    """One thing that happened to the bank details of an organisation. Append-only; no number of an account is in it."""

    __tablename__ = "bank_journal"
    __table_args__ = (Index("ix_bank_journal_organisation", "organisation_id", "id"),)

    id: int = identity()
    organisation_id: int = reference("organisations")
    at: Any = instant()
    actor: str
    role: str
    action: str
    details: dict[str, Any] = document()
