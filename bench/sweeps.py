"""Sweeps: what is due among ten thousand, a hundred thousand and a million cases, against one raw statement."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.ground import Ground, copies, lay, settle
from bench.report import Line, Progress, Table, middle, middle_ratio
from bench.sweeps_floor import LAPSES, REMINDERS
from parvis.models.embedded import EmbeddedServer
from parvis.models.queries.timers import DUE
from parvis.models.session import Database
from parvis.services import deadlines

SUBJECT = "Sweeps of what is due · Passages de l’échéancier"
A_DAY = 1_000  # due every day, among however many
FIRST = datetime(2026, 7, 2, 6, tzinfo=UTC)  # the first timers are due; as many again every day after
DAY = timedelta(days=1)
FAR = datetime(2099, 1, 1, tzinfo=UTC)
LAPSING_CASES = 20_000

# A reminder on one of the days, and a lapse that never comes.
REMINDED = """
INSERT INTO timers (case_id, rule, occurrence, kind, action, template, recipient, deadline, due_at, expires_at)
SELECT n, 'reply-7', '2/2026-12-31', 'reminder', NULL, 'documents_reminder', 'applicant', date '2026-12-31',
       %(first)s::timestamptz + (n %% %(days)s) * interval '1 day', %(far)s
  FROM generate_series(%(start)s::bigint, %(stop)s::bigint - 1) n
UNION ALL
SELECT n, 'reply', '2/2026-12-31', 'move', 'lapse', NULL, NULL, date '2026-12-31', %(far)s, NULL
  FROM generate_series(%(start)s::bigint, %(stop)s::bigint - 1) n
"""
# The reply date of the model and its lapse, later day by day; its reminders never come.
LAPSING = """
WITH later AS (
    UPDATE cases SET reply_by = reply_by + (id %% %(days)s)::int WHERE id BETWEEN %(start)s AND %(stop)s - 1
)
UPDATE timers
   SET due_at = CASE kind WHEN 'move' THEN %(first)s::timestamptz + (case_id %% %(days)s) * interval '1 day'
                     ELSE %(far)s END
 WHERE case_id BETWEEN %(start)s AND %(stop)s - 1
"""

# What anything else has due meanwhile: the model cases, and those that another measure moved.
OTHERS = """
UPDATE timers SET due_at = %(far)s
 WHERE settled_at IS NULL AND due_at < %(first)s::timestamptz + (%(days)s + 1) * interval '1 day'
   AND NOT case_id BETWEEN %(start)s AND %(stop)s - 1
"""


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    """A thousand due among more and more, twenty thousand at once, then moves of the clock."""
    lines: list[Line] = []
    for cases in (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
        progress(f"sweeps, building {cases:,} cases")
        field = Field(lay(server, f"due_{cases}"), cases, REMINDED, REMINDERS)
        most = cases == 1_000_000
        rounds = 3 if quick or cases == 10_000 else 9
        lines.append(field.compare(1, rounds, progress, at_most=1.5 if most else None))
        if most or (quick and cases == 100_000):
            lines.append(field.compare(20, 1 if quick else 9, progress, at_most=1.5))
    progress(f"sweeps, building {LAPSING_CASES:,} cases to lapse")
    field = Field(lay(server, "lapsing"), LAPSING_CASES, LAPSING, LAPSES)
    lines.append(field.compare(1, 3 if quick else 7, progress))
    return Table(SUBJECT, tuple(lines))


class Field:
    """Cases of which a thousand are due every day; each day is swept once, by ours or by the floor."""

    def __init__(self, ground: Ground, cases: int, timers: str, floor: str) -> None:
        self.ground = ground
        self.cases = cases
        self.floor = floor
        self.swept = 0
        self.moves = timers is LAPSING
        self.ids = ids = copies(
            ground, cases, model=ground.waiting, children=("documents", "timers") if self.moves else ()
        )
        bounds = {
            "days": cases // A_DAY,
            "start": ids.start,
            "stop": ids.stop,
            "first": FIRST,
            "far": FAR,
        }
        with ground.admin() as connection:
            connection.execute(OTHERS, bounds)
            connection.execute(timers, bounds)
        settle(ground)

    def compare(self, days: int, rounds: int, progress: Progress, *, at_most: float | None = None) -> Line:
        """Sweep `days` days at once, by turns, on connections kept open; the first turn of each only warms up."""
        due, seen = self._examined(days)
        ours: list[float] = []
        floor: list[float] = []
        with self.ground.open() as database, psycopg.connect(self.ground.dsn) as connection:
            for turn in range(rounds + 1):
                progress(f"sweeps, {days * A_DAY:,} of {self.cases:,}, round {turn} of {rounds}")
                ours.append(self.ours(database, days))
                floor.append(self.raw(connection, days))
        return Line(
            f"{days * A_DAY:,} {self.what} among {self.cases:,} cases", _ms(ours[1:]), _ms(floor[1:]),
            middle_ratio(ours[1:], floor[1:]), at_most=at_most, note=f"rows due {due:,}, examined {seen:,}",
        )  # fmt: skip

    @property
    def what(self) -> str:
        """What is due."""
        return "lapses" if self.moves else "reminders"

    def ours(self, database: Database, days: int) -> float:
        """Seconds the service takes to sweep the next `days` days."""
        at = self.next(days)
        begun = time.perf_counter()
        fired = deadlines.sweep(database, at=at)
        elapsed = time.perf_counter() - begun
        self.check(fired.moved if self.moves else fired.owed, days)
        return elapsed

    def raw(self, connection: psycopg.Connection, days: int) -> float:
        """Seconds the raw statement takes to sweep the next `days` days."""
        at = self.next(days)
        begun = time.perf_counter()
        settled = once(connection, self.floor, at)
        elapsed = time.perf_counter() - begun
        self.check(settled, days)
        return elapsed

    def next(self, days: int) -> datetime:
        """The instant at which the timers of the next `days` days are all due."""
        self.swept += days
        return FIRST + DAY * (self.swept - 1)

    def check(self, settled: int, days: int) -> None:
        """See that everything due was settled, and once.

        Raises:
            RuntimeError: it was not.
        """
        if settled != days * A_DAY:
            raise RuntimeError(f"{settled} settled instead of {days * A_DAY}")

    def _examined(self, days: int) -> tuple[int, int]:
        """Rows due at the next turn, and rows PostgreSQL looks at to find them."""
        at = FIRST + DAY * (self.swept + days - 1)
        with psycopg.connect(self.ground.dsn, cursor_factory=psycopg.RawCursor) as connection:
            row = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {DUE}", (at, 100_000)).fetchone()
        plan = row[0][0]["Plan"] if row else {}
        scans = [node for node in _nodes(plan) if "Relation Name" in node]
        seen = sum((n["Actual Rows"] + n.get("Rows Removed by Filter", 0)) * n["Actual Loops"] for n in scans)
        return int(plan["Actual Rows"]), int(seen)


def once(connection: psycopg.Connection, floor: str, at: datetime, *, share: int = 0, of: int = 1) -> int:
    """Sweep by the raw statement, this share of what is due; how many it settled."""
    row = connection.execute(floor, {"at": at, "share": share, "of": of}).fetchone()
    connection.commit()
    return int(row[0]) if row else 0


def _ms(seconds: Sequence[float]) -> str:
    return f"{middle(seconds) * 1_000:,.0f} ms"


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]
