"""What the rehearsal's tests share: the contract of Amiens, and databases to play in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest

from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.services.contracts import read_contract
from parvis.services.rehearsal.play import Scenario
from parvis.states.contract import Contract
from tests.postgres import TEMPLATE

ROOT = Path(__file__).parents[3]

Stage: TypeAlias = Callable[[], AbstractContextManager[Database]]


@pytest.fixture(scope="session")
def amiens() -> Contract:
    """The contract Parvis comes with."""
    return read_contract(ROOT / "contracts" / "amiens.yaml")


@pytest.fixture(scope="session")
def stage(postgres: EmbeddedServer, worker_id: str) -> Stage:
    """Makes an empty, migrated database to play in, as the application sees it; dropped at the end."""
    numbers = count(1)

    @contextmanager
    def opened() -> Iterator[Database]:
        name = f"parvis_{worker_id}_stage_{next(numbers)}"
        databases.clone(postgres.url(), TEMPLATE, name, owner=databases.OWNER)
        with Database(postgres.url(name, databases.OWNER), role=databases.APPLICATION) as database:
            yield database
        databases.drop(postgres.url(), name)

    return opened


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """Twelve cases over the first four months of the annual call 2027."""
    return Scenario(("annuel-2027",), date(2027, 1, 4), date(2027, 5, 7), cases=12, seed=3)
