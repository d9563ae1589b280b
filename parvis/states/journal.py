"""The hash chain of the journals of cases, committees and agreements: lines, links, the Merkle root. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

GENESIS = bytes(32)
SEPARATOR = "\x1f"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware instant as whole microseconds since 1970, exactly."""
    return (at - EPOCH) // MICROSECOND


class Subject(StrEnum):
    """What has a journal of its own: an agreement, a case, or one sitting of a committee."""

    AGREEMENT = "agreement"
    CASE = "case"
    COMMITTEE = "committee"


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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal of a committee's sitting. `details` is JSON text, hashed exactly as stored."""

    committee_id: int
    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    details: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the journal of an agreement. `details` is JSON text, hashed exactly as stored."""

    agreement_id: int
    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    source: str
    target: str
    details: str


AnyLine = Line | Event | Step


def canonical(line: AnyLine) -> bytes:
    """The bytes a line is hashed as: its fields, in order, with the instant in whole microseconds since 1970.

    Those of sittings and agreements begin with a word where that of a case begins with a number, so that none passes
    for another.
    """
    when = (str(line.seq), str(micros(line.at)))
    who = (line.actor, line.role, line.action)
    match line:
        case Event():
            fields: tuple[str, ...] = (Subject.COMMITTEE, str(line.committee_id), *when, *who, line.details)
        case Step():
            fields = (
                Subject.AGREEMENT,
                str(line.agreement_id),
                *when,
                *who,
                line.source,
                line.target,
                line.details,
            )
        case _:
            fields = (str(line.case_id), *when, *who, line.source, line.target, line.details)
    return SEPARATOR.join(fields).encode()


def link(previous: bytes, line: AnyLine) -> bytes:
    """The hash of a line: sha256(previous hash ‖ canonical line), 32 bytes."""
    return hashlib.sha256(previous + canonical(line)).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """The last hash of one journal, and how many lines lead to it."""

    id: int
    seq: int
    hash: bytes
    subject: Subject = Subject.CASE

    @property
    def key(self) -> tuple[Subject, int]:
        """Whose head it is. Agreements sort before cases, cases before committees."""
        return self.subject, self.id


def merkle_root(heads: Iterable[Head]) -> bytes:
    """The Merkle root (RFC 6962 shape) of all heads, in the order of their keys; 32 zero bytes when there are none."""
    level = [_leaf(head) for head in sorted(heads, key=lambda head: head.key)]
    if not level:
        return GENESIS
    while len(level) > 1:
        level = _pairs(level)
    return level[0]


def _leaf(head: Head) -> bytes:
    name = f"{head.id}" if head.subject is Subject.CASE else f"{head.subject}:{head.id}"
    return hashlib.sha256(b"\x00" + f"{name}:{head.seq}:".encode() + head.hash).digest()


def _pairs(level: Sequence[bytes]) -> list[bytes]:
    paired = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
    return [*paired, level[-1]] if len(level) % 2 else paired
