"""Packets: what was built for the members of a sitting, version after version."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from parvis.models.tables.base import Row, identity, instant, reference, text


class PacketRow(Row, table=True):
    """One version of one copy of a packet. A copy is for the members with the same `hidden` cases, in order.

    `content` is what the file says, as JSON text: the next version is compared with it.
    """

    __tablename__ = "packets"
    __table_args__ = (
        UniqueConstraint("committee_id", "hidden", "version"),
        CheckConstraint("version > 0 AND pages > 0", name="numbers"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash"),
    )

    id: int = identity()
    committee_id: int = reference("committees")
    version: int
    hidden: list[int] = Field(sa_type=ARRAY(BigInteger))
    content: str = text(None)
    content_hash: bytes = Field(sa_type=LargeBinary)
    pages: int
    file_id: int = reference("files")
    built_at: Any = instant()
