"""Where the outside comes in: the environment, the clock, the database. Nothing else reads them."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from parvis.models import databases, embedded, migrate
from parvis.models.session import Database
from parvis.states.words import Language

APPLICATION_DATABASE = "parvis"
PREFECT_DATABASE = "prefect"


class Settings(BaseSettings):
    """What an installation can choose, from `PARVIS_…` variables or a `.env` file."""

    model_config = SettingsConfigDict(env_prefix="PARVIS_", env_file=".env", extra="ignore")

    data_folder: Path = Path(".parvis")
    database_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    contract: Path = Path("contracts/amiens.yaml")
    language: Language = Language.FR
    prefect_database_url: SecretStr | None = None
    smtp_url: SecretStr | None = None
    smtp_connections: int = Field(default=4, ge=1, le=16)
    smtp_unconfirmed: int = Field(default=1, ge=1, le=16)
    smtp_timeout_seconds: float = Field(default=30.0, gt=0)
    public_url: str = ""
    inbox_folder: Path | None = None
    prefect_port: int = 4200
    port: int = 8000

    @property
    def mailbox(self) -> Path:
        """The folder letters go to when there is no SMTP server."""
        return self.data_folder / "mailbox"

    @property
    def inbox(self) -> Path:
        """The watched folder of deposits."""
        return self.inbox_folder or self.data_folder / "inbox"

    @property
    def anchors(self) -> Path:
        """The folder the journal's anchors are written to."""
        return self.data_folder / "anchors"


def settings() -> Settings:
    """The settings of this process, read now."""
    return Settings()


def now() -> datetime:
    """The present instant, aware UTC."""
    return datetime.now(UTC)


def whoami() -> str:
    """A name for this process among the dispatchers."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A database ready for use, and the addresses that reach it: with its owner's rights, and Prefect's own."""

    database: Database
    owner_url: str
    prefect_url: str | None


@contextmanager
def opened(chosen: Settings, *, migrated: bool = True) -> Iterator[Opened]:
    """The application's database, migrated when needed; the embedded server is started or joined if none is set."""
    with ExitStack() as stack:
        owner_url, prefect_url = _addresses(chosen, stack)
        if migrated and migrate.current(owner_url) != migrate.head():
            migrate.upgrade(owner_url)
        application = chosen.database_url.get_secret_value() if chosen.database_url else owner_url
        restricted = databases.APPLICATION if databases.may_become(application, databases.APPLICATION) else None
        database = Database(application, role=restricted)
        stack.callback(database.dispose)
        yield Opened(database, owner_url, prefect_url)


def _addresses(chosen: Settings, stack: ExitStack) -> tuple[str, str | None]:
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
