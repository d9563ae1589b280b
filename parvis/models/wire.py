"""The short way to PostgreSQL: prepared statements sent without a cursor, for the few that every move runs."""

import asyncio
import contextlib
import re
import select
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult


class Wire:
    """The transactions and the prepared statements of one connection.

    On a busy machine a cursor costs as much as what PostgreSQL does for it, because of all the code it goes
    through. Waiting stays psycopg's own, so that Ctrl-C interrupts a statement. Transactions end here as well:
    psycopg answers any `ROLLBACK` it sends by forgetting every prepared statement, ours with its own.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.begins = True  # whether the first of our own statements begins a transaction
        self.sent = 0  # statements of ours so far
        self._connection = connection
        self._pgconn = connection.pgconn
        self._adapter = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._unread = select.poll()
        self._unread.register(connection.fileno(), select.POLLIN)

    def is_lost(self) -> bool:
        """Whether the server has ended the connection, or a statement was left running on it.

        It costs a system call and not a round trip: an idle connection has nothing to read, one the server
        ended has a farewell and an end of file.
        """
        return self._pgconn.transaction_status != TransactionStatus.IDLE or bool(self._unread.poll(0))

    def rows(
        self, statement: str, parameters: Sequence[object], *, anew: bool = False
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement whose parameters are numbered and say their type: `$1::bigint`, `$2::date`, ….

        It begins a transaction when there is none, as any statement of psycopg, unless `begins` says otherwise.
        It stays prepared, unless it is to be planned `anew` for these very parameters.

        Raises:
            psycopg.Error: the server refused, or is gone.
        """
        self._send(statement, parameters, anew=anew)
        return self._loaded(self._answer())

    async def rows_later(self, statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        """`rows`, giving the event loop one turn while the server works; one at a time on a connection.

        By the end of that turn the answer is nearly always there: watching the socket would cost more than it.

        Raises:
            psycopg.Error: the server refused, or is gone.
        """
        self._send(statement, parameters)
        self._pgconn.flush()
        await asyncio.sleep(0)
        return self._loaded(self._answer())

    def begin(self) -> None:
        """Begin a transaction, if there is none.

        Raises:
            psycopg.Error: the server refused, or is gone.
        """
        if self._pgconn.transaction_status == TransactionStatus.IDLE and not self._connection.autocommit:
            self._command(b"BEGIN")

    def commit(self) -> None:
        """Commit the transaction there is, if any.

        Raises:
            psycopg.Error: the server refused, or is gone.
        """
        if self._pgconn.transaction_status != TransactionStatus.IDLE:
            self._command(b"COMMIT")

    def roll_back(self) -> None:
        """Give up the transaction there is, if any; one on a lost connection is given up already."""
        if self._pgconn.transaction_status in _OPEN:
            with contextlib.suppress(psycopg.OperationalError):
                self._command(b"ROLLBACK")

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """Run the block so that its failure undoes only the block.

        Raises:
            psycopg.Error: the server refused, or is gone.
        """
        self.begin()
        self._command(b"SAVEPOINT here")
        try:
            yield
        except BaseException:
            if self._pgconn.transaction_status in _OPEN:
                self._command(b"ROLLBACK TO SAVEPOINT here")
                self._command(b"RELEASE SAVEPOINT here")
            raise
        self._command(b"RELEASE SAVEPOINT here")

    def _send(self, statement: str, parameters: Sequence[object], *, anew: bool = False) -> None:
        if self.begins:
            self.begin()
        self.sent += 1
        values = self._adapter.dump_sequence(parameters, [PyFormat.TEXT] * len(parameters))
        if anew:
            self._pgconn.send_query_params(statement.encode(), values)
        else:
            self._pgconn.send_query_prepared(self._names.get(statement) or self._prepare(statement), values)

    def _loaded(self, result: PGresult) -> list[tuple[Any, ...]]:
        self._adapter.set_pgresult(result)
        return self._adapter.load_rows(0, result.ntuples, tuple)

    def _prepare(self, statement: str) -> bytes:
        name = b"wire%d" % len(self._names)
        self._pgconn.send_prepare(name, statement.encode())
        self._answer()
        self._names[statement] = name
        return name

    def _command(self, command: bytes) -> None:
        self._pgconn.send_query(command)
        self._answer()

    def _answer(self) -> PGresult:
        result: PGresult = self._connection.wait(generators.execute(self._pgconn))[-1]
        if result.status not in _DONE:
            if result.error_field(DiagnosticField.SQLSTATE) == _NO_SUCH_STATEMENT:
                self._names.clear()
            raise psycopg.errors.error_from_result(result, self._connection.info.encoding)
        return result


_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
_NO_SUCH_STATEMENT = b"26000"  # somebody said DEALLOCATE ALL
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


def numbered(statement: str, parameters: Mapping[str, object]) -> tuple[str, list[object]]:
    """A statement whose parameters are named, `%(name)s`, with numbers in their place; their values in that order."""
    text, names = _numbered(statement)
    return text, [parameters[name] for name in names]


@lru_cache(maxsize=2_000)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(dict.fromkeys(_NAMED.findall(statement)))
    return _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%"), names


_NAMED = re.compile(r"%\((\w+)\)s")
