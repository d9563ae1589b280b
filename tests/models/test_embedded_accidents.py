"""The embedded PostgreSQL after an accident: killed, cut short, misled or spoilt, it starts again or says why."""

import os
import signal

import psycopg
import pytest

from parvis.models import embedded
from parvis.models.postmaster import EmbeddedServerError
from tests.models.server_users import another_process, answer, run, server_pid, wait_ready


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
