"""What a second fence between contracts would cost: PostgreSQL's row-level security on the tables a move touches."""

import time
from dataclasses import replace

from bench.ground import Ground, on
from bench.growth import READS, OneCity
from bench.partitions import moved
from bench.report import Line, Progress, Table, middle, middle_ratio
from bench.scale_ground import national
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.states.queue import Viewer

SUBJECT = "As it is, and with row-level security · Tel quel, et avec la sécurité par ligne"
CASES = 100_000

# The contract is a setting; a policy of a table without a contract asks for that of its case.
FENCE = """
ALTER DATABASE {name} SET parvis.contract = '{contract}';
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON cases USING (
    call_id IN (SELECT id FROM calls WHERE contract_id = current_setting('parvis.contract')::bigint))
"""
OF_ITS_CASE = """;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON {table} USING (case_id IS NULL OR EXISTS (SELECT FROM cases c WHERE c.id = case_id))
"""


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress, cases: int = 0) -> Table:
    """Alternate a database and its copy with the fence, for people of one contract among forty."""
    cases = cases or (10_000 if quick else CASES)
    progress(f"fence, building {cases:,} cases")
    free = national(server, cases)
    fenced = _fenced(server, free, cases)
    rounds = 3 if quick else 7
    lines = [moved(free, fenced, count, rounds, progress) for count in (1, 8)]
    with free.open() as one, fenced.open() as other:
        lines += [_read(what, (one, other), rounds) for what in ("queue", "dashboard", "letters")]
    return Table(f"{SUBJECT} · {cases:,} cases", tuple(lines))


def _fenced(server: EmbeddedServer, free: Ground, cases: int) -> Ground:
    name = f"fenced_{cases}"
    if not databases.exists(server.url(), name):
        databases.clone(server.url(), f"national_{cases}", name, owner=databases.OWNER)
        children = ("journal", "timers", "letters", "documents", "fundings")
        tables = "".join(OF_ITS_CASE.format(table=each) for each in children)
        with on(server, name).admin() as connection:
            connection.execute((FENCE.format(name=name, contract=1) + tables).encode())
    return replace(on(server, name), model=free.model, waiting=free.waiting)


def _read(what: str, both: tuple[Database, Database], rounds: int) -> Line:
    one = OneCity(1, Viewer("manager", 1, None, 1))
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 2):
        for database, kept in zip(both, spent, strict=True):
            kept.append(_once(database, what, one))
    ours, fenced = spent[0][2:], spent[1][2:]
    return Line(
        f"one city: {what}", f"{middle(ours) * 1_000:.1f} ms", f"{middle(fenced) * 1_000:.1f} ms",
        middle_ratio(ours, fenced),
    )  # fmt: skip


def _once(database: Database, what: str, one: OneCity) -> float:
    with database.transaction() as session:
        begun = time.perf_counter()
        READS[what](session, one)
        return time.perf_counter() - begun
