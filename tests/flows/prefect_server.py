"""A real Prefect server on the run's PostgreSQL, and what tests ask of it."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import ArtifactSort, FlowRunSort
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_HOME,
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_ANALYTICS_ENABLED,
    temporary_settings,
)

from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.services.children import Child
from parvis.services.prefect_settings import HOST, server_environment
from parvis.services.running import answers, free_port

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class PrefectServer:
    """A server that answers, on `port`; `home` is its folder."""

    port: int
    home: Path

    @contextmanager
    def talked_to(self) -> Iterator[None]:
        """Let the flows of this process report to it."""
        changes: dict[Any, Any] = {
            PREFECT_API_URL: self.url,
            PREFECT_HOME: self.home,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # a run waits up to a second for the end of its heartbeat
            PREFECT_LOGGING_TO_API_ENABLED: False,
            PREFECT_SERVER_ANALYTICS_ENABLED: False,
        }
        with temporary_settings(changes):
            yield

    @property
    def url(self) -> str:
        """Its API."""
        return f"http://{HOST}:{self.port}/api"

    def artifact(self, key: str) -> list[dict[str, Any]]:
        """The rows of the latest table of a flow."""
        with client() as asked:
            found = asked.read_artifacts(
                artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])),
                sort=ArtifactSort.CREATED_DESC, limit=1,
            )  # fmt: skip
        return json.loads(str(found[0].data)) if found else []

    def counts(self, key: str) -> dict[str, int]:
        """The same as counts by label."""
        return {row["Quoi"]: row["Nombre"] for row in self.artifact(key)}

    def runs(self, flow: str) -> list[FlowRun]:
        """The runs of a flow, the latest first."""
        with client() as asked:
            return asked.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])),
                sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=200,
            )  # fmt: skip


def client() -> SyncPrefectClient:
    """A client of the server being talked to."""
    return get_client(sync_client=True)


@contextmanager
def started(postgres: EmbeddedServer, name: str, folder: Path) -> Iterator[PrefectServer]:
    """A server with its own database `name`, for the time of the block."""
    databases.create(postgres.url(), name, owner=databases.OWNER)
    database_url = postgres.url(name, databases.OWNER, driver="asyncpg")
    server = PrefectServer(free_port(0), folder / "prefect")
    environment = server_environment(os.environ, server.home, server.port, database_url)
    child = Child("parvis.flows.server", environment=environment, log=folder / "server.log")
    try:
        wait_for(lambda: answers(server.port) or child.ended)
        assert not child.ended, child.last_words(20)
        yield server
    finally:
        child.stop(10)


def wait_for(seen: Any, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until `seen()` is true."""
    limit = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.1)
