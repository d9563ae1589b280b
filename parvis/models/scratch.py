"""Databases made for one run and dropped after it, beside the real one on the same server."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from parvis.models import databases, migrate

PREFIX = "parvis_scratch_"
KEPT = "parvis_kept_"
_MAKING = 7_063_726  # any number will do, provided nothing else takes it


@contextmanager
def scratch(server_url: str, *, keep: bool = False) -> Iterator[str]:
    """The address of a new, migrated database on the server of `server_url`; dropped afterwards, unless kept.

    Its commits do not wait for the disk: nothing in it is worth a crash. What killed runs left is dropped first.

    Raises:
        AdministrationError: who connects may not make databases.
    """
    name = f"{KEPT if keep else PREFIX}{secrets.token_hex(4)}"
    address = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with _made(server_url, name):
        try:
            migrate.upgrade(address)
            yield address
        finally:
            if not keep:
                databases.drop(server_url, name)


@contextmanager
def _made(server_url: str, name: str) -> Iterator[None]:
    """The database, and a lock on its name that tells other runs it is in use."""
    with databases.connect(server_url) as connection:
        connection.execute("SELECT pg_advisory_lock_shared(%s, hashtext(%s))", (_MAKING, name))
        for (left,) in connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s", (PREFIX, name)
        ).fetchall():
            _drop_if_left(connection, left)
        databases.create(server_url, name)
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name))
        )
        yield


def _drop_if_left(connection: psycopg.Connection, name: str) -> None:
    (free,) = connection.execute(
        "SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_MAKING, name)
    ).fetchone() or (False,)
    if free:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_MAKING, name))
