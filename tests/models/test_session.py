"""Transactions: what is kept, what is undone, what the application may not do, which errors callers meet."""

import pytest
from sqlalchemy import text

from parvis.models.databases import APPLICATION
from parvis.models.session import (
    ConflictError,
    ConstraintError,
    Database,
    UnreachableDatabaseError,
    begin,
    fetch,
    savepoint,
)

ADD = text("INSERT INTO contracts (code, name, digest) VALUES (:code, 'Contrat de ville', '')")
CODES = text("SELECT code FROM contracts ORDER BY code")


def codes(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(CODES))


def end(owner: Database, pid: int | None) -> None:
    with owner.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def add_a_case_with_a_journal_line(owner: Database) -> None:
    with owner.transaction() as session:
        session.execute(ADD, {"code": "amiens"})
        for statement in A_JOURNAL_LINE.split(";"):
            session.execute(text(statement))


A_JOURNAL_LINE = """
INSERT INTO calls (contract_id, code, title, instrument, year, opens_on)
SELECT id, '2027', 'Appel', 'annual', 2027, '2026-09-01' FROM contracts;
INSERT INTO organisations (siret) VALUES ('12345678200010');
INSERT INTO cases (call_id, organisation_id, reference, external_id, source, content_hash, title, entered_at)
SELECT calls.id, organisations.id, 'A-1', '1', 'test', '', 'Jardin', now() FROM calls, organisations;
INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, hash)
SELECT id, 1, now(), 'a', 'applicant', 'submit', 'draft', 'submitted', '' FROM cases
"""


def test_a_transaction_keeps_what_it_wrote(database):
    with database.transaction() as session:
        session.execute(ADD, {"code": "amiens"})

    assert codes(database) == ["amiens"]


def test_an_exception_undoes_the_whole_transaction(database):
    def change_my_mind() -> None:
        with database.transaction() as session:
            session.execute(ADD, {"code": "amiens"})
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        change_my_mind()

    assert codes(database) == []


def test_a_failed_savepoint_undoes_only_itself(database):
    with database.transaction() as session:
        session.execute(ADD, {"code": "amiens"})
        with pytest.raises(ConstraintError), savepoint(session):
            session.execute(ADD, {"code": "amiens"})
        session.execute(ADD, {"code": "roubaix"})

    assert codes(database) == ["amiens", "roubaix"]


def test_a_refused_row_names_its_constraint_and_its_table(database):
    with database.transaction() as session:
        session.execute(ADD, {"code": "amiens"})

    with pytest.raises(ConstraintError) as refused, database.transaction() as session:
        session.execute(ADD, {"code": "amiens"})

    assert (refused.value.name, refused.value.table) == ("uq_contracts_code", "contracts")


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_the_application_has_no_right_to_rewrite_the_journal(database, owner_database, statement):
    add_a_case_with_a_journal_line(owner_database)

    with pytest.raises(Exception, match="permission denied"), database.transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal SET actor = 'x'", "DELETE FROM journal", "TRUNCATE journal", "DELETE FROM ledger"],
)
def test_append_only_tables_refuse_even_their_owner(owner_database, statement):
    add_a_case_with_a_journal_line(owner_database)

    with pytest.raises(ConstraintError, match="append_only"), owner_database.transaction() as session:
        session.execute(text(statement))


def test_connections_take_the_role_and_the_time_zone_they_are_told(database):
    with database.transaction() as session:
        role, zone = session.execute(text("SELECT current_user, current_setting('timezone')")).one()

    assert (role, zone) == (APPLICATION, "UTC")


def test_a_row_locked_by_another_transaction_is_a_conflict_and_not_a_refusal(database):
    with database.transaction() as session:
        session.execute(ADD, {"code": "amiens"})

    with database.transaction() as first:
        first.execute(text("SELECT FROM contracts FOR UPDATE"))
        with pytest.raises(ConflictError), database.transaction() as second:
            second.execute(text("SELECT FROM contracts FOR UPDATE NOWAIT"))


def test_a_row_changed_under_a_transaction_that_wants_one_picture_is_a_conflict(database):
    with database.transaction() as session:
        session.execute(ADD, {"code": "amiens"})
    rename = text("UPDATE contracts SET name = 'autre'")

    def rename_after_somebody_else() -> None:
        with database.transaction() as first:
            first.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            first.execute(CODES)
            with database.transaction() as second:
                second.execute(rename)
            first.execute(rename)

    with pytest.raises(ConflictError):
        rename_after_somebody_else()


def test_a_connection_the_server_ended_is_replaced_without_the_caller_noticing(database, owner_database):
    with database.transaction() as session:
        ended = session.scalar(text("SELECT pg_backend_pid()"))

    end(owner_database, ended)

    with database.transaction() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != ended


def test_a_connection_lost_in_the_middle_is_unreachable_and_leaves_nothing(database, owner_database):
    def lose_the_connection() -> None:
        with database.transaction() as session:
            session.execute(ADD, {"code": "amiens"})
            end(owner_database, session.scalar(text("SELECT pg_backend_pid()")))
            session.execute(ADD, {"code": "roubaix"})

    with pytest.raises(UnreachableDatabaseError):
        lose_the_connection()

    assert codes(database) == []


def test_a_server_that_is_not_there_is_unreachable(tmp_path):
    nowhere = Database(f"postgresql+psycopg://parvis_owner@/parvis?host={tmp_path}&port=5432")

    with pytest.raises(UnreachableDatabaseError), nowhere.transaction():
        pass


def test_making_a_database_opens_nothing(tmp_path):
    with Database(f"postgresql+psycopg://parvis_owner@/parvis?host={tmp_path}&port=5432"):
        pass


def test_a_disposed_database_opens_again(database):
    database.dispose()

    assert codes(database) == []


def add(session, code: str) -> None:
    fetch(
        session,
        "INSERT INTO contracts (code, name, digest) VALUES ($1::text, 'Contrat', '') RETURNING id",
        [code],
    )


def test_one_write_is_kept_as_soon_as_it_is_written_without_a_transaction_around_it(database):
    with database.one_write() as session:
        add(session, "amiens")

        assert codes(database) == ["amiens"]


def test_a_block_of_one_write_that_begins_is_a_transaction_kept_or_undone_whole(database):
    def change_my_mind() -> None:
        with database.one_write() as session:
            begin(session)
            add(session, "amiens")
            add(session, "abbeville")
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        change_my_mind()
    assert codes(database) == []

    with database.one_write() as session:
        begin(session)
        add(session, "amiens")
        add(session, "abbeville")
    assert codes(database) == ["abbeville", "amiens"]


def test_what_a_block_of_one_write_says_through_sqlalchemy_is_a_transaction_too(database):
    with database.one_write() as session:
        session.execute(ADD, {"code": "amiens"})
        add(session, "abbeville")

        assert codes(database) == []
    assert codes(database) == ["abbeville", "amiens"]


def test_a_connection_that_wrote_once_begins_transactions_again_for_the_next_one(database):
    def change_my_mind() -> None:
        with database.transaction() as session:
            add(session, "abbeville")
            raise ValueError("changed my mind")

    with database.one_write() as session:
        add(session, "amiens")
    with pytest.raises(ValueError, match="changed my mind"):
        change_my_mind()

    assert codes(database) == ["amiens"]
