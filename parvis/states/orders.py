"""Payment orders: one line of a lot, how its file is written, the names orders and recoveries go by. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parvis.states.bank import Account
from parvis.states.contract.orders import AmountForm, DayForm, FieldMark, OrderFact, PaymentOrders
from parvis.states.payments import INSTALMENT_WORDS
from parvis.states.words import Sentence

_SEPARATORS = {FieldMark.SEMICOLON: ";", FieldMark.COMMA: ",", FieldMark.TAB: "\t", FieldMark.PIPE: "|"}
_DAYS = {DayForm.FRENCH: "%d/%m/%Y", DayForm.ISO: "%Y-%m-%d", DayForm.COMPACT: "%Y%m%d",
         DayForm.FRENCH_COMPACT: "%d%m%Y"}  # fmt: skip
_ORDER = re.compile(r"L?([0-9]{1,9})-([0-9]{1,6})")
_RECOVERY = re.compile(r"R([0-9]{1,12})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LotState(StrEnum):
    """Where a lot stands: made, paid once each of its orders is, or cancelled before any was."""

    MADE = "made"
    PAID = "paid"
    CANCELLED = "cancelled"


LOT_WORDS: dict[str, Sentence] = {
    LotState.MADE: Sentence("à payer", "to be paid"),
    LotState.PAID: Sentence("payé", "paid"),
    LotState.CANCELLED: Sentence("annulé", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One payment as accounting reads it, in cents."""

    position: int
    amount_cents: int
    due_on: date
    organisation: str
    siret: str
    reference: str
    title: str
    call: str
    year: int
    funder: str
    funder_code: str
    instalment: str
    account: Account


def lot_name(number: int) -> str:
    """The name of a lot: `L0012`."""
    return f"L{number:04}"


def order_name(number: int, position: int) -> str:
    """The name of an order of a lot: `L0012-003`."""
    return f"{lot_name(number)}-{position:03}"


def recovery_name(payment_id: int) -> str:
    """The name of a recovery order: `R000123`."""
    return f"R{payment_id:06}"


def named_order(said: str) -> tuple[int, int] | None:
    """The lot and the position an order's name says; None for anything else."""
    found = _ORDER.fullmatch(said.strip().upper())
    return (int(found[1]), int(found[2])) if found else None


def named_recovery(said: str) -> int | None:
    """The payment a recovery order's name says; None for anything else."""
    found = _RECOVERY.fullmatch(said.strip().upper())
    return int(found[1]) if found else None


def written(layout: PaymentOrders, number: int, made_on: date, orders: Sequence[Order]) -> bytes:
    """The file of a lot, in the layout accounting takes; what it cannot write becomes a question mark."""
    mark = _SEPARATORS[layout.separator]
    lines = [[column.title for column in layout.columns]]
    for order in orders:
        facts = _facts(layout, number, made_on, order)
        lines.append([facts[column.says] if column.says else column.text for column in layout.columns])
    text = "".join(mark.join(_cell(cell, mark) for cell in line) + "\r\n" for line in lines)
    return text.encode(layout.encoding, errors="replace")


def _facts(layout: PaymentOrders, number: int, made_on: date, order: Order) -> dict[OrderFact, str]:
    day = _DAYS[layout.days]
    part = INSTALMENT_WORDS.get(order.instalment)
    said = part.fr if part else order.instalment
    return {
        OrderFact.ORDER: order_name(number, order.position), OrderFact.LOT: lot_name(number),
        OrderFact.LOT_DAY: made_on.strftime(day), OrderFact.DUE_ON: order.due_on.strftime(day),
        OrderFact.AMOUNT: _amount(order.amount_cents, layout.amounts), OrderFact.IBAN: order.account.iban,
        OrderFact.BIC: order.account.bic, OrderFact.HOLDER: order.account.holder,
        OrderFact.ORGANISATION: order.organisation, OrderFact.SIRET: order.siret, OrderFact.CASE: order.reference,
        OrderFact.TITLE: order.title, OrderFact.CALL: order.call, OrderFact.YEAR: str(order.year),
        OrderFact.FUNDER: order.funder, OrderFact.FUNDER_CODE: order.funder_code, OrderFact.INSTALMENT: said,
        OrderFact.SUBJECT: f"{order.reference} {said} {order.title}",
    }  # fmt: skip


def _amount(cents: int, form: AmountForm) -> str:
    if form == AmountForm.CENTS:
        return str(cents)
    euros, rest = divmod(cents, 100)
    return f"{euros}{',' if form == AmountForm.COMMA else '.'}{rest:02}"


def _cell(said: str, mark: str) -> str:
    """A cell: one line, never a formula, in quotes where it holds a separator or a quote."""
    kept = " ".join(said.split())
    kept = f"'{kept}" if kept.startswith(_FORMULA) else kept
    return '"' + kept.replace('"', '""') + '"' if mark in kept or '"' in kept else kept
