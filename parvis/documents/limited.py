"""Work on what strangers sent, in a process of its own: bounded memory, bounded time, an empty environment."""

import json
import os
import resource
import runpy
import subprocess
import sys
from typing import Any

_OURSELVES = "parvis.documents.limited"


class LimitedError(Exception):
    """The process did not end its work: `code` is `timeout`, `killed` or `failed`, `said` what it had answered."""

    def __init__(self, code: str, said: bytes = b"", complaint: str = "") -> None:
        super().__init__(f"{code}: {complaint}")
        self.code = code
        self.said = said
        self.complaint = complaint


def run_limited(module: str, given: bytes, *, memory_bytes: int, seconds: float) -> bytes:
    """What `python -m module` answers on its output, `given` on its input.

    Raises:
        LimitedError: it took too long, too much memory, or failed.
    """
    try:
        ended = subprocess.run(
            [
                sys.executable,
                "-I",
                "-X",
                "utf8",
                "-m",
                _OURSELVES,
                module,
                str(memory_bytes),
                str(int(seconds) + 1),
            ],
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=os.sep,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as late:
        raise LimitedError("timeout", late.stdout or b"") from None
    complaint = ended.stderr.decode("utf-8", "replace")[-2_000:]
    if ended.returncode < 0:
        raise LimitedError("killed", ended.stdout, f"signal {-ended.returncode} {complaint}")
    if ended.returncode:
        raise LimitedError("failed", ended.stdout, complaint)
    return ended.stdout


def ask_limited(module: str, question: Any, *, memory_bytes: int, seconds: float) -> Any:
    """The same with JSON on both sides.

    Raises:
        LimitedError: as `run_limited`.
    """
    given = json.dumps(question).encode()
    return json.loads(run_limited(module, given, memory_bytes=memory_bytes, seconds=seconds) or b"null")


def _limit(memory_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    """Take the limits on, then become the module: no code runs between a fork and its start, whatever threads do."""
    module, memory_bytes, seconds = sys.argv[1:4]
    _limit(int(memory_bytes), int(seconds))
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
