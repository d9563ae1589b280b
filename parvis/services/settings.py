"""What an installation can choose. The variables are read when a `Settings` is made, which only the wiring does."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from parvis.states.words import Language


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
    smtp_timeout_seconds: float = Field(default=30.0, gt=0)
    public_url: str = ""
    inbox_folder: Path | None = None
    file_megabytes: int = Field(default=20, ge=1, le=200)
    antivirus: str = ""
    prefect_port: int = 4200
    port: int = 8000

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _for_our_driver(cls, url: SecretStr | None) -> SecretStr | None:
        """An address as psql writes it, `postgresql://…` or `postgres://…`, is one for psycopg."""
        if url is None:
            return None
        scheme, separator, rest = url.get_secret_value().partition("://")
        known = scheme in {"postgres", "postgresql"}
        return SecretStr(f"postgresql+psycopg{separator}{rest}") if known else url

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
