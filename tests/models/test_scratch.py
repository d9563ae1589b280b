"""Scratch databases live as long as the run that made them, and never longer than the next one."""

import pytest

from parvis.models import databases, revisions
from parvis.models.embedded import EmbeddedServer
from parvis.models.scratch import PREFIX, scratch
from parvis.models.session import Database


def name_of(address: str) -> str:
    return address.rpartition("/")[2].partition("?")[0]


def test_a_scratch_database_is_migrated_usable_and_gone_afterwards(postgres: EmbeddedServer) -> None:
    with scratch(postgres.url()) as address:
        name = name_of(address)

        assert databases.exists(postgres.url(), name)
        assert revisions.up_to_date(address)
        with Database(address, role=databases.APPLICATION) as database, database.transaction() as session:
            assert session.exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 0

    assert not databases.exists(postgres.url(), name)


def test_it_goes_even_when_what_it_was_for_fails(postgres: EmbeddedServer) -> None:
    name = ""
    with pytest.raises(LookupError), scratch(postgres.url()) as address:
        name = name_of(address)
        raise LookupError

    assert name
    assert not databases.exists(postgres.url(), name)


def test_one_that_is_kept_stays(postgres: EmbeddedServer) -> None:
    with scratch(postgres.url(), keep=True) as address:
        name = name_of(address)

    assert databases.exists(postgres.url(), name)
    databases.drop(postgres.url(), name)


def test_what_a_killed_run_left_is_dropped_by_the_next_and_what_is_in_use_is_not(
    postgres: EmbeddedServer,
) -> None:
    left = f"{PREFIX}left_by_a_killed_run"
    databases.create(postgres.url(), left)

    with scratch(postgres.url()) as first, scratch(postgres.url()) as second:
        assert not databases.exists(postgres.url(), left)
        assert databases.exists(postgres.url(), name_of(first))
        assert databases.exists(postgres.url(), name_of(second))
