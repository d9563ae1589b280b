"""Letters written and sent a second, from the outbox to a server that keeps nothing, against smtp-source."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bench.ground import MOVED, Ground, copies, settle
from bench.report import Line, Progress, Table, middle, middle_ratio
from parvis.notifications.smtp import SmtpPool
from parvis.services.outbox import Dispatcher

SUBJECT = "Letters written and sent a second · Lettres écrites et envoyées par seconde"
CONNECTIONS = (4, 16)
OCTETS = 5_900  # of a message of ours, near enough

_OWE = """
INSERT INTO letters (case_id, contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
SELECT n, m.contract_id, m.rule, m.occurrence, m.recipient, m.template, m.data, %(at)s, %(at)s
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, letters m
 WHERE m.case_id = %(model)s
"""


def measure(ground: Ground, *, quick: bool, progress: Progress) -> Table:
    """Alternate ours and the floor, into the same sink; skipped when Debian's postfix is not there."""
    absent = [name for name in ("smtp-source", "smtp-sink") if not _program(name)]
    if absent:
        return Table(
            SUBJECT, (), f"{' and '.join(absent)} not found: they come with Debian's package postfix"
        )
    count, rounds = (500, 3) if quick else (2_000, 5)
    letters = _letters_of(ground)
    cases = copies(ground, count // letters + 1)
    rates: dict[str, list[float]] = {}
    with _sink() as port:
        for turn in range(rounds + 1):
            progress(f"letters, round {turn} of {rounds}" if turn else "letters, warming up")
            once = {f"ours {lanes}": _ours(ground, cases, lanes, port) for lanes in CONNECTIONS}
            once |= {"again": _floor(port, 2 * count), "kept": _floor(port, 2 * count, "-d")}
            for name, rate in once.items() if turn else ():
                rates.setdefault(name, []).append(rate)
    return Table(
        SUBJECT, tuple(_line(rates, lanes, floor) for lanes in CONNECTIONS for floor in ("again", "kept"))
    )


def _line(rates: dict[str, list[float]], lanes: int, floor: str) -> Line:
    ours, floors = rates[f"ours {lanes}"], rates[floor]
    how = "a connection a message" if floor == "again" else "connections kept"
    return Line(
        f"{lanes} connections, against smtp-source, 16 sessions, {how}",
        f"{middle(ours):,.0f}/s", f"{middle(floors):,.0f}/s", middle_ratio(ours, floors),
        at_least=0.1 if floor == "again" else None,
    )  # fmt: skip


def _ours(ground: Ground, cases: range, lanes: int, port: int) -> float:
    """Letters a second of a dispatcher, from owed rows without a text to the last one settled."""
    with ground.admin() as connection:
        connection.execute("DELETE FROM letters WHERE case_id <> %s", (ground.model,))
        connection.execute("UPDATE letters SET stage = 'sent', rendered_at = now() WHERE stage = 'owed'")
        bounds = {"first": cases.start, "last": cases.stop - 1, "model": ground.model, "at": MOVED}
        owed = connection.execute(_OWE, bounds).rowcount
    settle(ground)
    begun = time.perf_counter()

    def clock() -> datetime:
        return MOVED + timedelta(seconds=time.perf_counter() - begun)

    async def run() -> int:
        async with SmtpPool(f"smtp://127.0.0.1:{port}", connections=lanes) as pool:
            sent = await Dispatcher(database, pool, clock, "bench", lanes=lanes).run()
        return sent.accepted

    with ground.open() as database:
        begun = time.perf_counter()
        accepted = asyncio.run(run())
        elapsed = time.perf_counter() - begun
    if accepted != owed:
        raise RuntimeError(f"{accepted} letters accepted of {owed}")
    return accepted / elapsed


def _floor(port: int, count: int, *options: str) -> float:
    """Messages a second of smtp-source."""
    begun = time.perf_counter()
    subprocess.run(
        [_program("smtp-source"), *options, "-s", "16", "-m", str(count), "-l", str(OCTETS), f"127.0.0.1:{port}"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return count / (time.perf_counter() - begun)


def _letters_of(ground: Ground) -> int:
    with ground.admin() as connection:
        row = connection.execute(
            "SELECT count(*) FROM letters WHERE case_id = %s", (ground.model,)
        ).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _sink() -> Iterator[int]:
    """A server that takes everything and keeps nothing; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    sink = subprocess.Popen(
        [_program("smtp-sink"), *user, f"127.0.0.1:{port}", "200"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        sink.kill()
        sink.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _program(name: str) -> str:
    """Where a program of postfix is: Debian puts them where only root looks."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))) or ""
