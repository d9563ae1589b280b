"""Committees: their sittings, who sits, what is on the agenda, and who may not weigh a case."""

from datetime import date, time
from typing import Any

from sqlalchemy import CheckConstraint, Index, Time, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    chain_head,
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


class Committee(Row, table=True):
    """One sitting of a committee. It covers every neighbourhood, or those listed; its hours are those of Paris.

    `planned_on` is the day its contract file says, kept when somebody moves the sitting; none once the file says it no
    more. `agenda_closed_at` is the first time the agenda closed: a reopened one does not close by itself again.
    `journal_seq` is the number of lines of its journal, `journal_head` the hash of the last.
    """

    __tablename__ = "committees"
    __table_args__ = (
        UniqueConstraint("contract_id", "code", "held_on"),
        one_of("kind", ("technical", "steering")),
        CheckConstraint("quorum_percent BETWEEN 0 AND 100", name="quorum"),
        CheckConstraint("lead_days >= 0 AND summons_days >= 0", name="clear_days"),
        CheckConstraint("cancelled_at IS NULL OR held_at IS NULL", name="cancelled_or_held"),
    )

    id: int = identity()
    contract_id: int = reference("contracts")
    code: str
    name: str
    kind: str
    held_on: date
    planned_on: date | None = None
    starts_at: time = Field(
        default=time(14, 30), sa_type=Time, sa_column_kwargs={"server_default": sql("'14:30'")}
    )
    duration_minutes: int = Field(default=180, sa_column_kwargs={"server_default": "180"})
    room: str = text()
    video_url: str = text()
    covers_all: bool = flag()
    takes_several: bool = flag()
    capacity: int | None = None
    lead_days: int = Field(default=5, sa_column_kwargs={"server_default": "5"})
    summons_days: int = Field(default=10, sa_column_kwargs={"server_default": "10"})
    quorum_percent: int = Field(default=50, sa_column_kwargs={"server_default": "50"})
    agenda_open: bool = flag(default=True)
    agenda_closed_at: Any = optional_instant()
    cancelled_at: Any = optional_instant()
    held_at: Any = optional_instant()
    quorate: bool = flag()
    recusals_recorded: bool = flag()
    closed_at: Any = optional_instant()
    version: int = number()
    journal_seq: int = number()
    journal_head: bytes = chain_head()


class CommitteeNeighbourhood(Row, table=True):
    """A neighbourhood a committee covers."""

    __tablename__ = "committee_neighbourhoods"

    committee_id: int = reference("committees", cascade=True, primary_key=True)
    neighbourhood_id: int = reference("neighbourhoods", primary_key=True)


class CommitteeMember(Row, table=True):
    """Someone who sits at one sitting. `invited_as` is what the last summons said of day, hour and place."""

    __tablename__ = "committee_members"
    __table_args__ = (
        UniqueConstraint("committee_id", "person_id"),
        one_of("role", ("chair", "elected", "funder", "resident", "expert", "substitute")),
        one_of("attendance", ("unknown", "present", "excused", "absent")),
        CheckConstraint("(role = 'substitute') = (substitute_for IS NOT NULL)", name="stands_in"),
    )

    id: int = identity()
    committee_id: int = reference("committees", cascade=True)
    person_id: int = reference("people", index=True)
    role: str
    substitute_for: int | None = optional_reference("committee_members")
    votes: bool = flag(default=True)
    attendance: str = text("unknown")
    invited_at: Any = optional_instant()
    invited_as: str = text()
    invitation_sequence: int = number()
    declared_at: Any = optional_instant()


class AgendaItem(Row, table=True):
    """A case on the agenda of a sitting; with `left_at` it was there and is no more.

    A case is on one agenda at most: the one its `committee_id` says, which every move keeps so in its own statement.
    """

    __tablename__ = "agenda_items"
    __table_args__ = (
        one_of("origin", ("wave", "hand", "carried", "recommended")),
        Index("uq_agenda_items_case_id", "case_id", unique=True, postgresql_where=sql("left_at IS NULL")),
    )

    committee_id: int = reference("committees", primary_key=True)
    case_id: int = reference("cases", cascade=True, primary_key=True)
    position: int = number()
    origin: str = text("hand")
    note: str = text()
    added_at: Any = instant()
    left_at: Any = optional_instant()


class Interest(Row, table=True):
    """What keeps a person from weighing a case (CGCT L2131-11), unless the secretary dismissed it with a reason.

    `detail` is what was declared, or what the two have in common.
    """

    __tablename__ = "interests"
    __table_args__ = (
        UniqueConstraint("person_id", "case_id"),
        one_of("ground", ("declared", "organisation", "address", "leader")),
        one_of("status", ("proposed", "confirmed", "dismissed")),
        CheckConstraint("status <> 'dismissed' OR reason <> ''", name="dismissed_with_a_reason"),
        Index("ix_interests_recused", "case_id", "person_id", postgresql_where=sql("status <> 'dismissed'")),
    )

    id: int = identity()
    person_id: int = reference("people")
    case_id: int = reference("cases", cascade=True)
    ground: str
    detail: str = text()
    status: str = text("proposed")
    reason: str = text()
    at: Any = instant()
    by: str
