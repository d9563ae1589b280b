"""The quick look at a database's revision agrees with Alembic."""

import pytest

from parvis.models import migrate, revisions


def test_the_newest_revision_is_alembics_head():
    assert revisions.newest() == {migrate.head()}


def test_a_migrated_database_is_up_to_date(database_url):
    assert revisions.up_to_date(database_url)


def test_a_database_without_tables_is_not(new_database):
    assert not revisions.up_to_date(new_database(migrated=False))


@pytest.mark.whole
def test_a_database_taken_back_is_not(new_database):
    url = new_database()

    migrate.downgrade(url, "0001")

    assert not revisions.up_to_date(url)
