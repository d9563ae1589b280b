"""Flows run at the same second, killed, told to end, or without their server: nothing is lost, nothing is doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.services import journal
from parvis.services.prefect_settings import client_environment
from parvis.services.running import free_port
from parvis.states.words import Sentence
from tests.faults.door import door
from tests.faults.figures import control, measured
from tests.faults.flow_bodies import at_the_same_second, carelessly_at_the_same_second
from tests.flows.prefect_server import PrefectServer, wait_for
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.smtp_server import Post, listening

ROOT = Path(__file__).parents[2]
FIRST = date(2026, 6, 12)
LAPSES = "SELECT count(*), count(DISTINCT case_id) FROM journal WHERE action = 'lapse'"


def awaiting(desk: Desk, cases: int, *, days: int) -> None:
    """Cases whose documents are awaited until one day or another."""
    for number in range(cases):
        desk.case_awaiting_documents(
            reply_by=(FIRST + timedelta(days=number % days)).isoformat(), at="2026-06-10"
        )


def assert_each_once(desk: Desk, post: Post, cases: int) -> None:
    """Every case lapsed once, every letter left once, the journal holds."""
    assert desk.rows("SELECT stage, count(*) FROM cases GROUP BY 1") == [("lapsed", cases)]
    assert desk.value("SELECT count(*) FROM journal WHERE action = 'lapse'") == cases
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'lapsed'") == cases
    assert desk.value("SELECT count(*) FROM letters WHERE stage <> 'sent'") == 0
    assert len(set(post.message_ids)) == desk.value("SELECT count(*) FROM letters")
    with desk.database.transaction() as session:
        assert journal.verify(session).sound


@pytest.mark.slow
def test_jobs_run_at_the_same_second_by_several_processes_do_each_thing_once(
    database: Database, database_url: str, tmp_path: Path
):
    turns, processes = 200, 4
    desk, cases = Desk.opened(database), 2 * turns
    awaiting(desk, cases, days=turns - 1)  # in winter, ten past midnight of summer is the day before
    said = Sentence("Deux flux lancés à la même seconde", "Two flows run at the same second")

    with listening() as post, measured("same-second", said) as tally:
        running = [
            Other(
                at_the_same_second,
                database_url,
                (number, moment("2026-06-13 00:10"), turns, post.url, tmp_path),
            )
            for number in range(processes)
        ]
        moved = sent = 0
        for _ in range(turns):
            second = time.time() + 0.01
            for process in running:
                process.tell(second)
            for process in running:
                counts = process.told()
                moved, sent = moved + counts[0], sent + counts[1]
        tally.times, tally.of = turns, cases + sent
        tally.lost = cases - moved
        tally.doubled = len(post.message_ids) - len(set(post.message_ids))

        assert (moved, tally.doubled) == (cases, 0)
        assert_each_once(desk, post, cases)


@pytest.mark.slow
def test_without_a_version_or_a_lease_what_runs_at_the_same_second_is_done_several_times(
    database: Database, database_url: str, postgres: EmbeddedServer
):
    turns, processes = 5, 4
    desk = Desk.opened(database)
    awaiting(desk, 10 * turns, days=turns - 1)

    with listening() as post, door(postgres.url()) as way:
        way.unsaid, way.late = (" AND c.version = a.version",), "WITH moved AS"
        running = [
            Other(
                carelessly_at_the_same_second, way.url(database_url),
                (number, moment("2026-06-13 00:10"), turns, post.url),
            )
            for number in range(processes)
        ]  # fmt: skip
        for _ in range(turns):
            second = time.time() + 0.01
            for process in running:
                process.tell(second)
            for process in running:
                process.told()

    made, distinct = desk.rows(LAPSES)[0]
    copies = len(post.message_ids) - len(set(post.message_ids))
    assert way.left_out
    control(
        "same-second", Sentence("sans la version lue", "the version not asked for"), doubled=made - distinct
    )
    control("same-second", Sentence("sans bail", "without a lease"), doubled=copies)
    assert made > distinct
    assert copies > 0


def run(
    office: Desk, server: PrefectServer, post: Post, folder: Path, port: int = 0, *, how: str = ""
) -> "subprocess.Popen[bytes]":
    """Both flows, in a process of their own, reporting to the server or to a port where nobody answers."""
    environment = {
        **client_environment(os.environ, folder / "home", port or server.port),
        "PARVIS_DATABASE_URL": office.database.url, "PARVIS_DATA_FOLDER": str(folder / "data"),
        "PARVIS_SMTP_URL": post.url,
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.flow_bodies", moment("2026-07-01 00:10").isoformat()]
    command += [how] if how else []
    with (folder / "flow.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


@pytest.mark.prefect
@pytest.mark.slow
def test_flows_killed_told_to_end_or_without_their_server_are_taken_up_by_the_next_run(
    office: Desk, prefect_server: PrefectServer, tmp_path: Path
):
    cases, kills = 60, 0
    awaiting(office, cases, days=5)
    said = Sentence(
        "Flux tués, annulés (SIGTERM), sans serveur Prefect",
        "Flows killed, cancelled (SIGTERM), without Prefect’s server",
    )
    lapsed: Callable[[], int] = lambda: office.value("SELECT count(*) FROM journal WHERE action = 'lapse'")  # noqa: E731

    with listening() as post, measured("flows", said) as tally:
        away = run(office, prefect_server, post, tmp_path, port=free_port(0))
        assert away.wait(120) != 0
        assert (lapsed(), post.messages) == (0, [])
        for how in (signal.SIGKILL, signal.SIGTERM):
            for seen in (
                lambda: lapsed() > 0,
                lambda: len(post.messages) > 0,
                lambda: len(post.messages) > 40,
            ):
                flow = run(office, prefect_server, post, tmp_path)
                wait_for(lambda seen=seen, flow=flow: seen() or flow.poll() is not None)
                flow.send_signal(how)
                flow.wait(60)
                kills += 1
        office.run("UPDATE letters SET lease_until = now() WHERE stage = 'sending'")  # ten minutes pass
        assert run(office, prefect_server, post, tmp_path).wait(120) == 0
        tally.times, tally.of, tally.allowed = (
            kills + 1,
            cases + office.value("SELECT count(*) FROM letters"),
            kills,
        )
        tally.lost = cases - lapsed()
        tally.doubled = len(post.message_ids) - len(set(post.message_ids))

        assert tally.doubled <= kills
        assert_each_once(office, post, cases)


@pytest.mark.prefect
@pytest.mark.slow
def test_a_killed_flow_that_settles_timers_apart_and_letters_in_lots_loses_and_doubles(
    office: Desk, prefect_server: PrefectServer, tmp_path: Path
):
    cases = 60
    awaiting(office, cases, days=5)
    settled = "SELECT count(*) FROM timers WHERE kind = 'move' AND outcome = 'fired'"

    with listening() as post:
        for seen in (lambda: office.value(settled) > 0, lambda: len(post.messages) > 20):
            flow = run(office, prefect_server, post, tmp_path, how="careless")
            while not seen() and flow.poll() is None:
                time.sleep(0.005)
            flow.kill()
            flow.wait(60)
        assert run(office, prefect_server, post, tmp_path).wait(120) == 0

    lost = cases - office.rows(LAPSES)[0][1]
    doubled = len(post.message_ids) - len(set(post.message_ids))
    control(
        "flows",
        Sentence("minuterie et passage en deux transactions", "timer and move in two transactions"),
        lost=lost,
    )
    control("flows", Sentence("lettres notées par lots", "letters written down in lots"), doubled=doubled)
    assert lost > 0
    assert doubled > 2
