"""The database at a glance: its version, its size, how much each table holds."""

from dataclasses import dataclass

from parvis.models.session import Session

_TABLES = ("cases", "organisations", "journal", "anchors", "timers", "letters", "tasks", "ledger")


@dataclass(frozen=True, slots=True)
class Overview:
    """What a database holds; `rows` by table, `size` in bytes."""

    server: str
    size: int
    rows: dict[str, int]


def overview(session: Session) -> Overview:
    """The database at a glance; no rows when it was never migrated."""
    row = session.exec_driver_sql(
        "SELECT current_setting('server_version'), pg_database_size(current_database()),"
        " to_regclass('cases') IS NOT NULL"
    ).one()
    rows = {table: _count(session, table) for table in _TABLES} if row[2] else {}
    return Overview(row[0], row[1], rows)


def _count(session: Session, table: str) -> int:
    return int(session.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608
