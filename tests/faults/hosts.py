"""Several hosts on one machine: network namespaces on a bridge of their own, whose links can be cut."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NETWORK = "10.77.0"


@dataclass(frozen=True)
class Host:
    """One host: a namespace, its address, the end of its link in the hub."""

    name: str
    address: str
    hub: str
    link: str

    def start(self, *command: str, **environment: str) -> "subprocess.Popen[str]":
        """Start Python here with these arguments; its output is read line by line."""
        return subprocess.Popen(
            ["ip", "netns", "exec", self.name, sys.executable, *command], cwd=ROOT, text=True,
            env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def cut(self) -> None:
        """Take its cable out: what is on its way is lost, and nobody is told."""
        _ip("-n", self.hub, "link", "set", self.link, "down")

    def mend(self) -> None:
        """Put the cable back."""
        _ip("-n", self.hub, "link", "set", self.link, "up")


@contextmanager
def hosts(*names: str) -> Iterator[list[Host]]:
    """Hosts that reach each other and nothing else, for the time of the block; skipped where none can be made."""
    if not shutil.which("ip") or os.geteuid() != 0:
        pytest.skip("network namespaces ask for root and iproute2")
    mark = f"parvis{os.getpid()}"
    with ExitStack() as stack:
        hub = _namespace(stack, f"{mark}-hub")
        _ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        _ip("-n", hub, "link", "set", "bridge", "up")
        made = []
        for number, name in enumerate(names, start=1):
            host = Host(_namespace(stack, f"{mark}-{name}"), f"{NETWORK}.{number}", hub, f"to{number}")
            _ip(
                "-n",
                hub,
                "link",
                "add",
                host.link,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                host.name,
            )
            _ip("-n", hub, "link", "set", host.link, "master", "bridge", "up")
            _ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", host.name, "link", "set", device, "up")
            made.append(host)
        yield made


def _namespace(stack: ExitStack, name: str) -> str:
    _ip("netns", "add", name)
    stack.callback(_ip, "netns", "delete", name)
    return name


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
