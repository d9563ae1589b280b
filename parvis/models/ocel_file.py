"""An event log as a file of SQLite, in the tables OCEL 2.0 wants: one for each type, beside those of all types."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from parvis.states.ocel import EVENT_ATTRIBUTES, TYPES, Happening, Thing, stamp

_START = "1970-01-01T00:00:00Z"
"""When attributes that are only known as they are now are said to begin."""
_COMMON = """
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event_object (
    ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
    ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""


def write_ocel(path: Path, things: Iterable[Thing], happenings: Iterable[Happening]) -> tuple[int, int]:
    """Write a log to a file that is not there yet; how many objects and events."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_COMMON)
        for kind, attributes in TYPES.items():
            base.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind))
            _make(base, f"object_{kind}", {"ocel_changed_field": "string", **attributes})
        objects = _write_things(base, list(things))
        events = _write_happenings(base, happenings)
    return objects, events


def _make(base: sqlite3.Connection, table: str, attributes: Mapping[str, str]) -> None:
    columns = "".join(
        f", {name} {'INTEGER' if kind == 'integer' else 'TEXT'}" for name, kind in attributes.items()
    )
    base.execute(f"CREATE TABLE {table} (ocel_id TEXT NOT NULL, ocel_time TIMESTAMP NOT NULL{columns})")


def _write_things(base: sqlite3.Connection, things: list[Thing]) -> int:
    for thing in things:
        base.execute("INSERT INTO object VALUES (?, ?)", (thing.id, thing.type))
        values = (thing.values.get(name) for name in TYPES[thing.type])
        holes = ", ".join("?" * len(TYPES[thing.type]))
        base.execute(
            f"INSERT INTO object_{thing.type} VALUES (?, ?, NULL, {holes})",  # noqa: S608 - our own types
            (thing.id, _START, *values),
        )
    for thing in things:
        base.executemany(
            "INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)",
            [(thing.id, link.object_id, link.qualifier) for link in thing.links],
        )
    return len(things)


def _write_happenings(base: sqlite3.Connection, happenings: Iterable[Happening]) -> int:
    known: set[str] = set()
    count = 0
    for happening in happenings:
        if happening.type not in known:
            known.add(happening.type)
            base.execute("INSERT INTO event_map_type VALUES (?, ?)", (happening.type, happening.type))
            _make(base, f"event_{happening.type}", EVENT_ATTRIBUTES)
        base.execute("INSERT INTO event VALUES (?, ?)", (happening.id, happening.type))
        base.execute(
            f"INSERT INTO event_{happening.type} VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - actions of our tables
            (happening.id, stamp(happening.at), *(happening.values.get(name) for name in EVENT_ATTRIBUTES)),
        )
        base.executemany(
            "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)",
            [(happening.id, link.object_id, link.qualifier) for link in happening.links],
        )
        count += 1
    return count
