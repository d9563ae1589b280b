"""Payments to be made, the lots they go to accounting in, and what comes back of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class DuePayment:
    """A payment of a contract, in cents; `payee` receives it; `bank_id` is None where no account is confirmed.

    `rank` is the year of the agreement it is of, counted from 1; None when it is of a case.
    """

    id: int
    case_id: int | None
    reference: str
    title: str
    call: str
    year: int
    rank: int | None
    funder: str
    funder_code: str
    payee_id: int
    payee: str
    siret: str
    instalment: str
    amount_cents: int
    due_on: date | None
    status: str
    bank_id: int | None
    sealed: bytes | None
    masked: str


_PAYMENTS = f"""
SELECT p.id, c.id, {of.REFERENCE} AS reference, {of.TITLE}, COALESCE(k.title, a.title), {of.YEAR}, p.year, f.name,
       f.code, o.id, o.name, o.siret, p.instalment, p.amount_cents, p.due_on, p.status, b.id, b.sealed,
       COALESCE(b.masked, '')
  FROM {of.SUBJECTS}
  JOIN funders f ON f.id = p.funder_id
  JOIN organisations o ON o.id = {of.PAYEE}
  LEFT JOIN bank_details b ON b.organisation_id = o.id AND b.state = 'confirmed'
 WHERE {of.CONTRACT} = %(contract)s
"""  # noqa: S608 - the fragments of what a payment is of


def due_payments(session: Session, contract_id: int) -> list[DuePayment]:
    """What is to be paid, the earliest due first; what is to be paid back is not in it."""
    rows = session.exec_driver_sql(
        _PAYMENTS
        + " AND p.status = 'due' AND p.amount_cents > 0 ORDER BY p.due_on, reference, p.position, p.id",
        {"contract": contract_id},
    )
    return [DuePayment(*row) for row in rows]


def owed_back(session: Session, contract_id: int) -> list[DuePayment]:
    """What is to be paid back, the earliest due first."""
    rows = session.exec_driver_sql(
        _PAYMENTS
        + " AND p.status = 'due' AND p.amount_cents < 0 ORDER BY p.due_on, reference, p.position, p.id",
        {"contract": contract_id},
    )
    return [DuePayment(*row) for row in rows]


def hold_payments(session: Session, contract_id: int, ids: Sequence[int]) -> list[DuePayment]:
    """These payments of a contract, in id order, nobody else's to change until the commit."""
    rows = session.exec_driver_sql(
        _PAYMENTS + " AND p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id FOR UPDATE OF p",
        {"contract": contract_id, "ids": list(ids)},
    )
    return [DuePayment(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot as it is listed: how many orders, how many of them are paid, what they add up to, in cents."""

    id: int
    number: int
    made_at: datetime
    made_by: str
    cancelled_at: datetime | None
    cancelled_by: str
    cancel_reason: str
    orders: int
    paid: int
    total_cents: int


_LOTS = """
SELECT l.id, l.number, l.made_at, COALESCE(m.name, ''), l.cancelled_at, COALESCE(x.name, ''), l.cancel_reason,
       count(o.position), count(o.position) FILTER (WHERE p.status = 'paid' AND NOT o.void),
       COALESCE(sum(o.amount_cents), 0)::bigint
  FROM payment_lots l
  LEFT JOIN payment_orders o ON o.lot_id = l.id
  LEFT JOIN payments p ON p.id = o.payment_id
  LEFT JOIN people m ON l.made_by = 'person:' || m.id
  LEFT JOIN people x ON l.cancelled_by = 'person:' || x.id
 WHERE {which}
 GROUP BY l.id, m.name, x.name ORDER BY l.number DESC
"""


def lots(session: Session, contract_id: int) -> list[LotLine]:
    """The lots of a contract, the latest first."""
    rows = session.exec_driver_sql(
        _LOTS.format(which="l.contract_id = %(contract)s"), {"contract": contract_id}
    )
    return [LotLine(*row) for row in rows]


def lot(session: Session, contract_id: int, number: int) -> LotLine | None:
    """One lot of a contract, by its number."""
    row = session.exec_driver_sql(
        _LOTS.format(which="l.contract_id = %(contract)s AND l.number = %(number)s"),
        {"contract": contract_id, "number": number},
    ).one_or_none()
    return LotLine(*row) if row else None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order of a lot, in cents, and where its payment stands; `rank` is the year of the agreement it is of."""

    position: int
    payment_id: int
    case_id: int | None
    agreement_id: int | None
    rank: int | None
    reference: str
    payee: str
    funder: str
    instalment: str
    masked: str
    amount_cents: int
    due_on: date | None
    status: str
    paid_on: date | None
    account_reference: str
    void: bool


_ORDERS = f"""
SELECT {{number}}o.position, p.id, p.case_id, p.agreement_id, p.year, {of.REFERENCE}, g.name, f.name, p.instalment,
       b.masked, o.amount_cents, p.due_on, p.status, p.paid_on, p.reference, o.void
  FROM payment_orders o
  JOIN payment_lots l ON l.id = o.lot_id
  JOIN payments p ON p.id = o.payment_id
  LEFT JOIN cases c ON c.id = p.case_id
  LEFT JOIN agreements a ON a.id = p.agreement_id
  JOIN funders f ON f.id = p.funder_id
  JOIN bank_details b ON b.id = o.bank_id
  JOIN organisations g ON g.id = b.organisation_id
"""  # noqa: S608 - the fragment of what a payment is of


def orders_of(session: Session, lot_id: int) -> list[OrderLine]:
    """The orders of a lot, in their order."""
    rows = session.exec_driver_sql(
        _ORDERS.format(number="") + " WHERE o.lot_id = %(id)s ORDER BY o.position", {"id": lot_id}
    )
    return [OrderLine(*row) for row in rows]


def orders_of_lots(
    session: Session, contract_id: int, numbers: Sequence[int]
) -> dict[tuple[int, int], OrderLine]:
    """The orders of these lots, by number of the lot and position."""
    rows = session.exec_driver_sql(
        _ORDERS.format(number="l.number, ")
        + " WHERE l.contract_id = %(contract)s AND l.number = ANY(%(numbers)s::int[])",
        {"contract": contract_id, "numbers": list(numbers)},
    )
    return {(row[0], row[1]): OrderLine(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is to be paid back, in cents (positive), and where it stands."""

    payment_id: int
    case_id: int | None
    amount_cents: int
    status: str
    paid_on: date | None
    account_reference: str


def recoveries(session: Session, contract_id: int, ids: Sequence[int]) -> dict[int, Recovery]:
    """These amounts to be paid back, by the number of their payment."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.case_id, -p.amount_cents, p.status, p.paid_on, p.reference
          FROM payments p JOIN cases c ON c.id = p.case_id JOIN calls k ON k.id = c.call_id
         WHERE k.contract_id = %(contract)s AND p.amount_cents < 0 AND p.id = ANY(%(ids)s::bigint[])
        """,
        {"contract": contract_id, "ids": list(ids)},
    )
    return {row[0]: Recovery(*row) for row in rows}


def find_by_key(session: Session, key: str) -> int | None:
    """The number of the lot made under this key."""
    found: int | None = session.exec_driver_sql(
        "SELECT number FROM payment_lots WHERE key = %(key)s", {"key": key}
    ).scalar_one_or_none()
    return found


def next_number(session: Session, contract_id: int) -> int:
    """The number the next lot of a contract has; nobody else takes one until the commit."""
    session.exec_driver_sql("SELECT FROM contracts WHERE id = %(id)s FOR NO KEY UPDATE", {"id": contract_id})
    row = session.exec_driver_sql(
        "SELECT COALESCE(max(number), 0) + 1 FROM payment_lots WHERE contract_id = %(id)s",
        {"id": contract_id},
    )
    return int(row.scalar_one())


def add_lot(
    session: Session, contract_id: int, number: int, payments: Sequence[DuePayment], *,
    sealed: bytes, key: str, by: str, at: datetime,
) -> None:  # fmt: skip
    """Write a lot, its orders in the order of these payments, and that these are ordered.

    Raises:
        ConstraintError: a payment is in another lot (`uq_payment_orders_payment`).
    """
    session.exec_driver_sql(
        """
        WITH made AS (
            INSERT INTO payment_lots (contract_id, number, key, made_at, made_by, sealed)
            VALUES (%(contract)s, %(number)s, %(key)s, %(at)s, %(by)s, %(sealed)s) RETURNING id
        ), ordered AS (
            UPDATE payments SET status = 'ordered' WHERE id = ANY(%(ids)s::bigint[])
        )
        INSERT INTO payment_orders (lot_id, position, payment_id, bank_id, amount_cents)
        SELECT made.id, o.position, o.payment_id, o.bank_id, o.amount
          FROM made, unnest(%(ids)s::bigint[], %(banks)s::bigint[], %(amounts)s::bigint[])
                     WITH ORDINALITY AS o(payment_id, bank_id, amount, position)
        """,
        {"contract": contract_id, "number": number, "key": key, "at": at, "by": by, "sealed": sealed,
         "ids": [each.id for each in payments], "banks": [each.bank_id for each in payments],
         "amounts": [each.amount_cents for each in payments]},
    )  # fmt: skip


def hold_lot(session: Session, lot_id: int) -> None:
    """Keep a lot and its payments from others until the commit."""
    session.exec_driver_sql("SELECT FROM payment_lots WHERE id = %(id)s FOR UPDATE", {"id": lot_id})
    session.exec_driver_sql(
        "SELECT FROM payments WHERE id IN (SELECT payment_id FROM payment_orders WHERE lot_id = %(id)s)"
        " ORDER BY id FOR UPDATE",
        {"id": lot_id},
    ).fetchall()


def cancel_lot(session: Session, lot_id: int, *, reason: str, by: str, at: datetime) -> None:
    """Write that a lot will not be paid: its payments are to be made again."""
    session.exec_driver_sql(
        """
        WITH said AS (
            UPDATE payment_lots SET cancelled_at = %(at)s, cancelled_by = %(by)s, cancel_reason = %(reason)s
             WHERE id = %(id)s
        ), void AS (
            UPDATE payment_orders SET void = true WHERE lot_id = %(id)s RETURNING payment_id
        )
        UPDATE payments SET status = 'due' WHERE id IN (SELECT payment_id FROM void) AND status = 'ordered'
        """,
        {"id": lot_id, "at": at, "by": by, "reason": reason},
    )


def sealed_file(session: Session, lot_id: int) -> bytes:
    """The file of a lot, as it is kept."""
    return bytes(
        session.exec_driver_sql(
            "SELECT sealed FROM payment_lots WHERE id = %(id)s", {"id": lot_id}
        ).scalar_one()
    )
