"""What surrounds every answer: forged requests refused, bodies capped, headers that keep a page to itself, the log."""

import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parvis.services import logs
from parvis.services.traces import TRACES
from parvis.web.answers import answer
from parvis.web.errors import ForgedError, TooLargeError
from parvis.web.noting import SAFE, note, request_id

LARGEST_FORM = 1_000_000
LARGEST_UPLOAD = 60_000_000
LARGEST_IMPORT = 20_000_000

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, guarded."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, status = Request(scope, receive), 0
        number = request.state.number = request_id(request)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope, number)
            await send(message)

        begun = time.perf_counter()
        with logs.bound(request=number), TRACES.span("request", request=number):
            refusal = _refusal(request)
            try:
                if refusal is None:
                    await self.app(scope, _capped(receive, _largest(request)), sending)
            except Exception as error:  # the last layer: what nobody foresaw is told and answered
                if status:
                    raise  # half an answer has gone: the server cuts it off
                refusal = error
            if refusal is not None:
                response = await run_in_threadpool(answer, request, refusal)
                await response(scope, receive, sending)
            await note(request, status, time.perf_counter() - begun)


def _refusal(request: Request) -> Exception | None:
    if request.method not in SAFE and _is_forged(request):
        return ForgedError()
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said) > _largest(request):
        return TooLargeError(_largest(request))
    return None


def _is_forged(request: Request) -> bool:
    """Whether another site sent this: browsers say so; those that do not, name the origin; programs bear a token."""
    headers = request.headers
    if headers.get("authorization", "").lower().startswith("bearer "):
        return False  # a browser never adds this one by itself
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc != headers.get("host")


def _largest(request: Request) -> int:
    if request.url.path == "/api/v1/deposits":
        return LARGEST_IMPORT
    multipart = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    return LARGEST_UPLOAD if multipart else LARGEST_FORM


def _capped(receive: Receive, most: int) -> Receive:
    """The body as it comes, until it is larger than it said: a body without a length is counted."""
    read = 0

    async def receiving() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise TooLargeError(most)
        return message

    return receiving


def _add_headers(message: MutableMapping[str, Any], scope: Scope, number: str) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers["x-request-id"] = number
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not scope["path"].startswith("/static/"):
        headers.setdefault("cache-control", "no-store")
    if scope["scheme"] == "https":
        headers.setdefault("strict-transport-security", "max-age=31536000")
    message["headers"] = headers.raw
