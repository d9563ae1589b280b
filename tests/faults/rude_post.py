"""A mail server that behaves badly on purpose, as real ones do now and then; it says its port once it listens.

`python -m tests.faults.rude_post FOLDER SEED`. It greylists one address in ten, refuses one in a hundred for ever, and
draws what becomes of each message: see `RUDE`. FOLDER/taken holds a line for each message it took charge of, its
Message-ID and the digest of its bytes; FOLDER/done a line for each thing done on purpose.
"""

import asyncio
import hashlib
import random
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

RUDE = {
    "drop_before": 0.02, "drop_after": 0.02, "hang_before": 0.004, "hang_after": 0.004, "slow_after": 0.004,
}  # fmt: skip
"""How often a message meets each: the connection cut, no answer, or a byte a second; before or after it is taken."""
TWICE = ("drop_after", "hang_after", "slow_after")
"""After which nobody can know whether the message was taken: a copy may follow."""
AT_THE_DOOR = {"silent": 0.01, "slow": 0.01}
"""How often a connection is let in and never answered, or answered a byte a second."""


def refuses(address: str) -> bool:
    """Whether an address, written in the order of its number, is refused for ever."""
    return _number(address) % 100 == 7


def greylists(address: str) -> bool:
    """Whether an address is put off the first time."""
    return _number(address) % 10 == 3


def _number(address: str) -> int:
    return int("".join(filter(str.isdigit, address.partition("@")[0])) or 0)


class Rude(SMTP):
    """A connection; `manner` says how it answers from now on."""

    manner = ""

    async def push(self, status: Any) -> None:
        """Answer; or not; or a byte a second."""
        if self.manner == "silent":
            await asyncio.sleep(3_600)
        if self.manner == "slow":
            for byte in f"{status}\r\n".encode():
                self._writer.write(bytes([byte]))
                await asyncio.sleep(1)
            return
        await super().push(status)


class Handler:
    """Draws what becomes of each message, and writes down what it took and what it did."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.taken = (folder / "taken").open("a", encoding="ascii", buffering=1)
        self.done = (folder / "done").open("a", encoding="ascii", buffering=1)
        self.chance = random.Random(seed)
        self.known: set[str] = set()

    def connection(self, loop: asyncio.AbstractEventLoop) -> Rude:
        """A new connection."""
        made = Rude(self, hostname="rude", loop=loop)
        made.manner = self._draw(AT_THE_DOOR)
        return made

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        """Refuse, put off or take a recipient."""
        if refuses(address):
            self.done.write("refused\n")
            return "550 5.1.1 no such user"
        if greylists(address) and address not in self.known:
            self.known.add(address)
            self.done.write("greylisted\n")
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Rude, _: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message, or not; answer, or not."""
        what = self._draw(RUDE)
        if "before" not in what:
            digest = hashlib.sha256(envelope.content).hexdigest()
            self.taken.write(f"{message_from_bytes(envelope.content)['Message-ID']} {digest}\n")
        if what.startswith("drop") and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        server.manner = {"hang": "silent", "slow": "slow"}.get(what.partition("_")[0], "")
        return "250 kept"

    def _draw(self, chances: dict[str, float]) -> str:
        drawn = self.chance.random()
        for what, chance in chances.items():
            if drawn < chance:
                self.done.write(f"{what}\n")
                return what
            drawn -= chance
        return ""


async def _listen(folder: Path, seed: int) -> None:
    loop = asyncio.get_running_loop()
    handler = Handler(folder, seed)
    server = await loop.create_server(lambda: handler.connection(loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_listen(Path(sys.argv[1]), int(sys.argv[2])))
