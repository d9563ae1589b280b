"""Who asks whom for how much: fundings, envelopes and their append-only ledger."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    cents,
    identity,
    instant,
    one_of,
    optional_cents,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.stages import Opinion


class Funding(Row, table=True):
    """One case × funder: asked, opinion, proposed, granted. Amounts in cents, null until said."""

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
    portal: str = text()


class Envelope(Row, table=True):
    """A funder's budget for a call and a year, optionally for one neighbourhood or challenge."""

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
        CheckConstraint("committed_cents BETWEEN 0 AND total_cents", name="never_over"),
    )

    id: int = identity()
    funder_id: int = reference("funders")
    call_id: int = reference("calls")
    year: int
    neighbourhood_id: int | None = optional_reference("neighbourhoods")
    challenge_id: int | None = optional_reference("challenges")
    total_cents: int = cents()
    committed_cents: int = cents()


class LedgerLine(Row, table=True):
    """One movement on an envelope; append-only. The sum of the lines is the envelope's column at all times."""

    __tablename__ = "ledger"

    id: int = identity()
    envelope_id: int = reference("envelopes", index=True)
    case_id: int | None = optional_reference("cases")
    at: Any = instant()
    amount_cents: int = cents()
    reason: str = text()
    key: str = Field(unique=True)
