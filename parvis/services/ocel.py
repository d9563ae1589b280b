"""The journals of a contract as an event log that process mining reads: OCEL 2.0, JSON or SQLite."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from parvis.models.ocel_file import write_ocel
from parvis.models.queries import ocel as queries
from parvis.models.queries.ocel import LineRow, ObjectRow
from parvis.models.session import Session
from parvis.states.ocel import (
    EVENT_ATTRIBUTES,
    TYPES,
    Happening,
    Link,
    ObjectType,
    Thing,
    event_type,
    named,
    stamp,
)

SQLITE = frozenset({".sqlite", ".sqlite3", ".db"})
"""How a file ends that is written as SQLite; any other is JSON."""
_START = "1970-01-01T00:00:00Z"

Key = tuple[str, int]


class FileThereError(Exception):
    """There is a file of this name already; nothing was written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many objects and events."""

    file: Path
    objects: int
    events: int


def export(session: Session, contract_id: int, path: Path) -> Exported:
    """Write the journals of a contract to a new file, SQLite or JSON by how its name ends.

    Raises:
        FileThereError: there is one already.
        OSError: it cannot be written.
    """
    if path.exists():
        raise FileThereError(str(path))
    rows = queries.objects(session, contract_id)
    names = {(row.kind, row.id): named(ObjectType(row.kind), row.name) for row in rows}
    things = [_thing(row, names) for row in rows]
    happenings = _happenings(queries.lines(session, contract_id), names)
    if path.suffix.lower() in SQLITE:
        return Exported(path, *write_ocel(path, things, happenings))
    with path.open("x", encoding="utf-8") as to:
        return Exported(path, len(things), _write_json(to, things, happenings))


def _thing(row: ObjectRow, names: dict[Key, str]) -> Thing:
    links = tuple(
        Link(names[kind, number], how) for kind, number, how in row.links if (kind, number) in names
    )
    return Thing(names[row.kind, row.id], ObjectType(row.kind), row.said, links)


def _happenings(lines: Iterable[LineRow], names: dict[Key, str]) -> Iterator[Happening]:
    codes = {name.partition(":")[2]: name for (kind, _), name in names.items() if kind == ObjectType.FUNDER}
    people = {
        name.partition(":")[2]: name for (kind, _), name in names.items() if kind == ObjectType.ORGANISATION
    }
    for line in lines:
        subject = names.get((line.kind, line.id))
        if subject is None:
            continue
        links = [Link(subject, "subject")]
        for kind, number, how in (
            (ObjectType.ORGANISATION, line.organisation_id, "organisation"),
            (ObjectType.SITTING, line.sitting_id, "sitting"),
        ):
            name = names.get((kind, number)) if number is not None else None
            links += [Link(name, how)] if name else []
        links += _said(json.loads(line.details or "{}"), names, codes, people)
        yield Happening(
            f"{subject}#{line.seq:06}", event_type(ObjectType(line.kind), line.action), line.at,
            {"role": line.role, "source": line.source, "target": line.target}, tuple(dict.fromkeys(links)),
        )  # fmt: skip


def _said(
    details: Any, names: dict[Key, str], funders: dict[str, str], organisations: dict[str, str]
) -> list[Link]:
    """The objects that the details of a line name: those who give, a partner, the case a sitting weighs."""
    if not isinstance(details, dict):
        return []
    given = [code for code, cents in details.get("amounts") or () if cents]
    links = [Link(funders[code], "gives") for code in given if code in funders]
    funder, case = details.get("funder_id"), details.get("case_id")
    found = (
        (names.get((ObjectType.FUNDER, funder)) if isinstance(funder, int) else None, "funder"),
        (names.get((ObjectType.CASE, case)) if isinstance(case, int) else None, "case"),
        (organisations.get(str(details.get("partner"))), "partner"),
    )
    return links + [Link(name, how) for name, how in found if name]


def _write_json(to: IO[str], things: list[Thing], happenings: Iterable[Happening]) -> int:
    """Write a log part by part: what has happened never stands in memory whole."""
    kinds: dict[str, None] = {}
    count = 0

    def told() -> Iterator[dict[str, Any]]:
        nonlocal count
        for happening in happenings:
            kinds[happening.type] = None
            count += 1
            yield _event(happening)

    to.write('{"objectTypes": ')
    to.write(json.dumps([{"name": kind, "attributes": _typed(TYPES[kind])} for kind in TYPES]))
    to.write(',\n"objects": [')
    _write_all(to, map(_object, things))
    to.write('],\n"events": [')
    _write_all(to, told())
    to.write('],\n"eventTypes": ')
    to.write(json.dumps([{"name": kind, "attributes": _typed(EVENT_ATTRIBUTES)} for kind in kinds]))
    to.write("}\n")
    return count


def _write_all(to: IO[str], values: Iterable[dict[str, Any]]) -> None:
    for number, value in enumerate(values):
        to.write((",\n" if number else "\n") + json.dumps(value, ensure_ascii=False))


def _typed(attributes: Any) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def _links(links: Iterable[Link]) -> list[dict[str, str]]:
    return [{"objectId": link.object_id, "qualifier": link.qualifier} for link in links]


def _object(thing: Thing) -> dict[str, Any]:
    return {
        "id": thing.id, "type": thing.type,
        "attributes": [{"name": name, "time": _START, "value": thing.values[name]} for name in TYPES[thing.type]],
        "relationships": _links(thing.links),
    }  # fmt: skip


def _event(happening: Happening) -> dict[str, Any]:
    return {
        "id": happening.id, "type": happening.type, "time": stamp(happening.at),
        "attributes": [{"name": name, "value": happening.values[name]} for name in EVENT_ATTRIBUTES],
        "relationships": _links(happening.links),
    }  # fmt: skip
