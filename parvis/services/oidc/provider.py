"""The identity provider as it describes itself: its addresses and its keys, asked for and kept a while."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from parvis.services.oidc.calling import Caller
from parvis.services.oidc.client import Client
from parvis.services.oidc.failing import SignInFailedError, Why
from parvis.services.settings import LOOPBACK

LASTS = timedelta(hours=1)
"""How long what a provider says of itself is kept; a key it withdraws is refused after so long at the latest."""
WELL_KNOWN = "/.well-known/openid-configuration"


class Discovery(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0), as far as we use it."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False

    @field_validator(
        "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"
    )
    @classmethod
    def _is_safe(cls, address: str | None) -> str | None:
        """Over TLS; in the clear only on this machine, for trials."""
        parts = urlsplit(address or "https://none.invalid")
        if not parts.hostname or not (parts.scheme == "https" or parts.hostname in LOOPBACK):
            raise ValueError("not a safe address")
        return address


class Provider:
    """One provider, shared by the threads that answer; nothing is asked before somebody signs in."""

    def __init__(self, client: Client, caller: Caller | None = None) -> None:
        self.client = client
        self.caller = caller or Caller()
        self._discovery: tuple[datetime, Discovery] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def discovery(self, at: datetime) -> Discovery:
        """What the provider says of itself, at most an hour old.

        Raises:
            SignInFailedError: `away`, `nonsense`, or `not_trusted` when it is another than ours.
        """
        known = self._discovery
        if known is not None and known[0] <= at < known[0] + LASTS:
            return known[1]
        answer = self.caller.get(self.client.issuer.rstrip("/") + WELL_KNOWN)
        try:
            found = Discovery.model_validate(answer.document())
        except ValidationError as error:
            fields = sorted({str(each["loc"][0]) for each in error.errors()})
            raise SignInFailedError(Why.NONSENSE, f"discovery: {', '.join(fields)}") from error
        if found.issuer != self.client.issuer:
            raise SignInFailedError(Why.NOT_TRUSTED, "discovery: issuer")
        self._discovery = (at, found)
        return found

    def keys(self, at: datetime, *, anew: bool = False) -> KeySet:
        """The keys it signs with, at most an hour old; asked for `anew` when a token names one we do not know.

        Raises:
            SignInFailedError: as `discovery`.
        """
        known = self._keys
        if known is not None and known[0] <= at < known[0] + LASTS and not anew:
            return known[1]
        document = self.caller.get(self.discovery(at).jwks_uri).document()
        try:
            found = KeySet.import_key_set(document)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise SignInFailedError(Why.NONSENSE, "keys") from error
        self._keys = (at, found)
        return found
