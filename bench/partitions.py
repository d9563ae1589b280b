"""What cutting the journal and the letters in parts changes, by the very command: the same work in both, by turns."""

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench import letters, moves
from bench.ground import Ground, on
from bench.processes import processes
from bench.report import Line, Progress, Table, middle, middle_ratio
from bench.scale_ground import FIRST, national
from bench.sweeps import A_DAY, LAPSING, Field
from bench.sweeps_floor import LAPSES
from parvis.models import databases, embedded, splitting
from parvis.models.embedded import EmbeddedServer
from parvis.services import jobs

SUBJECT = "As it is, and in parts · Tel quel, et en parties"
CASES = 100_000
PARTS = 16
CLIENTS = (1, 8)
AT_ONCE = 2
"""Of what goes on side by side: the processors of a small server."""

_FORGET = "UPDATE journal SET details = '{}' WHERE case_id BETWEEN %(first)s AND %(first)s + 999"
_ITS_TABLES = """
SELECT c.oid::regclass::text FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
 WHERE COALESCE(i.inhparent, c.oid) = 'journal'::regclass AND c.relkind = 'r' ORDER BY 1
"""


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress, cases: int = 0) -> Table:
    """Alternate the tables as they are and cut in parts, on copies of the same national service."""
    cases = cases or (10_000 if quick else CASES)
    progress(f"partitions, building {cases:,} cases")
    whole = national(server, cases)
    cut = on(server, f"cut_{cases}")
    databases.clone(server.url(), f"national_{cases}", f"cut_{cases}", owner=databases.OWNER)
    reshaped = _reshaped(cut, progress)
    cut = replace(cut, model=whole.model, waiting=whole.waiting)
    rounds = 2 if quick else 8
    lines = [reshaped, *(moved(whole, cut, count, rounds, progress) for count in CLIENTS)]
    lines.append(_swept(whole, cut, rounds, progress))
    if not letters.missing():
        lines.append(_sent(whole, cut, quick=quick, progress=progress))
    for what, work in WORKS.items():
        lines.append(_timed(what, whole, cut, work, progress))
    return Table(f"{SUBJECT} · {cases:,} cases, {PARTS} parts", tuple(lines))


def _reshaped(ground: Ground, progress: Progress) -> Line:
    """How long it takes to join and to cut: the command leaves it cut."""
    seconds = []
    for parts in (PARTS, 0, PARTS):
        progress(f"partitions, {parts or 'no'} parts")
        begun = time.perf_counter()
        splitting.reshape(ground.url, parts, progress=lambda _, __: None)
        seconds.append(time.perf_counter() - begun)
    with ground.admin() as connection:
        connection.execute("VACUUM ANALYZE")
    size = round(splitting.layout(ground.url).size / 1024**2)
    return Line(
        f"db join, db split ({size:,} MB)",
        f"{seconds[1]:.1f} s",
        f"{seconds[2]:.1f} s",
        seconds[1] / seconds[2],
    )


def moved(whole: Ground, cut: Ground, count: int, rounds: int, progress: Progress) -> Line:
    """Moves a second by as many clients, in two databases by turns."""
    rates: tuple[list[float], list[float]] = ([], [])
    with (
        processes(moves.client, *[(whole,)] * count) as ours,
        processes(moves.client, *[(cut,)] * count) as theirs,
    ):
        both = [(whole, ours, rates[0]), (cut, theirs, rates[1])]
        for turn in range(rounds):
            for ground, pipes, kept in both[:: (-1) ** turn]:  # the first of two is the slower one
                kept.extend(moves.measured(ground, pipes, 1, progress, ("ours",))["ours"])
    return _rates(f"moves, {count} client{'s'[: count - 1]}", *rates)


def _swept(whole: Ground, cut: Ground, rounds: int, progress: Progress) -> Line:
    days = 2
    fields = [Field(ground, (rounds + 1) * days * A_DAY, LAPSING, LAPSES) for ground in (whole, cut)]
    rates: tuple[list[float], list[float]] = ([], [])
    with whole.open() as one, cut.open() as other:
        for turn in range(rounds + 1):
            progress(f"partitions, lapses, round {turn} of {rounds}")
            for field, database, kept in list(zip(fields, (one, other), rates, strict=True))[:: (-1) ** turn]:
                seconds = field.ours(database, days)
                kept.extend([days * A_DAY / seconds] if turn else [])
    return _rates("lapses swept", *rates)


def _sent(whole: Ground, cut: Ground, *, quick: bool, progress: Progress) -> Line:
    rates: dict[str, list[float]] = {whole.url: [], cut.url: []}
    for ground in (whole, cut, cut, whole):
        rates[ground.url] += letters.measured(ground, (1,), quick=quick, progress=progress)["ours 1"]
    return _rates("letters sent, 1 dispatcher", rates[whole.url], rates[cut.url])


def _rates(what: str, ours: list[float], cut: list[float]) -> Line:
    return Line(what, f"{middle(ours):,.0f}/s", f"{middle(cut):,.0f}/s", middle_ratio(ours, cut))


def _timed(
    what: str, whole: Ground, cut: Ground, work: Callable[[Ground], object], progress: Progress
) -> Line:
    """Twice each, each of both first once."""
    seconds: dict[str, list[float]] = {whole.url: [], cut.url: []}
    for ground in (whole, cut, cut, whole):
        progress(f"partitions, {what}")
        begun = time.perf_counter()
        work(ground)
        seconds[ground.url].append(time.perf_counter() - begun)
    ours, theirs = seconds[whole.url], seconds[cut.url]
    return Line(what, f"{middle(ours):.2f} s", f"{middle(theirs):.2f} s", middle_ratio(ours, theirs))


def _verified(ground: Ground) -> None:
    with TemporaryDirectory() as folder, ground.open() as database:
        jobs.verify_journal(database, Path(folder))


def _tidied(ground: Ground) -> None:
    with ground.admin() as connection:
        connection.execute(_FORGET, {"first": FIRST})
        connection.execute("VACUUM journal")


def _side_by_side(ground: Ground, statement: str) -> None:
    """Tend the journal with two connections: a whole table keeps one of them busy."""

    def tend(table: str) -> None:
        with ground.admin() as connection:
            connection.execute(statement.format(table).encode())

    with ground.admin() as connection, ThreadPoolExecutor(AT_ONCE) as several:
        tables = [str(table) for (table,) in connection.execute(_ITS_TABLES)]
        list(several.map(tend, tables))


def _frozen(ground: Ground) -> None:
    _side_by_side(ground, "VACUUM (FREEZE, DISABLE_PAGE_SKIPPING) {}")


def _reindexed(ground: Ground) -> None:
    _side_by_side(ground, "REINDEX TABLE {}")


def _copied(ground: Ground) -> None:
    """As `parvis db backup` does: one stream."""
    with TemporaryDirectory() as folder:
        _program("pg_dump", "-Fc", "-f", f"{folder}/dump", ground.dsn)


def _copied_side_by_side(ground: Ground) -> None:
    """As one may by hand."""
    with TemporaryDirectory() as folder:
        _program("pg_dump", "-Fd", f"-j{AT_ONCE}", "-f", f"{folder}/dump", ground.dsn)


def _restored_side_by_side(ground: Ground) -> None:
    """A copy made and restored beside: what it takes more than making it is the restoration."""
    name, server = "restored_by_bench", ground.admin_dsn
    with TemporaryDirectory() as folder:
        _program("pg_dump", "-Fd", f"-j{AT_ONCE}", "-f", f"{folder}/dump", ground.dsn)
        with ground.admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        where = psycopg.conninfo.make_conninfo(server, dbname=name)
        _program("pg_restore", f"-j{AT_ONCE}", "--no-owner", "--no-privileges", "-d", where, f"{folder}/dump")
        with ground.admin() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _program(name: str, *words: str) -> None:
    subprocess.run([str(embedded.program(name)), *words], check=True, capture_output=True)


WORKS: dict[str, Callable[[Ground], None]] = {
    "journal verified": _verified,
    "1,000 cases lose words, VACUUM": _tidied,
    f"VACUUM FREEZE of the journal, {AT_ONCE} at once": _frozen,
    f"REINDEX of the journal, {AT_ONCE} at once": _reindexed,
    "pg_dump -Fc, the stream of our backup": _copied,
    f"pg_dump -Fd -j{AT_ONCE}": _copied_side_by_side,
    f"pg_dump -Fd -j{AT_ONCE}, pg_restore -j{AT_ONCE}": _restored_side_by_side,
}
