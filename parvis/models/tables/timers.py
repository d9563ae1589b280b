"""Timers: what will happen to a case or an agreement if nobody does anything, as rows."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from parvis.models.tables.base import (
    Row,
    identity,
    instant,
    one_of,
    optional_instant,
    optional_reference,
    text,
)


class TimerRow(Row, table=True):
    """One due moment. Open until fired or cancelled; `expires_at` is when a "before" reminder stops making sense.

    One with `repeat_days` is followed by another of its rule when it is settled, `@` and its day in its occurrence.
    """

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "occurrence"),
        UniqueConstraint("agreement_id", "rule", "occurrence"),
        CheckConstraint("num_nonnulls(case_id, agreement_id) = 1", name="one_subject"),
        one_of("kind", ("move", "reminder", "escalation")),
        one_of("outcome", ("fired", "superseded", "cancelled", "declined", "refused")),
        one_of("period", ("stage", "clock")),
        Index("ix_timers_open_due", "due_at", "case_id", postgresql_where=sql("settled_at IS NULL")),
        Index(
            "ix_timers_open_agreement", "due_at", "agreement_id",
            postgresql_where=sql("settled_at IS NULL AND agreement_id IS NOT NULL"),
        ),
        Index("ix_timers_open_case", "case_id", postgresql_where=sql("settled_at IS NULL")),
    )  # fmt: skip

    id: int = identity()
    case_id: int | None = optional_reference("cases", cascade=True)
    agreement_id: int | None = optional_reference("agreements", cascade=True)
    rule: str
    occurrence: str
    kind: str
    period: str = text("stage")
    action: str | None = None
    template: str | None = None
    recipient: str | None = None
    deadline: date | None = None
    due_at: Any = instant()
    expires_at: Any = optional_instant()
    repeat_days: int | None = None
    settled_at: Any = optional_instant()
    outcome: str | None = None
    note: str = text()
