"""The hash chain of the journal: canonical lines, links and the Merkle root of all heads. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

GENESIS = bytes(32)
SEPARATOR = "\x1f"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware instant as whole microseconds since 1970, exactly."""
    return (at - EPOCH) // MICROSECOND


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case's journal. `details` is JSON text, hashed exactly as stored."""

    case_id: int
    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    source: str
    target: str
    details: str


def canonical(line: Line) -> bytes:
    """The bytes a line is hashed as: its fields, in order, with the instant in whole microseconds since 1970."""
    fields = (
        str(line.case_id), str(line.seq), str(micros(line.at)),
        line.actor, line.role, line.action, line.source, line.target, line.details,
    )  # fmt: skip
    return SEPARATOR.join(fields).encode()


def link(previous: bytes, line: Line) -> bytes:
    """The hash of a line: sha256(previous hash ‖ canonical line), 32 bytes."""
    return hashlib.sha256(previous + canonical(line)).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """The last hash of one case, and how many lines lead to it."""

    case_id: int
    seq: int
    hash: bytes


def merkle_root(heads: Iterable[Head]) -> bytes:
    """The Merkle root (RFC 6962 shape) of all heads in case order; 32 zero bytes when there are none."""
    level = [_leaf(head) for head in sorted(heads, key=lambda head: head.case_id)]
    if not level:
        return GENESIS
    while len(level) > 1:
        level = _pairs(level)
    return level[0]


def _leaf(head: Head) -> bytes:
    return hashlib.sha256(b"\x00" + f"{head.case_id}:{head.seq}:".encode() + head.hash).digest()


def _pairs(level: Sequence[bytes]) -> list[bytes]:
    paired = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
    return [*paired, level[-1]] if len(level) % 2 else paired
