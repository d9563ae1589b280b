"""What an installation can choose. The variables are read when a `Settings` is made, which only the wiring does."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from parvis.models.databases import UnusableAddressError, address
from parvis.notifications.smtp_url import SmtpUrlError, parse_smtp_url
from parvis.states.words import Language

Port = Annotated[int, Field(ge=0, le=65_535)]


class Settings(BaseSettings):
    """What an installation can choose, from `PARVIS_…` variables or a `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix="PARVIS_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    data_folder: Path = Path(".parvis")
    database_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    contract: Path = Path("contracts/amiens.yaml")
    language: Language = Language.FR
    prefect_database_url: SecretStr | None = None
    smtp_url: SecretStr | None = None
    smtp_connections: int = Field(default=4, ge=1, le=16)
    smtp_unconfirmed: int = Field(default=1, ge=1, le=16)
    smtp_timeout_seconds: float = Field(default=30.0, gt=0, allow_inf_nan=False)
    public_url: str = ""
    inbox_folder: Path | None = None
    file_megabytes: int = Field(default=20, ge=1, le=200)
    antivirus: str = ""
    prefect_port: Port = 4200
    port: Port = 8000
    web_processes: int = Field(default=2, ge=1, le=32)

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _for_our_driver(cls, url: SecretStr | None) -> SecretStr | None:
        """An address as psql writes it, `postgresql://…` or `postgres://…`, is one for psycopg."""
        return _address(url, "psycopg")

    @field_validator("prefect_database_url")
    @classmethod
    def _for_prefect(cls, url: SecretStr | None) -> SecretStr | None:
        """Prefect's own driver is asyncpg."""
        return _address(url, "asyncpg")

    @field_validator("smtp_url")
    @classmethod
    def _of_a_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            try:
                parse_smtp_url(url.get_secret_value())
            except SmtpUrlError as error:
                raise PydanticCustomError("smtp_url", "{why}", {"why": error.code}) from None
        return url

    @field_validator("public_url")
    @classmethod
    def _of_pages(cls, url: str) -> str:
        """An address links can be added to: nothing, or `https://…` without its last slash."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError("not an address of pages")
        return url.rstrip("/")

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

    @property
    def files(self) -> Path:
        """The folder stored files are kept in, under their SHA-256."""
        return self.data_folder / "files"


def _address(url: SecretStr | None, driver: str) -> SecretStr | None:
    if url is None:
        return None
    try:
        return SecretStr(address(url.get_secret_value(), driver=driver))
    except UnusableAddressError:
        raise ValueError("not an address of a database") from None
