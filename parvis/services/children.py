"""Processes Parvis starts and stops: each in a session of its own, tied to our life, its words kept in a file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

LARGEST_LOG = 5_000_000
"""Bytes; a longer log is set aside, once, when its process starts."""


class Child:
    """A Python module running as a process.

    It leaves Ctrl-C to us: the terminal's signals do not reach it. It ends by itself when its standard input
    does, and that end is in our hands: even when we are killed, it notices. `kept_open` are descriptors it keeps.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        log: Path,
        kept_open: Sequence[int] = (),
    ) -> None:
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with _opened(log) as output:
            self._begins_at = output.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                pass_fds=tuple(kept_open),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its number, which is also that of its session."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._process.returncode is not None or self._is_over()

    def stop(self, seconds: float) -> bool:
        """Ask it to end, wait at most `seconds`, then end it and all it started; whether it ended by itself."""
        if self._process.returncode is not None:
            return True
        os.kill(self._process.pid, signal.SIGTERM)
        limit = time.monotonic() + seconds
        while not (over := self._is_over()) and time.monotonic() < limit:
            time.sleep(0.02)
        # Not reaped yet, so its number is still its own: nobody else's processes are in this group.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        return over

    def last_words(self, lines: int = 3) -> str:
        """The end of what it said."""
        with self.log.open("rb") as said:
            said.seek(self._begins_at)
            return "\n".join(said.read().decode("utf-8", "replace").splitlines()[-lines:])

    def _is_over(self) -> bool:
        found = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is not None


def _opened(log: Path) -> IO[bytes]:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.old"))
    return log.open("ab")
