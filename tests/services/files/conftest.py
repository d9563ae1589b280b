"""What the tests of files share: a desk and a shelf of its own."""

from pathlib import Path

import pytest

from parvis.models.session import Database
from parvis.services.files import Shelf
from tests.services.desk import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    """A small city, its contract written, no case yet."""
    return Desk.opened(database)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A folder for files, nothing in it."""
    return Shelf(tmp_path / "files")
