"""ClamAV's daemon spoken to directly (INSTREAM), on a port or a socket: no program to start per file."""

import socket
import struct
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

SCHEME = "clamd"
SECONDS = 60.0
_CHUNK = 65_536
_LONGEST_ANSWER = 4_096


class Verdict(StrEnum):
    """What the daemon said of a content; `SILENT` is no answer, or one that is neither yes nor no."""

    CLEAN = "clean"
    INFECTED = "infected"
    TOO_LARGE = "too_large"
    SILENT = "silent"


class ClamdAddressError(ValueError):
    """Not `clamd://host:port` nor `clamd:///path/of/the/socket`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the daemon listens: a port of a host, or the path of a socket."""

    host: str = ""
    port: int = 0
    path: str = ""


def place_of(address: str) -> Place:
    """Read `clamd://host:port` or `clamd:///run/clamav/clamd.ctl`.

    Raises:
        ClamdAddressError: it is neither.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ClamdAddressError(address) from error
    plain = parts.scheme == SCHEME and not (parts.query or parts.fragment or "@" in parts.netloc)
    if plain and host and port and parts.path in {"", "/"}:
        return Place(host=host, port=port)
    if plain and not parts.netloc and len(parts.path) > 1:
        return Place(path=parts.path)
    raise ClamdAddressError(address)


def ask(address: str, content: bytes, *, seconds: float = SECONDS) -> Verdict:
    """What the daemon says of `content`, within `seconds` in all; `SILENT` rather than a guess."""
    limit = time.monotonic() + seconds
    try:
        with _connected(place_of(address), seconds) as daemon:
            answer = _asked(daemon, content, limit)
    except (OSError, ClamdAddressError):
        return Verdict.SILENT
    if answer.endswith(": OK"):
        return Verdict.CLEAN
    if answer.endswith(" FOUND"):
        return Verdict.INFECTED
    return Verdict.TOO_LARGE if "size limit exceeded" in answer else Verdict.SILENT


def _connected(place: Place, seconds: float) -> socket.socket:
    if not place.path:
        return socket.create_connection((place.host, place.port), timeout=seconds)
    daemon = socket.socket(socket.AF_UNIX)
    try:
        daemon.settimeout(seconds)
        daemon.connect(place.path)
    except OSError:
        daemon.close()
        raise
    return daemon


def _asked(daemon: socket.socket, content: bytes, limit: float) -> str:
    """Send the content and read the answer; a daemon that has had enough answers before the end, and hangs up."""
    try:
        _send(daemon, b"zINSTREAM\0", limit)
        for begin in range(0, len(content), _CHUNK):
            chunk = content[begin : begin + _CHUNK]
            _send(daemon, struct.pack("!I", len(chunk)) + chunk, limit)
        _send(daemon, struct.pack("!I", 0), limit)
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        daemon.settimeout(_left(limit))
        received = daemon.recv(_LONGEST_ANSWER)
        if not received:
            break
        answer += received
    return answer.rstrip(b"\0").decode("utf-8", "replace") if answer.endswith(b"\0") else ""


def _send(daemon: socket.socket, data: bytes, limit: float) -> None:
    daemon.settimeout(_left(limit))
    daemon.sendall(data)


def _left(limit: float) -> float:
    """Seconds left.

    Raises:
        TimeoutError: there are none.
    """
    left = limit - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
