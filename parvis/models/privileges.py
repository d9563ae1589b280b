"""What the application's role may do: everything on the rows, except rewriting what is append-only."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from parvis.models import parts
from parvis.models.databases import APPLICATION

APPEND_ONLY = (
    "journal", "anchors", "anchor_heads", "movements", "ledger", "committee_journal", "anchor_committee_heads",
    "minutes", "agreement_journal", "anchor_agreement_heads", "bank_journal",
    "data_journal",
)  # fmt: skip

LOSE_WORDS = {
    "journal": "details, request_hash", "agreement_journal": "details, request_hash", "committee_journal": "details",
    "bank_journal": "details",
}  # fmt: skip
"""The journals whose lines may lose details, and the columns they lose them in: their trigger lets nothing else by."""


def grant(connection: Connection) -> None:
    """Give the application's role its rights on every table; nothing happens where the role does not exist.

    Run after each migration and safe to repeat, so that no migration has to think of it.
    """
    if not _role_exists(connection):
        return
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}"))
    connection.execute(
        text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION}")
    )
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}"))
    for table in _present(connection):
        connection.execute(text(f"REVOKE UPDATE, DELETE ON {table} FROM {APPLICATION}"))
        if table in LOSE_WORDS:
            connection.execute(text(f"GRANT UPDATE ({LOSE_WORDS[table]}) ON {table} TO {APPLICATION}"))
    if _exists(connection, "alembic_version"):
        connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {APPLICATION}"))


def missing(connection: Connection) -> list[str]:
    """The protections of the append-only tables that the database lacks, and those of cut tables."""
    trigger = text(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = :table AND tgname = :name AND tgenabled <> 'D'"
    )
    right = text("SELECT has_table_privilege(:role, CAST(:table AS oid), 'UPDATE, DELETE, TRUNCATE')")
    has_role = _role_exists(connection)
    lacks = []
    for table, name, oid in _all_parts(connection):
        watching = ("append_only", "only_less_said") if table in LOSE_WORDS else ("append_only",)
        lacks += [
            f"{name}: no trigger {one}"
            for one in watching
            if not connection.scalar(trigger, {"table": oid, "name": one})
        ]
        if has_role and connection.scalar(right, {"role": APPLICATION, "table": oid}):
            lacks.append(f"{name}: {APPLICATION} may rewrite it")
    return lacks + parts.missing(connection)


def _all_parts(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """Each table that is there, its name and its number, and those of each of its parts."""
    number = text("SELECT CAST(to_regclass(:table) AS oid)")
    for table in _present(connection):
        yield table, table, int(connection.scalar(number, {"table": table}) or 0)
        for part, oid in parts.oids(connection, table).items():
            yield table, part, oid


def _present(connection: Connection) -> list[str]:
    return [table for table in APPEND_ONLY if _exists(connection, table)]


def _exists(connection: Connection, table: str) -> bool:
    return connection.scalar(text("SELECT to_regclass(:table)"), {"table": table}) is not None


def _role_exists(connection: Connection) -> bool:
    return bool(
        connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :r"), {"r": APPLICATION})
    )
