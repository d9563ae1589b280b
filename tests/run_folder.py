"""The folder a test run keeps its PostgreSQL in, cleared away whatever way the run ends."""

import os
import shutil
import tempfile
from pathlib import Path

from parvis.models import embedded
from parvis.models.filelocks import Lease, is_leased, only_one

PREFIX = "parvis-tests-"


class RunFolder:
    """The folder of one run, shared by its workers, held by the process that started the run."""

    def __init__(self) -> None:
        with only_one(Path(tempfile.gettempdir()) / f"{PREFIX}{os.getuid()}.lock"):
            _sweep()
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lease = Lease(self.path / "run")

    def remove(self) -> None:
        """Stop what runs there and forget it."""
        _remove(self.path)
        self._lease.release()


def _sweep() -> None:
    """Clear away the runs that were killed before they could."""
    for left in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            abandoned = (left / "run").exists() and not is_leased(left / "run")
        except PermissionError:  # of another user of the machine
            continue
        if abandoned:
            _remove(left)


def _remove(folder: Path) -> None:
    embedded.stop(folder / "server")
    shutil.rmtree(folder, ignore_errors=True)
