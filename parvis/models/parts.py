"""Whether the journal and the letters are cut in parts, which, and whether these promise what whole tables do."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from parvis.models.databases import APPLICATION
from parvis.models.tables import metadata

TABLES = ("journal", "letters")
"""Those that grow with what is done and are never emptied; each has a `case_id`, the key they are cut by."""
KEY = "case_id"
SCHEMA = "parvis_parts"
"""Where parts are, and what keeps a cut table's promises. The application has no right there: it names the whole."""
KEYS = f"{SCHEMA}.journal_keys"
TEND = "tend_parts"
PROMISES = (
    ("journal", "keep_key"), (KEYS, "append_only"), ("letters", "keep_letter"), ("letters", "keep_letters"),
    ("suppressions", "find_letter"),
)  # fmt: skip
"""The triggers that stand for a unique key and a foreign key, which cut tables cannot have."""

SINCE = "0044"
"""The revision that the program which first knew parts was at: those before have no name for them."""


class CutTablesError(Exception):
    """The tables are cut, which revisions before know nothing of: they have to be made whole first."""


def oids(connection: Connection, table: str) -> dict[str, int]:
    """The parts of a table by name, each with its schema; none when it is whole.

    Asked about by number: who may not use their schema may not even ask PostgreSQL about their names.
    """
    found = text(
        "SELECT i.inhrelid::regclass::text, i.inhrelid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent"
        " WHERE i.inhparent = to_regclass(:table) AND c.relkind = 'p' ORDER BY 1"
    )
    return {str(name): int(oid) for name, oid in connection.execute(found, {"table": table})}


def are_cut(connection: Connection) -> bool:
    """Whether one of the tables is in parts."""
    return any(oids(connection, table) for table in TABLES)


def is_not_kept_otherwise(
    item: object, _name: str | None, _kind: str, reflected: object, other: object
) -> bool:
    """False for what the code declares and a cut database keeps by keys of each part, or by triggers (for Alembic)."""
    if reflected or other is not None:
        return True
    match item:
        case ForeignKeyConstraint():
            return item.referred_table.name not in TABLES
        case Index() | UniqueConstraint() if item.table is not None and item.table.name in TABLES:
            return KEY in item.columns or not getattr(item, "unique", True)
        case _:
            return True


def missing(connection: Connection) -> list[str]:
    """What a cut database lacks of what a whole one guarantees; nothing to say of a whole one."""
    cut = {table: oids(connection, table) for table in TABLES}
    if not any(cut.values()):
        return []
    lacks = [f"{table}: whole, while others are cut" for table, parts in cut.items() if not parts]
    for table, parts in cut.items():
        lacks += [*_bounds(connection, table, parts), *_keys(connection, table, parts)]
    return [*lacks, *_promises(connection, cut)]


def _bounds(connection: Connection, table: str, parts: Mapping[str, int]) -> Iterator[str]:
    bound = text("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = :part")
    held = {connection.scalar(bound, {"part": oid}) for oid in parts.values()}
    for part in range(len(parts)):
        if f"FOR VALUES WITH (modulus {len(parts)}, remainder {part})" not in held:
            yield f"{table}: no part {part} of {len(parts)}"


def _keys(connection: Connection, table: str, parts: Mapping[str, int]) -> Iterator[str]:
    """The unique keys of the code that do not hold the case: each part has them for itself."""
    found = text(
        "SELECT (SELECT array_agg(a.attname::text ORDER BY k.place)"
        "          FROM unnest(i.indkey) WITH ORDINALITY k(number, place)"
        "          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)"
        "  FROM pg_index i WHERE i.indrelid = :part AND i.indisunique AND i.indisvalid"
    )
    for part, oid in parts.items():
        held = {tuple(columns) for columns in connection.scalars(found, {"part": oid})}
        for wanted in _apart(metadata.tables[table]):
            if wanted not in held:
                yield f"{part}: no unique key ({', '.join(wanted)})"


def _apart(table: Table) -> Iterator[tuple[str, ...]]:
    keys: list[Any] = [
        one for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [index for index in table.indexes if index.unique]
    return (tuple(key.columns.keys()) for key in keys if KEY not in key.columns)


def _promises(connection: Connection, cut: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """The triggers and the table that stand for keys; and that nobody goes round them."""
    number = text(
        "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE (nspname, relname) IN ((:schema, :name), ('public', :name))"
    )
    trigger = text("SELECT FROM pg_trigger WHERE tgrelid = :table AND tgname = :name AND tgenabled <> 'D'")
    for table, name in PROMISES:
        own = connection.scalar(number, {"schema": SCHEMA, "name": table.rpartition(".")[2]})
        for one, oid in {table: own, **cut.get(table, {})}.items():
            if not connection.execute(trigger, {"table": oid, "name": name}).rowcount:
                yield f"{one}: no trigger {name}"
    keys = text("SELECT FROM pg_constraint WHERE conname = :name AND contype = 'p'")
    if not connection.execute(keys, {"name": "uq_journal_idempotency_key"}).rowcount:
        yield f"{KEYS}: no unique key"
    # A right on the schema would open parts and keys to whoever names them.
    may = text(
        "SELECT bool_or(has_schema_privilege(oid, :schema, 'USAGE')) FROM pg_roles WHERE rolname = :role"
    )
    if connection.scalar(may, {"role": APPLICATION, "schema": SCHEMA}):
        yield f"{SCHEMA}: {APPLICATION} may name what is in it"
