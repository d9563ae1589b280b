"""Doing the same to many cases: each run, frozen when it was asked for, and what became of each of its cases."""

from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
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
from parvis.states.bulk import Outcome, Withheld


class BulkRun(Row, table=True):
    """One action asked for many cases. `given` is what the person brought, `query` the filter it was chosen by.

    Its letters wait `wait_seconds` before they leave; until then they can be withheld.
    """

    __tablename__ = "bulk_runs"
    __table_args__ = (CheckConstraint("wait_seconds >= 0", name="wait"),)

    id: int = identity()
    key: str = Field(unique=True)
    request_hash: str
    actor: str
    role: str
    action: str
    given: dict[str, Any] = document()
    query: str = text()
    wait_seconds: int
    asked_at: Any = instant()
    finished_at: Any = optional_instant()
    withheld_at: Any = optional_instant()
    withheld_by: str | None = None


class BulkResult(Row, table=True):
    """One case of a run: the version it had when chosen, and what became of it; no outcome while it waits its turn."""

    __tablename__ = "bulk_results"
    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("withheld", Withheld),
        Index("ix_bulk_results_waiting", "run_id", "case_id", postgresql_where=sql("outcome IS NULL")),
        Index("ix_bulk_results_case_id", "case_id"),
    )

    run_id: int = reference("bulk_runs", cascade=True, primary_key=True)
    case_id: int = reference("cases", cascade=True, primary_key=True)
    version: int
    outcome: str | None = None
    version_after: int | None = None
    stage_after: str | None = None
    reasons: list[dict[str, str]] = Field(
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    done_at: Any = optional_instant()
    withheld: str | None = None
