"""A mail server on loopback for tests: it behaves as told, and remembers what it took."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


@dataclass
class Behaviour:
    """Answers by step; each may be awaited. `accepted` holds the contents taken."""

    mail: Callable[[SMTP], Awaitable[str]] | None = None
    rcpt: Callable[[SMTP], Awaitable[str]] | None = None
    data: Callable[[SMTP, bytes], Awaitable[str]] | None = None
    accepted: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.mail(server) if self.mail else OK
        if answer == OK:
            envelope.mail_from = address
            self.options.append(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self.rcpt(server) if self.rcpt else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        answer = await self.data(server, content) if self.data else OK
        if answer == OK:
            self.accepted.append(content)
            self.recipients += envelope.rcpt_tos
        return answer


def says(answer: str, *, times: int = 10**9) -> Any:
    """A step that answers `answer` `times` times, then OK."""
    left = [times]

    async def step(*_: object) -> str:
        left[0] -= 1
        return answer if left[0] >= 0 else OK

    return step


@asynccontextmanager
async def running(behaviour: Behaviour, **options: Any) -> AsyncIterator[int]:
    """The port of a server that behaves so, while the block lasts."""
    tls = options.pop("ssl", None)
    loop = asyncio.get_running_loop()
    options = {"enable_SMTPUTF8": True, "hostname": "mail.test", **options}
    server = await loop.create_server(lambda: SMTP(behaviour, loop=loop, **options), "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
