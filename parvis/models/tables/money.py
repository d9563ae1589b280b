"""Who asks whom for how much: fundings, envelopes and their append-only ledger."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    cents,
    generated,
    identity,
    instant,
    one_of,
    optional_cents,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.ledger import Account, Kind
from parvis.states.stages import Opinion


class Funding(Row, table=True):
    """One case × funder: asked, opinion, proposed, granted by `envelope_id`. Amounts in cents, null until said."""

    __tablename__ = "fundings"
    __table_args__ = (
        UniqueConstraint("case_id", "funder_id"),
        one_of("opinion", Opinion),
        CheckConstraint(
            "requested_cents >= 0 AND proposed_cents >= 0 AND granted_cents >= 0", name="amounts"
        ),
        Index("ix_fundings_cases", "funder_id", "case_id"),
        Index(
            "ix_fundings_awaited", "funder_id", "case_id",
            postgresql_where=sql("opinion_asked_at IS NOT NULL AND opinion IS NULL"),
        ),
    )  # fmt: skip

    id: int = identity()
    case_id: int = reference("cases", cascade=True)
    funder_id: int = reference("funders")
    requested_cents: int = cents()
    opinion_asked_at: Any = optional_instant()
    opinion: str | None = None
    opinion_at: Any = optional_instant()
    opinion_comment: str = text()
    proposed_cents: int | None = optional_cents()
    granted_cents: int | None = optional_cents()
    envelope_id: int | None = optional_reference("envelopes")
    portal: str = text()


class Envelope(Row, table=True):
    """A funder's budget for a call and a year, as a whole or for one neighbourhood or challenge of it.

    The general one is the `parent` of the others: their amounts count in both. Every amount but the generated ones is
    written by the ledger's trigger alone. `committed_cents` is what was decided, paid or not.
    """

    __tablename__ = "envelopes"
    __table_args__ = (
        UniqueConstraint(
            "funder_id",
            "call_id",
            "year",
            "neighbourhood_id",
            "challenge_id",
            name="uq_envelopes_scope",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "initial_cents >= 0 AND reserved_cents >= 0 AND paid_cents >= 0 AND committed_cents >= paid_cents",
            name="amounts",
        ),
        CheckConstraint(
            "reserved_cents + committed_cents <= initial_cents + transferred_cents", name="never_over"
        ),
        CheckConstraint(
            "parent_id IS NULL OR neighbourhood_id IS NOT NULL OR challenge_id IS NOT NULL", name="tree"
        ),
    )

    id: int = identity()
    funder_id: int = reference("funders")
    call_id: int = reference("calls")
    year: int
    neighbourhood_id: int | None = optional_reference("neighbourhoods")
    challenge_id: int | None = optional_reference("challenges")
    parent_id: int | None = optional_reference("envelopes", index=True)
    initial_cents: int = cents()
    transferred_cents: int = cents()
    reserved_cents: int = cents()
    committed_cents: int = cents()
    paid_cents: int = cents()
    total_cents: int = generated("initial_cents + transferred_cents")
    available_cents: int = generated("initial_cents + transferred_cents - reserved_cents - committed_cents")


class Movement(Row, table=True):
    """One movement of money, append-only: who, when, why; its key makes it happen once."""

    __tablename__ = "movements"
    __table_args__ = (
        one_of("kind", Kind),
        Index("ix_movements_agreement", "agreement_id", postgresql_where=sql("agreement_id IS NOT NULL")),
    )

    id: int = identity()
    kind: str
    at: Any = instant()
    actor: str = text()
    reason: str = text()
    case_id: int | None = optional_reference("cases", index=True)
    agreement_id: int | None = optional_reference("agreements")
    key: str = Field(unique=True)


class LedgerLine(Row, table=True):
    """What a movement does to one account of one envelope; append-only. Those of one envelope add up to nothing."""

    __tablename__ = "ledger"
    __table_args__ = (one_of("account", Account),)

    movement_id: int = reference("movements", primary_key=True)
    envelope_id: int = reference("envelopes", index=True, primary_key=True)
    account: str = Field(primary_key=True)
    amount_cents: int = cents()
