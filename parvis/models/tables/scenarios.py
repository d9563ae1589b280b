"""Programmings drawn up before a sitting: what each funder would give to each case of its agenda."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import Row, cents, flag, identity, instant, number, optional_instant, reference


class Scenario(Row, table=True):
    """One programming of a sitting. `solved` while its amounts are those the solver gave; at most one is sent."""

    __tablename__ = "scenarios"
    __table_args__ = (
        UniqueConstraint("committee_id", "name", name="uq_scenarios_name"),
        Index("uq_scenarios_sent", "committee_id", unique=True, postgresql_where=sql("sent_at IS NOT NULL")),
    )

    id: int = identity()
    committee_id: int = reference("committees", cascade=True)
    name: str
    version: int = number()
    solved: bool = flag()
    saved_at: Any = instant()
    saved_by: str
    sent_at: Any = optional_instant()


class ScenarioAmount(Row, table=True):
    """What one funder would give to one case."""

    __tablename__ = "scenario_amounts"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount"),)

    scenario_id: int = reference("scenarios", cascade=True, primary_key=True)
    case_id: int = reference("cases", cascade=True, primary_key=True)
    funder_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="funders.id")
    amount_cents: int = cents()
