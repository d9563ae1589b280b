"""Publications of open data: each file as it was published, and what it changed of the one before."""

from typing import Any

from sqlalchemy import UniqueConstraint

from parvis.models.tables.base import Row, document, identity, instant, reference, text


class Publication(Row, table=True):
    """One publication of the essential data of a contract's grants; the highest `number` is in force."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: int = identity()
    contract_id: int = reference("contracts")
    number: int
    published_at: Any = instant()
    scope: str
    schema_version: str
    validator: str
    rows: int
    sha256: str
    content: str = text()
    changes: dict[str, Any] = document()
