"""Several machines: `prefect deploy --all` to a process pool, and any number of workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.flows.declared import declared
from parvis.services.prefect_settings import client_environment
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


def order(name: str, at: str) -> None:
    """Ask for a run of a deployment."""
    with client() as prefect:
        deployment = prefect.read_deployment_by_name(f"{name}/{name}")
        prefect.create_flow_run_from_deployment(deployment.id, parameters={"at": moment(at).isoformat()})
