"""Addresses that letters no longer go to, because they came back; until somebody lifts that."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql

from parvis.models.tables.base import Row, identity, instant, optional_instant, optional_reference, text


class Suppression(Row, table=True):
    """An address (in lower case) that letters came back from; `letter_id` is the one that did."""

    __tablename__ = "suppressions"
    __table_args__ = (
        Index("uq_suppressions_held", "address", unique=True, postgresql_where=sql("lifted_at IS NULL")),
    )

    id: int = identity()
    address: str
    letter_id: int | None = optional_reference("letters")
    contract_id: int | None = optional_reference("contracts")
    status: str
    said: str = text()
    since: Any = instant()
    lifted_at: Any = optional_instant()
    lifted_by: str = text()
