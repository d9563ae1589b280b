"""Growth laws: what each thing costs among ten thousand, a hundred thousand and a million cases, as an exponent.

Nought: the cost does not depend on how many cases there are; one: it is as many times greater. Every city has as many
cases, so that what is about one city shows whether it depends on how many others there are.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import letters, moves
from bench.ground import Ground, settle
from bench.processes import processes
from bench.report import Line, Progress, Table, middle
from bench.scale_ground import cities, national
from bench.sweeps import A_DAY, LAPSING, REMINDED, Field
from bench.sweeps_floor import LAPSES, REMINDERS
from parvis.models.embedded import EmbeddedServer
from parvis.models.queries import letter_lists, tasks, upcoming
from parvis.models.queries.dashboards import Scope
from parvis.models.queries.home_counts import money_waiting, post_waiting
from parvis.models.session import Database, Session
from parvis.services import dashboards, jobs
from parvis.services.queue import Filter, Order, Viewer, read_page

SUBJECT = "Growth: cost among the most and the fewest cases, exponent · Croissance : coût, exposant"
SIZES = (10_000, 100_000, 1_000_000)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
FLAT, STRAIGHT = 0.15, 1.1
"""What an exponent may be where the cost follows what is done, and where it follows what there is."""
_CITY = """
SELECT c.id, (SELECT id FROM people p WHERE p.contract_id = c.id AND role = 'instructor')
  FROM contracts c WHERE code LIKE 'ville-%%' ORDER BY c.id LIMIT 1 OFFSET %(n)s
"""
_EXAMINED = """
SELECT COALESCE(sum(COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0)), 0)::bigint FROM pg_stat_xact_user_tables
"""


@dataclass(slots=True)
class Law:
    """One thing that is done: by number of cases, what it costs in milliseconds and in rows examined, where counted."""

    what: str
    at_most: float
    unit: str = "ms"
    spent: dict[int, float] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OneCity:
    """A city among the others, and who looks."""

    contract_id: int
    viewer: Viewer


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    """The same work at each size, then the slope through them."""
    laws: dict[str, Law] = {}
    for size in SIZES[:2] if quick else SIZES:
        progress(f"growth, building {size:,} cases")
        ground = national(server, size)
        progress(f"growth, {size:,} cases")
        for law in (*_of_a_city(ground, size), *_of_all(ground, quick=quick, progress=progress)):
            kept = laws.setdefault(law.what, law)
            kept.spent[size] = law.spent.pop(0)
            kept.rows |= {size: law.rows.pop(0)} if law.rows.get(0) is not None else {}
    return Table(SUBJECT, tuple(_line(law) for law in laws.values()))


def _line(law: Law) -> Line:
    least, most = min(law.spent), max(law.spent)
    rows = "".join(
        f"; rows examined {_many(law.rows)}, exponent {exponent(law.rows):.2f}" if law.rows else ""
    )
    return Line(
        law.what, f"{law.spent[most]:,.1f} {law.unit}", f"{law.spent[least]:,.1f} {law.unit}", exponent(law.spent),
        at_most=law.at_most, note=f"{_many(law.spent)} {law.unit}{rows}",
    )  # fmt: skip


def _many(by_size: dict[int, float] | dict[int, int]) -> str:
    return " → ".join(
        f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" for value in by_size.values()
    )


def exponent(costs: dict[int, float] | dict[int, int]) -> float:
    """The slope of the cost over the number of cases, both as logarithms, by least squares."""
    points = [(math.log(size), math.log(max(cost, 1e-9))) for size, cost in costs.items()]
    middle_x, middle_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    above = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return float(above / sum((x - middle_x) ** 2 for x, _ in points))


READS: dict[str, Callable[[Session, OneCity], object]] = {
    "queue": lambda s, one: read_page(s, Filter(), Order(), one.viewer, at=AT),
    "queue, late": lambda s, one: read_page(s, Filter(late=True), Order(), one.viewer, at=AT),
    "queue, a stage": lambda s, one: read_page(s, Filter(stages=("submitted",)), Order(), one.viewer, at=AT),
    "queue, what needs me": lambda s, one: read_page(s, Filter(needs_me=True), Order(), one.viewer, at=AT),
    "queue, a word": lambda s, one: read_page(s, Filter(text="Association 12"), Order(), one.viewer, at=AT),
    "dashboard": lambda s, one: dashboards.overview(s, Scope(one.contract_id), at=AT),
    "payments and accounts that wait": lambda s, one: money_waiting(s, one.contract_id),
    "letters and tasks that wait": lambda s, one: post_waiting(s, one.contract_id),
    "tasks": lambda s, one: tasks.list_tasks(s, done=False, limit=50, contract_id=one.contract_id),
    "letters": lambda s, one: letter_lists.list_letters(
        s, stage=None, case_id=None, after_id=None, limit=50, contract_id=one.contract_id),
    "letters to come": lambda s, one: upcoming.upcoming(s, until=AT, limit=50, contract_id=one.contract_id),
}  # fmt: skip
"""What people of one city read all day."""


def _of_a_city(ground: Ground, size: int) -> list[Law]:
    laws = []
    with ground.open() as database:
        one = _city(database, cities(size) // 2)
        for what, read in READS.items():
            spent, rows = zip(*(_once(database, read, one) for _ in range(9)), strict=True)
            law = Law(f"one city: {what}", FLAT)
            law.spent[0], law.rows[0] = middle(spent[2:]) * 1_000, rows[-1]
            laws.append(law)
    return laws


def _city(database: Database, number: int) -> OneCity:
    with database.transaction() as session:
        contract, person = session.exec_driver_sql(_CITY, {"n": number}).one()
    return OneCity(contract, Viewer("instructor", person, None, contract))


def _once(database: Database, read: Callable[[Session, OneCity], object], one: OneCity) -> tuple[float, int]:
    """Seconds a reading takes, and rows PostgreSQL looks at."""
    with database.transaction() as session:
        before = session.exec_driver_sql(_EXAMINED).scalar_one()
        begun = time.perf_counter()
        read(session, one)
        spent = time.perf_counter() - begun
        return spent, int(session.exec_driver_sql(_EXAMINED).scalar_one() - before)


def _of_all(ground: Ground, *, quick: bool, progress: Progress) -> list[Law]:
    rounds = 3 if quick else 5
    verified = Law("journal verified", STRAIGHT, "s", {0: _verified(ground)})
    swept = [
        _swept(ground, timers, floor, rounds) for timers, floor in ((REMINDED, REMINDERS), (LAPSING, LAPSES))
    ]
    with processes(moves.client, (ground,)) as pipes:
        rates = moves.measured(ground, pipes, rounds, progress, ("psycopg", "ours"))
    moved = [
        Law(what, FLAT, spent={0: 1_000 / middle(rates[way])})
        for way, what in (("ours", "a move"), ("psycopg", "a move, the floor"))
    ]
    if letters.missing():
        return [*moved, *swept, verified]
    sent = letters.measured(ground, (1,), quick=True, progress=progress)
    return [*moved, *swept, Law("a letter", FLAT, spent={0: 1_000 / middle(sent["ours 1"])}), verified]


def _swept(ground: Ground, timers: str, floor: str, rounds: int) -> Law:
    swept = Field(ground, (rounds + 1) * A_DAY, timers, floor)
    with ground.open() as database:
        spent = [swept.ours(database, 1) for _ in range(rounds + 1)]
    return Law(f"{A_DAY:,} {swept.what} swept", FLAT, spent={0: middle(spent[1:]) * 1_000})


def _verified(ground: Ground) -> float:
    """Seconds a whole verification takes; before anything is copied, every line of the journal holds.

    Raises:
        RuntimeError: the journal does not hold.
    """
    settle(ground)
    with TemporaryDirectory() as folder, ground.open() as database:
        begun = time.perf_counter()
        found = jobs.verify_journal(database, Path(folder))
        spent = time.perf_counter() - begun
    if found.fault:
        raise RuntimeError(str(found.fault))
    return spent
