"""What Parvis keeps of Démarche numérique: how far it read, what it could not take, files and orders."""

from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    document,
    identity,
    instant,
    number,
    one_of,
    optional_instant,
    reference,
    text,
)
from parvis.states.demarches import FileState, OrderKind, OrderState

_OWED = sql("state = 'owed'")


class DemarcheSync(Row, table=True):
    """How far the form of a call was read: a round of what changed `since` is under way from `begun_at` on.

    `cursor` is where its next page begins; what was deleted has its own. `writes_from` is when writing back began.
    """

    __tablename__ = "demarche_syncs"

    call_id: int = reference("calls", cascade=True, primary_key=True)
    since: Any = optional_instant()
    begun_at: Any = optional_instant()
    cursor: str = text()
    deleted_cursor: str = text()
    finished_at: Any = optional_instant()
    writes_from: Any = optional_instant()


class DemarcheRefusal(Row, table=True):
    """A dossier that could not be taken in, and every reason why; gone once it is."""

    __tablename__ = "demarche_refusals"

    call_id: int = reference("calls", cascade=True, primary_key=True)
    number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    problems: dict[str, Any] = document()
    refused_at: Any = instant()


class DemarcheFile(Row, table=True):
    """A file of a dossier there, fetched once; `document` is that of the check-list it is for, if any."""

    __tablename__ = "demarche_files"
    __table_args__ = (
        UniqueConstraint("case_id", "champ", "filename", "checksum"),
        one_of("state", FileState),
        Index("ix_demarche_files_owed", "case_id", postgresql_where=_OWED),
    )

    id: int = identity()
    case_id: int = reference("cases", cascade=True)
    champ: str
    document: str = text()
    filename: str
    checksum: str = text()
    byte_size: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    url: str = text()
    state: str = text(FileState.OWED)
    tries: int = number()
    problem: str = text()
    owed_at: Any = instant()
    settled_at: Any = optional_instant()


class DemarcheOrder(Row, table=True):
    """Something to do there because of a line (`seq`) of the journal of a case: owed once, done once."""

    __tablename__ = "demarche_orders"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        one_of("kind", OrderKind),
        one_of("state", OrderState),
        Index("ix_demarche_orders_owed", "not_before", postgresql_where=_OWED),
    )

    id: int = identity()
    case_id: int = reference("cases", cascade=True)
    seq: int
    kind: str
    state: str = text(OrderState.OWED)
    tries: int = number()
    problem: str = text()
    not_before: Any = instant()
    done_at: Any = optional_instant()
