"""The payments of grants: planned with the decision, due once their condition is met, paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.models.session import Session, select
from parvis.states.payments import Held, PlannedPayment, Settlement


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment of a case, in cents; `partner` is the name of who receives it when it is not the lead."""

    id: int
    funder_id: int
    funder_code: str
    funder: str
    partner_id: int | None
    partner: str
    instalment: str
    condition: str
    amount_cents: int
    due_on: date | None
    status: str
    paid_on: date | None
    reference: str


def plan_payments(session: Session, case_id: int, payments: Sequence[PlannedPayment]) -> None:
    """Write the payments of a case; one that is written already stays as it is."""
    session.exec_driver_sql(
        """
        INSERT INTO payments (case_id, funder_id, partner_id, position, instalment, condition, amount_cents, due_on,
                              status)
        SELECT c.id, f.id, p.partner_id, p.position, p.instalment, p.condition, p.amount, p.due_on, p.status
          FROM unnest(%(funders)s::text[], %(partners)s::bigint[], %(instalments)s::text[], %(conditions)s::text[],
                      %(amounts)s::bigint[], %(due)s::date[], %(statuses)s::text[])
               WITH ORDINALITY AS p(funder, partner_id, instalment, condition, amount, due_on, status, position)
          JOIN cases c ON c.id = %(case_id)s
          JOIN calls k ON k.id = c.call_id
          JOIN funders f ON f.contract_id = k.contract_id AND f.code = p.funder
        ON CONFLICT ON CONSTRAINT uq_payments_instalment DO NOTHING
        """,
        {
            "case_id": case_id,
            "funders": [each.funder for each in payments],
            "partners": [each.partner_id for each in payments],
            "instalments": [each.instalment for each in payments],
            "conditions": [str(each.condition) for each in payments],
            "amounts": [each.amount_cents for each in payments],
            "due": [each.due_on for each in payments],
            "statuses": [str(each.status) for each in payments],
        },
    )


def payments_of(session: Session, case_id: int) -> list[PaymentLine]:
    """The payments of a case, in the order they are made."""
    rows = select(
        session,
        """
        SELECT p.id, f.id, f.code, f.name, p.partner_id, COALESCE(o.name, ''), p.instalment, p.condition,
               p.amount_cents, p.due_on, p.status, p.paid_on, p.reference
          FROM payments p JOIN funders f ON f.id = p.funder_id
          LEFT JOIN organisations o ON o.id = p.partner_id
         WHERE p.case_id = %(id)s ORDER BY p.position, p.id
        """,
        {"id": case_id},
    )
    return [PaymentLine(*row) for row in rows]


def held_payments(session: Session, case_ids: Sequence[int]) -> dict[int, list[Held]]:
    """By case, its payments as they stand, in their order; what is to be paid back is left out."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, id, funder_id, partner_id, amount_cents, status FROM payments
         WHERE case_id = ANY(%(ids)s) AND instalment <> 'repayment' ORDER BY case_id, position, id
        """,
        {"ids": list(case_ids)},
    )
    found: dict[int, list[Held]] = {}
    for case_id, *line in rows:
        found.setdefault(case_id, []).append(Held(*line))
    return found


def settle_payments(session: Session, case_id: int, settlement: Settlement, *, due_on: date) -> None:
    """Make what is left of a grant due, cancel what is not, and ask back what was paid too much."""
    session.exec_driver_sql(
        """
        UPDATE payments p
           SET amount_cents = CASE WHEN s.cents > 0 THEN s.cents ELSE p.amount_cents END,
               status = CASE WHEN s.cents > 0 THEN 'due' ELSE 'cancelled' END,
               due_on = CASE WHEN s.cents > 0 THEN COALESCE(p.due_on, %(due)s) END
          FROM unnest(%(ids)s::bigint[], %(cents)s::bigint[]) AS s(id, cents) WHERE p.id = s.id
        """,
        {
            "ids": [i for i, _ in settlement.pay],
            "cents": [cents for _, cents in settlement.pay],
            "due": due_on,
        },
    )
    _ask_back(session, case_id, settlement.repay, due_on)


def release_interim(session: Session, case_id: int, *, due_on: date) -> None:
    """Make due what waits for an interim report."""
    session.exec_driver_sql(
        "UPDATE payments SET status = 'due', due_on = %(due)s WHERE case_id = %(id)s"
        " AND condition = 'interim_report' AND status = 'planned'",
        {"id": case_id, "due": due_on},
    )


def waiting_for_interim(session: Session, case_ids: Sequence[int]) -> dict[int, int]:
    """By case, the cents that wait for an interim report."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, sum(amount_cents)::bigint FROM payments
         WHERE case_id = ANY(%(ids)s) AND condition = 'interim_report' AND status = 'planned' GROUP BY case_id
        """,
        {"ids": list(case_ids)},
    )
    return {row[0]: row[1] for row in rows}


def _ask_back(
    session: Session, case_id: int, repay: Sequence[tuple[int, int | None, int]], due_on: date | None
) -> None:
    session.exec_driver_sql(
        """
        INSERT INTO payments (case_id, funder_id, partner_id, position, instalment, condition, amount_cents, due_on,
                              status)
        SELECT %(case_id)s, r.funder_id, r.partner_id, 1000, 'repayment', 'report', -r.cents, %(due)s, 'due'
          FROM unnest(%(funders)s::bigint[], %(partners)s::bigint[], %(cents)s::bigint[])
               AS r(funder_id, partner_id, cents)
        ON CONFLICT ON CONSTRAINT uq_payments_instalment
        DO UPDATE SET amount_cents = excluded.amount_cents, status = 'due', paid_on = NULL
        """,
        {
            "case_id": case_id, "due": due_on, "funders": [funder for funder, _, _ in repay],
            "partners": [partner for _, partner, _ in repay], "cents": [cents for _, _, cents in repay],
        },
    )  # fmt: skip


def pay(session: Session, ids: Sequence[int], *, on: date, reference: str) -> None:
    """Record payments as made on that day, under the reference of the accounts."""
    session.exec_driver_sql(
        """
        UPDATE payments SET status = 'paid', paid_on = %(on)s, reference = %(reference)s
         WHERE id = ANY(%(ids)s) AND status IN ('due', 'ordered')
        """,
        {"ids": list(ids), "on": on, "reference": reference},
    )


def unpaid(
    session: Session, case_id: int, instalment: str, ids: Sequence[int] = ()
) -> tuple[tuple[int, ...], bool]:
    """The payments that can be made, of these or of this instalment or of all, and whether none is left after them."""
    rows = session.exec_driver_sql(
        """
        SELECT id, status IN ('due', 'ordered') AND (%(instalment)s = '' OR instalment = %(instalment)s)
               AND (%(ids)s::bigint[] = '{}' OR id = ANY(%(ids)s::bigint[]))
          FROM payments WHERE case_id = %(id)s AND status IN ('planned', 'due', 'ordered') ORDER BY id
        """,
        {"id": case_id, "instalment": instalment, "ids": list(ids)},
    ).fetchall()
    return tuple(row[0] for row in rows if row[1]), all(row[1] for row in rows)


def pay_all(session: Session, case_id: int, *, on: date) -> None:
    """Record all that is due as paid, or paid back; what waits for something that will not come is cancelled."""
    session.exec_driver_sql(
        """
        UPDATE payments SET status = CASE WHEN status = 'planned' THEN 'cancelled' ELSE 'paid' END,
                            paid_on = CASE WHEN status <> 'planned' THEN %(on)s::date END
         WHERE case_id = %(id)s AND status IN ('planned', 'due', 'ordered')
        """,
        {"id": case_id, "on": on},
    )


def cancel_unpaid(session: Session, case_id: int) -> None:
    """Cancel what is not paid yet."""
    session.exec_driver_sql(
        "UPDATE payments SET status = 'cancelled', due_on = NULL"
        " WHERE case_id = %(id)s AND status IN ('planned', 'due', 'ordered')",
        {"id": case_id},
    )


def ask_all_back(session: Session, case_id: int) -> None:
    """Ask back all that was paid and not paid back."""
    rows = session.exec_driver_sql(
        """
        SELECT funder_id, partner_id, sum(amount_cents)::bigint FROM payments
         WHERE case_id = %(id)s AND status = 'paid'
         GROUP BY funder_id, partner_id HAVING sum(amount_cents) > 0
        """,
        {"id": case_id},
    ).fetchall()
    _ask_back(session, case_id, [(row[0], row[1], row[2]) for row in rows], None)


def due_instalments(session: Session, case_id: int) -> list[tuple[str, int]]:
    """The instalments of a case that can be paid, all funders together, in cents; what comes back is negative."""
    rows = select(
        session,
        """
        SELECT instalment, sum(amount_cents)::bigint FROM payments
         WHERE case_id = %(id)s AND status IN ('due', 'ordered') GROUP BY instalment ORDER BY min(position)
        """,
        {"id": case_id},
    )
    return [(row[0], row[1]) for row in rows]
