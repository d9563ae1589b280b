"""Run by Alembic, through `parvis.models.migrate` only, which hands over an open connection."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from parvis.models.tables import metadata


def _written(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """SQLModel's own string type, written as SQLAlchemy's so that migrations need not import SQLModel."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
    render_item=_written,
)
with context.begin_transaction():
    context.run_migrations()
