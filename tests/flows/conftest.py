"""What the flows' tests share: a real Prefect server, and a desk whose database the flows find by themselves."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from tests.faults import figures
from tests.services.desk import Desk
from tests.services.tampering import Tamperer

if TYPE_CHECKING:
    from tests.flows.prefect_server import PrefectServer


@pytest.fixture(scope="session")
def _prefect_server(
    postgres: EmbeddedServer, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["PrefectServer"]:
    os.environ["DO_NOT_TRACK"] = "1"
    from tests.flows.prefect_server import started

    folder = tmp_path_factory.mktemp("prefect")
    with started(postgres, f"prefect_{worker_id}", folder) as server:
        yield server


@pytest.fixture
def prefect_server(_prefect_server: "PrefectServer") -> Iterator["PrefectServer"]:
    """A real Prefect server that flows called in this process report to."""
    with _prefect_server.talked_to():
        yield _prefect_server


@pytest.fixture
def office(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose database and folders are those of the settings, where the flows look for them."""
    for name in [name for name in os.environ if name.startswith("PARVIS_") and name != figures.FILE]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PARVIS_DATABASE_URL", database_url)
    monkeypatch.setenv("PARVIS_DATA_FOLDER", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Desk.opened(database)


@pytest.fixture
def tamperer(owner_database: Database) -> Tamperer:
    """Somebody who can take the triggers off."""
    return Tamperer(owner_database)
