"""A real SMTP server on the loopback that keeps what it accepts and can be told to refuse."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Post:
    """What the server has seen; `answer` decides on each recipient; it says what it took `after` so many seconds."""

    answer: Callable[[str], str | None] = lambda _: None
    after: float = 0
    messages: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of each message accepted."""
        return [str(message_from_bytes(message)["Message-ID"]) for message in self.messages]


@dataclass(frozen=True)
class _Handler:
    """What aiosmtpd asks; apart from `Post`, all of whose properties it would read at each connection."""

    post: Post

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take or refuse a recipient."""
        refusal = self.post.answer(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a message."""
        with self.post.lock:
            self.post.messages.append(envelope.content)
        if self.post.after:
            await asyncio.sleep(self.post.after)
        return "250 kept"


@contextmanager
def listening(answer: Callable[[str], str | None] = lambda _: None, *, after: float = 0) -> Iterator[Post]:
    """A server on a free port for the time of the block."""
    post = Post(answer, after, port=free_port())
    controller = Controller(_Handler(post), hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def free_port() -> int:
    """A port of this machine nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
