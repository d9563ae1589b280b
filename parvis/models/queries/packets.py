"""Packets as the database knows them: which sittings want one, what was built for whom, version after version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class PacketLine:
    """One version of one copy of a sitting's packet. `hidden` are the cases the copy leaves out."""

    id: int
    committee_id: int
    version: int
    hidden: tuple[int, ...]
    content: str
    content_hash: bytes
    pages: int
    file_id: int
    built_at: datetime
    name: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class NewPacket:
    """A version about to be written; its file is kept already."""

    committee_id: int
    version: int
    hidden: tuple[int, ...]
    content: str
    content_hash: bytes
    pages: int
    file_id: int
    built_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of a sitting, with the cases of its agenda hidden from them."""

    person_id: int
    name: str
    hidden: tuple[int, ...]


_COLUMNS = """
p.id, p.committee_id, p.version, p.hidden, p.content, p.content_hash, p.pages, p.file_id, p.built_at,
f.name, f.size, f.sha256
"""


def sittings_in_lead_time(session: Session, today: date) -> list[int]:
    """The sittings whose packets left today or before, and that have not sat yet."""
    rows = session.exec_driver_sql(
        """
        SELECT id FROM committees
         WHERE held_at IS NULL AND cancelled_at IS NULL AND held_on >= %(today)s
           AND held_on - lead_days - 1 <= %(today)s
         ORDER BY held_on, id
        """,
        {"today": today},
    )
    return list(rows.scalars())


def readers(session: Session, committee_id: int) -> list[Reader]:
    """The members of a sitting, by name; hidden cases are those on its agenda now."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.name,
               ARRAY(SELECT i.case_id FROM interests i
                       JOIN agenda_items a ON a.case_id = i.case_id AND a.committee_id = m.committee_id
                                          AND a.left_at IS NULL
                      WHERE i.person_id = p.id AND i.status <> 'dismissed' ORDER BY i.case_id)
          FROM committee_members m JOIN people p ON p.id = m.person_id
         WHERE m.committee_id = %(committee)s AND p.active
         ORDER BY p.name, p.id
        """,
        {"committee": committee_id},
    )
    return [Reader(person_id, name, tuple(hidden)) for person_id, name, hidden in rows]


def latest(session: Session, committee_id: int) -> dict[tuple[int, ...], PacketLine]:
    """The newest version of each copy of a sitting's packet, by the cases it leaves out."""
    rows = session.exec_driver_sql(
        f"""
        SELECT DISTINCT ON (p.hidden) {_COLUMNS} FROM packets p JOIN files f ON f.id = p.file_id
         WHERE p.committee_id = %(committee)s ORDER BY p.hidden, p.version DESC
        """,  # noqa: S608
        {"committee": committee_id},
    )
    return {line.hidden: line for line in map(_line, rows)}


def versions(session: Session, committee_id: int, hidden: Sequence[int]) -> list[PacketLine]:
    """Every version of one copy, oldest first."""
    rows = session.exec_driver_sql(
        f"""
        SELECT {_COLUMNS} FROM packets p JOIN files f ON f.id = p.file_id
         WHERE p.committee_id = %(committee)s AND p.hidden = %(hidden)s::bigint[] ORDER BY p.version
        """,  # noqa: S608
        {"committee": committee_id, "hidden": list(hidden)},
    )
    return [_line(row) for row in rows]


def hold_packets(session: Session, committee_id: int) -> None:
    """Let one transaction at a time add versions to a sitting's packet, until its end."""
    session.exec_driver_sql(
        "SELECT 1 FROM committees WHERE id = %(id)s FOR NO KEY UPDATE", {"id": committee_id}
    )


def insert_packet(session: Session, new: NewPacket) -> int:
    """Write a version; its id."""
    row = session.exec_driver_sql(
        """
        INSERT INTO packets (committee_id, version, hidden, content, content_hash, pages, file_id, built_at)
        VALUES (%(committee)s, %(version)s, %(hidden)s::bigint[], %(content)s, %(hash)s, %(pages)s, %(file)s, %(at)s)
        RETURNING id
        """,
        {"committee": new.committee_id, "version": new.version, "hidden": list(new.hidden), "content": new.content,
         "hash": new.content_hash, "pages": new.pages, "file": new.file_id, "at": new.built_at},
    )  # fmt: skip
    return int(row.scalar_one())


def _line(row: Sequence[Any]) -> PacketLine:
    return PacketLine(*[*row[:3], tuple(row[3]), *row[4:]])
