"""The short way: statements without a cursor share the transaction, its fate and its errors with all the others."""

import time

import psycopg
import pytest
from sqlalchemy import text

from parvis.models.session import (
    ConflictError,
    ConstraintError,
    Database,
    UnreachableDatabaseError,
    fetch,
    savepoint,
)

ADD = "INSERT INTO contracts (code, name, digest) VALUES ($1::text, 'Contrat de ville', '') RETURNING id"
CODES = "SELECT code FROM contracts ORDER BY code"
PID = "SELECT pg_backend_pid()"


def codes(database: Database) -> list[str]:
    with database.transaction() as session:
        return [code for (code,) in fetch(session, CODES, ())]


def end(owner: Database, pid: int) -> None:
    with owner.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def still_open(database: Database, pid: int) -> bool:
    with database.transaction() as session:
        return bool(fetch(session, "SELECT FROM pg_stat_activity WHERE pid = $1::int", (pid,)))


def give_up(database: Database) -> None:
    with pytest.raises(LookupError), database.transaction() as session:
        fetch(session, ADD, ("lost",))
        raise LookupError


def test_a_transaction_of_nothing_else_is_kept(database):
    with database.transaction() as session:
        fetch(session, ADD, ("amiens",))

    assert codes(database) == ["amiens"]


def test_both_ways_write_in_one_transaction(database):
    with pytest.raises(LookupError), database.transaction() as session:
        fetch(session, ADD, ("amiens",))
        session.execute(text("UPDATE contracts SET name = 'autre'"))
        fetch(session, ADD, ("roubaix",))
        raise LookupError

    assert codes(database) == []


def test_values_come_and_go_as_python_knows_them(database):
    with database.transaction() as session:
        rows = fetch(
            session,
            "SELECT $1::bigint, $2::bigint[], $3::date, $4::boolean, $5::text, '2026-06-30 22:00Z'::timestamptz",
            (2**40, [1, 2], None, True, "d’Amiens"),
        )

    assert [row[:5] for row in rows] == [(2**40, [1, 2], None, True, "d’Amiens")]
    assert rows[0][5].isoformat() == "2026-06-30T22:00:00+00:00"


def test_statements_stay_prepared_when_a_transaction_or_a_savepoint_is_undone(database):
    give_up(database)

    with database.transaction() as session:
        fetch(session, ADD, ("amiens",))
        with pytest.raises(ConstraintError), savepoint(session):
            fetch(session, ADD, ("amiens",))
        fetch(session, ADD, ("roubaix",))

    assert codes(database) == ["amiens", "roubaix"]


def test_a_savepoint_in_a_savepoint_undoes_only_itself(database):
    with database.transaction() as session, savepoint(session):
        fetch(session, ADD, ("amiens",))
        with pytest.raises(ConstraintError), savepoint(session):
            fetch(session, ADD, ("amiens",))
        with savepoint(session):
            fetch(session, ADD, ("roubaix",))

    assert codes(database) == ["amiens", "roubaix"]


def test_statements_stay_prepared_when_the_block_itself_rolls_back(database):
    for _ in range(4):
        with database.transaction() as session:
            session.execute(text("UPDATE contracts SET name = 'autre'"))
            fetch(session, ADD, ("amiens",))
            session.rollback()

    assert codes(database) == []


def test_statements_somebody_deallocated_are_prepared_again(database):
    assert codes(database) == []
    with database.transaction() as session:
        session.execute(text("DEALLOCATE ALL"))

    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        codes(database)

    assert codes(database) == []


def test_a_locked_row_is_a_conflict(database):
    with database.transaction() as session:
        fetch(session, ADD, ("amiens",))

    with database.transaction() as first:
        fetch(first, "SELECT FROM contracts FOR UPDATE", ())
        with pytest.raises(ConflictError), database.transaction() as second:
            fetch(second, "SELECT FROM contracts FOR UPDATE NOWAIT", ())


def test_a_connection_lost_in_the_middle_is_unreachable_and_leaves_nothing(database, owner_database):
    def lose_the_connection() -> None:
        with database.transaction() as session:
            [(pid,)] = fetch(session, PID, ())
            fetch(session, ADD, ("amiens",))
            end(owner_database, pid)
            fetch(session, ADD, ("roubaix",))

    with pytest.raises(UnreachableDatabaseError):
        lose_the_connection()

    assert codes(database) == []


def test_the_connection_used_last_is_used_again(database):
    pids = set()
    for _ in range(3):
        with database.transaction() as session:
            pids |= set(fetch(session, PID, ()))

    assert len(pids) == 1


def test_connections_beyond_those_kept_open_are_closed(database_url):
    with Database(database_url, pool_size=1, overflow=1) as small:
        with small.transaction() as first, small.transaction() as second:
            [(extra,)], [(kept,)] = fetch(first, PID, ()), fetch(second, PID, ())

        while still_open(small, extra):
            time.sleep(0.01)
        assert still_open(small, kept)


def test_who_waits_too_long_for_a_connection_is_told_to_come_back(database_url):
    small = Database(database_url, pool_size=1, overflow=0, pool_seconds=0.01)

    with (
        small,
        small.transaction(),
        pytest.raises(UnreachableDatabaseError, match="taken"),
        small.transaction(),
    ):
        pass
