"""The web application as processes: several answer on one address, and none outlives the others."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import pytest

from parvis.models.session import Database

SECONDS = 60.0
TOKEN = "a-secret-for-prometheus"


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Parvis answering by two processes, and where."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "parvis.web.serve", "--port", str(port), "--processes", "2"],
        env={**os.environ, "PARVIS_DATABASE_URL": database.url, "PARVIS_DATA_FOLDER": str(tmp_path),
             "PARVIS_METRICS_TOKEN": TOKEN},
        stdin=subprocess.PIPE,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with process:
        try:
            wait_for(lambda: len(workers(process)) == 2)
            yield process, address
        finally:
            process.kill()


def test_two_processes_answer_and_stop_when_asked(served):
    process, address = served
    started = workers(process)

    answers = [httpx2.get(f"{address}/sante", timeout=SECONDS).status_code for _ in range(4)]
    told = httpx2.get(
        f"{address}/mesures", headers={"authorization": f"Bearer {TOKEN}"}, timeout=SECONDS
    ).text
    process.terminate()

    assert answers == [200] * 4
    assert 'parvis_answers_total{status="2xx"} 4.0' in told  # whichever process answers, all are counted
    assert process.wait(SECONDS) == 0
    wait_for(lambda: not any(map(is_alive, started)))


def test_connections_are_shared_out_in_turn(served):
    process, address = served
    port = int(address.rpartition(":")[2])
    wait_for(lambda: httpx2.get(f"{address}/sante", timeout=SECONDS).status_code == 200)
    before = sum(map(sockets, workers(process)))

    with ExitStack() as kept:
        for _ in range(8):
            kept.enter_context(socket.create_connection(("127.0.0.1", port)))
        wait_for(lambda: sum(map(sockets, workers(process))) == 8 + before)
        shares = [sockets(pid) for pid in workers(process)]

    assert max(shares) - min(shares) <= 1  # on one shared socket it was seven to one


@pytest.mark.parametrize("killed", ["a worker", "the one that watches"])
def test_none_outlives_the_others(served, killed):
    process, _ = served
    started = workers(process)

    os.kill(started[0] if killed == "a worker" else process.pid, signal.SIGKILL)

    assert process.wait(SECONDS) != 0
    wait_for(lambda: not any(map(is_alive, started)))


def workers(process: "subprocess.Popen[bytes]") -> list[int]:
    """The numbers of the processes that answer."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def sockets(pid: int) -> int:
    """How many connections by TCP a process holds open to whom it answers."""
    mine = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
    rows = (row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:])
    return sum(f"socket:[{row[9]}]" in mine for row in rows if row[3] == "01")


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that is dead and not yet mourned does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(happened: Callable[[], bool]) -> None:
    """Look until it happened."""
    limit = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.02)
