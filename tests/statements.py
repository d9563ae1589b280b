"""How many statements a stretch of a test sends, so that a page that reads more per row it shows is found out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from parvis.models.session import Database


@dataclass
class Count:
    """Statements sent, by the way of SQLAlchemy and by the short one; of transactions, neither beginning nor end."""

    count: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Count]:
    """Count the statements of the block."""
    found = Count()
    engine = database._open()
    before = _sent(database)

    def add(*_: object) -> None:
        found.count += 1

    event.listen(engine, "before_cursor_execute", add)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", add)
        found.count += _sent(database) - before


def _sent(database: Database) -> int:
    """Statements sent the short way so far, on the connections that are open."""
    return sum(wire.sent for _, wire in database._idle)
