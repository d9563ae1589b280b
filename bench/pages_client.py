"""Whoever asks for pages in the bench: connections kept open, each asking again as soon as it was answered."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from pathlib import Path

CONNECTIONS = 8
HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class NotAnsweredError(Exception):
    """An answer that is not the page asked for; the message is its first lines."""


@dataclass
class Connection:
    """One connection kept open, as a browser keeps it: the least that speaks HTTP, so that it costs next to nothing."""

    port: int
    cookie: str = ""
    wire: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Connect, anew when connected: a server closes what was idle for some seconds."""
        if hasattr(self, "wire"):
            self.wire.close()
        self.wire = socket.create_connection((HOST, self.port))
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> int:
        """Ask for a page, and read all of it; the bytes of its body as they came."""
        return len(self.read(path))

    def read(self, path: str) -> bytes:
        """Ask for a page; its body as it came, compressed when the server did.

        Raises:
            NotAnsweredError: what came is not a page.
        """
        self.wire.sendall(
            f"GET {path} HTTP/1.1\r\nhost: {HOST}:{self.port}\r\naccept-encoding: gzip\r\n"
            f"accept-language: fr\r\ncookie: {self.cookie}\r\n\r\n".encode()
        )
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more(got)
        head, _, body = got.partition(b"\r\n\r\n")
        said = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if head.split()[1] != str(int(HTTPStatus.OK)).encode() or not said:
            raise NotAnsweredError(head.decode(errors="replace"))
        while len(body) < int(said):
            body += self._more(head)
        return body

    def _more(self, so_far: bytes) -> bytes:
        more = self.wire.recv(1 << 18)
        if not more:
            raise NotAnsweredError(so_far.decode(errors="replace"))
        return more


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking cost: the seconds of each page, and those of processor the server spent on all of them."""

    seconds: list[float]
    processor: float

    @property
    def p95(self) -> float:
        """The seconds that 95 pages of a hundred do not exceed."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]

    @property
    def processor_each(self) -> float:
        """Seconds of processor a page, in the server's own processes; PostgreSQL's are not among them."""
        return self.processor / len(self.seconds)


def ask(server: int, connections: Sequence[Connection], paths: Sequence[str]) -> Asked:
    """Ask for all these pages, each connection for the next one as soon as it was answered."""
    spent: list[float] = []
    failed: list[Exception] = []
    number = count()

    def client(connection: Connection) -> None:
        try:
            while (mine := next(number)) < len(paths):
                begun = time.perf_counter()
                connection.get(paths[mine])
                spent.append(time.perf_counter() - begun)
        except (OSError, NotAnsweredError) as error:
            failed.append(error)

    before = _processor(server)
    clients = [threading.Thread(target=client, args=(each,)) for each in connections]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    for error in failed:
        raise error
    return Asked(spent, _processor(server) - before)


@contextmanager
def serving(
    module: str, *words: str, environment: Mapping[str, str], folder: Path
) -> Iterator[tuple[int, int]]:
    """A server of pages as a process of its own, with `--port` and `--ready` said; its number, and its port."""
    with listening(0) as trial:
        port = int(trial.getsockname()[1])
    ready = folder / f"ready-{port}"
    with (folder / f"log-{port}").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", str(port), "--ready", str(ready), *words],
            env=dict(environment), stdin=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        try:
            _wait(process, ready)
            yield process.pid, port
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens on a port of this machine; on any, for 0."""
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen(256)
        yield made


def _wait(process: subprocess.Popen[bytes], ready: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > limit:
            raise NotAnsweredError("the server did not start")
        time.sleep(0.05)


def _processor(server: int) -> float:
    """Seconds of processor that a server and the processes it started have spent; nought where nobody tells."""
    about = Path(f"/proc/{server}")
    if not about.exists():
        return 0.0
    fields = (about / "stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = (about / "task" / str(server) / "children").read_text().split()
    return own + sum(_processor(int(child)) for child in children)
