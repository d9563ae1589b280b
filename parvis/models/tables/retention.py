"""What is proposed to be anonymised, who approved it, what became of it; the register of what was done to data."""

from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    document,
    identity,
    instant,
    one_of,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.retention import FinalSort, Kind


class RetentionBatch(Row, table=True):
    """A list of what has reached the end of its time, with the rule as it was. `visa` is the reference of the Archives.

    It is proposed, approved or given up by a manager, then done item by item.
    """

    __tablename__ = "retention_batches"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("final", FinalSort),
        CheckConstraint("approved_at IS NULL OR cancelled_at IS NULL", name="one_answer"),
        CheckConstraint("finished_at IS NULL OR approved_at IS NOT NULL", name="approved_first"),
        Index(
            "ix_retention_batches_open", "contract_id", "kind",
            postgresql_where=sql("finished_at IS NULL AND cancelled_at IS NULL"),
        ),
    )  # fmt: skip

    id: int = identity()
    contract_id: int = reference("contracts")
    kind: str
    final: str
    months: int
    source: str = text()
    proposed_at: Any = instant()
    approved_at: Any = optional_instant()
    approved_by: str = text()
    visa: str = text()
    cancelled_at: Any = optional_instant()
    cancelled_by: str = text()
    finished_at: Any = optional_instant()


class RetentionItem(Row, table=True):
    """One thing of a batch. With `held_at` it is kept for now, for the reason somebody gave, and is not proposed again.

    `outcome` says what became of it: done, or left because it was not at its end any more.
    """

    __tablename__ = "retention_items"
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, agreement_id, committee_id, person_id) = 1", name="one_subject"),
        CheckConstraint("(held_at IS NULL) = (held_reason = '')", name="held"),
        one_of("outcome", ("done", "left", "failed")),
        Index("ix_retention_items_case", "case_id", postgresql_where=sql("case_id IS NOT NULL")),
        Index("ix_retention_items_waiting", "batch_id", "id", postgresql_where=sql("outcome IS NULL")),
    )  # fmt: skip

    id: int = identity()
    batch_id: int = reference("retention_batches", index=True)
    case_id: int | None = optional_reference("cases")
    agreement_id: int | None = optional_reference("agreements")
    committee_id: int | None = optional_reference("committees")
    person_id: int | None = optional_reference("people")
    held_at: Any = optional_instant()
    held_by: str = text()
    held_reason: str = text()
    outcome: str | None = None
    done_at: Any = optional_instant()
    note: str = text()


class DataEvent(Row, table=True):
    """One thing done to personal data: proposed, approved, anonymised, exported, rectified. Append-only, without them.

    `subject` is an opaque name like `person:12` or `case:40`; `details` say which fields, never what they held.
    """

    __tablename__ = "data_journal"
    __table_args__ = (Index("ix_data_journal_subject", "subject", "id"),)

    id: int = identity()
    contract_id: int | None = optional_reference("contracts")
    at: Any = instant()
    actor: str
    role: str
    action: str
    subject: str = Field()
    details: dict[str, Any] = document()
