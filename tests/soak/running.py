"""Processes kept running as an init system keeps services: started again when they end, killed on purpose at times."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 20.0


@dataclass
class Kept:
    """One service. `kills` counts those asked for, `deaths` the times it ended with nobody having asked."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    kills: int = 0
    deaths: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    _ended: Event = field(default_factory=Event)
    _killed: bool = False
    _thread: Thread | None = None

    def start(self) -> None:
        """Start it, and again each time it ends."""
        self._thread = Thread(target=self._keep, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop it for good, politely first."""
        self._ended.set()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.deaths += 1  # it should have stopped
                self.process.kill()
        if self._thread:
            self._thread.join(STOP_SECONDS)

    def pids(self) -> list[int]:
        """The process and those it started."""
        if self.process is None or self.process.poll() is not None:
            return []
        return [self.process.pid, *children(self.process.pid)]

    def kill(self, pid: int) -> None:
        """`kill -9` one of its processes: it may end whole for it, as a service does."""
        self.kills += 1
        self._killed = True
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _keep(self) -> None:
        with self.log.open("ab") as log:
            while not self._ended.is_set():
                self.process = subprocess.Popen(
                    [sys.executable, "-m", *self.command], cwd=ROOT, env=self.environment, stdin=subprocess.PIPE,
                    stdout=log, stderr=log,
                )  # fmt: skip
                self.process.wait()
                self.deaths += not (self._killed or self._ended.is_set())
                self._killed = False
                self._ended.wait(1.0)


def children(pid: int) -> list[int]:
    """The numbers of the processes a process started, and of those they did."""
    try:
        found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [each for child in found for each in (child, *children(child))]
