"""The journal as the database keeps it: read by key, by case, in order; and its anchors."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Row

from parvis.models.session import Session
from parvis.states.examination import CaseJournal, Claim, Point
from parvis.states.journal import Head, Line

BATCH = 5_000
_ANCHORING = 7_012_026  # any number will do, provided nothing else takes it


@dataclass(frozen=True, slots=True)
class Served:
    """The line a request with an idempotency key left."""

    case_id: int
    seq: int
    target: str
    request_hash: str | None


def find_by_key(session: Session, key: str) -> Served | None:
    """The line written for this idempotency key, if any."""
    row = session.exec_driver_sql(
        "SELECT case_id, seq, target, request_hash FROM journal WHERE idempotency_key = %(key)s", {"key": key}
    ).one_or_none()
    return Served(*row) if row else None


# One statement, so that a move made meanwhile is seen whole or not at all. Tampering can leave an instant that
# Python cannot hold: it is read as another one, which does not fit the hash either.
_JOURNALS = """
SELECT id AS case_id, 0 AS kind, version AS seq, NULL::timestamptz AS at, reference AS actor, '' AS role,
       '' AS action, '' AS source, stage AS target, '' AS details, journal_head AS hash
  FROM cases
UNION ALL
SELECT case_id, 1, seq, NULL, anchor_id::text, '', '', '', '', '', hash FROM anchor_heads
UNION ALL
SELECT case_id, 2, seq, CASE WHEN at > '0001-01-03' AND at < '9999-12-30' THEN at ELSE 'epoch' END,
       actor, role, action, source, target, details, hash
  FROM journal
ORDER BY case_id, kind, seq
"""


def case_journals(session: Session, *, batch: int = BATCH) -> Generator[CaseJournal]:
    """The journal of every case with what its row and its anchors say of it, by case, streamed.

    Closing the iterator early frees what the database keeps for it.
    """
    with session.exec_driver_sql(_JOURNALS, execution_options={"yield_per": batch}) as rows:
        for case_id, group in groupby(rows, itemgetter(0)):
            yield _case_journal(case_id, group)


def _case_journal(case_id: int, rows: Iterator[Row[tuple[object, ...]]]) -> CaseJournal:
    claim, points, lines = None, [], []
    for _, kind, seq, at, actor, role, action, source, target, details, own in rows:
        if kind == 2:
            lines.append((Line(case_id, seq, at, actor, role, action, source, target, details), own))
        elif kind == 1:
            points.append(Point(seq, own, int(actor)))
        else:
            claim = Claim(actor, seq, own, target)
    return CaseJournal(case_id, claim, points, lines)


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """An anchor as the database keeps it, without its heads."""

    number: int
    at: datetime
    cases: int
    lines: int
    root: bytes


_ANCHORS = """
SELECT id, CASE WHEN at > '0001-01-03' AND at < '9999-12-30' THEN at ELSE 'epoch' END, cases, lines, root
  FROM anchors
"""


def anchor_alone(session: Session) -> None:
    """Let one transaction at a time anchor, until its end."""
    session.exec_driver_sql("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _ANCHORING})


def hold_anchors(session: Session) -> None:
    """Wait for who is anchoring, and let nobody anchor until the end of the transaction."""
    session.exec_driver_sql("SELECT pg_advisory_xact_lock_shared(%(key)s)", {"key": _ANCHORING})


def anchors(session: Session) -> list[AnchorRow]:
    """Every anchor, in order."""
    return [AnchorRow(*row) for row in session.exec_driver_sql(_ANCHORS + " ORDER BY id")]


def last_anchor(session: Session) -> AnchorRow | None:
    """The latest anchor, if any."""
    row = session.exec_driver_sql(_ANCHORS + " ORDER BY id DESC LIMIT 1").one_or_none()
    return AnchorRow(*row) if row else None


def anchor_heads(session: Session, number: int) -> list[Head]:
    """The heads that had moved when the anchor of this number was made, by case."""
    rows = session.exec_driver_sql(
        "SELECT case_id, seq, hash FROM anchor_heads WHERE anchor_id = %(number)s ORDER BY case_id",
        {"number": number},
    )
    return [Head(*row) for row in rows]


def anchored_heads(session: Session) -> Iterator[Head]:
    """The head of each case as the latest anchor that has it says, by case, streamed."""
    statement = """
        SELECT DISTINCT ON (case_id) case_id, seq, hash FROM anchor_heads ORDER BY case_id, anchor_id DESC
        """
    with session.exec_driver_sql(statement, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            yield Head(*row)


def heads(session: Session) -> list[tuple[Head, bool]]:
    """The head of every case that has a journal, by case, and whether it moved since it was last anchored."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.version, c.journal_head, (l.seq, l.hash) IS DISTINCT FROM (c.version, c.journal_head)
          FROM cases c
          LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, seq, hash
                       FROM anchor_heads ORDER BY case_id, anchor_id DESC) l ON l.case_id = c.id
         WHERE c.version > 0 ORDER BY c.id
        """
    )
    return [(Head(*row[:3]), row[3]) for row in rows]


def write_anchor(session: Session, anchor: AnchorRow, moved: Sequence[Head]) -> None:
    """Write an anchor under its own number, with the heads that had moved."""
    session.exec_driver_sql(
        """
        INSERT INTO anchors (id, at, cases, lines, root) OVERRIDING SYSTEM VALUE
        VALUES (%(number)s, %(at)s, %(cases)s, %(lines)s, %(root)s)
        """,
        {
            "number": anchor.number,
            "at": anchor.at,
            "cases": anchor.cases,
            "lines": anchor.lines,
            "root": anchor.root,
        },
    )
    session.exec_driver_sql(
        """
        INSERT INTO anchor_heads (anchor_id, case_id, seq, hash)
        SELECT %(number)s, * FROM unnest(%(cases)s::bigint[], %(seqs)s::int[], %(hashes)s::bytea[])
        """,
        {"number": anchor.number, "cases": [head.case_id for head in moved], "seqs": [head.seq for head in moved],
         "hashes": [head.hash for head in moved]},
    )  # fmt: skip
