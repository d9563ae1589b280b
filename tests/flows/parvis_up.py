"""`parvis up` as somebody who types it sees it: a process, what it prints, and what is left after it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from parvis.services.prefect_settings import client_environment
from tests.flows.prefect_server import PrefectServer, wait_for

ROOT = Path(__file__).parents[2]
COMMAND = "from parvis.cli.main import run; run()"


@dataclass
class Up:
    """One `parvis up` on the data folder `data`."""

    data: Path
    process: "subprocess.Popen[str]"
    said: Path

    @property
    def text(self) -> str:
        """What it printed until now."""
        return self.said.read_text(encoding="utf-8").replace("\u202f", " ")

    @property
    def server(self) -> PrefectServer:
        """Prefect's server, at the address it printed."""
        found = re.search(r"http://127\.0\.0\.1:(\d+)/runs", self.text)
        assert found, self.text
        return PrefectServer(int(found[1]), self.data / "prefect")

    @property
    def address(self) -> str:
        """The address of the web application, the first one it printed."""
        found = re.search(r"http://127\.0\.0\.1:\d+", self.text)
        assert found, self.text
        return found[0]

    def wait_until_ready(self) -> "Up":
        """Wait for the line that says so."""
        wait_for(lambda: "Parvis est prêt" in self.text or self.process.poll() is not None)
        assert "Parvis est prêt" in self.text, self.text
        return self

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ask it to stop; the number it ends with."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def processes(self) -> dict[int, str]:
        """Every process that works on this data folder, this one included: its command by number."""
        return {pid: command for pid, command in _commands() if _concerns(pid, command, self.data)}

    def pid_of(self, module: str) -> int:
        """The process that runs a module."""
        (pid,) = [pid for pid, command in self.processes().items() if f"-m {module} " in f"{command} "]
        return pid


@dataclass
class Machine:
    """A machine on which `parvis up` is typed, in French, perhaps several times."""

    folder: Path
    ups: list[Up] = field(default_factory=list)

    def up(self, *options: str, **environment: str) -> Up:
        """Type `parvis up`."""
        data, said = self.folder / "data", self.folder / f"said-{len(self.ups)}"
        own = {
            "PARVIS_DATA_FOLDER": str(data), "PARVIS_CONTRACT": str(ROOT / "contracts" / "amiens.yaml"),
            "PARVIS_LANGUAGE": "fr", "PARVIS_PREFECT_PORT": "0", "PARVIS_PORT": "0",
        }  # fmt: skip
        given = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        with said.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "up", *options], cwd=self.folder, stdout=out,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env={**given, **own, **environment}, text=True,
            )  # fmt: skip
        self.ups.append(Up(data, process, said))
        return self.ups[-1]


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A machine left as it was found."""
    used = Machine(folder)
    try:
        yield used
    finally:
        for up in used.ups:
            if up.process.poll() is None:
                up.stop()
            for pid in up.processes():
                _kill(pid)


def environment_for(up: Up) -> dict[str, str]:
    """The environment of a program that talks to its Prefect server."""
    return client_environment(os.environ, up.server.home, up.server.port)


def _commands() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError):
                continue


def _concerns(pid: int, command: str, data: Path) -> bool:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return command != "" and (str(data) in command or f"PARVIS_DATA_FOLDER={data}".encode() in environment)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
