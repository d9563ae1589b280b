"""Pages of the queue: fifty of a hundred thousand and of a million cases, each filter alone and three together."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe

import psycopg

from bench.ground import Ground
from bench.processes import processes
from bench.queue_ground import RARE, WORDS, cases_to_list
from bench.report import Line, Progress, Table
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.services.queue import Filter, Order, Viewer, read_page
from parvis.states.queue import Sort

SUBJECT = "Pages of the queue, 8 clients, 95th percentile · Pages de la file, 8 clients, 95e centile"
CLIENTS = 8
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
PROMISED_MS = {100_000: 150, 1_000_000: 300}
INSTRUCTOR = Viewer("instructor", 1, None, 1)

FLOOR = """
SELECT id, reference, title, stage, requested_cents, due_on FROM cases
 WHERE stage = %s ORDER BY COALESCE(due_on, 'infinity'::date), id LIMIT 50
"""
FLOOR_NAME = "raw SQL: one stage by deadline, no join, no count"
STAGES = ("submitted", "instructed", "committee", "funded", "evaluated")


def asked(kind: str, chance: random.Random) -> tuple[Filter, Order]:
    """A filter of this kind whose values chance chooses, in the order a person would look at it."""
    stage, place = chance.choice(STAGES), f"QN0{8001 + chance.randrange(1, 7)}M"
    filters = {
        "none": Filter(), "stage": Filter(stages=(stage,)),
        "call": Filter(calls=(f"annuel-{2019 + chance.randrange(7)}",)),
        "wave": Filter(waves=(f"annuel-{2019 + chance.randrange(7)}-{chance.randrange(1, 4)}",)),
        "neighbourhood": Filter(neighbourhoods=(place,)),
        "challenge": Filter(challenges=(f"D{chance.randrange(2, 12):02}",)),
        "funder": Filter(funders=(chance.choice(("etat", "ville")),)),
        "opinion awaited": Filter(funders=(chance.choice(("etat", "ville")),), opinion_awaited=True),
        "instructor": Filter(instructors=(chance.randrange(4, 23),)), "late": Filter(late=True),
        "amount": Filter(least_cents=(low := chance.randrange(1, 45) * 100_000), most_cents=low + 300_000),
        "word, common": Filter(text=chance.choice(WORDS).lower()), "word, rare": Filter(text=RARE),
        "reference": Filter(text=f"{chance.randrange(1000, 90_000):07}"),
        "needs me": Filter(needs_me=True),
        "stage + neighbourhood + amount": Filter(
            stages=(stage,), neighbourhoods=(place,), least_cents=1_000_000, most_cents=2_000_000),
        "call + challenge + text": Filter(
            calls=(f"annuel-{2019 + chance.randrange(7)}",), challenges=("D05",), text=chance.choice(WORDS)),
        "instructor + funder + late": Filter(
            instructors=(chance.randrange(4, 23),), funders=("etat",), opinion_awaited=True, late=True),
    }  # fmt: skip
    return filters[kind], Order(
        chance.choice((Sort.DEADLINE, Sort.AMOUNT, Sort.DEPOSITED)), chance.random() < 0.3
    )


KINDS = (
    "none", "stage", "call", "wave", "neighbourhood", "challenge", "funder", "opinion awaited", "instructor", "late",
    "amount", "word, common", "word, rare", "reference", "needs me", "stage + neighbourhood + amount",
    "call + challenge + text", "instructor + funder + late",
)  # fmt: skip


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    """Each kind of filter in turn, all clients at once, the floor in the same run."""
    lines: list[Line] = []
    for count in (100_000,) if quick else (100_000, 1_000_000):
        progress(f"queue, building {count:,} cases")
        ground = cases_to_list(server, f"cases_{count}", count)
        pages = 12 if quick else 25
        with clients(ground) as pipes:
            floor = p95(pipes, "floor", pages)
            for kind in KINDS:
                progress(f"queue, {count:,} cases, {kind}")
                p95(pipes, kind, 3)
                spent = p95(pipes, kind, pages)
                note = f"{spent / floor:.1f} × the {floor * 1_000:.0f} ms of {FLOOR_NAME}"
                lines.append(_line(f"{count:,} cases, {kind}", spent, PROMISED_MS[count], note))
    return Table(SUBJECT, tuple(lines))


def _line(what: str, seconds: float, promised_ms: int, note: str) -> Line:
    ours = f"{seconds * 1_000:.0f} ms"
    return Line(what, ours, f"{promised_ms} ms", seconds * 1_000 / promised_ms, at_most=1.0, note=note)


@contextmanager
def clients(ground: Ground) -> Iterator[list[Pipe]]:
    """Processes that read pages when told which."""
    with processes(_client, *((ground, seed) for seed in range(CLIENTS))) as pipes:
        for pipe in pipes:
            pipe.recv()
        yield pipes


def p95(pipes: Sequence[Pipe], kind: str, pages: int) -> float:
    """Have every client read `pages` of this kind; the seconds that 95 of a hundred do not exceed."""
    for pipe in pipes:
        pipe.send((kind, pages))
    spent = sorted(seconds for pipe in pipes for seconds in pipe.recv())
    return float(spent[int(len(spent) * 0.95)])


def _client(pipe: Pipe, ground: Ground, seed: int) -> None:
    chance = random.Random(seed)
    with ground.open() as database, psycopg.connect(ground.dsn, autocommit=True) as raw:
        pipe.send("ready")
        while told := pipe.recv():
            kind, pages = told
            pipe.send([_once(database, raw, kind, chance) for _ in range(pages)])


def _once(database: Database, raw: psycopg.Connection, kind: str, chance: random.Random) -> float:
    if kind == "floor":
        begun = time.perf_counter()
        raw.execute(FLOOR, (chance.choice(STAGES),)).fetchall()
        return time.perf_counter() - begun
    wanted, order = asked(kind, chance)
    begun = time.perf_counter()
    with database.transaction() as session:
        read_page(session, wanted, order, INSTRUCTOR, at=AT)
    return time.perf_counter() - begun
