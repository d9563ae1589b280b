"""Several machines: `prefect deploy --all` to a process pool, and any number of workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from parvis.flows.declared import declared
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.services.prefect_settings import client_environment
from parvis.services.running import answers, free_port
from tests.flows.prefect_server import PrefectServer, client, wait_for
from tests.services.desk import Desk, moment

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Fleet:
    """Machines whose workers run in `folder`, and what they print there."""

    environment: dict[str, str]
    folder: Path

    def prefect(self, *words: str) -> None:
        """Type `prefect …` in the folder of the project."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def worker(self, name: str) -> Iterator[None]:
        """A worker that does one thing at a time, for the time of the block."""
        command = ["worker", "start", "--pool", "parvis", "--name", name, "--limit", "1"]
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "prefect", *command], cwd=self.folder, stdout=log, stderr=log,
                env=self.environment,
            )  # fmt: skip
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    def has_worked(self, name: str) -> bool:
        """Whether a worker took a run."""
        return f"Worker '{name}' submitting flow run" in (self.folder / f"{name}.log").read_text()


@pytest.fixture
def fleet(office: Desk, prefect_server: PrefectServer, tmp_path: Path) -> Fleet:
    own = {
        "PARVIS_DATABASE_URL": os.environ["PARVIS_DATABASE_URL"], "PARVIS_DATA_FOLDER": "data",
        "PREFECT_CLI_PROMPT": "false", "PREFECT_WORKER_QUERY_SECONDS": "2",
    }  # fmt: skip
    return Fleet({**client_environment(os.environ, tmp_path / "home", prefect_server.port), **own}, tmp_path)


def test_two_workers_run_every_flow_from_where_they_were_started(
    office: Desk, prefect_server: PrefectServer, fleet: Fleet, tmp_path: Path
):
    case_id = office.case_awaiting_documents(reply_by="2026-06-30")
    fleet.prefect("work-pool", "create", "parvis", "--type", "process")

    fleet.prefect("deploy", "--all")
    for one in declared():
        order(one.name, at="2026-07-01 09:00")
    with ExitStack() as machines:
        for name in ("here", "there"):
            machines.enter_context(fleet.worker(name))
        for one in declared():
            wait_for(
                lambda name=one.name: "Completed" in {run.state_name for run in prefect_server.runs(name)},
                180,
            )

    assert fleet.has_worked("here")
    assert fleet.has_worked("there")
    assert office.stage(case_id) == "lapsed"
    assert office.value("SELECT count(*) FROM journal WHERE action = 'lapse'") == 1
    assert all(prefect_server.artifact(one.name) for one in declared())
    assert (tmp_path / "data" / "anchors" / "anchor-000001.json").exists()


def test_a_worker_told_to_stop_lets_end_what_has_begun_and_takes_nothing_more(
    office: Desk, prefect_server: PrefectServer, fleet: Fleet, tmp_path: Path
):
    fleet.prefect("work-pool", "create", "parvis", "--type", "process")
    fleet.prefect("deploy", "--all")
    order("watch-journal", at="2026-07-01 09:00")

    with (tmp_path / "patient.log").open("w") as log, subprocess.Popen(
        [sys.executable, "-m", "parvis.flows.worker"], cwd=tmp_path, stdout=log, stderr=log, env=fleet.environment
    ) as process:  # fmt: skip
        try:
            wait_for(lambda: "submitting flow run" in (tmp_path / "patient.log").read_text())
            process.terminate()
            order("apply-retention", at="2026-07-01 09:00")
            code = process.wait(90)
        finally:
            process.kill()

    assert code == 0, (tmp_path / "patient.log").read_text()
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


def order(name: str, at: str) -> None:
    """Ask for a run of a deployment."""
    with client() as prefect:
        deployment = prefect.read_deployment_by_name(f"{name}/{name}")
        prefect.create_flow_run_from_deployment(deployment.id, parameters={"at": moment(at).isoformat()})
