"""What the tests of the embedded PostgreSQL do with it: use it from here, or from another process."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from parvis.models import embedded

USER = """
import sys
from pathlib import Path
from parvis.models import embedded
with embedded.start(Path(sys.argv[1]), fast=True):
    print("ready", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the server of `folder` until it is told to end."""
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)
    assert process.returncode == 0


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def answer(server: embedded.EmbeddedServer, question: str) -> str:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def run(server: embedded.EmbeddedServer, *statements: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        for statement in statements:
            connection.execute(statement)
