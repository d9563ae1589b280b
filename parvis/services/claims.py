"""Who runs on a data folder: one `parvis up` at a time, and not before what a killed one left has ended."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

LEFTOVERS_SECONDS = 20.0
"""How long the processes of a killed Parvis may take to notice that they are alone."""


class AlreadyRunningError(Exception):
    """Another `parvis up` runs on this data folder; `page` is its Prefect page, empty while it starts."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class StillEndingError(Exception):
    """The processes of a Parvis that was killed do not end."""


class Claim:
    """The right to run on a data folder, which the kernel takes back when we die.

    `inherited` is a descriptor for the processes we start to keep open: it tells the next one that they live.

    Raises:
        AlreadyRunningError: somebody has it.
        StillEndingError: what somebody killed had started does not end.
    """

    def __init__(self, data_folder: Path) -> None:
        data_folder.mkdir(parents=True, exist_ok=True)
        self._own = os.open(data_folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self.inherited = os.open(data_folder / "up.children.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take_own()
            self._wait_for_leftovers()
        except BaseException:
            self.release()
            raise

    def say(self, page: str) -> None:
        """Let whoever comes next know where Prefect's page is."""
        os.pwrite(self._own, f"{page}\n".encode(), 0)

    def release(self) -> None:
        """Give the right back."""
        os.close(self.inherited)
        os.close(self._own)

    def _take_own(self) -> None:
        if not _taken(self._own):
            raise AlreadyRunningError(os.pread(self._own, 200, 0).decode("utf-8", "replace").strip())
        os.ftruncate(self._own, 0)

    def _wait_for_leftovers(self) -> None:
        limit = time.monotonic() + LEFTOVERS_SECONDS
        while not _taken(self.inherited):
            if time.monotonic() > limit:
                raise StillEndingError
            time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
