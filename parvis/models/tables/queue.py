"""What lists of cases keep for themselves: the words they search, what each person has seen, the views people save."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from parvis.models.tables.base import Row, flag, identity, instant, reference, text


class CaseWords(Row, table=True):
    """What a search looks through: reference, number, title, organisation, SIRET, bare. A trigger keeps it."""

    __tablename__ = "case_words"
    __table_args__ = (
        Index("ix_case_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )

    case_id: int = reference("cases", cascade=True, primary_key=True)
    words: str = text(None)


class SeenCase(Row, table=True):
    """The version a case had when a person last opened it: what its journal says after that is news to them."""

    __tablename__ = "seen"

    person_id: int = reference("people", cascade=True, primary_key=True)
    case_id: int = reference("cases", cascade=True, primary_key=True)
    version: int = Field()
    at: Any = instant()


class SavedView(Row, table=True):
    """A list a person gave a name: its filter, order and columns as in an address; `shared` with the contract."""

    __tablename__ = "views"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: int = identity()
    person_id: int = reference("people", cascade=True)
    name: str
    shared: bool = flag()
    query: str = text()
    saved_at: Any = instant()
