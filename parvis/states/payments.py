"""How a grant is paid: its instalments, exact to the cent, and what is owed once the costs are known. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from parvis.states.calendar import delay_end
from parvis.states.contract.instruction import Instalment, PaidOn, Underspend
from parvis.states.words import Sentence


class PaymentStatus(StrEnum):
    """Where a payment stands: planned until its condition is met, then due, ordered, and paid; or cancelled."""

    PLANNED = "planned"
    DUE = "due"
    ORDERED = "ordered"
    PAID = "paid"
    CANCELLED = "cancelled"


STATUS_WORDS: dict[str, Sentence] = {
    PaymentStatus.PLANNED: Sentence("prévu", "planned"),
    PaymentStatus.DUE: Sentence("à verser", "due"),
    PaymentStatus.ORDERED: Sentence("mandaté", "ordered"),
    PaymentStatus.PAID: Sentence("versé", "paid"),
    PaymentStatus.CANCELLED: Sentence("annulé", "cancelled"),
}

PAID_ON_WORDS: dict[str, Sentence] = {
    PaidOn.NOTIFICATION: Sentence("à la notification de la décision", "when the decision is notified"),
    PaidOn.INTERIM_REPORT: Sentence(
        "après le bilan intermédiaire accepté", "once the interim report is accepted"
    ),
    PaidOn.REPORT: Sentence("après le bilan final accepté", "once the final report is accepted"),
}
"""What makes an instalment payable."""

REPAYMENT = "repayment"
"""The instalment of what is to be paid back; its amount is negative."""

INSTALMENT_WORDS: dict[str, Sentence] = {
    "advance": Sentence("acompte", "advance"),
    "balance": Sentence("solde", "balance"),
    REPAYMENT: Sentence("reversement", "repayment"),
}
"""Instalments by their usual codes; a call may have others, shown by their own."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one funder grants, in cents, and to which partner it is paid; the lead when there is none."""

    funder: str
    granted_cents: int
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedPayment:
    """One instalment of one funder to write, in cents; `due_on` once its condition is met."""

    funder: str
    instalment: str
    condition: str
    amount_cents: int
    due_on: date | None
    partner_id: int | None = None

    @property
    def status(self) -> PaymentStatus:
        """Where it stands when it is written."""
        return PaymentStatus.PLANNED if self.due_on is None else PaymentStatus.DUE


def split(cents: int, shares: Sequence[Decimal]) -> list[int]:
    """`cents` by these shares of one: whole cents that add up to it, none of them negative.

    What is rounded is the running total, so that no instalment carries the rounding of all the others.
    """
    whole = sum(shares, Decimal(0))
    if not whole:
        return [0 for _ in shares]
    parts, paid, running = [], 0, Decimal(0)
    for share in shares:
        running += share
        until = int((Decimal(cents) * running / whole).quantize(Decimal(1), ROUND_HALF_UP))
        parts.append(until - paid)
        paid = until
    return parts


def due_on(met_on: date, days: int) -> date:
    """The last day to pay what became payable on `met_on`: 60 days by law (loi 2021-875), counted as delays are."""
    return delay_end(met_on, days=days)


def schedule(
    instalments: Sequence[Instalment], shares: Iterable[Share], *, notified_on: date, days: int
) -> list[PlannedPayment]:
    """The payments of a grant by the call's schedule; those due on notification have their date."""
    first = due_on(notified_on, days)
    return [
        PlannedPayment(
            share.funder, each.code, each.on, cents, first if each.on == PaidOn.NOTIFICATION else None,
            share.partner_id,
        )
        for share in shares
        for each, cents in zip(
            instalments, split(share.granted_cents, [one.share for one in instalments]), strict=True
        )
        if cents
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A payment as it stands, in cents."""

    id: int
    funder_id: int
    partner_id: int | None
    amount_cents: int
    status: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an accepted report leaves: by payment (id) what is to pay, 0 to cancel it; by payee what comes back."""

    pay: tuple[tuple[int, int], ...]
    repay: tuple[tuple[int, int | None, int], ...]

    @property
    def balance_cents(self) -> int:
        """All that is still to pay."""
        return sum(cents for _, cents in self.pay)

    @property
    def repay_cents(self) -> int:
        """All that is to be paid back."""
        return sum(cents for _, _, cents in self.repay)


def owed(granted_cents: int, *, spent_cents: int | None, planned_cents: int, rule: Underspend) -> int:
    """What of a grant is due once the costs are known: never more than was granted.

    In proportion of what was spent of the budget, half a cent up; all of it where the report gives no figures.
    """
    if spent_cents is None or not planned_cents or rule == Underspend.IN_FULL:
        return granted_cents
    part = Decimal(granted_cents) * max(spent_cents, 0) / planned_cents
    return min(granted_cents, int(part.quantize(Decimal(1), ROUND_HALF_UP)))


def settle(
    payments: Sequence[Held], *, spent_cents: int | None, planned_cents: int, rule: Underspend
) -> Settlement:
    """What is left to pay of a grant whose report is accepted, payee by payee.

    What was paid or ordered counts first; the others are kept in their order until what is owed is reached.
    """
    payees: dict[tuple[int, int | None], list[Held]] = {}
    for payment in payments:
        if payment.status != PaymentStatus.CANCELLED:
            payees.setdefault((payment.funder_id, payment.partner_id), []).append(payment)
    pay, repay = [], []
    for (funder_id, partner_id), held in payees.items():
        granted = sum(payment.amount_cents for payment in held)
        left = owed(granted, spent_cents=spent_cents, planned_cents=planned_cents, rule=rule)
        left -= sum(payment.amount_cents for payment in held if payment.status in _GONE)
        for payment in held:
            if payment.status not in _GONE:
                kept = max(0, min(payment.amount_cents, left))
                pay.append((payment.id, kept))
                left -= kept
        if left < 0:
            repay.append((funder_id, partner_id, -left))
    return Settlement(tuple(pay), tuple(repay))


_GONE = frozenset({PaymentStatus.PAID, PaymentStatus.ORDERED})
