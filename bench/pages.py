"""Pages as a browser gets them, of the application as `parvis up` serves it: the queue under each filter, the case."""

import gzip
import os
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.ground import Ground
from bench.pages_client import CONNECTIONS, Asked, Connection, ask, serving
from bench.queue import KINDS, asked, clients, p95
from bench.queue_ground import cases_to_list
from bench.report import Line, Progress, Table
from parvis.models.embedded import EmbeddedServer
from parvis.services.links import Guest
from parvis.services.queue import write_query
from parvis.services.visitors import sign_in

SUBJECT = "Pages over HTTP, 8 connections, 95th percentile · Pages par HTTP, 8 connexions, 95e centile"
QUEUE_MS = {100_000: 150, 1_000_000: 300}
CASE_MS = 80
MOST_KILOBYTES = 100
ASSETS = re.compile(r"(?:src|href)=\"(/static/[^\"]+)\"")


@dataclass(frozen=True, slots=True)
class _Floors:
    """What the same run needs for less: raw SQL of such a list; as many bytes out of a bare application."""

    sql: float
    bare: float

    def said(self, ours: Asked) -> str:
        """Ours beside both, in words."""
        return (
            f"{ours.p95 / self.bare:.1f} × the {self.bare * 1_000:.0f} ms of a bare FastAPI answer,"
            f" {ours.p95 / self.sql:.1f} × the {self.sql * 1_000:.0f} ms of raw SQL;"
            f" {ours.processor_each * 1_000:.1f} ms of processor a page"
        )


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress) -> Table:
    """Each kind of filter in turn, then the case page, all connections at once, the floors in the same run."""
    lines: list[Line] = []
    for cases in (100_000,) if quick else (100_000, 1_000_000):
        progress(f"pages, building {cases:,} cases")
        ground = cases_to_list(server, f"cases_{cases}", cases)
        with tempfile.TemporaryDirectory() as folder:
            lines.extend(_lines(ground, Path(folder), cases, 80 if quick else 240, progress))
    return Table(SUBJECT, tuple(lines))


def _lines(ground: Ground, folder: Path, cases: int, pages: int, progress: Progress) -> Iterator[Line]:
    with _application(ground, folder) as (application, connections):
        weight, size = _weight(connections[0]), connections[0].get("/dossiers")
        if cases in QUEUE_MS and cases == min(QUEUE_MS):
            yield _line(
                "Queue page with its CSS and JavaScript",
                weight / 1_000,
                MOST_KILOBYTES,
                "kB",
                "as transferred",
            )
        floors = _Floors(_raw_sql(ground), _bare(folder, size, pages))
        for kind in KINDS:
            progress(f"pages, {cases:,} cases, {kind}")
            ours = _pages(application, connections, _lists(kind, pages), pages)
            yield _line(
                f"{cases:,} cases, {kind}", ours.p95 * 1_000, QUEUE_MS[cases], "ms", floors.said(ours)
            )
        progress(f"pages, {cases:,} cases, a case")
        for what, query in (("a case", ""), ("a case of a list", "?etape=instructed")):
            ours = _pages(
                application, connections, [f"{path}{query}" for path in _cases(ground, pages)], pages
            )
            yield _line(f"{cases:,} cases, {what}", ours.p95 * 1_000, CASE_MS, "ms", floors.said(ours))


def _line(what: str, ours: float, promised: int, unit: str, note: str) -> Line:
    return Line(what, f"{ours:.0f} {unit}", f"{promised} {unit}", ours / promised, at_most=1.0, note=note)


def _pages(application: int, connections: Sequence[Connection], paths: Sequence[str], pages: int) -> Asked:
    for each in connections:
        each.open()
    ask(
        application, connections, paths[: pages // 5]
    )  # plans, prepared statements and templates are there from now on
    return ask(application, connections, paths)


@contextmanager
def _application(ground: Ground, folder: Path) -> Iterator[tuple[int, list[Connection]]]:
    """The application in front of this ground, and connections of an instructor who is signed in."""
    environment = {
        **os.environ, "PARVIS_DATABASE_URL": ground.url, "PARVIS_DATA_FOLDER": str(folder), "PARVIS_PUBLIC_URL": "",
    }  # fmt: skip
    with ground.open() as database, database.transaction() as session:
        person = session.exec_driver_sql("SELECT min(id) FROM people WHERE role = 'instructor'").scalar_one()
        secret = sign_in(session, Guest(person), browser="bench", at=datetime.now(UTC))
    with serving("parvis.web.serve", environment=environment, folder=folder) as (process, port):
        yield process, [Connection(port, f"parvis={secret}") for _ in range(CONNECTIONS)]


def _raw_sql(ground: Ground) -> float:
    with clients(ground) as pipes:
        p95(pipes, "floor", 5)
        return p95(pipes, "floor", 25)


def _bare(folder: Path, size: int, pages: int) -> float:
    words = ("--bytes", str(size))
    with serving("bench.pages_floor", *words, environment=os.environ, folder=folder) as (process, port):
        connections = [Connection(port) for _ in range(CONNECTIONS)]
        return _pages(process, connections, ["/"] * pages, pages).p95


def _lists(kind: str, pages: int) -> list[str]:
    """Addresses of the queue under filters of this kind."""
    chance = random.Random(kind)
    return [f"/dossiers?{write_query(*asked(kind, chance))}" for _ in range(pages)]


def _cases(ground: Ground, pages: int) -> list[str]:
    """Addresses of cases of every stage and year."""
    with ground.admin() as connection:
        found = connection.execute(
            "SELECT reference FROM cases WHERE mod(id, 97) = 0 AND stage <> 'draft'"
            " ORDER BY mod(id * 7919, 1000), id LIMIT %s",
            (pages,),
        )
        return [f"/dossiers/{reference}" for (reference,) in found]


def _weight(connection: Connection) -> int:
    """The bytes of a queue page of fifty cases and of all it asks for, as they came."""
    page = connection.read("/dossiers")
    assets = set(ASSETS.findall(gzip.decompress(page).decode()))
    return len(page) + sum(connection.get(path) for path in sorted(assets))
