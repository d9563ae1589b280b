"""The ground a move is made on: a database as a story left it, put back as it was after each crash; its picture."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from tests.postgres import TEMPLATE
from tests.services.desk import CONTRACT, Desk

Picture = dict[str, list[str]]

# What is of the run and not of the move: what the server's clock wrote, secrets drawn, in which order several lines of
# one statement were numbered, and what hangs on the salt of a journal line (whether it holds is asked of the journal).
_OF_THE_RUN = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public'
   AND (column_default LIKE '%now()%' OR column_name IN ('hash', 'journal_head', 'token_hash', 'sealed', 'sealed_file',
                                                                   'state_hash', 'nonce', 'verifier', 'event_id')
        OR (table_name, column_name) = ('journal', 'id'))
"""
_DRAWN = re.compile(
    r'\\"salt\\":\\"[0-9a-f]+\\"|"salt": "[0-9a-f]+"|"occurrence": "[0-9a-f]{64}"'
    r"|/(?:lien|bienvenue|nouvelle-adresse)/[\w-]+"
)
_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text) FILTER (WHERE a.attgenerated = '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
 GROUP BY 1 ORDER BY 1
"""
# Where the journal is cut in parts, the keys of requests are in a table beside it, which triggers fill.
_KEYS_ARE_BESIDE = "SELECT FROM pg_tables WHERE schemaname = 'parvis_parts' AND tablename = 'journal_keys'"
_KEYS_AGAIN = """
DELETE FROM parvis_parts.journal_keys;
INSERT INTO parvis_parts.journal_keys SELECT idempotency_key FROM journal WHERE idempotency_key IS NOT NULL
"""
_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
"""
_NUMBERINGS = """
SELECT seqrelid::regclass::text, refobjid::regclass::text, attname::text, COALESCE(pg_sequence_last_value(seqrelid), 0)
  FROM pg_sequence JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i') AND classid = 'pg_class'::regclass
  JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
"""


class Ground:
    """A database in which the beginning of a story was told. `before` is its picture then."""

    def __init__(self, server: EmbeddedServer, name: str, *, kept: str = "kept") -> None:
        self.server, self.name, self._kept = server, name, sql.Identifier(kept)
        self.url = server.url(name, databases.OWNER)
        self._admin = psycopg.connect(server.dsn(name), autocommit=True)
        self._admin.execute("SET session_replication_role = replica; SET lock_timeout = '20s'")
        self._columns: dict[str, list[str]] = dict(self._admin.execute(_COLUMNS).fetchall())
        self._keys_are_beside = self._admin.execute(_KEYS_ARE_BESIDE).rowcount > 0
        self._looking = self._look_at_all()
        self.before = self.picture()
        self._numbering = self._number_all()
        self._admin.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE").format(self._kept))
        self._admin.execute(sql.SQL("CREATE SCHEMA {0}").format(self._kept))
        for table in self.before:
            self._do("CREATE TABLE {kept}.{table} AS TABLE public.{table}", table)

    def settle(self) -> None:
        """Wait until the server has undone what was cut: what it held is skipped by whoever comes meanwhile."""
        while self.value(_AT_WORK):
            time.sleep(0.001)

    def picture(self) -> Picture:
        """Every row of every table that has some, as text."""
        found: Picture = {}
        for table, row in self._admin.execute(self._looking, prepare=True):
            found.setdefault(table, []).append(_DRAWN.sub("", row))
        return {table: sorted(rows) for table, rows in found.items()}

    def put_back(self, now: Picture) -> None:
        """Make it what it was before, its picture being `now`."""
        for table in differing(now, self.before):
            self._do("DELETE FROM public.{table}", table)
            if table in self.before:
                self._do("INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE"
                         " SELECT {columns} FROM {kept}.{table}", table)  # fmt: skip
        if self._keys_are_beside:
            self._admin.execute(_KEYS_AGAIN)
        self.number_again()

    def number_again(self) -> None:
        """Number what comes next as if what failed had taken no number: holes in a numbering mean nothing."""
        self._admin.execute(self._numbering, prepare=True)

    def value(self, statement: str) -> Any:
        """One value, seen by whoever may see all."""
        row = self._admin.execute(statement).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Let go of it."""
        self._admin.close()

    def _do(self, statement: str, table: str) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, self._columns[table]))
        self._admin.execute(
            sql.SQL(statement).format(table=sql.Identifier(table), columns=columns, kept=self._kept)
        )

    def _number_all(self) -> str:
        parts = [
            sql.SQL("setval({name}, GREATEST({last}, n.last, 1), GREATEST({last}, n.last) > 0)"
                    " FROM (SELECT COALESCE(max({column}), 0) AS last FROM {table}) n").format(
                name=sql.Literal(name), last=last, column=sql.Identifier(column), table=sql.Identifier(table)
            )
            for name, table, column, last in self._admin.execute(_NUMBERINGS)
        ]  # fmt: skip
        return sql.SQL("SELECT {}").format(sql.SQL(" UNION ALL SELECT ").join(parts)).as_string(self._admin)

    def _look_at_all(self) -> str:
        apart: dict[str, list[str]] = {}
        for table, column in self._admin.execute(_OF_THE_RUN):
            apart.setdefault(table, []).append(column)
        parts = [
            sql.SQL("SELECT {name}, (to_jsonb(t) - {apart}::text[])::text FROM public.{table} t").format(
                name=table, table=sql.Identifier(table), apart=sql.Literal(apart.get(table, []))
            )
            for table in self._columns
        ]
        return sql.SQL(" UNION ALL ").join(parts).as_string(self._admin)


@contextmanager
def bare(server: EmbeddedServer, name: str) -> Iterator[Ground]:
    """A database in which nothing was told yet, for the stories of many acts: a new one for each would take longer."""
    databases.drop(server.url(), name)
    databases.clone(server.url(), TEMPLATE, name, owner=databases.OWNER)
    made = Ground(server, name, kept="bare")
    try:
        yield made
    finally:
        with suppress(psycopg.Error):
            made.close()
        databases.drop(server.url(), name)


@contextmanager
def ground(
    base: Ground, prepare: Callable[[Desk], tuple[Any, ...]], contract: dict[str, Any] | None
) -> Iterator[tuple[Ground, tuple[Any, ...]]]:
    """A small city in which `prepare` told the beginning of a story, and what it says of it."""
    base.settle()
    base.put_back(base.picture())
    with Database(base.url, role=databases.APPLICATION) as database:
        given = prepare(Desk.opened(database, contract or CONTRACT))
    made = Ground(base.server, base.name)
    try:
        yield made, given
    finally:
        with suppress(psycopg.Error):
            made.close()


def differing(one: Picture, other: Picture) -> list[str]:
    """The tables in which two pictures differ."""
    return sorted(table for table in one.keys() | other.keys() if one.get(table) != other.get(table))
