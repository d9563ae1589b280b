"""The embedded PostgreSQL: started once by whoever comes first, stopped by the last, closed to everybody else."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from parvis.models import embedded
from parvis.models.postmaster import EmbeddedServerError

USER = """
import sys
from pathlib import Path
from parvis.models import embedded
with embedded.start(Path(sys.argv[1]), fast=True):
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """A data folder that was started and stopped once: making one takes half a second."""
    place = Path(tempfile.mkdtemp(prefix="parvis-embedded-"))
    embedded.start(place / "postgres", fast=True).close()
    yield place / "postgres"
    shutil.rmtree(place)


@pytest.fixture
def folder(made_once) -> Iterator[Path]:
    """A data folder on which no server runs."""
    yield made_once
    embedded.stop(made_once)


@pytest.fixture
def new_folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="parvis-embedded-"))
    yield place / "postgres"
    embedded.stop(place / "postgres")
    shutil.rmtree(place)


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the server of `folder` until it is told to end."""
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)
    assert process.returncode == 0


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def answer(server: embedded.EmbeddedServer, question: str) -> str:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def run(server: embedded.EmbeddedServer, *statements: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        for statement in statements:
            connection.execute(statement)


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


def test_a_killed_starter_leaves_a_server_that_the_next_one_joins_and_stops(folder):
    with another_process(folder) as starter:
        wait_ready(starter)
        pid = server_pid(folder)
        starter.kill()
        starter.wait(timeout=30)

    with embedded.start(folder, fast=True) as server:
        assert server_pid(folder) == pid
        assert answer(server, "SELECT 1") == "1"
    assert not embedded.is_running(folder)


def test_a_killed_server_starts_again_with_what_was_committed(folder):
    server = embedded.start(folder)
    run(server, "DROP TABLE IF EXISTS survivor", "CREATE TABLE survivor AS SELECT 42 AS n")
    idle = psycopg.connect(server.dsn())
    pid = server_pid(folder)

    os.kill(pid, signal.SIGKILL)

    with embedded.start(folder) as again:
        assert server_pid(folder) != pid
        assert answer(again, "SELECT n FROM survivor") == "42"
    idle.close()
    server.close()


def test_a_pid_file_that_names_another_living_program_stops_nobody(folder):
    with embedded.start(folder, fast=True):
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    stale = "\n".join([str(os.getpid()), *lines[1:]])
    (folder / "data" / "postmaster.pid").write_text(stale)

    assert not embedded.is_running(folder)
    with embedded.start(folder, fast=True) as server:
        assert answer(server, "SELECT 1") == "1"


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


def test_a_first_start_that_was_cut_short_is_done_again(new_folder):
    half = new_folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with embedded.start(new_folder, fast=True) as server:
        assert answer(server, "SELECT 1") == "1"


def test_a_server_that_does_not_start_says_why(folder):
    spoilt = folder / "data" / "postgresql.auto.conf"
    before = spoilt.read_text()
    spoilt.write_text("shared_buffers = 'plenty'\n")

    with pytest.raises(EmbeddedServerError, match='invalid value for parameter "shared_buffers": "plenty"'):
        embedded.start(folder, fast=True)

    spoilt.write_text(before)
    with embedded.start(folder, fast=True) as server:
        assert answer(server, "SELECT 1") == "1"


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

    with another_process(folder) as starter, ExitStack() as clean:
        wait_ready(starter)
        server = clean.enter_context(embedded.start(folder, fast=True))
        subprocess.run(
            [sys.executable, "-c", question, server.dsn()], env=os.environ | others, check=True, timeout=30
        )
        end(starter)


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
