"""What the services' tests share: a desk on an empty database."""

import pytest

from parvis.models.session import Database
from tests.services.desk import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    """A small city, its contract written, no case yet."""
    return Desk.opened(database)
