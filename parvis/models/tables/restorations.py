"""Restorations of the database from a copy: while one is not released, no letter leaves."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql

from parvis.models.tables.base import Row, identity, instant, optional_instant, text


class Restoration(Row, table=True):
    """The database was brought back at `restored_at` to what it was at `backup_at`."""

    __tablename__ = "restorations"
    __table_args__ = (
        Index(
            "uq_restorations_held", sql("(true)"), unique=True, postgresql_where=sql("released_at IS NULL")
        ),
    )

    id: int = identity()
    backup_at: Any = instant()
    restored_at: Any = instant()
    released_at: Any = optional_instant()
    released_by: str = text()
