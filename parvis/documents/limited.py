"""Work on what strangers sent, in a process of its own: bounded memory, bounded time, no network by habit, no files."""

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path


class LimitedError(Exception):
    """The process did not do its work: `code` is `timeout`, `killed` or `failed`, `said` its last words."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(f"{code}: {said}")
        self.code = code
        self.said = said


def run_limited(
    module: str, given: bytes, *, memory_bytes: int, seconds: float, folder: Path | None = None
) -> bytes:
    """What `python -m module` answers on its output, `given` on its input. It starts in `folder`.

    Raises:
        LimitedError: it took too long, too much memory, or failed.
    """
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-m", module],
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=folder or os.sep,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "0"},
            preexec_fn=partial(_limit, memory_bytes, int(seconds) + 1),
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise LimitedError("timeout") from None
    if ended.returncode < 0:
        raise LimitedError("killed", str(ended.returncode))
    if ended.returncode:
        raise LimitedError("failed", ended.stderr.decode("utf-8", "replace")[-2_000:])
    return ended.stdout


def _limit(memory_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
