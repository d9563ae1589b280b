"""How many statements a stretch of a test sends, so that a page that reads more per row it shows is found out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from parvis.models.session import Database


@dataclass
class Count:
    """Statements sent by the way of SQLAlchemy; the few of a move go another way, their number is fixed."""

    count: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Count]:
    """Count the statements of the block."""
    found = Count()
    engine = database._open()

    def add(*_: object) -> None:
        found.count += 1

    event.listen(engine, "before_cursor_execute", add)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", add)
