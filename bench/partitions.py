"""What cutting the journal in ranges of cases, and letters by hash, would change: the same work in both."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import letters, moves
from bench.ground import Ground, on
from bench.processes import processes
from bench.report import Line, Progress, Table, middle, middle_ratio
from bench.scale_ground import FIRST, national
from bench.sweeps import A_DAY, LAPSING, Field
from bench.sweeps_floor import LAPSES
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.services import jobs

SUBJECT = "As it is, and partitioned · Tel quel, et partitionné"
CASES = 100_000
PARTS = 8
CLIENTS = (1, 8)

# Keys that do not hold the case are lost: the number of a line or a letter, the key of a request, the Message-ID.
CUT = """
CREATE TABLE cut_journal (LIKE journal INCLUDING DEFAULTS INCLUDING IDENTITY) PARTITION BY RANGE (case_id);
{ranges}
CREATE TABLE cut_journal_rest PARTITION OF cut_journal DEFAULT;
INSERT INTO cut_journal OVERRIDING SYSTEM VALUE SELECT * FROM journal;
SELECT setval(pg_get_serial_sequence('cut_journal', 'id'), (SELECT max(id) FROM journal));
ALTER TABLE cut_journal ADD PRIMARY KEY (case_id, seq);
CREATE INDEX ON cut_journal (id);
CREATE UNIQUE INDEX ON cut_journal (idempotency_key, case_id) WHERE idempotency_key IS NOT NULL;
ALTER TABLE cut_journal ADD FOREIGN KEY (case_id) REFERENCES cases (id);
DROP TABLE journal;
ALTER TABLE cut_journal RENAME TO journal;
ALTER TABLE suppressions DROP CONSTRAINT fk_suppressions_letter_id;
CREATE TABLE cut_letters (LIKE letters INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY)
  PARTITION BY HASH (case_id);
{hashes}
INSERT INTO cut_letters OVERRIDING SYSTEM VALUE SELECT * FROM letters;
SELECT setval(pg_get_serial_sequence('cut_letters', 'id'), (SELECT max(id) FROM letters));
ALTER TABLE cut_letters ADD UNIQUE NULLS NOT DISTINCT (case_id, rule, occurrence, recipient);
CREATE INDEX ON cut_letters (id);
CREATE UNIQUE INDEX ON cut_letters (message_id, case_id);
CREATE INDEX ON cut_letters (not_before, id) WHERE stage = 'owed' AND NOT digest;
CREATE INDEX ON cut_letters (id) WHERE stage = 'owed' AND digest;
CREATE INDEX ON cut_letters (lease_until) WHERE stage = 'sending';
CREATE INDEX ON cut_letters (id) WHERE stage = 'failed';
CREATE INDEX ON cut_letters (case_id);
CREATE INDEX ON cut_letters (agreement_id) WHERE agreement_id IS NOT NULL;
ALTER TABLE cut_letters ADD FOREIGN KEY (case_id) REFERENCES cases (id);
DROP TABLE letters;
ALTER TABLE cut_letters RENAME TO letters;
GRANT SELECT, INSERT, UPDATE, DELETE ON letters, journal TO parvis_app;
ALTER TABLE letters OWNER TO parvis_owner;
ALTER TABLE journal OWNER TO parvis_owner
"""
_FORGET = "UPDATE journal SET details = '{}' WHERE case_id BETWEEN %(first)s AND %(first)s + 999"


def measure(server: EmbeddedServer, *, quick: bool, progress: Progress, cases: int = 0) -> Table:
    """Alternate the tables as they are and cut in parts, on copies of the same national service."""
    cases = cases or (10_000 if quick else CASES)
    progress(f"partitions, building {cases:,} cases")
    whole = national(server, cases)
    cut = _cut(server, whole, cases)
    rounds = 2 if quick else 8
    lines = [moved(whole, cut, count, rounds, progress) for count in CLIENTS]
    lines.append(_swept(whole, cut, rounds, progress))
    if not letters.missing():
        lines.append(_sent(whole, cut, quick=quick, progress=progress))
    progress("partitions, verifying")
    lines += [
        _timed("journal verified", whole, cut, _verified),
        _timed("1,000 cases lose words, VACUUM", whole, cut, _tidied),
    ]
    return Table(f"{SUBJECT} · {cases:,} cases, {PARTS} parts", tuple(lines))


def _cut(server: EmbeddedServer, whole: Ground, cases: int) -> Ground:
    name = f"cut_{cases}"
    if not databases.exists(server.url(), name):
        databases.clone(server.url(), f"national_{cases}", name, owner=databases.OWNER)
        size = cases // PARTS
        ranges = "".join(
            f"CREATE TABLE cut_journal_{part} PARTITION OF cut_journal FOR VALUES"
            f" FROM ({FIRST + part * size}) TO ({FIRST + (part + 1) * size});\n"
            for part in range(PARTS + 2)
        )
        hashes = "".join(
            f"CREATE TABLE cut_letters_{part} PARTITION OF cut_letters FOR VALUES"
            f" WITH (MODULUS {PARTS}, REMAINDER {part});\n"
            for part in range(PARTS)
        )
        with on(server, name).admin() as connection:
            connection.execute(CUT.format(ranges=ranges, hashes=hashes).encode())
            connection.execute("VACUUM ANALYZE")
    return replace(on(server, name), model=whole.model, waiting=whole.waiting)


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
    found = [
        letters.measured(ground, (1,), quick=quick, progress=progress)["ours 1"] for ground in (whole, cut)
    ]
    return _rates("letters sent, 1 dispatcher", *found)


def _rates(what: str, ours: list[float], cut: list[float]) -> Line:
    return Line(what, f"{middle(ours):,.0f}/s", f"{middle(cut):,.0f}/s", middle_ratio(ours, cut))


def _timed(what: str, whole: Ground, cut: Ground, work: Callable[[Ground], None]) -> Line:
    seconds = []
    for ground in (whole, cut):
        begun = time.perf_counter()
        work(ground)
        seconds.append(time.perf_counter() - begun)
    return Line(what, f"{seconds[0]:.2f} s", f"{seconds[1]:.2f} s", seconds[0] / seconds[1])


def _verified(ground: Ground) -> None:
    with TemporaryDirectory() as folder, ground.open() as database:
        jobs.verify_journal(database, Path(folder))


def _tidied(ground: Ground) -> None:
    with ground.admin() as connection:
        connection.execute(_FORGET, {"first": FIRST})
        connection.execute("VACUUM journal")
