"""What a copy of the database holds, read in the very transaction the copy is made of."""

from dataclasses import dataclass

from parvis.models.queries.overview import overview
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An instant of the database, by the name other sessions see it under; how much it holds, by table."""

    name: str
    rows: dict[str, int]
    anchors: int
    revision: str


def export(session: Session) -> Snapshot:
    """Fix this transaction at the present instant, and let others read it: first statement of its transaction."""
    session.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    name = session.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    return Snapshot(str(name), overview(session).rows, *_marks(session))


def _marks(session: Session) -> tuple[int, str]:
    row = session.exec_driver_sql(
        "SELECT COALESCE((SELECT max(id) FROM anchors), 0), (SELECT max(version_num) FROM alembic_version)"
    ).one()
    return row[0], row[1]
