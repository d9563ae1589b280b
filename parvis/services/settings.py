"""What an installation can choose. The variables are read when a `Settings` is made, which only the wiring does."""

from base64 import urlsafe_b64decode
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from parvis.models.databases import UnusableAddressError, address
from parvis.notifications.smtp_url import SmtpUrlError, parse_smtp_url
from parvis.services.clamd import SCHEME, place_of
from parvis.services.logs import LogFormat
from parvis.services.traces import installed
from parvis.states.words import Language

Port = Annotated[int, Field(ge=0, le=65_535)]
FERNET_BYTES = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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
    smtp_timeout_seconds: float = Field(default=30.0, gt=0, le=240, allow_inf_nan=False)
    public_url: str = ""
    bounces: SecretStr | None = None
    bounce_address: str = Field(default="", pattern=r"^([^@+\s]{1,40}@[A-Za-z0-9.-]{1,200})?$")
    inbox_folder: Path | None = None
    file_megabytes: int = Field(default=20, ge=1, le=200)
    antivirus: str = ""
    sirene_url: str = ""
    webhook_networks: str = ""
    webhook_timeout_seconds: float = Field(default=15.0, gt=0, le=50, allow_inf_nan=False)
    demarche_url: str = "https://demarche.numerique.gouv.fr/api/v2/graphql"
    demarche_token: SecretStr | None = None
    bank_keys: SecretStr | None = None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = Field(default="ProConnect", max_length=60)
    oidc_scopes: str = "openid email"
    oidc_acr_values: str = ""
    oidc_idp_hint: str = ""
    oidc_trust_email: bool = False
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    log: LogFormat = LogFormat.AUTO
    traces_url: str = ""
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

    @field_validator("bounces")
    @classmethod
    def _of_a_mailbox(cls, where: SecretStr | None) -> SecretStr | None:
        """A folder, or a server spoken to over TLS: `imap://` would be read as the name of a folder."""
        said = where.get_secret_value() if where else ""
        if "://" in said and not (said.startswith("imaps://") and urlsplit(said).hostname):
            raise ValueError("not a mailbox")
        return where

    @field_validator("public_url")
    @classmethod
    def _of_pages(cls, url: str) -> str:
        """An address links can be added to: nothing, or `https://…` without its last slash."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError("not an address of pages")
        return url.rstrip("/")

    @field_validator("demarche_url")
    @classmethod
    def _of_an_api(cls, url: str) -> str:
        """`https://…`: the token goes there; `http://` only on this machine, for trials."""
        parts = urlsplit(url)
        if not (
            parts.hostname
            and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
        ):
            raise ValueError("not the address of the API")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _of_a_provider(cls, issuer: str) -> str:
        """The name a provider goes by: `https://…`; `http://` only on this machine, for trials."""
        parts = urlsplit(issuer)
        plain = parts.scheme == "http" and parts.hostname in LOOPBACK
        if issuer and (not (parts.scheme == "https" or plain) or not parts.hostname or parts.query):
            raise ValueError("not the name of a provider")
        return issuer

    @field_validator("bank_keys")
    @classmethod
    def _fernet_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        """Fernet keys, the one that seals first; those of before come after it until nothing is sealed with them."""
        for key in keys.get_secret_value().split(",") if keys else ():
            try:
                fits = len(urlsafe_b64decode(key.strip())) == FERNET_BYTES
            except ValueError:
                fits = False
            if not fits:
                raise ValueError("not a Fernet key")
        return keys

    @field_validator("sirene_url")
    @classmethod
    def _of_the_register(cls, url: str) -> str:
        """Where the register answers: nothing, or `https://…`; `http://` only on this machine, for trials."""
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if url and (not safe or not parts.hostname or parts.query):
            raise ValueError("not the address of the register")
        return url.rstrip("/")

    @field_validator("webhook_networks")
    @classmethod
    def _of_networks(cls, said: str) -> str:
        """Networks webhooks may go to though they are not public: `10.1.0.0/16, 127.0.0.1`."""
        for each in said.split(","):
            if each.strip():
                ip_network(each.strip())
        return said

    @field_validator("antivirus")
    @classmethod
    def _of_a_scanner(cls, said: str) -> str:
        """A command, or where ClamAV's daemon listens."""
        if said.startswith(f"{SCHEME}:"):
            place_of(said)
        return said

    @field_validator("traces_url")
    @classmethod
    def _of_a_collector(cls, url: str) -> str:
        """Nothing, or where an OpenTelemetry collector listens, when what speaks to it is installed."""
        parts = urlsplit(url)
        if url and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.query or not installed()
        ):
            raise ValueError("not the address of a collector, or parvis[traces] is not installed")
        return url.rstrip("/")

    @field_validator("oidc_scopes")
    @classmethod
    def _with_openid(cls, scopes: str) -> str:
        if "openid" not in scopes.split():
            raise ValueError("without openid it is not OpenID Connect")
        return " ".join(scopes.split())

    @model_validator(mode="after")
    def _whole_oidc(self) -> Self:
        """Sign-in by OpenID Connect is set whole or not at all; the first variable that lacks is named."""
        given = {
            "oidc_issuer": self.oidc_issuer,
            "oidc_client_id": self.oidc_client_id,
            "oidc_client_secret": self.oidc_client_secret,
        }
        needed = {**given, "public_url": self.public_url}
        missing = [name for name, value in needed.items() if not value]
        if any(given.values()) and missing:
            raise PydanticCustomError("half_oidc", "{why}", {"why": "half_oidc", "name": missing[0]})
        return self

    @property
    def secrets(self) -> frozenset[str]:
        """What no log may say: each secret; each key of a list; of one that is an address, its password alone."""
        wholes = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        keys = [key.strip() for whole in wholes for key in whole.split(",") if "," in whole]
        passwords = [urlsplit(whole).password or "" for whole in wholes if "://" in whole]
        return frozenset({*wholes, *keys, *passwords, *map(unquote, passwords)} - {""})

    @property
    def mailbox(self) -> Path:
        """The folder letters go to when there is no SMTP server."""
        return self.data_folder / "mailbox"

    @property
    def inbox(self) -> Path:
        """The watched folder of deposits."""
        return self.inbox_folder or self.data_folder / "inbox"

    @property
    def bank_key_file(self) -> Path:
        """Where the key of bank details is kept when none is set and the database is the embedded one."""
        return self.data_folder / "bank.key"

    @property
    def anchors(self) -> Path:
        """The folder the journal's anchors are written to."""
        return self.data_folder / "anchors"

    @property
    def sent_log(self) -> Path:
        """The folder where what left is kept beside the database, for the day an older copy of it comes back."""
        return self.data_folder / "sent"

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
