"""The journals: append-only, hash-chained per case and per sitting, anchored every night."""

from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import Row, identity, instant, number, reference, text


class JournalLine(Row, table=True):
    """One thing that happened to a case. Update, delete and truncate are refused by triggers."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index(
            "uq_journal_idempotency_key",
            "idempotency_key",
            unique=True,
            postgresql_where=sql("idempotency_key IS NOT NULL"),
        ),
    )

    id: int = identity()
    case_id: int = reference("cases")
    seq: int
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


class Anchor(Row, table=True):
    """The Merkle root of the head of every case and sitting at one moment. Append-only as well."""

    __tablename__ = "anchors"

    id: int = identity()
    at: Any = instant()
    cases: int
    sittings: int = number()
    agreements: int = number()
    lines: int
    root: bytes = Field(sa_type=LargeBinary)


class AnchorHead(Row, table=True):
    """The head of one case that had moved since the anchor before."""

    __tablename__ = "anchor_heads"

    anchor_id: int = reference("anchors", primary_key=True)
    case_id: int = reference("cases", primary_key=True)
    seq: int
    hash: bytes = Field(sa_type=LargeBinary)


class CommitteeEvent(Row, table=True):
    """One thing that happened to a sitting of a committee. Append-only, as the journal of cases."""

    __tablename__ = "committee_journal"

    committee_id: int = reference("committees", primary_key=True)
    seq: int = Field(primary_key=True)
    at: Any = instant()
    actor: str
    role: str
    action: str
    details: str = text("{}")
    hash: bytes = Field(sa_type=LargeBinary)


class AnchorCommitteeHead(Row, table=True):
    """The head of one sitting's journal that had moved since the anchor before."""

    __tablename__ = "anchor_committee_heads"

    anchor_id: int = reference("anchors", primary_key=True)
    committee_id: int = reference("committees", primary_key=True)
    seq: int
    hash: bytes = Field(sa_type=LargeBinary)
