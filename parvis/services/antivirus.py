"""The antivirus of the installation: any command that reads a file on its input, as ClamAV's `clamdscan -` does."""

import shlex
import subprocess

from parvis.services import file_problems as problems
from parvis.services.file_problems import FileRefusedError

SECONDS = 60
_CLEAN, _INFECTED = 0, 1


def scan(command: str, name: str, content: bytes) -> None:
    """Have `command` look at `content`; nothing happens when there is no command.

    Raises:
        FileRefusedError: `file_infected`, or `file_not_scanned` when the command gave no answer.
    """
    if not command:
        return
    try:
        ended = subprocess.run(
            shlex.split(command), input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        raise FileRefusedError("file_not_scanned", problems.NOT_SCANNED.fill(name=name)) from None
    if ended.returncode == _INFECTED:
        raise FileRefusedError("file_infected", problems.INFECTED.fill(name=name))
    if ended.returncode != _CLEAN:
        raise FileRefusedError("file_not_scanned", problems.NOT_SCANNED.fill(name=name))
