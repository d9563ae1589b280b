"""The errors of the database that callers can act on, and how what the driver says becomes one of them."""

from typing import NoReturn

import psycopg
from sqlalchemy.exc import DBAPIError

_AWAY_CLASSES = ("57P", "08", "53", "58")  # shut down, connection, out of disk or memory, disk broken
_RETRY_STATES = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available


class ConstraintError(Exception):
    """The database refused a row: `name` is the constraint, `table` where it stands."""

    def __init__(self, name: str, table: str) -> None:
        super().__init__(f"{table}: {name}")
        self.name = name
        self.table = table


class ConflictError(Exception):
    """Two transactions met and this one gave way; running it again is right."""


class UnreachableDatabaseError(Exception):
    """The database does not answer; running again later is right."""


def translate(error: DBAPIError | psycopg.Error) -> NoReturn:
    """Raise what a caller can act on for what the driver said."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.IntegrityError):
        raise ConstraintError(cause.diag.constraint_name or "", cause.diag.table_name or "") from error
    if isinstance(cause, psycopg.Error) and cause.sqlstate in _RETRY_STATES:
        raise ConflictError(str(cause)) from error
    if _was_lost(error) or _is_unreachable(cause):
        raise UnreachableDatabaseError(str(cause)) from error
    raise error


def _was_lost(error: DBAPIError | psycopg.Error) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _is_unreachable(cause: BaseException | None) -> bool:
    """A connection that never opened has no SQLSTATE; a server that serves nobody now says a class of its own."""
    if isinstance(cause, psycopg.errors.ReadOnlySqlTransaction):
        return True  # a standby: it reads and never writes
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_AWAY_CLASSES)
