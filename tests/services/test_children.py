"""Processes Parvis starts: they end when asked, and all they started with them."""

import os
import time
from pathlib import Path

import pytest

from parvis.services import children
from parvis.services.children import Child

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
SPAWN = f"subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])"
PARENT = f"import subprocess, sys; print({SPAWN}.pid, flush=True); {SLEEPER}"


@pytest.fixture
def start(tmp_path: Path):
    """Start a child that runs a program."""
    started: list[Child] = []

    def make(program: str) -> Child:
        (tmp_path / "program.py").write_text(program, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        child = Child("program", environment=environment, log=tmp_path / "log")
        started.append(child)
        return child

    yield make
    for child in started:
        child.stop(0)


def test_a_child_asked_to_stop_ends_by_itself(start):
    child = start(SLEEPER)
    wait_for(lambda: child.last_words() == "up")

    assert not child.ended
    assert child.stop(10)
    assert child.ended


def test_a_child_that_will_not_stop_is_killed(start):
    child = start(STUBBORN)
    wait_for(lambda: child.last_words() == "up")

    assert not child.stop(0.2)
    assert child.ended


def test_what_a_child_started_ends_with_it(start):
    child = start(PARENT)
    wait_for(lambda: child.last_words().endswith("up\nup"))
    grandchild = int(child.last_words(20).splitlines()[0])

    child.stop(10)

    wait_for(lambda: not alive(grandchild))


def test_a_child_that_dies_is_seen_and_its_last_words_are_its_own(start, tmp_path):
    (tmp_path / "log").write_text("words of the time before\n")

    child = start("raise SystemExit('no room')")
    wait_for(lambda: child.ended)

    assert child.last_words() == "no room"
    assert child.stop(10)
    assert child.stop(10)


def test_ctrl_c_in_the_terminal_is_not_for_the_children(start):
    child = start(SLEEPER)
    wait_for(lambda: child.last_words() == "up")

    assert os.getpgid(child.pid) != os.getpgrp()


def test_a_long_log_is_set_aside(start, tmp_path, monkeypatch):
    monkeypatch.setattr(children, "LARGEST_LOG", 5)
    (tmp_path / "log").write_text("longer than that\n")

    child = start("print('new')")
    wait_for(lambda: child.ended)

    assert (tmp_path / "log").read_text() == "new\n"
    assert (tmp_path / "log.old").read_text() == "longer than that\n"


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has reaped yet does not."""
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False


def wait_for(seen) -> None:
    limit = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.02)
