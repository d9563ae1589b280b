"""Letters written and sent a second, from the outbox to a server that keeps nothing, against smtp-source."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection as Pipe

from bench.ground import MOVED, Ground, copies, settle
from bench.processes import processes
from bench.report import Line, Progress, Table, middle, middle_ratio
from parvis.models.session import Database
from parvis.notifications.smtp import SmtpPool
from parvis.services.outbox import Dispatcher

SUBJECT = "Letters written and sent a second · Lettres écrites et envoyées par seconde"
CONNECTIONS = 4  # of a dispatcher
SIDE_BY_SIDE = (1, 2)  # dispatchers: a send-letters flow in each of that many workers
OCTETS = 5_900  # of a message of ours, near enough

_OWE = """
INSERT INTO letters (case_id, contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
SELECT n, m.contract_id, m.rule, m.occurrence, m.recipient, m.template, m.data, %(at)s, %(at)s
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, letters m
 WHERE m.case_id = %(model)s
"""


def measure(ground: Ground, *, quick: bool, progress: Progress) -> Table:
    """Alternate ours and the floor, into the same sink; skipped when Debian's postfix is not there."""
    if absent := missing():
        return Table(SUBJECT, (), absent)
    rates = measured(ground, SIDE_BY_SIDE, quick=quick, progress=progress)
    return Table(
        SUBJECT,
        tuple(_line(rates, together, floor) for together in SIDE_BY_SIDE for floor in ("again", "kept")),
    )


def missing() -> str:
    """What is not there and why, as a table says it; empty when nothing is."""
    absent = [name for name in ("smtp-source", "smtp-sink") if not _program(name)]
    return f"{' and '.join(absent)} not found: they come with Debian's package postfix" if absent else ""


def measured(
    ground: Ground, side_by_side: Sequence[int], *, quick: bool, progress: Progress
) -> dict[str, list[float]]:
    """Letters a second in each round: `ours 2` of two dispatchers, `again` and `kept` of smtp-source."""
    count, rounds = (500, 3) if quick else (2_000, 5)
    letters = _letters_of(ground)
    cases = copies(ground, count // letters + 1)
    rates: dict[str, list[float]] = {}
    with _sink() as port, processes(_work, *[(ground, port)] * max(side_by_side)) as pipes:
        for turn in range(rounds + 1):
            progress(f"letters, round {turn} of {rounds}" if turn else "letters, warming up")
            once = {f"ours {together}": _rate(ground, pipes[:together], cases) for together in side_by_side}
            once |= {"again": _floor(port, 2 * count), "kept": _floor(port, 2 * count, "-d")}
            for name, rate in once.items() if turn else ():
                rates.setdefault(name, []).append(rate)
    return rates


def _line(rates: dict[str, list[float]], together: int, floor: str) -> Line:
    ours, floors = rates[f"ours {together}"], rates[floor]
    who = "1 dispatcher" if together == 1 else f"{together} dispatchers side by side"
    how = "a connection a message" if floor == "again" else "connections kept"
    promised = together == max(SIDE_BY_SIDE) and floor == "again"
    return Line(
        f"{who}, against smtp-source, 16 sessions, {how}",
        f"{middle(ours):,.0f}/s", f"{middle(floors):,.0f}/s", middle_ratio(ours, floors),
        at_least=0.1 if promised else None,
    )  # fmt: skip


def _rate(ground: Ground, pipes: Sequence[Pipe], cases: range) -> float:
    """Letters a second, from owed rows without a text to the last one settled, by dispatchers that work at once."""
    owed = _owe(ground, cases)
    for pipe in pipes:
        pipe.send("go")
    done = [pipe.recv() for pipe in pipes]
    accepted = sum(each for each, _, _ in done)
    if accepted != owed:
        raise RuntimeError(f"{accepted} letters accepted of {owed}")
    elapsed = max(ended for _, _, ended in done) - min(begun for _, begun, _ in done)
    return float(accepted / elapsed)


def _work(pipe: Pipe, ground: Ground, port: int) -> None:
    """A dispatcher: told to go again and again, it answers how many letters left, when it began and ended."""
    name = f"bench {os.getpid()}"
    with ground.open() as database:
        while pipe.recv():
            begun = time.perf_counter()
            accepted = asyncio.run(_dispatch(database, port, name, begun))
            pipe.send((accepted, begun, time.perf_counter()))


async def _dispatch(database: Database, port: int, name: str, begun: float) -> int:
    def clock() -> datetime:
        return MOVED + timedelta(seconds=time.perf_counter() - begun)

    async with SmtpPool(f"smtp://127.0.0.1:{port}", connections=CONNECTIONS) as pool:
        sent = await Dispatcher(database, pool, clock, name, lanes=CONNECTIONS).run()
    return sent.accepted


def _owe(ground: Ground, cases: range) -> int:
    """The model's letters owed again by these cases; how many."""
    with ground.admin() as connection:
        connection.execute("UPDATE letters SET stage = 'sent', rendered_at = now() WHERE stage = 'owed'")
        bounds = {"first": cases.start, "last": cases.stop - 1, "model": ground.model, "at": MOVED}
        connection.execute("DELETE FROM letters WHERE case_id BETWEEN %(first)s AND %(last)s", bounds)
        owed = connection.execute(_OWE, bounds).rowcount
    settle(ground, "letters")
    return int(owed)


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
