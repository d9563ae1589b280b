"""Migrations run from code: no alembic.ini, no environment, one process at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from psycopg import OperationalError
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from parvis.models import parts, privileges
from parvis.models.databases import AdministrationError
from parvis.models.revisions import MIGRATING, UnknownRevisionError
from parvis.models.tables import metadata

FOLDER = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, then give the application role its rights; all or nothing.

    Several processes may start at once: the first migrates, the others wait and find the work done.

    Raises:
        AdministrationError: the account may not, or the server cannot.
        UnknownRevisionError: the database is at a revision of another version of Parvis.
    """
    with _locked(url) as connection:
        try:
            command.upgrade(_config(connection), revision)
        except CommandError as error:
            raise UnknownRevisionError from error
        privileges.grant(connection)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` (`base`: empty), losing what later revisions hold.

    Raises:
        AdministrationError: the account may not, or the server cannot.
        UnknownRevisionError: there is no such revision below the database's own.
        CutTablesError: the journal or the letters are cut, which that revision does not know.
    """
    with _locked(url) as connection:
        if parts.are_cut(connection) and not (revision.isdigit() and revision >= parts.SINCE):
            raise parts.CutTablesError
        try:
            command.downgrade(_config(connection), revision)
        except CommandError as error:
            raise UnknownRevisionError(revision) from error


def current(url: str) -> str | None:
    """The revision the database is at; None when it was never migrated."""
    with _connect(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision this version of Parvis knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def drift(url: str) -> list[str]:
    """What differs between the database and the tables the code declares; empty when they agree."""
    with _connect(url) as connection:
        opts: dict[str, object] = {"compare_type": True, "compare_server_default": True}
        if parts.are_cut(connection):
            opts["include_object"] = parts.is_not_kept_otherwise
        context = MigrationContext.configure(connection, opts=opts)
        differences = [_said(one) for one in compare_metadata(context, metadata)]
        return differences + privileges.missing(connection)


def write(url: str, message: str, revision: str) -> Path:
    """For developers: write the migration that makes the database of `url` what the code declares.

    To be read and completed by hand: it sees neither triggers nor data, and takes a renaming for a loss.
    """
    with _locked(url) as connection:
        script = command.revision(_config(connection), message, autogenerate=True, rev_id=revision)
    return Path(cast("Script", script).path)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connect(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error.orig, InsufficientPrivilege | OperationalError):
            raise AdministrationError(str(error.orig)) from error
        raise


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    with _connect(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        yield connection


def _said(difference: object) -> str:
    match difference:
        case [*several] if several and isinstance(several[0], tuple):
            return "; ".join(_said(one) for one in several)
        case (str(kind), *what):
            return " ".join([kind.replace("_", " "), *_names(what)])
        case _:
            return repr(difference)


def _names(what: Iterable[object]) -> Iterator[str]:
    for one in what:
        if one is not None and not isinstance(one, dict):
            yield str(getattr(one, "name", None) or one)
