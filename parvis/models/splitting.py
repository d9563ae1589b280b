"""Cutting the journal and the letters in parts by their case, or making them whole again: in one transaction."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from parvis.models import databases, rebuilding
from parvis.models.parts import KEYS, SCHEMA, TABLES, TEND
from parvis.models.rebuilding import run
from parvis.models.revisions import MIGRATING

Progress = Callable[[int, int], None]
_LOCK_MILLISECONDS = 1_000

# A cut table has no unique key without the case, and no foreign key points at it. One more table, and triggers, promise
# the same; they run with the rights of the owner, as keys do.
_SAFELY = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog"
_PROMISES = f"""
CREATE TABLE {KEYS} (idempotency_key varchar, CONSTRAINT uq_journal_idempotency_key PRIMARY KEY (idempotency_key));
INSERT INTO {KEYS} SELECT idempotency_key FROM public.journal WHERE idempotency_key IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {KEYS}
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_rewriting();
CREATE FUNCTION {SCHEMA}.keep_key() {_SAFELY} AS $$
BEGIN
    INSERT INTO {KEYS} VALUES (NEW.idempotency_key);
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_key BEFORE INSERT ON public.journal
    FOR EACH ROW WHEN (NEW.idempotency_key IS NOT NULL) EXECUTE FUNCTION {SCHEMA}.keep_key();
CREATE FUNCTION {SCHEMA}.find_letter() {_SAFELY} AS $$
BEGIN
    PERFORM FROM public.letters WHERE id = NEW.letter_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no letter %', NEW.letter_id USING ERRCODE = 'foreign_key_violation',
            CONSTRAINT = 'fk_suppressions_letter_id', TABLE = 'suppressions';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER find_letter AFTER INSERT OR UPDATE OF letter_id ON public.suppressions
    FOR EACH ROW WHEN (NEW.letter_id IS NOT NULL) EXECUTE FUNCTION {SCHEMA}.find_letter();
CREATE FUNCTION {SCHEMA}.keep_letter() {_SAFELY} AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM public.suppressions WHERE letter_id = OLD.id) THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'addresses are held because of letters' USING ERRCODE = 'foreign_key_violation',
        CONSTRAINT = 'fk_suppressions_letter_id', TABLE = 'suppressions';
END
$$;
CREATE TRIGGER keep_letter AFTER DELETE ON public.letters
    FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.keep_letter();
CREATE FUNCTION public.{TEND}() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
    AS 'ANALYZE public.journal, public.letters'
"""  # noqa: S608 - the names above
_KEEP_LETTERS = f"""
CREATE TRIGGER keep_letters BEFORE TRUNCATE ON {{table}}
    FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.keep_letter()
"""
_WHOLE_AGAIN = f"""
DROP FUNCTION public.{TEND}();
DROP FUNCTION {SCHEMA}.keep_key(), {SCHEMA}.keep_letter();
DROP FUNCTION {SCHEMA}.find_letter() CASCADE;
DROP TABLE {KEYS};
DROP SCHEMA {SCHEMA};
ALTER TABLE public.suppressions
    ADD CONSTRAINT fk_suppressions_letter_id FOREIGN KEY (letter_id) REFERENCES public.letters (id)
"""
_READY = f"""
CREATE SCHEMA {SCHEMA};
ALTER TABLE public.suppressions DROP CONSTRAINT fk_suppressions_letter_id
"""
_LAYOUT = """
SELECT (SELECT count(*) FROM pg_inherits WHERE inhparent = 'public.journal'::regclass),
       sum(pg_total_relation_size(c.oid))
  FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
 WHERE COALESCE(i.inhparent, c.oid) IN ('public.journal'::regclass, 'public.letters'::regclass)
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'parvis' AND pid <> pg_backend_pid()
"""
_POINTED_AT = """
SELECT string_agg(DISTINCT confrelid::regclass::text, ', ') FROM pg_constraint
 WHERE contype = 'f' AND conrelid IN ('public.journal'::regclass, 'public.letters'::regclass)
"""


class InUseError(Exception):
    """Others are at work: `sessions` of the application are open; or none, but something holds a table."""

    def __init__(self, sessions: int) -> None:
        super().__init__(sessions)
        self.sessions = sessions


class OtherwiseCutError(Exception):
    """The tables are cut already, in another number of parts."""

    def __init__(self, parts: int) -> None:
        super().__init__(parts)
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Layout:
    """In how many parts both tables are, 0 when they are whole; their size with indexes, in bytes."""

    parts: int
    size: int


def layout(url: str) -> Layout:
    """How the tables stand now.

    Raises:
        AdministrationError: the database cannot be asked.
    """
    with databases.connect(url) as connection:
        return _layout(connection)


def reshape(url: str, parts: int, *, progress: Progress) -> bool:
    """Cut both tables in `parts`, or make them whole again with 0; False when they are so already.

    All or nothing, and nobody else may be at work. `progress` hears how many rows of how many are copied, about.

    Raises:
        InUseError: sessions of the application are open, or a table stays locked.
        OtherwiseCutError: they are cut in another number of parts, and have to be made whole first.
        AdministrationError: the account may not, the disk is full, or something of somebody else needs the tables.
    """
    with databases.connect(url) as connection, connection.transaction():
        _take_alone(connection)
        found = _layout(connection).parts
        if found == parts:
            return False
        if found and parts:
            raise OtherwiseCutError(found)
        if parts:
            run(connection, _READY)
        rebuilding.rebuild(connection, TABLES, parts, progress)
        run(connection, _PROMISES if parts else _WHOLE_AGAIN)
        for table in ("public.letters", *rebuilding.pieces("letters", parts)) if parts else ():
            run(connection, _KEEP_LETTERS.format(table=table))
        run(connection, "ANALYZE public.journal, public.letters")
    return True


def _layout(connection: psycopg.Connection) -> Layout:
    (row,) = connection.execute(_LAYOUT).fetchall()
    return Layout(*map(int, row))


def _take_alone(connection: psycopg.Connection) -> None:
    """Hold all that is going to change, as its owner; what a later start would migrate waits as well."""
    if others := _others(connection):
        raise InUseError(others)
    try:
        run(connection, f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}; SET LOCAL search_path = public")
        run(connection, f"SELECT pg_advisory_xact_lock({MIGRATING})")
        owner = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'public.journal'::regclass"
        run(connection, f"SET LOCAL ROLE {rebuilding.one(connection, owner)}")
        run(connection, "LOCK TABLE journal, letters, suppressions IN ACCESS EXCLUSIVE MODE")
        pointed_at = rebuilding.one(connection, _POINTED_AT)
        run(connection, f"LOCK TABLE {pointed_at} IN SHARE ROW EXCLUSIVE MODE")
    except psycopg.errors.LockNotAvailable as error:
        raise InUseError(0) from error


def _others(connection: psycopg.Connection) -> int:
    """How many sessions of the application stay open: those just closed take PostgreSQL a moment to end."""
    until = time.monotonic() + _LOCK_MILLISECONDS / 1_000
    while (others := int(rebuilding.one(connection, _OTHERS))) and time.monotonic() < until:
        time.sleep(0.05)
        run(connection, "SELECT pg_stat_clear_snapshot()")
    return others
