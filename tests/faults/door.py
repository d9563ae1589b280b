"""A door in front of PostgreSQL: it hears every statement that passes, and is cut at one of them, as by a kill.

It reads the protocol itself, so that what the programme sends by SQLAlchemy, by psycopg or the short way is counted
alike, and nothing in the programme knows of it.
"""

import contextlib
import selectors
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

_NO_MORE_THAN_WORDS = b"SET application_name = 'untied'\0"
_LATE_SECONDS = 0.05
_OF_TRANSACTIONS = (b"BEGIN", b"SAVEPOINT", b"RELEASE", b"ROLLBACK TO")


@dataclass
class Door:
    """What passed since `arm`, by the statement; whether it is cut, and so shut for whoever comes again.

    It is cut before the statement numbered `at` (the first is 1), or once the server has answered the last of `at - 1`
    and before anybody hears of it. `untied` takes transactions away: `BEGIN` and savepoints reach nobody. `unsaid` are
    clauses taken out of the statements of new connections; `left_out` counts those that were. Statements with the words
    of `late` pass a little later, so that what races for them meets.
    """

    behind: str
    front: Path
    at: int = 0
    last: int = 0
    untied: bool = False
    unsaid: tuple[str, ...] = ()
    left_out: int = 0
    late: str = ""
    on_cut: Callable[[], None] = lambda: None
    said: list[str] = field(default_factory=list)
    is_cut: bool = False
    fault: BaseException | None = None

    def arm(
        self, at: int = 0, *, last: int = 0, untied: bool = False, on_cut: Callable[[], None] = lambda: None
    ) -> None:
        """Hear from now on, and be cut before statement `at`; `last` says how many there are. At 0 it stays open."""
        self.said.clear()
        self.at, self.last, self.untied, self.on_cut = at, last, untied, on_cut
        self.is_cut = False

    def url(self, url: str) -> str:
        """The address of the same database, by this door."""
        return (
            make_url(url).update_query_dict({"host": str(self.front)}).render_as_string(hide_password=False)
        )

    def heard(self, statement: str) -> bool:
        """Take note of a statement; whether it may pass."""
        if self.at == len(self.said) + 1:
            self.cut()
            return False
        self.said.append(statement)
        if self.late and self.late in statement:
            time.sleep(_LATE_SECONDS)
        return True

    @property
    def keeps_the_answer(self) -> bool:
        """Whether what the server answers now is heard by nobody."""
        return bool(self.at) and self.at == len(self.said) + 1 and self.at > self.last

    def cut(self) -> None:
        """Nothing passes any more."""
        self.is_cut = True
        self.on_cut()


class _Passage:
    """One connection through the door."""

    def __init__(self, door: Door, client: socket.socket, server: socket.socket) -> None:
        self.door = door
        self.client = client
        self.server = server
        self._begun = False
        self._asked = b""
        self._answered = b""
        self._texts: dict[bytes, str] = {}
        self._portals: dict[bytes, str] = {}

    def run(self) -> None:
        """Carry until one side ends, or the door is cut."""
        with self.client, self.server, selectors.DefaultSelector() as ready:
            ready.register(self.client, selectors.EVENT_READ, self._ask)
            ready.register(self.server, selectors.EVENT_READ, self._answer)
            with contextlib.suppress(OSError):
                while not self.door.is_cut:
                    if not all(key.data() for key, _ in ready.select(0.2)):
                        return

    def _ask(self) -> bool:
        data = self.client.recv(65_536)
        if not data:
            return False
        self._asked += data
        passes = bytearray()
        if not self._begun and len(self._asked) >= 4:
            length = int.from_bytes(self._asked[:4], "big")
            passes += self._asked[:length]
            self._asked, self._begun = self._asked[length:], True
        while (message := _first(self._asked)) is not None:
            self._asked = self._asked[len(message) :]
            if not self._may_pass(message):
                return False
            passes += self._unsaid(self._untied(message))
        self.server.sendall(passes)
        return True

    def _may_pass(self, message: bytes) -> bool:
        kind, body = message[:1], message[5:]
        if kind == b"Q":
            return self.door.heard(body[:-1].decode())
        if kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            self._texts[name] = text.decode()
        elif kind == b"B":
            portal, name, _ = body.split(b"\0", 2)
            self._portals[portal] = self._texts.get(name, "?")
        elif kind == b"E":
            return self.door.heard(self._portals.get(body.split(b"\0", 1)[0], "?"))
        return True

    def _untied(self, message: bytes) -> bytes:
        if not (self.door.untied and message[:1] == b"Q" and message[5:].startswith(_OF_TRANSACTIONS)):
            return message
        return b"Q" + (4 + len(_NO_MORE_THAN_WORDS)).to_bytes(4, "big") + _NO_MORE_THAN_WORDS

    def _unsaid(self, message: bytes) -> bytes:
        if message[:1] not in (b"P", b"Q"):
            return message
        body = message[5:]
        for clause in map(str.encode, self.door.unsaid):
            self.door.left_out += body.count(clause)
            body = body.replace(clause, b"")
        return message[:1] + (4 + len(body)).to_bytes(4, "big") + body

    def _answer(self) -> bool:
        data = self.server.recv(65_536)
        if not data:
            return False
        if not self.door.keeps_the_answer:
            self.client.sendall(data)
            return True
        self._answered += data
        while (message := _first(self._answered)) is not None:
            self._answered = self._answered[len(message) :]
            if message[:1] == b"Z":
                self.door.cut()
                return False
        return True


def _first(data: bytes) -> bytes | None:
    """The first whole message of what came."""
    if len(data) < 5:
        return None
    length = 1 + int.from_bytes(data[1:5], "big")
    return data[:length] if len(data) >= length else None


@contextmanager
def door(url: str) -> Iterator[Door]:
    """A door in front of the server of this address, for the time of the block."""
    behind = f"{make_url(url).query['host']}/.s.PGSQL.5432"
    front = Path(tempfile.mkdtemp(prefix="door"))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(front / ".s.PGSQL.5432"))
        listening.listen(64)
        opened = Door(behind, front)
        serving = threading.Thread(target=_serve, args=(opened, listening), daemon=True)
        serving.start()
        try:
            yield opened
        finally:
            opened.is_cut = True
            listening.shutdown(socket.SHUT_RDWR)
            serving.join()
            shutil.rmtree(front)


def _serve(opened: Door, listening: socket.socket) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        if opened.is_cut:
            client.close()
            continue
        server = socket.socket(socket.AF_UNIX)
        server.connect(opened.behind)
        threading.Thread(target=_Passage(opened, client, server).run, daemon=True).start()
