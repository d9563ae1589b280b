"""Packets being built while people look on: how far each is, and why the last one failed, for every web process."""

import fcntl
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from parvis.documents.limited import LimitedError
from parvis.documents.typeset import TypesettingError
from parvis.models.session import UnreachableDatabaseError
from parvis.services.packets import Progress

logger = logging.getLogger("parvis.web")


@dataclass(frozen=True, slots=True)
class State:
    """Where the building of a sitting's packet is: copies settled of how many; `failed` when it ended badly."""

    done: int = 0
    total: int = 0
    failed: bool = False


@dataclass
class Workshop:
    """The packets being built, one at a time for each sitting, whichever process of this machine builds them.

    Each has a file in `folder` that says how far it is, locked by the one that builds: a lock that nobody holds is
    that of a building that ended, were its process killed.
    """

    folder: Path
    held: dict[int, IO[bytes]] = field(default_factory=dict)

    def state(self, sitting_id: int) -> State | None:
        """Where the building of this sitting's packet is; None when nothing is under way nor failed."""
        try:
            file = self._path(sitting_id).open("rb")
        except FileNotFoundError:
            return None
        with file, self._alone():
            said = file.read()
            found = State(**json.loads(said)) if said else None
            return None if found is None or (not found.failed and _is_free(file)) else found

    def begin(self, sitting_id: int) -> bool:
        """Take the sitting's packet up; False when it is being built already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            file = self._path(sitting_id).open("r+b" if self._path(sitting_id).exists() else "w+b")
            if not _is_free(file):
                file.close()
                return False
            self.held[sitting_id] = file
            _write(file, State())
            return True

    def run(self, sitting_id: int, build: Callable[[Progress], object]) -> None:
        """Build what was taken up."""
        with self.held.pop(sitting_id) as file:
            ended: State | None = State(failed=True)
            try:
                build(lambda done, total: _write(file, State(done, total)))
            except (OSError, LimitedError, TypesettingError, UnreachableDatabaseError):
                logger.exception("packet of sitting %s not built", sitting_id)
            else:
                ended = None
            finally:
                _write(file, ended)

    def _path(self, sitting_id: int) -> Path:
        return self.folder / str(sitting_id)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else looks whether a lock is free meanwhile: to look is to hold it for an instant."""
        with (self.folder / "lock").open("ab") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield


def _is_free(file: IO[bytes]) -> bool:
    """Whether nobody held the lock of this file, which is ours from now on, until the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(file: IO[bytes], state: State | None) -> None:
    said = json.dumps(asdict(state)).encode() if state else b""
    file.seek(0)
    file.write(said)
    file.truncate(len(said))
    file.flush()
