"""The way in to the database: connections and transactions; the errors callers can act on are in `faults.py`.

A `Session` is a SQLAlchemy Core connection inside a transaction; there are no ORM sessions. This file holds
the only commit of the programme.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Any, Self, TypeAlias, cast

import psycopg
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from parvis.models.faults import ConflictError, ConstraintError, UnreachableDatabaseError, translate
from parvis.models.wire import Wire, numbered

__all__ = ["ConflictError", "ConstraintError", "Database", "Session", "UnreachableDatabaseError", "savepoint"]

Session: TypeAlias = Connection

# A machine cut off says nothing more: after a minute its connection is over on both sides, and what it held is free.
# On a Unix socket none of this means anything.
_GONE_FOR_US = {
    "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000,
}  # fmt: skip
_GONE_FOR_THE_SERVER = "".join(
    f" -c tcp_{name}={value}" for name, value in (
        ("keepalives_idle", 30), ("keepalives_interval", 10), ("keepalives_count", 3), ("user_timeout", 60_000)
    )
)  # fmt: skip


class Database:
    """One database, opened at the first transaction. Safe to share between threads, not across a fork.

    `role` is taken by every connection (`SET ROLE`), so that the application cannot do more than that role.
    `pool_size` connections stay open; `overflow` more are opened and closed on demand, and a caller waits
    `pool_seconds` for one. `dispose` closes them, and so does the end of a `with`.
    """

    def __init__(
        self,
        url: str,
        *,
        role: str | None = None,
        pool_size: int = 8,
        overflow: int = 8,
        pool_seconds: float = 30,
        connect_seconds: int = 10,
    ) -> None:
        self.url = url
        self.role = role
        self._pool_size = pool_size
        self._pool_seconds = pool_seconds
        self._connect_seconds = connect_seconds
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._idle: list[tuple[Session, Wire]] = []
        self._single: list[tuple[Session, Wire]] = []
        self._permits: SimpleQueue[None] = SimpleQueue()  # a transaction holds one
        for _ in range(pool_size + overflow):
            self._permits.put(None)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Run the block in one transaction: committed at its end, rolled back by any exception.

        Raises:
            ConstraintError: a constraint refused a row.
            ConflictError: another transaction was in the way; nothing is written.
            UnreachableDatabaseError: no connection, or it was lost; nothing is written unless the loss fell
                on the commit itself.
        """
        with self._session(begins=True) as session:
            yield session

    @contextmanager
    def one_write(self) -> Iterator[Session]:
        """Run a block that writes in one statement, which is then its whole transaction: no `BEGIN`, no `COMMIT`.

        For a move alone: what it reads is proved still true by the version its statement asks for; and for pages,
        which write nothing. A block that writes twice says `begin` before the first; from there on it is as in
        `transaction`, errors included.
        """
        with self._session(begins=False) as session:
            yield session

    @contextmanager
    def _session(self, *, begins: bool) -> Iterator[Session]:
        self._wait_for_a_permit()
        try:
            session, wire = self._take()
            wire.begins = begins
            try:
                yield session
                wire.commit()
            finally:
                wire.roll_back()
                self._put_back(session, wire)
        except (DBAPIError, psycopg.Error) as error:
            translate(error)
        finally:
            self._permits.put(None)

    @contextmanager
    def single_statements(self) -> Iterator[Session]:
        """A session whose every statement is a transaction of its own, committed without waiting for the disk.

        What it commits is seen by all at once and outlives this process; only a crash of PostgreSQL itself can
        lose it, and only what it committed in the last 0.6 s. For facts that are safe to forget and find again. Its
        connection is kept for the next time: opening one costs more than what it says.

        Raises:
            ConstraintError, ConflictError, UnreachableDatabaseError: as `transaction`.
        """
        try:
            session, wire = self._take_single()
            try:
                yield session
            except BaseException:
                _drop(session)
                raise
            if self._single or wire.is_lost():
                _drop(session)
            else:
                self._single.append((session, wire))
        except (DBAPIError, psycopg.Error) as error:
            translate(error)

    def dispose(self) -> None:
        """Close the idle connections; the next transaction opens new ones."""
        for kept in (self._idle, self._single):
            with suppress(IndexError):
                while True:
                    kept.pop()[0].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()

    def _wait_for_a_permit(self) -> None:
        try:
            self._permits.get(timeout=self._pool_seconds)
        except Empty:
            raise UnreachableDatabaseError("every connection is taken") from None

    def _take(self) -> tuple[Session, Wire]:
        """The connection used last, or a new one when none is idle; those whose server is gone are dropped."""
        while True:
            try:
                session, wire = self._idle.pop()
            except IndexError:
                return self._connect()
            if not wire.is_lost():
                return session, wire
            _drop(session)

    def _take_single(self) -> tuple[Session, Wire]:
        """The connection whose statements are each a transaction, or a new one when it is taken or lost."""
        with suppress(IndexError):
            session, wire = self._single.pop()
            if not wire.is_lost():
                return session, wire
            _drop(session)
        session, wire = self._connect()
        session = session.execution_options(isolation_level="AUTOCOMMIT")
        session.exec_driver_sql("SET synchronous_commit = off")
        return session, wire

    def _connect(self) -> tuple[Session, Wire]:
        session = self._open().connect()
        wire = Wire(cast("psycopg.Connection[Any]", session.connection.driver_connection))
        return session.execution_options(wire=wire), wire

    def _put_back(self, session: Session, wire: Wire) -> None:
        """Keep a connection for the next transaction: SQLAlchemy's own pool costs a move a tenth of its time."""
        if wire.is_lost():
            _drop(session)
            return
        session.rollback()  # the transaction has ended; SQLAlchemy has to hear of it, if it saw it begin
        if len(self._idle) < self._pool_size:
            self._idle.append((session, wire))
        else:
            session.close()

    def _open(self) -> Engine:
        with self._opening:
            if self._engine is None:
                self._engine = self._make_engine()
            return self._engine

    def _make_engine(self) -> Engine:
        options = (
            f"-c timezone=UTC -c jit=off{_GONE_FOR_THE_SERVER}"  # compiling a list costs more than running it
        )
        if self.role is not None:
            options += f" -c role={self.role}"
        engine = create_engine(
            self.url,
            poolclass=NullPool,
            hide_parameters=True,  # an error tells the statement, never what people typed
            connect_args={
                "options": options,
                "application_name": "parvis",
                "connect_timeout": self._connect_seconds,
                "prepare_threshold": 2,  # a statement sent twice is prepared on its connection
                **_GONE_FOR_US,
            },
        )
        event.listen(engine, "rollback", _roll_back_on_the_wire)
        return engine


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Run the block so that its failure undoes only the block.

    Raises:
        ConstraintError: a constraint refused a row; the transaction can go on.
        ConflictError: another transaction was in the way.
    """
    try:
        with _wire(session).savepoint():
            yield
    except (DBAPIError, psycopg.Error) as error:
        translate(error)


def fetch(session: Session, statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a statement sent the short way, for the few that every move runs; see `Wire.rows`."""
    return _wire(session).rows(statement, parameters)


async def fetch_later(
    session: Session, statement: str, parameters: Sequence[object]
) -> list[tuple[Any, ...]]:
    """`fetch`, while the event loop goes on with other work; one at a time in a session."""
    return await _wire(session).rows_later(statement, parameters)


def select(session: Session, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows of a statement that stays prepared, sent the short way: for pages that read many.

    `%(name)s` stand for parameters, whose types PostgreSQL infers.
    """
    return _wire(session).rows(*numbered(statement, parameters))


def select_among(
    session: Session,
    statement: str,
    ids: Sequence[int],
    parameters: Mapping[str, object] = MappingProxyType({}),
) -> list[tuple[Any, ...]]:
    """`select` about the rows whose number is one of `ids`, written `ANY(%(ids)s::bigint[])`.

    Of a single one it asks for that one: PostgreSQL reckons on ten in a list, finds a plan for any list dearer than a
    plan for this very one, and would plan anew each time.
    """
    if len(ids) == 1:
        one = statement.replace("ANY(%(ids)s::bigint[])", "%(ids)s::bigint")
        return select(session, one, {**parameters, "ids": ids[0]})
    return select(session, statement, {**parameters, "ids": list(ids)})


def read(session: Session, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows of a statement planned anew for these very parameters: what is rare among them decides the plan.

    `%(name)s` stand for parameters. A prepared statement is planned once for all values, which for a list with filters
    is the wrong plan for most of them.
    """
    return _wire(session).rows(*numbered(statement, parameters), anew=True)


def begin(session: Session) -> None:
    """Make one transaction of all that follows in this session; nothing to do where there is one already."""
    _wire(session).begin()


def _wire(session: Session) -> Wire:
    wire: Wire = session.get_execution_options()["wire"]
    return wire


def _roll_back_on_the_wire(session: Session) -> None:
    if not session.invalidated:
        _wire(session).roll_back()


def _drop(session: Session) -> None:
    if not session.invalidated:
        session.invalidate()
    session.close()
