"""Asking Démarche numérique over HTTP: bounded in time and size, slower when it says so, never led elsewhere."""

import json
import random
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from parvis.services.demarches.failing import DemarcheError, Why

SECONDS = 40.0
"""The platform itself gives up a query after 30 seconds."""
MOST_BYTES = 64_000_000
"""A page of a hundred dossiers has about three million."""
TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
_WAITS = frozenset(
    {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, at the `address` of the API, with its `token`; `wait` sleeps that many seconds."""

    address: str
    token: str = field(repr=False)
    wait: Callable[[float], None]
    seconds: float = SECONDS
    tries: int = TRIES

    def ask(self, query: str, variables: Mapping[str, object], *, changes: bool = False) -> dict[str, Any]:
        """The `data` of the answer to a query, asked again while the platform is away or asks to wait.

        What `changes` something there is asked again only when the platform says it did not even look at it: an
        answer lost on its way would do it twice.

        Raises:
            DemarcheError: it stays away, refuses, or answers what cannot be read.
        """
        body = json.dumps({"query": query, "variables": dict(variables)}, ensure_ascii=False).encode()
        for tried in range(1, self.tries + 1):
            try:
                status, headers, answer = self._post(body)
                if status not in _WAITS:
                    return _data(status, answer)
                failed = DemarcheError(
                    Why.BUSY if status == HTTPStatus.TOO_MANY_REQUESTS else Why.AWAY, str(status)
                )
                pause = _asked_pause(headers) or _backoff(tried)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failed, pause = DemarcheError(Why.AWAY, type(error).__name__), _backoff(tried)
            if tried == self.tries or pause > LONGEST_WAIT or (changes and failed.why is not Why.BUSY):
                raise failed
            self.wait(pause)
        raise AssertionError("the last try raises")

    def fetch(self, address: str, *, most_bytes: int) -> bytes:
        """A file at an address the platform gave, without the token; one byte too many when it is larger than allowed.

        Raises:
            DemarcheError: it is not there, or its address is not one of the web over TLS.
        """
        if not self._trusts(address):
            raise DemarcheError(Why.REFUSED, "address")
        try:
            with self._client() as client, client.stream("GET", address) as response:
                if response.status_code != HTTPStatus.OK:
                    raise DemarcheError(Why.AWAY, f"status {response.status_code}")
                return _capped(response, most_bytes + 1)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DemarcheError(Why.AWAY, type(error).__name__) from error

    def _trusts(self, address: str) -> bool:
        """`https://…`; plain `http://` only where the API itself is asked so, at the same host: a trial."""
        own, parts = urlsplit(self.address), urlsplit(address)
        return parts.scheme == "https" or (
            parts.scheme == own.scheme == "http" and parts.netloc == own.netloc
        )

    def _post(self, body: bytes) -> tuple[int, httpx.Headers, bytes]:
        said = {
            "authorization": f"Bearer {self.token}", "content-type": "application/json", "accept": "application/json",
        }  # fmt: skip
        with (
            self._client() as client,
            client.stream("POST", self.address, content=body, headers=said) as response,
        ):
            answer = _capped(response, MOST_BYTES + 1)
        if len(answer) > MOST_BYTES:
            raise DemarcheError(Why.NONSENSE, "too long an answer")
        return response.status_code, response.headers, answer

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        with httpx.Client(timeout=self.seconds, follow_redirects=False, verify=_certificates()) as client:
            yield client


def _capped(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) >= most:
            return bytes(body[:most])
    return bytes(body)


def _data(status: int, answer: bytes) -> dict[str, Any]:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise DemarcheError(Why.TOKEN, str(status))
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise DemarcheError(Why.NONSENSE, f"{status}, not JSON") from error
    if not isinstance(found, dict):
        raise DemarcheError(Why.NONSENSE, f"{status}, no JSON object")
    if found.get("errors"):
        raise _refusal(found["errors"])
    data = found.get("data")
    if status != HTTPStatus.OK or not isinstance(data, dict):
        raise DemarcheError(Why.NONSENSE, str(status))
    return data


def _refusal(errors: object) -> DemarcheError:
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    extensions = first.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    message = str(first.get("message") or errors)
    if code in ("unauthorized", "forbidden"):
        return DemarcheError(Why.TOKEN, message)
    return DemarcheError(Why.AWAY if code in ("timeout", "internal_server_error") else Why.REFUSED, message)


def _asked_pause(headers: httpx.Headers) -> float | None:
    """The seconds the platform asks to wait; a date is left to our own backoff."""
    said = headers.get("retry-after", "").strip()
    return float(said) if said.isascii() and said.isdigit() and len(said) < 6 else None


def _backoff(tried: int) -> float:
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (tried - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()
