"""Notes the staff keep on a case, and every text each of them ever held."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import Row, flag, identity, instant, number, optional_instant, reference, text


class Note(Row, table=True):
    """A note on a case. `key` is drawn by the page that begins it, so that sending twice begins it once."""

    __tablename__ = "notes"

    id: int = identity()
    case_id: int = reference("cases", index=True, cascade=True)
    key: str = Field(unique=True)
    version: int = Field()
    made_at: Any = instant()
    made_by: int = reference("people")


class NoteText(Row, table=True):
    """A text of a note: the one of its present version, those before, and those kept `aside` because of a conflict.

    `writer` names the open page it was typed in, `rank` says how often it had changed there;
    `settled_at`, when a text kept aside was dealt with.
    """

    __tablename__ = "note_texts"
    __table_args__ = (
        Index("ix_note_texts_note_id", "note_id", "id"),
        Index("uq_note_texts_version", "note_id", "version", unique=True, postgresql_where=sql("NOT aside")),
    )

    id: int = identity()
    note_id: int = reference("notes", cascade=True)
    version: int = Field()
    body: str = text()
    writer: str
    rank: int = number()
    began_at: Any = instant()
    saved_at: Any = instant()
    saved_by: int = reference("people")
    aside: bool = flag()
    settled_at: Any = optional_instant()
