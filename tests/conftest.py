"""What every room's tests share: a real PostgreSQL, started once a run and only if a test asks for it.

SQLAlchemy is imported inside the fixtures: the tests of the rules alone should not wait for it.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.run_folder import RunFolder

if TYPE_CHECKING:
    from parvis.models.embedded import EmbeddedServer
    from parvis.models.session import Database
    from tests.postgres import Slate

RUN = pytest.StashKey[RunFolder]()


TOGETHER = (
    ("tests/browser/", ""), ("tests/architecture/", ""), ("tests/services/rehearsal/", ""),
    ("tests/web/test_serve.py", ""),
    ("tests/flows/", "prefect"),
    ("tests/models/test_scratch.py", "scratch"), ("tests/journeys/test_rehearsal.py", "scratch"),
)  # fmt: skip
"""Files whose tests stay on one worker, for what they share is dear: each by itself, or all those of a group."""


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    """Spreads tests one by one, except those of `TOGETHER`."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        for beginning, group in TOGETHER:
            if file.startswith(beginning):
                return group or file
        return nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The marks of groups do nothing with this pytest: what stays together is said here."""
    return _Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_sessionstart() -> None:
    """Thousands of tests are gathered, and none of what they are made of is ever let go: looking for it costs."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was gathered stays for the whole run: the collector looks at what tests leave, and no more at it."""
    gc.freeze()
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it runs behind
    if not hasattr(config, "workerinput"):
        config.stash[RUN] = RunFolder()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["parvis_run"] = str(node.config.stash[RUN].path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also reached after Ctrl-C; a run that is killed is swept by the next one."""
    if RUN in config.stash:
        config.stash[RUN].remove()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[EmbeddedServer]:
    """The run's PostgreSQL, shared by its workers: durability off, roles made, template migrated."""
    from tests.postgres import start

    worker: dict[str, str] | None = getattr(pytestconfig, "workerinput", None)
    folder = Path(worker["parvis_run"]) if worker else pytestconfig.stash[RUN].path
    with start(folder) as server:
        yield server


@pytest.fixture(scope="session")
def _slate(postgres: EmbeddedServer, worker_id: str) -> Iterator[Slate]:
    from tests.postgres import Slate

    slate = Slate(postgres, f"parvis_{worker_id}")
    yield slate
    slate.close()


@pytest.fixture(scope="session")
def _databases(_slate: Slate) -> Iterator[tuple[Database, Database]]:
    """Kept for all the tests of a worker: opening a connection costs more than most tests."""
    from parvis.models.databases import APPLICATION
    from parvis.models.session import Database

    application, owner = Database(_slate.url, role=APPLICATION), Database(_slate.url)
    yield application, owner
    application.dispose()
    owner.dispose()


@pytest.fixture
def database_url(_slate: Slate) -> str:
    """The address of an empty, migrated database, for tests that start processes."""
    _slate.wipe()
    return _slate.url


@pytest.fixture
def database(database_url: str, _databases: tuple[Database, Database]) -> Database:
    """An empty, migrated database as the application sees it: it may not rewrite the journal."""
    return _databases[0]


@pytest.fixture
def owner_database(database_url: str, _databases: tuple[Database, Database]) -> Database:
    """The same database as `database`, with its owner's rights."""
    return _databases[1]


@pytest.fixture
def new_database(postgres: EmbeddedServer, worker_id: str) -> Iterator[Callable[..., str]]:
    """Make more databases, for tests that migrate or alter them: `new_database()` gives the address of one.

    Migrated and empty, or with no table at all if `migrated=False`; dropped after the test.
    """
    from parvis.models import databases
    from tests.postgres import TEMPLATE

    made: list[str] = []

    def make(*, migrated: bool = True) -> str:
        name = f"parvis_{worker_id}_new_{next(_NUMBERS)}"
        made.append(name)
        if migrated:
            databases.clone(postgres.url(), TEMPLATE, name, owner=databases.OWNER)
        else:
            databases.create(postgres.url(), name, owner=databases.OWNER)
        return postgres.url(name, databases.OWNER)

    yield make
    for name in made:
        databases.drop(postgres.url(), name)


_NUMBERS = count(1)
