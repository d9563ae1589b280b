"""The antivirus of the installation: ClamAV's daemon, or any command that reads a file on its input."""

import shlex
import subprocess

from parvis.services import clamd
from parvis.services import file_problems as problems
from parvis.services.clamd import Verdict
from parvis.services.file_problems import FileRefusedError

SECONDS = 60
_CLEAN, _INFECTED = 0, 1


def scan(antivirus: str, name: str, content: bytes) -> None:
    """Have the antivirus look at `content`; nothing happens when there is none.

    `antivirus` is where the daemon listens (`clamd://host:port`, `clamd:///path`), or a command.

    Raises:
        FileRefusedError: `file_infected`; or `file_not_scanned`, when no clear answer came.
    """
    if not antivirus:
        return
    match _verdict(antivirus, content):
        case Verdict.CLEAN:
            return
        case Verdict.INFECTED:
            raise FileRefusedError("file_infected", problems.INFECTED.fill(name=name))
        case Verdict.TOO_LARGE:
            raise FileRefusedError("file_not_scanned", problems.TOO_LARGE_TO_SCAN.fill(name=name))
        case Verdict.SILENT:
            raise FileRefusedError("file_not_scanned", problems.NOT_SCANNED.fill(name=name))


def _verdict(antivirus: str, content: bytes) -> Verdict:
    if antivirus.startswith(f"{clamd.SCHEME}:"):
        return clamd.ask(antivirus, content)
    try:
        ended = subprocess.run(
            shlex.split(antivirus), input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return Verdict.SILENT
    return {_CLEAN: Verdict.CLEAN, _INFECTED: Verdict.INFECTED}.get(ended.returncode, Verdict.SILENT)
