"""Asking the provider over HTTP: bounded in time and in size, never following it elsewhere."""

import json
import ssl
import time as elapsed
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import httpx

from parvis.services.oidc.failing import SignInFailedError, Why

SECONDS = 5.0
"""How long the provider may keep silent; the code it gives lives 30 seconds at ProConnect."""
MOST_BYTES = 256_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, content type without its parameters, body."""

    status: int
    kind: str
    body: bytes

    def document(self) -> dict[str, object]:
        """The JSON object it is.

        Raises:
            SignInFailedError: it is none (`nonsense`).
        """
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise SignInFailedError(Why.NONSENSE, f"{self.status}, not JSON") from error
        if not isinstance(found, dict):
            raise SignInFailedError(Why.NONSENSE, f"{self.status}, no JSON object")
        return found


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `seconds` is how long each part of an answer may take, twice that the whole of it."""

    seconds: float = SECONDS

    def get(self, address: str, *, bearer: str = "") -> Answer:
        """What the provider says at this address.

        Raises:
            SignInFailedError: `away` or `nonsense`.
        """
        return self._ask("GET", address, headers={"authorization": f"Bearer {bearer}"} if bearer else {})

    def post(self, address: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None) -> Answer:
        """What the provider answers to this form.

        Raises:
            SignInFailedError: `away` or `nonsense`.
        """
        return self._ask("POST", address, form=form, basic=basic)

    def _ask(
        self, method: str, address: str, *,
        headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        ends = elapsed.monotonic() + 2 * self.seconds
        said = {
            "accept": "application/json, application/jwt",
            "accept-encoding": "identity",
            **(headers or {}),
        }
        try:
            with (
                httpx.Client(timeout=self.seconds, follow_redirects=False, verify=_certificates()) as client,
                client.stream(method, address, headers=said, data=form, auth=basic) as response,
            ):
                body = b""
                for piece in response.iter_raw():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise SignInFailedError(Why.NONSENSE, "too long an answer")
                    if elapsed.monotonic() > ends:
                        raise SignInFailedError(Why.AWAY, "too slow an answer")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SignInFailedError(Why.AWAY, type(error).__name__) from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise SignInFailedError(Why.AWAY, f"status {response.status_code}")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(response.status_code, kind, body)


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()
