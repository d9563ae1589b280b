"""Several machines: `prefect deploy --all` to a process pool, and any number of workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest

from parvis.flows.declared import declared
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.services.running import answers, free_port
from tests.flows.fleet import Fleet, fleet, order
from tests.flows.prefect_server import PrefectServer, wait_for
from tests.services.desk import Desk

pytestmark = [pytest.mark.prefect, pytest.mark.slow]


@pytest.fixture
def machines(office: Desk, prefect_server: PrefectServer, tmp_path: Path) -> Iterator[Fleet]:
    with fleet(prefect_server, tmp_path) as several:
        yield several


def test_two_workers_run_every_flow_from_where_they_were_started(
    office: Desk, prefect_server: PrefectServer, machines: Fleet, tmp_path: Path
):
    case_id = office.case_awaiting_documents(reply_by="2026-06-30")

    machines.deploy()
    for one in declared():
        order(one.name, at="2026-07-01 09:00")
    with ExitStack() as workers:
        for name in ("here", "there"):
            workers.enter_context(machines.prefects_worker(name))
        for one in declared():
            wait_for(
                lambda name=one.name: "Completed" in {run.state_name for run in prefect_server.runs(name)},
                180,
            )

    assert machines.has_worked("here")
    assert machines.has_worked("there")
    assert office.stage(case_id) == "lapsed"
    assert office.value("SELECT count(*) FROM journal WHERE action = 'lapse'") == 1
    assert all(prefect_server.artifact(one.name) for one in declared())
    assert (tmp_path / "data" / "anchors" / "anchor-000001.json").exists()


def test_a_worker_told_to_stop_lets_end_what_has_begun_and_takes_nothing_more(
    office: Desk, prefect_server: PrefectServer, machines: Fleet, tmp_path: Path
):
    machines.deploy()
    order("watch-journal", at="2026-07-01 09:00")

    with machines.worker("patient") as worker:
        wait_for(lambda: "submitting flow run" in machines.said("patient"))
        worker.terminate()
        order("apply-retention", at="2026-07-01 09:00")
        code = worker.wait(90)

    assert code == 0, machines.said("patient")
    assert [run.state_name for run in prefect_server.runs("watch-journal") if run.start_time] == ["Completed"]
    assert not [run for run in prefect_server.runs("apply-retention") if run.start_time]


def test_prefects_server_starts_alone_as_parvis_sets_it(postgres: EmbeddedServer, tmp_path: Path):
    databases.create(postgres.url(), "prefect_alone", owner=databases.OWNER)
    port = free_port(0)
    environment = {
        **os.environ, "PARVIS_PREFECT_PORT": str(port), "PARVIS_DATA_FOLDER": str(tmp_path),
        "PARVIS_PREFECT_DATABASE_URL": postgres.url("prefect_alone", databases.OWNER, driver="asyncpg"),
    }  # fmt: skip

    with subprocess.Popen(
        [sys.executable, "-m", "parvis.services.prefect_alone"], env=environment, stdin=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(lambda: answers(port) or process.poll() is not None)
            page = urlopen(f"http://127.0.0.1:{port}/", timeout=10)
        finally:
            process.terminate()

    assert page.status == 200
    assert (tmp_path / "prefect" / "ui").is_dir()
