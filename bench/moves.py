"""Moves a second, with one client and with eight: ours, the floors of pgbench and of psycopg, the ORM way."""

import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection as Pipe
from typing import Any

import psycopg
from sqlalchemy import create_engine

from bench import moves_orm
from bench.ground import MOVED, Ground, copies, settle
from bench.moves_floor import VERSION, statement
from bench.processes import processes
from bench.report import Line, Progress, Table, middle, middle_ratio
from parvis.models import embedded
from parvis.services.advance import advance_alone
from parvis.states.facts import By
from parvis.states.stages import Action, Role

SUBJECT = "Moves a second (submitted → instructed) · Passages par seconde (déposé → instruit)"
INSTRUCTOR = By("person:1", Role.INSTRUCTOR)
WARMING = 8  # moves before the first measured one: statements are prepared, and planned once for all
Mover = Callable[[int], Any]

FLOORS = (
    ("pgbench", "pgbench, one statement", None),  # a program in C, for comparison
    ("psycopg", "psycopg, one statement", 0.5),
    ("orm", "SQLModel objects", 4.0),
)

# Cases a client moves in a round, by way: short rounds that alternate, since other work on the machine comes and goes.
SHARES = {"pgbench": 500, "psycopg": 400, "ours": 250, "orm": 40}


def measure(ground: Ground, *, quick: bool, progress: Progress) -> Table:
    """Alternate the four ways, on cases nobody has moved yet."""
    rounds = 3 if quick else 9
    lines: list[Line] = []
    with processes(client, *[(ground,)] * 8) as pipes:
        for count in (1, 8):
            rates = measured(ground, pipes[:count], rounds, progress)
            who = "1 client" if count == 1 else f"{count} clients"
            for floor, name, at_least in FLOORS:
                ours, theirs = rates["ours"], rates[floor]
                lines.append(
                    Line(
                        f"{who}, against {name}",
                        f"{middle(ours):,.0f}/s",
                        f"{middle(theirs):,.0f}/s",
                        middle_ratio(ours, theirs),
                        at_least=at_least if count > 1 else None,
                    )
                )
    return Table(SUBJECT, tuple(lines))


def measured(
    ground: Ground,
    pipes: Sequence[Pipe],
    rounds: int,
    progress: Progress,
    ways: Sequence[str] = tuple(SHARES),
) -> dict[str, list[float]]:
    """Moves a second in each round, by way, when as many clients as pipes work at once; ways alternate."""
    count = len(pipes)
    shares = {way: SHARES[way] * (4 if count == 1 else 1) for way in ways}
    progress(f"moves, {count} client(s), cases to move")
    fresh = iter(copies(ground, rounds * count * sum(share + WARMING for share in shares.values())))
    settle(ground, "cases", "journal", "timers", "letters", "documents", "fundings", "case_neighbourhoods")
    rates: dict[str, list[float]] = {way: [] for way in shares}
    for turn in range(rounds):
        progress(f"moves, {count} client(s), round {turn + 1} of {rounds}")
        for way, share in shares.items():
            warming, cases = ([_take(fresh, each) for _ in range(count)] for each in (WARMING, share))
            if way == "pgbench":
                rates[way].append(pgbench(ground, cases[0][0], share, count))
            else:
                rates[way].append(_rate(pipes, way, warming, cases))
            _check(ground, cases)
    return rates


def _take(fresh: Iterator[int], count: int) -> list[int]:
    return [next(fresh) for _ in range(count)]


def _check(ground: Ground, cases: Sequence[Sequence[int]]) -> None:
    """Every way must leave the same rows: a case moved, a line, a timer cancelled and two open for the stage."""
    ids = [case_id for share in cases for case_id in share]
    with ground.admin() as connection:
        row = connection.execute(_LEFT, {"ids": ids, "at": MOVED, "version": VERSION + 1}).fetchone()
    expected = (len(ids), len(ids), len(ids), 2 * len(ids))
    if row != expected:
        raise RuntimeError(f"moved, lines, cancelled, planned: {row} instead of {expected}")


_LEFT = """
SELECT (SELECT count(*) FROM cases WHERE id = ANY(%(ids)s) AND stage = 'instructed'),
       (SELECT count(*) FROM journal WHERE case_id = ANY(%(ids)s) AND seq = %(version)s),
       (SELECT count(*) FROM timers WHERE case_id = ANY(%(ids)s) AND settled_at = %(at)s AND outcome = 'cancelled'),
       (SELECT count(*) FROM timers WHERE case_id = ANY(%(ids)s) AND settled_at IS NULL AND period = 'stage')
"""


@contextmanager
def ours(ground: Ground) -> Iterator[Mover]:
    """The service that pages and commands call to move one case."""
    with ground.open() as database:
        yield lambda case_id: advance_alone(
            database, case_id, Action.INSTRUCT, by=INSTRUCTOR, at=MOVED, expected_version=VERSION
        )


@contextmanager
def orm(ground: Ground) -> Iterator[Mover]:
    """SQLModel objects."""
    engine = create_engine(ground.url)
    yield lambda case_id: moves_orm.advance(
        engine, case_id, Action.INSTRUCT, by=INSTRUCTOR, at=MOVED, expected_version=VERSION
    )
    engine.dispose()


@contextmanager
def one_statement(ground: Ground) -> Iterator[Mover]:
    """The floor's statement, through psycopg, prepared, committed by itself."""
    sql = statement("%s").encode()
    with psycopg.connect(ground.dsn, autocommit=True) as connection:
        yield lambda case_id: connection.execute(sql, (case_id,), prepare=True).fetchone()


WAYS = {"ours": ours, "psycopg": one_statement, "orm": orm}


def client(pipe: Pipe, ground: Ground) -> None:
    """A client: told a way and its cases again and again, it answers when it is warm, then when it began and ended."""
    with ExitStack() as stack:
        opened: dict[str, Mover] = {}
        while order := pipe.recv():
            way, warming, cases = order
            move = opened.get(way) or opened.setdefault(way, stack.enter_context(WAYS[way](ground)))
            for case_id in warming:
                move(case_id)
            pipe.send("warm")
            pipe.recv()
            begun = time.perf_counter()
            for case_id in cases:
                move(case_id)
            pipe.send((begun, time.perf_counter()))


def _rate(
    pipes: Sequence[Pipe], way: str, warming: Sequence[Sequence[int]], cases: Sequence[Sequence[int]]
) -> float:
    """Moves a second, from the first begun to the last ended, when as many clients as lists work at once."""
    for pipe, warm, share in zip(pipes, warming, cases, strict=True):
        pipe.send((way, warm, share))
    for pipe in pipes:
        pipe.recv()
    for pipe in pipes:
        pipe.send("go")
    times = [pipe.recv() for pipe in pipes]
    elapsed = max(ended for _, ended in times) - min(begun for begun, _ in times)
    return sum(map(len, cases)) / float(elapsed)


def pgbench(ground: Ground, first: int, each: int, clients: int) -> float:
    """Moves a second of pgbench, connections made beforehand, over `clients` times `each` cases."""
    script = f"\\set n :n + 1\n\\set id {first} + :client_id * {each} + :n\n{statement(':id')};\n"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [embedded.program("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
             "-t", str(each), "-D", "n=-1", "-f", file.name, ground.dsn],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+) \(without initial", done.stdout)
    assert found, done.stdout + done.stderr
    return float(found[1])
