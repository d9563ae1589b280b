"""Administration: databases made, copied, dropped; roles made once."""

import psycopg
import pytest

from parvis.models import databases
from parvis.models.databases import APPLICATION, OWNER, AdministrationError


@pytest.fixture
def name(postgres, worker_id, request):
    chosen = f"parvis_{worker_id} « {abs(hash(request.node.name)) % 10_000} »"
    yield chosen
    databases.drop(postgres.url(), chosen)
    databases.drop(postgres.url(), f"{chosen} copy")


def test_a_database_is_created_once_in_utf8(postgres, name):
    assert databases.create(postgres.url(), name) is True
    assert databases.create(postgres.url(), name) is False

    assert databases.exists(postgres.url(), name)
    with psycopg.connect(postgres.dsn(name)) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT lower('ÉTÉ')").fetchone() == ("été",)


def test_a_copy_has_the_rows_of_its_template(postgres, name):
    databases.create(postgres.url(), name)
    with psycopg.connect(postgres.dsn(name)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

    databases.clone(postgres.url(), name, f"{name} copy")

    with psycopg.connect(postgres.dsn(f"{name} copy")) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_database_in_use_can_be_copied_once_its_users_are_disconnected(postgres, name):
    databases.create(postgres.url(), name)
    user = psycopg.connect(postgres.dsn(name))

    assert databases.disconnect(postgres.url(), name) == 1

    assert databases.clone(postgres.url(), name, f"{name} copy") is True
    user.close()


def test_dropping_ends_the_connections_and_may_be_repeated(postgres, name):
    databases.create(postgres.url(), name)
    user = psycopg.connect(postgres.dsn(name))

    databases.drop(postgres.url(), name)
    databases.drop(postgres.url(), name)

    assert not databases.exists(postgres.url(), name)
    with pytest.raises(psycopg.OperationalError):
        user.execute("SELECT 1")
    user.close()


def test_a_frozen_database_takes_no_connection(postgres, name):
    databases.create(postgres.url(), name)

    databases.freeze(postgres.url(), name)

    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(postgres.dsn(name))


def test_the_owner_may_take_the_application_s_role_and_nobody_logs_in_with_it(postgres):
    assert databases.ensure_roles(postgres.url()) is True

    assert databases.may_become(postgres.url(user=OWNER), APPLICATION)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(postgres.dsn(user=APPLICATION))


def test_roles_are_not_made_by_who_has_no_right_to(postgres):
    assert databases.ensure_roles(postgres.url(user=OWNER)) is False


def test_an_owner_without_rights_on_the_server_is_refused_in_its_own_words(postgres, name):
    with pytest.raises(AdministrationError, match="permission denied to create database"):
        databases.create(postgres.url(user=OWNER), name)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "postgresql+psycopg://me@/parvis?host=/run/pg&port=5432",
            "postgresql+asyncpg://me@/other?host=%2Frun%2Fpg&port=5432",
        ),
        ("postgresql://me:s%40cret@db:5433/parvis", "postgresql+asyncpg://me:s%40cret@db:5433/other"),
        ("postgresql://db/parvis?sslmode=require", "postgresql+asyncpg://db/other?ssl=require"),
    ],
)
def test_the_address_of_another_database_of_the_same_server_is_said_as_its_driver_reads_it(address, expected):
    assert databases.name_of(address) == "parvis"
    assert databases.beside(address, "other", driver="asyncpg") == expected
