"""Packets of sixty and of five hundred cases, from the database to the kept file, against the typesetter alone."""

import json
import multiprocessing as mp
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from bench.ground import MOVED, Ground
from bench.report import Line, Progress, Table, middle, middle_ratio
from parvis.documents.glyphs import typeface_files
from parvis.documents.packet import Packet
from parvis.documents.packet_pages import packet_data
from parvis.documents.typeset import TEMPLATES
from parvis.models.session import Database
from parvis.services import packets
from parvis.services.files import Shelf
from parvis.services.packets import Copy
from parvis.states.facts import By
from parvis.states.stages import Role

SUBJECT = "Packets of a sitting · Dossiers de séance"
CASES, MANY = 60, 500
CLOCK = By("clock", Role.CLOCK)
SUMMARY = (
    "L’action réunit des habitants de tous âges, une fois par semaine, avec une diététicienne et deux médiatrices. "
    "Peut-on garantir sa pérennité ? Le plan joint au dossier l’établit : trois partenaires s’engagent par écrit. "
) * 11

_SITTING = """
INSERT INTO committees (contract_id, code, name, kind, held_on, covers_all)
SELECT contract_id, %(code)s, 'Comité de pilotage', 'steering', date '2026-06-11', true FROM calls LIMIT 1 RETURNING id
"""
_CASES = """
WITH copied AS (
    INSERT INTO cases (call_id, organisation_id, reference, external_id, source, content_hash, stage, entered_at, title,
                       summary, requested_cents, total_cost_cents, beneficiaries, score, committee_id)
    SELECT c.call_id, c.organisation_id, %(code)s || n, %(code)s || n, c.source, n::text, 'committee', c.entered_at,
           'Ateliers de cuisine entre voisins n° ' || n, %(summary)s, c.requested_cents, c.total_cost_cents, 40 + n,
           40 + n %% 60, %(committee)s
      FROM cases c, generate_series(1, %(count)s::int) n WHERE c.id = %(model)s
    RETURNING id
), items AS (
    INSERT INTO agenda_items (committee_id, case_id, position, added_at)
    SELECT %(committee)s, id, row_number() OVER (ORDER BY id), %(at)s FROM copied
), places AS (
    INSERT INTO case_neighbourhoods SELECT copied.id, n.neighbourhood_id FROM copied, case_neighbourhoods n
     WHERE n.case_id = %(model)s
), money AS (
    INSERT INTO fundings (case_id, funder_id, requested_cents, opinion, proposed_cents)
    SELECT copied.id, f.funder_id, f.requested_cents, f.opinion, f.requested_cents / 2 FROM copied, fundings f
     WHERE f.case_id = %(model)s
), papers AS (
    INSERT INTO documents (case_id, code, label, received_at)
    SELECT copied.id, d.code, d.label, d.received_at FROM copied, documents d WHERE d.case_id = %(model)s
)
INSERT INTO budget_lines (case_id, position, side, account, label, amount_cents)
SELECT copied.id, n, CASE WHEN n %% 2 = 0 THEN 'charge' ELSE 'produit' END, (60 + n)::text, 'Services extérieurs ' || n,
       100000 + 1000 * n
  FROM copied, generate_series(1, 16) n
"""


@dataclass(frozen=True, slots=True)
class _Built:
    """One build: seconds of it, seconds of the typesetter alone on the same data, pages, megabytes at most."""

    seconds: float
    floor: float
    pages: int
    megabytes: int


def measure(ground: Ground, *, quick: bool, progress: Progress) -> Table:
    """Rounds of one build that has something to say, then the typesetter alone on what it said."""
    rounds = 3 if quick else 7
    with ground.open() as database, tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        shelf = Shelf(Path(folder))
        sitting = _sitting(ground, CASES)
        done = []
        for turn in range(rounds + 1):
            progress(f"packets, round {turn} of {rounds}" if turn else "packets, warming up")
            done.append(_round(database, ground, shelf, sitting, turn))
        progress(f"packets, {MANY} cases")
        many = _round(database, ground, shelf, _sitting(ground, MANY), 0)
    return Table(SUBJECT, tuple(_lines(done[1:], many)))


def _lines(done: list[_Built], many: _Built) -> list[Line]:
    ours, floors = [one.seconds for one in done], [one.floor for one in done]
    rate = middle([one.pages / one.seconds for one in done])
    peak = max(one.megabytes for one in done)
    return [
        Line(f"{CASES} cases, {done[-1].pages} pages, end to end, against the typesetter alone",
             f"{middle(ours):.2f} s", f"{middle(floors):.2f} s", middle_ratio(ours, floors), at_most=1.5),
        Line("Pages a second, end to end", f"{rate:.0f}/s", "150/s", rate / 150, at_least=1),
        Line(f"Memory of the typesetter, {CASES} cases", f"{peak} MB", "350 MB", peak / 350, at_most=1),
        Line(f"Memory of the typesetter, {MANY} cases, {many.pages} pages in {many.seconds:.1f} s",
             f"{many.megabytes} MB", "2,000 MB", many.megabytes / 2_000, at_most=1),
    ]  # fmt: skip


def _sitting(ground: Ground, count: int) -> int:
    code = f"banc{count}-"
    with ground.admin() as connection:
        committee = connection.execute(_SITTING, {"code": code}).fetchone()[0]  # type: ignore[index]
        connection.execute(_CASES, {
            "code": code, "committee": committee, "count": count, "model": ground.model, "summary": SUMMARY,
            "at": MOVED,
        })  # fmt: skip
        connection.execute("ANALYZE")
    return int(committee)


def _round(database: Database, ground: Ground, shelf: Shelf, sitting: int, turn: int) -> _Built:
    """One build; each round the amounts proposed for three cases are others, so that there is a version to make."""
    at = MOVED + timedelta(minutes=turn)
    with ground.admin() as connection:
        connection.execute(
            "UPDATE fundings SET proposed_cents = proposed_cents + 100 WHERE case_id IN"
            " (SELECT case_id FROM agenda_items WHERE committee_id = %s AND position <= 3)", (sitting,),
        )  # fmt: skip
    begun = time.perf_counter()
    (copy,) = packets.build(database, shelf, sitting, by=CLOCK, at=at)
    seconds = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return _Built(seconds, _floor(database, copy, at), copy.line.pages, megabytes)


def _floor(database: Database, copy: Copy, at: datetime) -> float:
    """Seconds of the typesetter alone, in a new process, its library loaded, on the data of this version."""
    with database.transaction() as session:
        changes = packets.changes_of(session, copy.line)
    packet = Packet(
        content=packets.content_of(copy.line),
        version=copy.line.version,
        prepared_on=at.date(),
        changes=changes,
    )
    data = json.dumps(packet_data(packet), ensure_ascii=False)
    context = mp.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_alone, args=(there, data))
    process.start()
    seconds = here.recv()
    process.join()
    return float(seconds)


def _alone(answer: Pipe, data: str) -> None:
    import typst  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        for file in typeface_files():
            (Path(folder) / file.name).symlink_to(file)
        begun = time.perf_counter()
        typst.compile(
            str(TEMPLATES / "packet.typ"), root=str(TEMPLATES), font_paths=[folder], ignore_system_fonts=True,
            sys_inputs={"data": data}, pdf_standards=["ua-1", "a-2a"], timestamp=0,
        )  # fmt: skip
        answer.send(time.perf_counter() - begun)
