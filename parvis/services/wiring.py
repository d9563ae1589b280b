"""Where the outside comes in: the environment, the clock, the database. Nothing else reads them.

What is heavy (settings, SQLAlchemy, Alembic) is imported where it is used: a command line asks for the language
and the time long before it needs a database, and often needs none.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.services.logs import LogFormat
from parvis.states.words import Language

if TYPE_CHECKING:
    from parvis.models.session import Database
    from parvis.services.settings import Settings

APPLICATION_DATABASE = "parvis"
PREFECT_DATABASE = "prefect"

_ENV_FILE = Path(".env")
_LANGUAGE = "PARVIS_LANGUAGE"
_DATA_FOLDER = "PARVIS_DATA_FOLDER"
_LOG = "PARVIS_LOG"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


class UnreadableSettingsError(Exception):
    """The file of the settings is not UTF-8 text; the message is its name."""


def settings() -> "Settings":
    """The settings of this process, read now.

    Raises:
        pydantic.ValidationError: a `PARVIS_…` variable cannot be used.
        UnreadableSettingsError: the file `.env` is not text.
    """
    from parvis.services.settings import Settings

    try:
        return Settings()
    except UnicodeDecodeError as error:
        raise UnreadableSettingsError(str(_ENV_FILE)) from error


def language() -> Language:
    """The language of whoever types: `PARVIS_LANGUAGE`, else that of the system; French unless it is English."""
    said = os.environ.get(_LANGUAGE) or _said_in(_LANGUAGE)
    locales = [value for name in _LOCALES if (value := os.environ.get(name))]
    return Language.EN if (said or next(iter(locales), "")).lower().startswith("en") else Language.FR


def data_folder() -> Path:
    """The folder of this installation's data, known before the settings are: to write what went wrong in."""
    return Path(os.environ.get(_DATA_FOLDER) or _said_in(_DATA_FOLDER) or ".parvis")


def log_format() -> LogFormat:
    """How the technical log is asked for, known before the settings are; `auto` when nobody said."""
    said = os.environ.get(_LOG) or _said_in(_LOG)
    return LogFormat(said) if said in set(LogFormat) else LogFormat.AUTO


def now() -> datetime:
    """The present instant, aware UTC."""
    return datetime.now(UTC)


def environment() -> dict[str, str]:
    """A copy of the environment, for the processes we start."""
    return dict(os.environ)


def jobs_address(chosen: "Settings") -> str:
    """Where Prefect's API answers: the address given to this process, or that of a server on this machine."""
    from parvis.services.prefect_settings import api_url

    return os.environ.get("PREFECT_API_URL") or api_url(chosen.prefect_port)


def whoami() -> str:
    """A name for this process among the dispatchers."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A database ready for use, and the addresses that reach it: with its owner's rights, and Prefect's own."""

    database: "Database"
    owner_url: str
    prefect_url: str | None


@contextmanager
def opened(chosen: "Settings", *, migrated: bool = True) -> Iterator[Opened]:
    """The application's database, migrated when needed; the embedded server is started or joined if none is set."""
    from parvis.models import databases, revisions
    from parvis.models.session import Database

    with ExitStack() as stack:
        owner_url, prefect_url = _addresses(chosen, stack)
        application = chosen.database_url.get_secret_value() if chosen.database_url else owner_url
        with databases.connect(owner_url) as connection:  # connecting costs more than asking
            ready = not migrated or revisions.is_newest(connection)
            able = databases.has_role(connection, databases.APPLICATION)
        if not ready:
            from parvis.models import migrate

            migrate.upgrade(owner_url)
        if not ready or application != owner_url:
            able = databases.may_become(application, databases.APPLICATION)
        database = Database(application, role=databases.APPLICATION if able else None)
        stack.callback(database.dispose)
        yield Opened(database, owner_url, prefect_url)


@contextmanager
def server(chosen: "Settings") -> Iterator[str]:
    """The address of the PostgreSQL server, as somebody who may make databases on it: for those soon dropped.

    With `PARVIS_DATABASE_OWNER_URL` or `PARVIS_DATABASE_URL` set, that account needs the right `CREATEDB`.
    """
    from parvis.models import databases, embedded

    configured = chosen.database_owner_url or chosen.database_url
    if configured is not None:
        yield configured.get_secret_value()
        return
    with embedded.start(chosen.data_folder / "postgres") as running:
        databases.ensure_roles(running.url())
        yield running.url()


def _addresses(chosen: "Settings", stack: ExitStack) -> tuple[str, str | None]:
    from parvis.models import databases, embedded

    configured = chosen.database_owner_url or chosen.database_url
    prefect = chosen.prefect_database_url.get_secret_value() if chosen.prefect_database_url else None
    if configured is not None:
        return configured.get_secret_value(), prefect
    server = stack.enter_context(embedded.start(chosen.data_folder / "postgres"))
    databases.ensure_roles(server.url())
    for name in (APPLICATION_DATABASE, PREFECT_DATABASE):
        databases.create(server.url(), name, owner=databases.OWNER)
    own = server.url(APPLICATION_DATABASE, databases.OWNER)
    return own, prefect or server.url(PREFECT_DATABASE, databases.OWNER, driver="asyncpg")


def _said_in(variable: str) -> str:
    """What the `.env` file says of a variable, as `settings` would read it; empty when it says nothing."""
    try:
        lines = _ENV_FILE.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    said = [line.partition("=") for line in lines]
    return next((value.strip(" \"'") for name, _, value in said if name.strip() == variable), "")
