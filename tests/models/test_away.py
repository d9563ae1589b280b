"""What servers and libpq say of a database that does not serve us, and the cause read in it."""

import pytest

from parvis.models.away import Away, why_away
from parvis.models.databases import UnusableAddressError, address
from parvis.models.session import Database, UnreachableDatabaseError


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ('connection to server at "127.0.0.1", port 1 failed: Connection refused', Away.REFUSED),
        ("failed to resolve host 'x': [Errno -2] Name or service not known", Away.NO_HOST),
        ("connection timeout expired", Away.SILENT),
        ('FATAL:  password authentication failed for user "parvis"', Away.PASSWORD),
        ("fe_sendauth: no password supplied", Away.PASSWORD),
        ("FATAL:  authentification par mot de passe échouée pour l'utilisateur « parvis »", Away.PASSWORD),
        ('FATAL:  database "x" does not exist', Away.NO_DATABASE),
        ("FATAL:  la base de données « x » n'existe pas", Away.NO_DATABASE),
        ('FATAL:  role "x" does not exist', Away.NO_ROLE),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "x", no encryption', Away.NOT_ALLOWED),
        ("FATAL:  sorry, too many clients already", Away.FULL),
        ("FATAL:  remaining connection slots are reserved for roles with SUPERUSER", Away.FULL),
        ("every connection is taken", Away.FULL),
        ("FATAL:  the database system is starting up", Away.RESTARTING),
        ("terminating connection due to administrator command", Away.RESTARTING),
        ("consuming input failed: server closed the connection unexpectedly", Away.LOST),
        ("server does not support SSL, but SSL was required", Away.TLS),
        ("could not extend file: No space left on device", Away.DISK_FULL),
        ("cannot execute INSERT in a read-only transaction", Away.READ_ONLY),
        ("permission denied for schema public", Away.RIGHTS),
        ("something nobody ever read", Away.UNKNOWN),
    ],
)
def test_the_cause_is_read_in_the_words_of_the_server(said, cause):
    assert why_away(said) == cause


def test_a_database_that_only_reads_is_away_for_who_writes(database: Database):
    with pytest.raises(UnreachableDatabaseError) as raised, database.transaction() as session:
        session.exec_driver_sql("SET TRANSACTION READ ONLY")
        session.exec_driver_sql("DELETE FROM tasks")

    assert why_away(str(raised.value)) == Away.READ_ONLY


def test_an_address_by_a_socket_or_with_several_options_is_one():
    socket = "postgresql:///parvis?host=/var/run/postgresql&port=5433"

    assert address(socket, driver="psycopg").startswith("postgresql+psycopg:///parvis?")
    assert address("postgres://a:b%40@h/x?sslmode=require", driver="asyncpg").startswith(
        "postgresql+asyncpg://a:b%40@h/x"
    )


@pytest.mark.parametrize(
    "url", ["", "x", "postgresql://h", "postgresql://h:70000/x", "postgresql+asyncpg://h/x"]
)
def test_what_is_no_address_of_a_database_is_refused_without_repeating_it(url):
    with pytest.raises(UnusableAddressError) as refused:
        address(url, driver="psycopg")

    assert str(refused.value) == ""
