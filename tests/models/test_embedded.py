"""The embedded PostgreSQL: started once by whoever comes first, stopped by the last, closed to everybody else."""

import asyncio
import os
import pwd
import stat
import subprocess
import sys

import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from parvis.models import embedded
from parvis.models.postmaster import EmbeddedServerError
from tests.models.server_users import another_process, answer, end, run, server_pid, wait_ready


def test_the_first_start_makes_a_durable_utf8_server_in_utc(new_folder):
    with embedded.start(new_folder) as server:
        settings = [
            answer(server, f"SHOW {name}")
            for name in ("server_encoding", "timezone", "fsync", "full_page_writes", "listen_addresses")
        ]

    assert settings == ["UTF8", "UTC", "on", "on", ""]


def test_what_was_written_is_there_after_a_stop(folder):
    with embedded.start(folder, fast=True) as server:
        run(server, "DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 7 AS n")

    with embedded.start(folder, fast=True) as server:
        assert answer(server, "SELECT n FROM kept") == "7"


def test_two_processes_that_start_at_once_on_nothing_share_one_server(new_folder):
    with another_process(new_folder) as one, another_process(new_folder) as other:
        wait_ready(one)
        pid = server_pid(new_folder)
        wait_ready(other)

        assert server_pid(new_folder) == pid
        end(one)
        assert embedded.is_running(new_folder)
        end(other)

    assert not embedded.is_running(new_folder)


def test_who_only_joined_leaves_the_server_to_the_others(folder):
    with another_process(folder) as starter:
        wait_ready(starter)

        embedded.start(folder, fast=True).close()

        assert embedded.is_running(folder)
        end(starter)
    assert not embedded.is_running(folder)


def test_the_starter_may_leave_before_those_who_joined(folder):
    with another_process(folder) as starter:
        wait_ready(starter)
        joined = embedded.start(folder, fast=True)
        end(starter)

    assert answer(joined, "SELECT 1") == "1"
    joined.close()
    assert not embedded.is_running(folder)


def test_two_users_in_one_process_count_as_two(folder):
    first, second = embedded.start(folder, fast=True), embedded.start(folder, fast=True)

    first.close()
    first.close()

    assert answer(second, "SELECT 1") == "1"
    second.close()
    assert not embedded.is_running(folder)


def test_a_process_that_forgets_to_close_stops_the_server_when_it_ends(folder):
    forgetful = "import sys; from pathlib import Path; from parvis.models import embedded\n"
    forgetful += "embedded.start(Path(sys.argv[1]), fast=True)"

    subprocess.run([sys.executable, "-c", forgetful, str(folder)], check=True, timeout=60)

    assert not embedded.is_running(folder)


def test_stop_is_for_everybody_and_may_be_repeated(folder):
    with another_process(folder) as other:
        wait_ready(other)
        mine = embedded.start(folder, fast=True)

        mine.stop()
        mine.stop()

        assert not embedded.is_running(folder)
        end(other)


def test_stopping_where_nothing_ever_ran_does_nothing(new_folder):
    embedded.stop(new_folder)

    assert not embedded.is_running(new_folder)


def test_a_folder_too_deep_for_a_socket_gets_a_short_private_one(new_folder):
    deep = new_folder.parent / ("profond-" * 15) / "postgres"

    with embedded.start(deep, fast=True) as server:
        assert answer(server, "SELECT 1") == "1"
        short = server.sockets
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        with embedded.start(deep, fast=True) as joined:
            assert joined.url() == server.url()

    assert not short.exists()


def test_the_server_is_closed_to_the_other_accounts_of_the_machine(folder):
    with embedded.start(folder, fast=True) as server:
        owner = folder.stat().st_uid
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert owner != 0
        if os.geteuid() == 0:
            stranger = next(entry for entry in pwd.getpwall() if entry.pw_uid not in {0, owner})
            refused = subprocess.run(
                [embedded.program("psql"), server.dsn(), "-c", "SELECT 1"],
                user=stranger.pw_uid,
                group=stranger.pw_gid,
                extra_groups=[],
                cwd="/",
                env={},
                capture_output=True,
                text=True,
                check=False,
            )
            assert refused.returncode == 2
            assert "Permission denied" in refused.stderr


def test_variables_meant_for_another_postgresql_change_nothing(folder):
    question = "import psycopg, sys; psycopg.connect(sys.argv[1]).close()"
    others = {"PGHOST": "elsewhere", "PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "x", "PGDATABASE": "y"}

    with embedded.start(folder, fast=True) as server:
        program = [sys.executable, "-c", question, server.dsn()]
        asked = subprocess.run(program, env=os.environ | others, check=False, timeout=30)

    assert asked.returncode == 0


def test_the_asyncpg_address_reaches_the_same_database(folder):
    async def name(url: str) -> object:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            found = await connection.scalar(text("SELECT current_database()"))
        await engine.dispose()
        return found

    with embedded.start(folder, fast=True) as server:
        assert asyncio.run(name(server.url("template1", driver="asyncpg"))) == "template1"


def test_the_programs_of_postgresql_are_at_hand(folder):
    version = subprocess.run([embedded.program("pgbench"), "--version"], capture_output=True, check=True)

    assert version.stdout.startswith(b"pgbench (PostgreSQL)")
    with pytest.raises(EmbeddedServerError, match="no program 'pg_nothing'"):
        embedded.program("pg_nothing")
