"""Data folders for the tests of the embedded PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.models import embedded


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """A data folder that was started and stopped once: making one takes half a second."""
    place = Path(tempfile.mkdtemp(prefix="parvis-embedded-"))
    embedded.start(place / "postgres", fast=True).close()
    yield place / "postgres"
    shutil.rmtree(place)


@pytest.fixture
def folder(made_once) -> Iterator[Path]:
    """A data folder on which no server runs."""
    yield made_once
    embedded.stop(made_once)


@pytest.fixture
def new_folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="parvis-embedded-"))
    yield place / "postgres"
    embedded.stop(place / "postgres")
    shutil.rmtree(place)
