"""Moves, sweeps and letters a second with one, two and four workers at once, each beside as many of its floor."""

import time
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection as Pipe

import psycopg

from bench import letters, moves
from bench.ground import Ground, lay
from bench.processes import processes
from bench.report import Line, Progress, Table, middle, middle_ratio
from bench.scale_ground import national
from bench.sweeps import A_DAY, LAPSING, REMINDED, Field, once
from bench.sweeps_floor import LAPSES, REMINDERS
from parvis.models.embedded import EmbeddedServer
from parvis.services import jobs

SUBJECT = "A second, by number of workers · Par seconde, selon le nombre de processus"
WORKERS = (1, 2, 4)
DAYS = 4
"""Of things due that a round sweeps."""

Rates = dict[int, tuple[list[float], list[float]]]
"""By number of workers: ours and the floor, a figure a round."""


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress, cases: int = 0) -> Table:
    """Alternate ours and the floor, with as many workers each; among `cases` of four hundred cities, or none."""
    progress(f"workers, building {cases:,} cases")
    ground = national(server, cases) if cases else lay(server, "workers")
    rounds = 3 if quick else 5
    lines: list[Line] = []
    for timers, floor in ((REMINDED, REMINDERS), (LAPSING, LAPSES)):
        field = _field(ground, timers, floor, rounds)
        lines += _lines(
            f"{field.what} swept, against shares of one statement", _sweeps(field, rounds, progress)
        )
    # After the sweeps: the cases that are moved will have something due as well.
    lines += _lines("moves, against psycopg", _moves(ground, rounds, progress))
    if not letters.missing():
        lines += _lines("letters, against smtp-source", _letters(ground, quick=quick, progress=progress))
    among = f" · {cases:,} cases, 10 lines of the journal each" if cases else ""
    return Table(SUBJECT + among, tuple(lines))


def _lines(what: str, rates: Rates) -> list[Line]:
    alone = [middle(values) for values in rates[min(WORKERS)]]
    lines = []
    for count, (ours, floor) in rates.items():
        gained, theirs = middle(ours) / alone[0], middle(floor) / alone[1]
        note = f"{gained:.2f} × one worker; the floor {theirs:.2f} ×" if count > 1 else ""
        lines.append(
            Line(
                f"{count} worker{'s'[: count - 1]}, {what}",
                f"{middle(ours):,.0f}/s",
                f"{middle(floor):,.0f}/s",
                middle_ratio(ours, floor),
                note=note,
            )
        )
    return lines


def _moves(ground: Ground, rounds: int, progress: Progress) -> Rates:
    rates: Rates = {}
    with processes(moves.client, *[(ground,)] * max(WORKERS)) as pipes:
        for count in WORKERS:
            found = moves.measured(ground, pipes[:count], rounds, progress, ("psycopg", "ours"))
            rates[count] = found["ours"], found["psycopg"]
    return rates


def _letters(ground: Ground, *, quick: bool, progress: Progress) -> Rates:
    found = letters.measured(ground, WORKERS, quick=quick, progress=progress)
    return {count: (found[f"ours {count}"], found["again"]) for count in WORKERS}


def _field(ground: Ground, timers: str, floor: str, rounds: int) -> Field:
    """Cases for every round of every number of workers, of ours and of the floor, and one to warm up."""
    return Field(ground, (rounds + 1) * 2 * len(WORKERS) * DAYS * A_DAY, timers, floor)


def _sweeps(field: Field, rounds: int, progress: Progress) -> Rates:
    rates: Rates = {count: ([], []) for count in WORKERS}
    with processes(_sweeper, *[(field.ground, field.floor, field.moves)] * max(WORKERS)) as pipes:
        for turn in range(rounds + 1):
            progress(f"workers, {field.what}, round {turn} of {rounds}")
            for count in WORKERS:
                sweep = partial(_rate, field, pipes[:count])
                ours, floor = sweep("ours"), sweep("floor")
                for kept, rate in zip(rates[count], (ours, floor), strict=True) if turn else ():
                    kept.append(rate)
    return rates


def _rate(field: Field, pipes: Sequence[Pipe], way: str) -> float:
    """Settled a second, from the first begun to the last ended, by workers that sweep the same days at once."""
    at = field.next(DAYS)
    for share, pipe in enumerate(pipes):
        pipe.send((way, at, share, len(pipes)))
    told = [pipe.recv() for pipe in pipes]
    settled = sum(settled for settled, _, _ in told)
    field.check(settled, DAYS)
    return float(settled / (max(ended for _, _, ended in told) - min(begun for _, begun, _ in told)))


def _sweeper(pipe: Pipe, ground: Ground, floor: str, moving: bool) -> None:  # noqa: FBT001
    """A worker: told a way and an instant, it sweeps, and answers how many it settled, when it began and ended."""
    with ground.open() as database, psycopg.connect(ground.dsn) as connection:
        while order := pipe.recv():
            way, at, share, of = order
            begun = time.perf_counter()
            if way == "ours":
                fired = [jobs.fire_deadlines(database, batch, at) for batch in jobs.due_batches(database, at)]
                settled = sum(each.moved if moving else each.owed for each in fired)
            else:
                settled = once(connection, floor, at, share=share, of=of)
            pipe.send((settled, begun, time.perf_counter()))
