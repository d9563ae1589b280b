"""The batches of what has reached the end of its time: proposed, answered by somebody, done item by item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.retention import COLUMN, Due
from parvis.models.session import Session, select
from parvis.states.retention import Kind


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands: its rule, who answered, and how many of its items are done, held, left or failed."""

    id: int
    contract_id: int
    kind: str
    final: str
    months: int
    source: str
    proposed_at: datetime
    approved_at: datetime | None
    approved_by: str
    visa: str
    cancelled_at: datetime | None
    finished_at: datetime | None
    items: int
    done: int
    held: int
    left: int
    failed: int

    @property
    def waiting(self) -> int:
        """How many items are still to be done."""
        return self.items - self.done - self.held - self.left - self.failed

    @property
    def open(self) -> bool:
        """Whether somebody can still answer it."""
        return self.approved_at is None and self.cancelled_at is None

    @property
    def state(self) -> str:
        """Where it stands, in one word."""
        if self.cancelled_at:
            return "cancelled"
        if self.finished_at:
            return "finished"
        return "approved" if self.approved_at else "proposed"


def propose(
    session: Session, contract_id: int, kind: Kind, found: Sequence[Due], *,
    final: str, months: int, source: str, at: datetime,
) -> int:  # fmt: skip
    """Write a batch of these subjects; its number."""
    batch = session.exec_driver_sql(
        """
        INSERT INTO retention_batches (contract_id, kind, final, months, source, proposed_at)
        VALUES (%(contract)s, %(kind)s, %(final)s, %(months)s, %(source)s, %(at)s) RETURNING id
        """,
        {"contract": contract_id, "kind": kind, "final": final, "months": months, "source": source, "at": at},
    ).scalar_one()
    session.exec_driver_sql(
        f"INSERT INTO retention_items (batch_id, {COLUMN[kind]}) SELECT %(batch)s, unnest(%(ids)s::bigint[])",
        {"batch": batch, "ids": [each.id for each in found]},
    )
    return int(batch)


def only_one_proposes(session: Session, contract_id: int) -> None:
    """Let one transaction at a time propose for a contract, until its end."""
    session.exec_driver_sql("SELECT FROM contracts WHERE id = %(id)s FOR NO KEY UPDATE", {"id": contract_id})


_BATCHES = """
SELECT b.id, b.contract_id, b.kind, b.final, b.months, b.source, b.proposed_at, b.approved_at, b.approved_by, b.visa,
       b.cancelled_at, b.finished_at, count(i.id), count(*) FILTER (WHERE i.outcome = 'done'),
       count(*) FILTER (WHERE i.outcome IS NULL AND i.held_at IS NOT NULL),
       count(*) FILTER (WHERE i.outcome = 'left'), count(*) FILTER (WHERE i.outcome = 'failed')
  FROM retention_batches b LEFT JOIN retention_items i ON i.batch_id = b.id
"""


def batches(session: Session, contract_id: int, *, limit: int = 100) -> list[Batch]:
    """The batches of a contract, those that wait for an answer first, then the latest."""
    rows = select(
        session,
        f"""
        {_BATCHES} WHERE b.contract_id = %(contract)s GROUP BY b.id
         ORDER BY (b.approved_at IS NULL AND b.cancelled_at IS NULL) DESC, b.id DESC LIMIT %(limit)s
        """,
        {"contract": contract_id, "limit": limit},
    )
    return [Batch(*row) for row in rows]


def find_batch(session: Session, contract_id: int, batch_id: int, *, lock: bool = False) -> Batch | None:
    """A batch of a contract; with `lock`, nobody else answers it until the commit."""
    values = {"contract": contract_id, "id": batch_id}
    if lock:
        session.exec_driver_sql("SELECT FROM retention_batches WHERE id = %(id)s FOR UPDATE", values)
    rows = select(
        session, f"{_BATCHES} WHERE b.contract_id = %(contract)s AND b.id = %(id)s GROUP BY b.id", values
    )
    return Batch(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a batch: which, by its name, who it is about, whether it is held back and why, what became of it."""

    id: int
    subject_id: int
    name: str
    about: str
    held_at: datetime | None
    held_reason: str
    outcome: str | None
    done_at: datetime | None
    note: str


_NAMES = """
SELECT i.id, COALESCE(i.case_id, i.agreement_id, i.committee_id, i.person_id),
       COALESCE(c.reference, a.reference, m.code || '/' || m.held_on, p.name),
       COALESCE(o.name, q.name, m.name, p.email), i.held_at, i.held_reason, i.outcome, i.done_at, i.note
  FROM retention_items i
  LEFT JOIN cases c ON c.id = i.case_id LEFT JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN agreements a ON a.id = i.agreement_id LEFT JOIN organisations q ON q.id = a.organisation_id
  LEFT JOIN committees m ON m.id = i.committee_id
  LEFT JOIN people p ON p.id = i.person_id
"""


def items(session: Session, batch_id: int) -> list[Item]:
    """Everything in a batch, in its order."""
    rows = select(session, f"{_NAMES} WHERE i.batch_id = %(batch)s ORDER BY i.id", {"batch": batch_id})
    return [Item(*row) for row in rows]


def answer(session: Session, batch_id: int, *, approved: bool, by: str, visa: str, at: datetime) -> None:
    """Write that a batch was approved, with the reference of the Archives, or given up."""
    column = "approved" if approved else "cancelled"
    session.exec_driver_sql(
        f"UPDATE retention_batches SET {column}_at = %(at)s, {column}_by = %(by)s, visa = %(visa)s WHERE id = %(id)s",  # noqa: S608
        {"at": at, "by": by, "visa": visa, "id": batch_id},
    )


def hold(session: Session, batch_id: int, item_id: int, *, reason: str, by: str, at: datetime) -> bool:
    """Hold one thing of a batch back for a reason, or let it go with none; False when it is not there, or done."""
    changed = session.exec_driver_sql(
        """
        UPDATE retention_items SET held_at = CASE WHEN %(reason)s = '' THEN NULL ELSE %(at)s::timestamptz END,
               held_by = CASE WHEN %(reason)s = '' THEN '' ELSE %(by)s END, held_reason = %(reason)s
         WHERE batch_id = %(batch)s AND id = %(item)s AND COALESCE(outcome, 'failed') = 'failed' RETURNING id
        """,
        {"reason": reason, "at": at, "by": by, "batch": batch_id, "item": item_id},
    )
    return changed.one_or_none() is not None


def approved_waiting(session: Session) -> list[tuple[int, int, str, int]]:
    """What is approved and not done, what failed included, the oldest first: item, batch, kind, months of its time."""
    rows = session.exec_driver_sql(
        """
        SELECT i.id, b.id, b.kind, b.months FROM retention_items i JOIN retention_batches b ON b.id = i.batch_id
         WHERE b.approved_at IS NOT NULL AND b.finished_at IS NULL AND b.cancelled_at IS NULL
           AND COALESCE(i.outcome, 'failed') = 'failed' AND i.held_at IS NULL
         ORDER BY b.id, i.id
        """
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item taken to be done, nobody else doing it until the commit."""

    id: int
    batch_id: int
    contract_id: int
    kind: str
    months: int
    visa: str
    subject_id: int


def claim(session: Session, item_id: int) -> Claimed | None:
    """Take an item to do it; None when another does, it is done, held back, or its batch was given up."""
    row = session.exec_driver_sql(
        """
        SELECT i.id, b.id, b.contract_id, b.kind, b.months, b.visa,
               COALESCE(i.case_id, i.agreement_id, i.committee_id, i.person_id)
          FROM retention_items i JOIN retention_batches b ON b.id = i.batch_id
         WHERE i.id = %(id)s AND COALESCE(i.outcome, 'failed') = 'failed' AND i.held_at IS NULL
           AND b.approved_at IS NOT NULL AND b.cancelled_at IS NULL
           FOR UPDATE OF i SKIP LOCKED
        """,
        {"id": item_id},
    ).one_or_none()
    return Claimed(*row) if row else None


def settle(session: Session, item_id: int, outcome: str, *, at: datetime, note: str = "") -> None:
    """Write what became of an item."""
    session.exec_driver_sql(
        "UPDATE retention_items SET outcome = %(outcome)s, done_at = %(at)s, note = %(note)s WHERE id = %(id)s",
        {"outcome": outcome, "at": at, "note": note, "id": item_id},
    )


def finish(session: Session, *, at: datetime) -> list[tuple[int, int]]:
    """Close the approved batches with nothing left to do: number, contract. What failed keeps its batch open."""
    rows = session.exec_driver_sql(
        """
        UPDATE retention_batches b SET finished_at = %(at)s
         WHERE b.approved_at IS NOT NULL AND b.finished_at IS NULL AND b.cancelled_at IS NULL
           AND NOT EXISTS (SELECT FROM retention_items i WHERE i.batch_id = b.id
                              AND ((i.outcome IS NULL AND i.held_at IS NULL) OR i.outcome = 'failed'))
        RETURNING b.id, b.contract_id
        """,
        {"at": at},
    )
    return sorted((row[0], row[1]) for row in rows)
