"""What the fault tests share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for servers of other accounts: those of pytest are closed to them again by each run that begins."""
    with tempfile.TemporaryDirectory(prefix="parvis-faults-") as folder:
        yield Path(folder)
