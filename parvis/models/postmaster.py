"""One PostgreSQL server process as its data folder tells: is it alive, how it stops, what it leaves."""

import contextlib
import os
import shutil
import signal
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 60.0
_WOULD_YOU_ENCRYPT = struct.pack("!ii", 8, 80877103)  # SSLRequest of the protocol
_PROC = Path("/proc")


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot start or stop here; the message says what it answered."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A live server, as its `postmaster.pid` tells."""

    pid: int
    sockets: Path
    ready: bool


def find(data: Path) -> Postmaster | None:
    """The server that runs on `data`, or None; a pid file left by a crash is not a server."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 5 or not lines[0].isdigit() or not lives_in(data, int(lines[0])):
        return None
    return Postmaster(int(lines[0]), Path(lines[4]), ready=lines[7:8] != [] and lines[7].strip() == "ready")


def answers(path: Path) -> bool:
    """Whether a PostgreSQL speaks on the socket `path`: it says at once whether it would encrypt."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(path))
            line.sendall(_WOULD_YOU_ENCRYPT)
            return line.recv(1) in {b"N", b"S"}
        except OSError:
            return False


def lives_in(data: Path, pid: int) -> bool:
    """Whether `pid` is a server process of `data`: PostgreSQL works from inside its data folder.

    A bare "is this pid alive" would take another program, given the same number after a restart, for a
    server. Where there is no /proc it is all there is.
    """
    if not _PROC.exists():
        return _is_alive(pid)
    try:
        return (_PROC / str(pid) / "cwd").readlink() == data
    except OSError:
        return False


def clear_remains(data: Path) -> None:
    """After a crash: wait until the orphans of a killed server are gone, then forget its pid and socket files.

    PostgreSQL would do it, were it sure of the death: it takes a process nobody has reaped for a living one.

    Raises:
        EmbeddedServerError: they do not go.
    """
    left = data / "postmaster.pid"
    if not left.exists():
        return
    deadline = time.monotonic() + STOP_SECONDS
    while any(lives_in(data, pid) for pid in _processes()):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"processes of a killed server still run in {data}")
        time.sleep(0.02)
    with contextlib.suppress(FileNotFoundError):  # the last orphan may have taken it along
        for sockets in map(Path, left.read_text().splitlines()[4:5]):
            for file in sockets.glob(".s.PGSQL.*"):
                file.unlink(missing_ok=True)
            _remove_short(data, sockets)
        left.unlink()


def _processes() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()] if _PROC.exists() else []


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def halt(data: Path) -> None:
    """Stop the server that runs on `data`, rolling back open transactions; nothing happens when none runs.

    Raises:
        EmbeddedServerError: it does not stop.
    """
    server = find(data)
    if server is None:
        return
    os.kill(server.pid, signal.SIGINT)  # fast shutdown: open transactions are rolled back
    deadline = time.monotonic() + STOP_SECONDS
    while lives_in(data, server.pid):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"PostgreSQL {server.pid} in {data} does not stop")
        time.sleep(0.005)
    _remove_short(data, server.sockets)


def _remove_short(data: Path, sockets: Path) -> None:
    if sockets != data.parent and sockets.name.startswith("parvis-"):
        shutil.rmtree(sockets, ignore_errors=True)


def log_tail(log: Path, lines: int = 20) -> str:
    """The last `lines` of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
