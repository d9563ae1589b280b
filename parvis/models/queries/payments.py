"""The payments of grants: planned with the decision, due once their condition is met, paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.models.session import Session
from parvis.states.payments import PlannedPayment


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
    rows = session.exec_driver_sql(
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
