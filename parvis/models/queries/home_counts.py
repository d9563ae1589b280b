"""How much of each kind waits in a contract, for the page where a day begins."""

from dataclasses import dataclass

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class MoneyWaiting:
    """Payments that may be ordered, and accounts that a second person has to confirm."""

    payments: int
    accounts: int


@dataclass(frozen=True, slots=True)
class PostWaiting:
    """Open tasks, and letters that failed."""

    tasks: int
    failed: int


def money_waiting(session: Session, contract_id: int) -> MoneyWaiting:
    """What waits for finance, in one statement."""
    row = session.exec_driver_sql(
        f"""
        SELECT (SELECT count(*) FROM {of.SUBJECTS}
                 WHERE {of.CONTRACT} = %(contract)s AND p.status = 'due' AND p.amount_cents > 0
                   AND p.due_on IS NOT NULL),
               (SELECT count(*) FROM bank_details b WHERE b.state = 'asked' AND (EXISTS (
                    SELECT FROM cases c JOIN calls k ON k.id = c.call_id
                     WHERE k.contract_id = %(contract)s AND (c.organisation_id = b.organisation_id OR EXISTS (
                           SELECT FROM partners r WHERE r.case_id = c.id AND r.organisation_id = b.organisation_id)))
                    OR EXISTS (SELECT FROM agreements g WHERE g.contract_id = %(contract)s
                                  AND g.organisation_id = b.organisation_id)))
        """,  # noqa: S608 - the fragments of what a payment is of
        {"contract": contract_id},
    ).one()
    return MoneyWaiting(*row)


def post_waiting(session: Session, contract_id: int) -> PostWaiting:
    """What waits about letters, in one statement."""
    row = session.exec_driver_sql(
        """
        SELECT (SELECT count(*)
                  FROM tasks t LEFT JOIN cases c ON c.id = t.case_id LEFT JOIN calls k ON k.id = c.call_id
                 WHERE t.done_at IS NULL AND COALESCE(t.contract_id, k.contract_id) = %(contract)s),
               (SELECT count(*)
                  FROM letters l LEFT JOIN cases c ON c.id = l.case_id LEFT JOIN calls k ON k.id = c.call_id
                 WHERE l.stage = 'failed' AND COALESCE(l.contract_id, k.contract_id) = %(contract)s)
        """,
        {"contract": contract_id},
    ).one()
    return PostWaiting(*row)
