"""What the services' tests share: a desk on an empty database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.models.session import Database
from tests.services.desk import Desk
from tests.services.tampering import Tamperer
from tests.services.watch import Watch


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    """A small city, its contract written, no case yet; whatever the story, agendas and cases end in step."""
    opened = Desk.opened(database)
    yield opened
    assert opened.out_of_step() == []


@pytest.fixture
def tamperer(owner_database: Database) -> Tamperer:
    """Somebody who can take the triggers off."""
    return Tamperer(owner_database)


@pytest.fixture
def watch(desk: Desk, tmp_path: Path) -> Watch:
    """Whoever anchors the desk's journal."""
    return Watch(desk, tmp_path / "anchors")
