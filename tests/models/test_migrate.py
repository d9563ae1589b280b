"""Migrations: from nothing to the tables the code declares, once, whoever starts first."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from parvis.models import migrate
from parvis.models.databases import APPLICATION
from parvis.models.privileges import APPEND_ONLY
from parvis.models.session import Database


def test_the_migrations_make_the_tables_the_code_declares(database_url):
    assert migrate.drift(database_url) == []
    assert migrate.current(database_url) == migrate.head()


def test_a_database_that_was_never_migrated_is_at_no_revision_and_lacks_every_table(new_database):
    empty = new_database(migrated=False)

    assert migrate.current(empty) is None
    assert "add table cases" in migrate.drift(empty)


@pytest.mark.whole
def test_going_down_to_the_base_and_up_again_ends_at_the_same_tables(new_database):
    url = new_database()

    migrate.downgrade(url, "base")
    assert migrate.current(url) is None
    migrate.upgrade(url)

    assert migrate.drift(url) == []


def test_two_starts_at_once_migrate_once(new_database):
    url = new_database(migrated=False)

    with ThreadPoolExecutor(2) as starts:
        list(starts.map(migrate.upgrade, [url, url]))

    assert migrate.current(url) == migrate.head()
    assert migrate.drift(url) == []


def test_drift_says_which_column_is_missing(new_database):
    url = new_database()
    with Database(url) as database, database.transaction() as session:
        session.execute(text("ALTER TABLE cases DROP COLUMN summary"))

    assert any("summary" in line for line in migrate.drift(url))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_drift_says_which_append_only_table_lost_its_protection(new_database, table):
    url = new_database()
    with Database(url) as database, database.transaction() as session:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER append_only"))
        session.execute(text(f"GRANT UPDATE ON {table} TO {APPLICATION}"))

    assert migrate.drift(url) == [
        f"{table}: no trigger append_only",
        f"{table}: {APPLICATION} may rewrite it",
    ]
