"""The journals as an object-centric event log, OCEL 2.0: what its objects and events are. Pure.

Who acted is left out, but for the role: a log is read to see how work flows, not who works how.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

Value = str | int


class ObjectType(StrEnum):
    """What events are about."""

    CASE = "case"
    ORGANISATION = "organisation"
    FUNDER = "funder"
    CALL = "call"
    AGREEMENT = "agreement"
    SITTING = "sitting"


TYPES: Mapping[ObjectType, Mapping[str, str]] = {
    ObjectType.CASE: {"title": "string", "nature": "string", "stage": "string", "requested_cents": "integer"},
    ObjectType.ORGANISATION: {"name": "string"},
    ObjectType.FUNDER: {"name": "string", "kind": "string"},
    ObjectType.CALL: {"title": "string", "instrument": "string", "year": "integer"},
    ObjectType.AGREEMENT: {"title": "string", "stage": "string"},
    ObjectType.SITTING: {"name": "string", "kind": "string", "held_on": "string"},
}
"""The attributes of each type of object, with their types in OCEL."""

EVENT_ATTRIBUTES: Mapping[str, str] = {"role": "string", "source": "string", "target": "string"}
"""Those of every event: who acted in which role, and the stages it went from and to."""


@dataclass(frozen=True, slots=True)
class Link:
    """An object something is related to, and how."""

    object_id: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One object, with what it is worth now and the objects it is related to."""

    id: str
    type: ObjectType
    values: Mapping[str, Value]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: a line of a journal. Its type is the action, of a case as it is, of others after their word."""

    id: str
    type: str
    at: datetime
    values: Mapping[str, str]
    links: tuple[Link, ...]


def named(kind: ObjectType, code: object) -> str:
    """The name of an object in the log: what people call it, after its type."""
    return f"{kind}:{code}"


def event_type(kind: ObjectType, action: str) -> str:
    """The type of an event: `fund` of a case, `agreement_renew`, `sitting_opened`."""
    return action if kind is ObjectType.CASE else f"{kind}_{action}"


def stamp(at: datetime) -> str:
    """An instant as OCEL writes it: ISO 8601, UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
