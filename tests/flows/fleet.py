"""Several machines: the jobs deployed to a pool as `prefect deploy --all` does, and workers that take their runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from parvis.services.prefect_settings import client_environment
from tests.flows.prefect_server import PrefectServer, client
from tests.services.desk import moment

ROOT = Path(__file__).parents[2]
POOL = "parvis"


@dataclass(frozen=True)
class Fleet:
    """Machines whose workers run in `folder`, and what they print there."""

    environment: dict[str, str]
    folder: Path

    def deploy(self) -> None:
        """What the page of several machines says to type once."""
        self.prefect("work-pool", "create", POOL, "--type", "process")
        self.prefect("deploy", "--all")

    def prefect(self, *words: str) -> None:
        """Type `prefect …` in the folder of the project."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def prefects_worker(self, name: str) -> Iterator[None]:
        """A worker of Prefect's own that does one thing at a time, for the time of the block."""
        process = self._start(
            name, "prefect", "worker", "start", "--pool", POOL, "--name", name, "--limit", "1"
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    @contextmanager
    def worker(self, name: str) -> "Iterator[subprocess.Popen[bytes]]":
        """One of ours, ended with all it started; `said` is what it printed."""
        process = self._start(name, "parvis.flows.worker")
        try:
            yield process
        finally:
            _end(process)

    def _start(self, name: str, module: str, *words: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *words], cwd=self.folder, stdout=log, stderr=log, env=self.environment,
                start_new_session=True,
            )  # fmt: skip

    def said(self, name: str) -> str:
        """What a worker printed until now."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def has_worked(self, name: str) -> bool:
        """Whether a worker took a run."""
        return f"Worker '{name}' submitting flow run" in self.said(name)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a worker as its unit does: asked, then killed with its group."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@contextmanager
def fleet(server: PrefectServer, folder: Path, **environment: str) -> Iterator[Fleet]:
    """A fleet whose workers look often; neither its pool nor its runs stay on the server."""
    own = {
        "PARVIS_DATABASE_URL": os.environ["PARVIS_DATABASE_URL"], "PARVIS_DATA_FOLDER": "data",
        "PREFECT_CLI_PROMPT": "false", "PREFECT_WORKER_QUERY_SECONDS": "2", **environment,
    }  # fmt: skip
    yield Fleet({**client_environment(os.environ, folder / "home", server.port), **own}, folder)
    with client() as prefect:
        for flow in prefect.read_flows():
            prefect.delete_flow(flow.id)
        for pool in prefect.read_work_pools():
            prefect.delete_work_pool(pool.name)


def order(name: str, at: str) -> UUID:
    """Ask for a run of a deployment; its number."""
    with client() as prefect:
        deployment = prefect.read_deployment_by_name(f"{name}/{name}")
        return prefect.create_flow_run_from_deployment(
            deployment.id, parameters={"at": moment(at).isoformat()}
        ).id
