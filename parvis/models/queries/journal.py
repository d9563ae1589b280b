"""The journals as the database keeps them: read by key, by subject, in order; and their anchors."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Row

from parvis.models.session import Session
from parvis.states.examination import Chain, Claim, Point
from parvis.states.journal import Event, Head, Line, Step, Subject, merkle_root

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


_COMMITTEE_JOURNALS = """
SELECT id AS committee_id, 0 AS kind, journal_seq AS seq, NULL::timestamptz AS at, code || '/' || held_on AS actor,
       '' AS role, '' AS action, '' AS details, journal_head AS hash
  FROM committees
UNION ALL
SELECT committee_id, 1, seq, NULL, anchor_id::text, '', '', '', hash FROM anchor_committee_heads
UNION ALL
SELECT committee_id, 2, seq, CASE WHEN at > '0001-01-03' AND at < '9999-12-30' THEN at ELSE 'epoch' END,
       actor, role, action, details, hash
  FROM committee_journal
ORDER BY committee_id, kind, seq
"""


_AGREEMENT_JOURNALS = (
    _JOURNALS.replace("FROM journal", "FROM agreement_journal")
    .replace("FROM anchor_heads", "FROM anchor_agreement_heads")
    .replace("FROM cases", "FROM agreements")
    .replace("case_id", "agreement_id")
)


def case_chains(session: Session, *, batch: int = BATCH) -> Generator[Chain]:
    """The journal of every case with what its row and its anchors say of it, by case, streamed.

    Closing the iterator early frees what the database keeps for it.
    """
    return _chains(session, _JOURNALS, batch, _case_chain)


def one_chain(session: Session, subject: Subject, number: int) -> Chain:
    """The journal of one case, sitting or agreement with what its row and its anchors say of it."""
    statement, column, made = {
        Subject.CASE: (_JOURNALS, "case_id", _case_chain),
        Subject.COMMITTEE: (_COMMITTEE_JOURNALS, "committee_id", _committee_chain),
        Subject.AGREEMENT: (_AGREEMENT_JOURNALS, "agreement_id", _agreement_chain),
    }[subject]
    one = f"SELECT * FROM ({statement}) j WHERE {column} = %(id)s ORDER BY kind, seq"  # noqa: S608
    return made(number, session.exec_driver_sql(one, {"id": number}))


def committee_chains(session: Session, *, batch: int = BATCH) -> Generator[Chain]:
    """The journal of every sitting with what its row and its anchors say of it, by sitting, streamed."""
    return _chains(session, _COMMITTEE_JOURNALS, batch, _committee_chain)


def agreement_chains(session: Session, *, batch: int = BATCH) -> Generator[Chain]:
    """The journal of every agreement with what its row and its anchors say of it, by agreement, streamed."""
    return _chains(session, _AGREEMENT_JOURNALS, batch, _agreement_chain)


_Rows = Iterable[Row[tuple[object, ...]]]


def _chains(
    session: Session, statement: str, batch: int, made: Callable[[int, _Rows], Chain]
) -> Generator[Chain]:
    with session.exec_driver_sql(statement, execution_options={"yield_per": batch}) as rows:
        for number, group in groupby(rows, itemgetter(0)):
            yield made(number, group)


def _case_chain(case_id: int, rows: _Rows) -> Chain:
    return _staged_chain(case_id, rows, Line, Subject.CASE)


def _agreement_chain(agreement_id: int, rows: _Rows) -> Chain:
    return _staged_chain(agreement_id, rows, Step, Subject.AGREEMENT)


def _staged_chain(number: int, rows: _Rows, line: type[Line | Step], subject: Subject) -> Chain:
    claim, points, lines = None, [], []
    for _, kind, seq, at, actor, role, action, source, target, details, own in rows:
        if kind == 2:
            lines.append((line(number, seq, at, actor, role, action, source, target, details), own))
        elif kind == 1:
            points.append(Point(seq, own, int(actor)))
        else:
            claim = Claim(actor, seq, own, target)
    return Chain(number, claim, points, lines, subject)


def _committee_chain(committee_id: int, rows: _Rows) -> Chain:
    claim, points, lines = None, [], []
    for _, kind, seq, at, actor, role, action, details, own in rows:
        if kind == 2:
            lines.append((Event(committee_id, seq, at, actor, role, action, details), own))
        elif kind == 1:
            points.append(Point(seq, own, int(actor)))
        else:
            claim = Claim(actor, seq, own, None)
    return Chain(committee_id, claim, points, lines, Subject.COMMITTEE)


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """An anchor as the database keeps it, without its heads."""

    number: int
    at: datetime
    cases: int
    lines: int
    root: bytes
    sittings: int = 0
    agreements: int = 0

    @classmethod
    def of(cls, heads: Sequence[Head], *, number: int, at: datetime) -> "AnchorRow":
        """The anchor of all these heads."""
        count = Counter(head.subject for head in heads)
        lines = sum(head.seq for head in heads)
        return cls(
            number, at, count[Subject.CASE], lines, merkle_root(heads), count[Subject.COMMITTEE],
            count[Subject.AGREEMENT],
        )  # fmt: skip


_ANCHORS = """
SELECT id, CASE WHEN at > '0001-01-03' AND at < '9999-12-30' THEN at ELSE 'epoch' END, cases, lines, root,
       sittings, agreements
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
    """The heads that had moved when the anchor of this number was made, by case, then by sitting."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, seq, hash, 'case' FROM anchor_heads WHERE anchor_id = %(number)s
        UNION ALL
        SELECT committee_id, seq, hash, 'committee' FROM anchor_committee_heads WHERE anchor_id = %(number)s
        UNION ALL
        SELECT agreement_id, seq, hash, 'agreement' FROM anchor_agreement_heads WHERE anchor_id = %(number)s
        ORDER BY 4, 1
        """,
        {"number": number},
    )
    return [_head(row) for row in rows]


def anchored_heads(session: Session) -> Iterator[Head]:
    """The head of each case and sitting as the latest anchor that has it says, streamed."""
    statement = """
        (SELECT DISTINCT ON (case_id) case_id, seq, hash, 'case'
           FROM anchor_heads ORDER BY case_id, anchor_id DESC)
        UNION ALL
        (SELECT DISTINCT ON (committee_id) committee_id, seq, hash, 'committee'
           FROM anchor_committee_heads ORDER BY committee_id, anchor_id DESC)
        UNION ALL
        (SELECT DISTINCT ON (agreement_id) agreement_id, seq, hash, 'agreement'
           FROM anchor_agreement_heads ORDER BY agreement_id, anchor_id DESC)
        """
    with session.exec_driver_sql(statement, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            yield _head(row)


def heads(session: Session) -> list[tuple[Head, bool]]:
    """The head of every case and sitting that has a journal, and whether it moved since it was last anchored."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.version, c.journal_head, 'case',
               (l.seq, l.hash) IS DISTINCT FROM (c.version, c.journal_head)
          FROM cases c
          LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, seq, hash
                       FROM anchor_heads ORDER BY case_id, anchor_id DESC) l ON l.case_id = c.id
         WHERE c.version > 0
        UNION ALL
        SELECT m.id, m.journal_seq, m.journal_head, 'committee',
               (l.seq, l.hash) IS DISTINCT FROM (m.journal_seq, m.journal_head)
          FROM committees m
          LEFT JOIN (SELECT DISTINCT ON (committee_id) committee_id, seq, hash
                       FROM anchor_committee_heads ORDER BY committee_id, anchor_id DESC) l ON l.committee_id = m.id
         WHERE m.journal_seq > 0
        UNION ALL
        SELECT a.id, a.version, a.journal_head, 'agreement',
               (l.seq, l.hash) IS DISTINCT FROM (a.version, a.journal_head)
          FROM agreements a
          LEFT JOIN (SELECT DISTINCT ON (agreement_id) agreement_id, seq, hash
                       FROM anchor_agreement_heads ORDER BY agreement_id, anchor_id DESC) l ON l.agreement_id = a.id
         WHERE a.version > 0
         ORDER BY 4, 1
        """
    )
    return [(_head(row), row[4]) for row in rows]


def _head(row: Row[tuple[object, ...]]) -> Head:
    number, seq, own, subject, *_ = row
    return Head(number, seq, own, Subject(subject))


def write_anchor(session: Session, anchor: AnchorRow, moved: Sequence[Head]) -> None:
    """Write an anchor under its own number, with the heads that had moved."""
    session.exec_driver_sql(
        """
        INSERT INTO anchors (id, at, cases, sittings, agreements, lines, root) OVERRIDING SYSTEM VALUE
        VALUES (%(number)s, %(at)s, %(cases)s, %(sittings)s, %(agreements)s, %(lines)s, %(root)s)
        """,
        {"number": anchor.number, "at": anchor.at, "cases": anchor.cases, "sittings": anchor.sittings,
         "agreements": anchor.agreements, "lines": anchor.lines, "root": anchor.root},
    )  # fmt: skip
    for subject, statement in _WRITE_HEADS.items():
        own = [head for head in moved if head.subject is subject]
        session.exec_driver_sql(
            statement,
            {"number": anchor.number, "ids": [head.id for head in own], "seqs": [head.seq for head in own],
             "hashes": [head.hash for head in own]},
        )  # fmt: skip


_WRITE_HEADS = {
    Subject.CASE: """
        INSERT INTO anchor_heads (anchor_id, case_id, seq, hash)
        SELECT %(number)s, * FROM unnest(%(ids)s::bigint[], %(seqs)s::int[], %(hashes)s::bytea[])
        """,
    Subject.COMMITTEE: """
        INSERT INTO anchor_committee_heads (anchor_id, committee_id, seq, hash)
        SELECT %(number)s, * FROM unnest(%(ids)s::bigint[], %(seqs)s::int[], %(hashes)s::bytea[])
        """,
    Subject.AGREEMENT: """
        INSERT INTO anchor_agreement_heads (anchor_id, agreement_id, seq, hash)
        SELECT %(number)s, * FROM unnest(%(ids)s::bigint[], %(seqs)s::int[], %(hashes)s::bytea[])
        """,
}
