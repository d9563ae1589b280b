"""Tables made anew, whole or cut by hash: all that they have is read from the catalogue, and given again."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from parvis.models.parts import KEY, SCHEMA

AT_ONCE = 50_000
_FIRST = "_00"

# Of an index or of a key: its name, whether it is a constraint, its text, and whether it is unique without the case.
_KEYS = """
SELECT x.relname, k.oid IS NOT NULL, COALESCE(pg_get_constraintdef(k.oid), pg_get_indexdef(x.oid)),
       i.indisunique AND NOT a.attnum = ANY(i.indkey::int2[])
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = '{key}'
  LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = i.indrelid
 WHERE i.indrelid = to_regclass('{table}') ORDER BY x.oid
"""
_COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
 WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
_REFERENCES = """
SELECT conname, true, pg_get_constraintdef(oid), false FROM pg_constraint
 WHERE conrelid = '{table}'::regclass AND contype = 'f' AND conparentid = 0 ORDER BY conname
"""
_TRIGGERS = """
SELECT pg_get_triggerdef(t.oid), tgtype & 1 = 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid
 WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal AND pronamespace <> '{schema}'::regnamespace
 ORDER BY tgname
"""
_RIGHTS = """
WITH numbers AS (SELECT pg_get_serial_sequence('{old}', 'id')::regclass AS old,
                        pg_get_serial_sequence('{new}', 'id') AS new),
     given AS (
    SELECT a.*, c.relowner, '' AS of, '{new}' AS what FROM pg_class c, aclexplode(c.relacl) a
     WHERE c.oid = '{old}'::regclass
    UNION ALL
    SELECT a.*, c.relowner, format('(%I)', attname), '{new}'
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE c.oid = '{old}'::regclass
    UNION ALL
    SELECT a.*, c.relowner, '', 'SEQUENCE ' || n.new
      FROM numbers n JOIN pg_class c ON c.oid = n.old, aclexplode(c.relacl) a
)
SELECT format('GRANT %s %s ON %s TO %s %s', privilege_type, of, what,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
              CASE WHEN is_grantable THEN 'WITH GRANT OPTION' END)
  FROM given WHERE grantee <> relowner
"""
_NUMBER_ON = """
SELECT setval(pg_get_serial_sequence('{new}', 'id'), last_value, is_called) FROM {numbers}
"""
_INDEX = re.compile(r"^CREATE (UNIQUE )?INDEX \S+ ON (?:ONLY )?\S+ USING")


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    is_constraint: bool
    text: str
    apart: bool

    def on(self, table: str, suffix: str = "") -> str:
        """The statement that makes it on a table."""
        name = self.name + suffix
        if self.is_constraint:
            return f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {self.text}'
        return _INDEX.sub(lambda found: f'CREATE {found[1] or ""}INDEX "{name}" ON {table} USING', self.text)


def rebuild(
    connection: psycopg.Connection, tables: Sequence[str], parts: int, progress: Callable[[int, int], None]
) -> None:
    """Make tables of the schema `public` anew, cut in `parts` by hash of their case, or whole with 0.

    Rows, numbering, checks, indexes, foreign keys, triggers and rights go over. A unique key that does not hold the
    case is made on each part. The old tables are gone at the end.
    """
    spans = {table: _span(connection, table) for table in tables}
    total, done = sum(last - first for first, last in spans.values()), 0
    for table, (first, last) in spans.items():
        old, new = f"{SCHEMA}.{table}", f"public.{table}"
        run(connection, f"ALTER TABLE {new} SET SCHEMA {SCHEMA}")
        run(connection, f"CREATE TABLE {new} (LIKE {old} INCLUDING ALL EXCLUDING INDEXES)"
                        + (f" PARTITION BY HASH ({KEY})" if parts else ""))  # fmt: skip
        for part, piece in enumerate(pieces(table, parts)):
            bound = f"FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
            run(connection, f"CREATE TABLE {piece} PARTITION OF {new} {bound}")
        for at in _copied(connection, old, new, first, last):
            progress(done + at, total)
        done += last - first
        for statement in _all_it_had(connection, old, new, pieces(table, parts)):
            run(connection, statement)
        run(connection, f"DROP TABLE {old}")


def pieces(table: str, parts: int) -> list[str]:
    """The names of the parts of a table."""
    return [f"{SCHEMA}.{table}_{part:02}" for part in range(parts)]


def run(connection: psycopg.Connection, statement: str) -> "psycopg.Cursor[Any]":
    """Run statements made of the names of our tables and of what the catalogue says."""
    return connection.execute(statement.encode())


def one(connection: psycopg.Connection, statement: str) -> Any:
    """The only value of a statement."""
    (row,) = run(connection, statement).fetchall()
    return row[0]


def _span(connection: psycopg.Connection, table: str) -> tuple[int, int]:
    """Below the first number of a table's rows, and the last one."""
    found = run(connection, f"SELECT COALESCE(min(id), 1) - 1, COALESCE(max(id), 0) FROM public.{table}")  # noqa: S608
    ((first, last),) = found.fetchall()
    return first, last


def _copied(connection: psycopg.Connection, old: str, new: str, first: int, last: int) -> Iterator[int]:
    """Copy all rows in order; how many numbers have been gone through, again and again."""
    columns = one(connection, _COLUMNS.format(table=old))
    for start in range(first, last, AT_ONCE):
        upto = min(start + AT_ONCE, last)
        run(connection, f"INSERT INTO {new} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {old}"  # noqa: S608
                        f" WHERE id > {start} AND id <= {upto} ORDER BY id")  # fmt: skip
        yield upto - first


def _all_it_had(connection: psycopg.Connection, old: str, new: str, parts: Sequence[str]) -> Iterator[str]:
    """The statements that give a new table, once it is full, what the old one had."""
    keys = [_Key(*row) for row in run(connection, _KEYS.format(table=old, key=KEY))]
    of_a_part = (_Key(*row) for row in run(connection, _KEYS.format(table=old + _FIRST, key=KEY)))
    keys += [replace(key, name=key.name.removesuffix(_FIRST)) for key in of_a_part if key.apart]
    keys += [_Key(*row) for row in run(connection, _REFERENCES.format(table=old))]
    numbers = one(connection, f"SELECT pg_get_serial_sequence('{old}', 'id')")
    yield _NUMBER_ON.format(new=new, numbers=numbers)
    for key in keys:
        if key.apart and parts:
            yield from (key.on(part, part[-len(_FIRST) :]) for part in parts)
        else:
            yield key.on(new)
    for text, is_of_rows in run(connection, _TRIGGERS.format(table=old, schema=SCHEMA)):
        for target in (new,) if is_of_rows else (new, *parts):
            yield text.replace(f" ON {old} ", f" ON {target} ")
    for (text,) in run(connection, _RIGHTS.format(old=old, new=new)):
        yield text
