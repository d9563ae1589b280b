"""How a grant is paid: its instalments, exact to the cent, and what is owed once the costs are known. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from parvis.states.calendar import delay_end
from parvis.states.contract.instruction import Instalment, PaidOn
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
    PaidOn.INTERIM_REPORT: Sentence("au bilan intermédiaire", "on the interim report"),
    PaidOn.REPORT: Sentence("après le bilan final accepté", "once the final report is accepted"),
}
"""What makes an instalment payable."""

REPAYMENT = "repayment"
"""The instalment of what is to be paid back; its amount is negative."""


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
