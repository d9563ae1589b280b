"""What a move is for whoever crashes it: what is told before, how it is made, what says that it is made already."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parvis.models.session import Database, Session
from parvis.states.table import MoveRefusedError, StaleVersionError


@dataclass(frozen=True)
class Act:
    """A move by its kind and name. `given` tells the story before it; `does(database, *given)` makes it.

    Made again where it is there already, it answers the same or raises one of `there`; `steps` are transactions it is
    made of, each whole in itself; `twice` are the tables that tell again what is said again. What runs `beside` it, a
    server for example, is told to `given` after the desk; `again` makes it again, where that is not the same.
    """

    kind: str
    name: str
    given: Callable[..., tuple[Any, ...]]
    does: Callable[..., object]
    contract: dict[str, Any] | None = None
    there: tuple[type[Exception], ...] = (MoveRefusedError, StaleVersionError)
    steps: bool = False
    twice: frozenset[str] = frozenset()
    beside: Callable[[], AbstractContextManager[Any]] | None = None
    again: Callable[..., object] | None = None


def in_one(database: Database, what: Callable[[Session], object]) -> None:
    """In one transaction."""
    with database.transaction() as session:
        what(session)


def folder() -> Path:
    """A folder of its own, gone at the end of the process."""
    made = tempfile.mkdtemp(prefix="parvis-acts-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)
