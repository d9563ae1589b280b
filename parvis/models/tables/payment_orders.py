"""Payments sent to accounting: lots, and the orders they are made of; a payment is in one lot at a time."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import Row, cents, flag, identity, instant, optional_instant, reference, text


class PaymentLot(Row, table=True):
    """One file of payment orders, kept as it left, encrypted: it names accounts (services/bank_keys.py)."""

    __tablename__ = "payment_lots"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason = '')", name="cancelled"),
    )

    id: int = identity()
    contract_id: int = reference("contracts")
    number: int
    key: str = Field(unique=True)
    made_at: Any = instant()
    made_by: str
    sealed: bytes = Field(sa_type=LargeBinary)
    cancelled_at: Any = optional_instant()
    cancelled_by: str = text()
    cancel_reason: str = text()


class PaymentOrder(Row, table=True):
    """One payment in a lot, and the account it goes to; `void` once its lot is cancelled."""

    __tablename__ = "payment_orders"
    __table_args__ = (
        Index("uq_payment_orders_payment", "payment_id", unique=True, postgresql_where=sql("NOT void")),
    )

    lot_id: int = reference("payment_lots", primary_key=True)
    position: int = Field(primary_key=True)
    payment_id: int = reference("payments")
    bank_id: int = reference("bank_details")
    amount_cents: int = cents()
    void: bool = flag()
