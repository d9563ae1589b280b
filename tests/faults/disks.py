"""Small disks that can be filled: a tmpfs of some megabytes, for root alone."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """A small disk, mounted at `path`."""

    path: Path

    def fill(self, *, leave: int = 0) -> None:
        """Fill it, but for about as many bytes as are left."""
        free = self.free
        with (self.path / "ballast").open("ab") as ballast:
            os.posix_fallocate(ballast.fileno(), ballast.tell(), max(free - leave, 1))

    def make_room(self) -> None:
        """Take away what filled it."""
        (self.path / "ballast").unlink()

    @property
    def free(self) -> int:
        """How many bytes are left."""
        left = os.statvfs(self.path)
        return left.f_bavail * left.f_frsize


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[Disk]:
    """A disk of its own at `path` for the time of the block; skipped where none can be mounted."""
    path.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m,mode=0755"
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(path)], check=False).returncode
    ):
        pytest.skip("a small disk asks for root and the right to mount")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)
