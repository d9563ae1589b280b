"""What comes back from accounting: days and references of payments, and of what was paid back; all of it or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from parvis.models.queries import payment_orders as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.payment_orders import OrderLine, Recovery
from parvis.models.session import Session
from parvis.services import agreements
from parvis.services.advance import advance
from parvis.services.imports.cells import Limits
from parvis.services.imports.context import plain
from parvis.services.imports.problems import ProblemList
from parvis.services.imports.reading import read_sheets
from parvis.services.imports.row_values import RowValues
from parvis.services.imports.sheets import Record, read_table
from parvis.services.payment_orders import NOT_YOURS
from parvis.states import fields
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction
from parvis.states.calendar import paris_day
from parvis.states.contract.orders import AmountForm, PaymentOrders
from parvis.states.facts import By, Given
from parvis.states.fields import FieldError, Raw, shortened
from parvis.states.orders import named_order, named_recovery
from parvis.states.payments import STATUS_WORDS, PaymentStatus
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Cents, Sentence

NO_ORDER = Sentence(
    "« {value} » n’est ni un ordre de paiement (L0001-001) ni un ordre de reversement (R000001) de ce contrat.",
    "“{value}” is neither a payment order (L0001-001) nor a recovery order (R000001) of this contract.",
)
TWICE = Sentence(
    "« {value} » a déjà une ligne : n’en garder qu’une.", "“{value}” has a line already: keep one."
)
VOID = Sentence(
    "Le lot de l’ordre « {value} » a été annulé : retirer la ligne, ou rappeler la comptabilité s’il est payé.",
    "The lot of order “{value}” was cancelled: take the line out, or call accounting if it is paid.",
)
NOT_PAYABLE = Sentence(
    "L’ordre « {value} » est « {status} » dans Parvis : rappeler la comptabilité, puis retirer la ligne.",
    "Order “{value}” is “{status}” in Parvis: call accounting, then take the line out.",
)
OTHERWISE = Sentence(
    "L’ordre « {value} » est déjà payé, le {paid_on} sous « {reference} » : corriger la ligne, ou la retirer.",
    "Order “{value}” is paid already, on {paid_on} under “{reference}”: correct the line, or take it out.",
)
OTHER_AMOUNT = Sentence(
    "Ce montant n’est pas celui de l’ordre, {amount} : un ordre se paie en entier.",
    "This amount is not that of the order, {amount}: an order is paid whole.",
)
MOST_CENTS = 10**13
AHEAD = Sentence(
    "Ce jour est à venir : n’importer que ce qui est payé.",
    "This day is ahead: import only what is paid.",
)


@dataclass(frozen=True, slots=True)
class Returned:
    """One line that came back: the payment it is about, of a case or an agreement, its day, the accounts' reference."""

    payment_id: int
    case_id: int
    agreement_id: int
    paid_on: date
    reference: str
    cents: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: payments recorded, those that were already, cases and agreements touched, cents both ways."""

    recorded: int
    already: int
    cases: int
    paid_cents: int
    back_cents: int


@dataclass(frozen=True, slots=True)
class _Known:
    """The orders and recoveries the lines of a file name, by name as the file writes it."""

    orders: Mapping[tuple[int, int], OrderLine]
    back: Mapping[int, Recovery]
    today: date


def import_back(
    session: Session, contract_id: int, name: str, content: bytes, *, by: By, at: datetime, dry_run: bool = False
) -> Imported:  # fmt: skip
    """Record what accounting paid: every line or none; the same file again records nothing.

    Each payment is a recorded fact of its case or agreement: its journal, its balance and the ledger follow.

    Raises:
        DepositFileError: with every problem of the file, by line and column. Nothing is written.
        MoveRefusedError: it is not for whoever asks, or a case refuses it. Nothing is written.
    """
    if by.role != Role.FINANCE:
        raise MoveRefusedError("import_payments", (Reason("role", NOT_YOURS),))
    layout = contract_by_id(session, contract_id).payment_orders
    problems = ProblemList()
    records = _records(layout, name, content, problems)
    known = _known(session, contract_id, layout, records, paris_day(at))
    returned, already = _read(layout, records, known, problems)
    problems.refuse_if_any()
    if not dry_run:
        _record(session, returned, by=by, at=at)
    return Imported(
        len(returned), already, len({(each.case_id, each.agreement_id) for each in returned}),
        sum(each.cents for each in returned if each.payment_id not in known.back),
        sum(each.cents for each in returned if each.payment_id in known.back),
    )  # fmt: skip


def _records(layout: PaymentOrders, name: str, content: bytes, problems: ProblemList) -> list[Record]:
    back, limits = layout.back, Limits(rows=20_000)
    required = tuple(map(plain, (back.order, back.paid_on, back.reference)))
    others = [
        plain(title) for title in (back.amount, *back.ignored, *(each.title for each in layout.columns))
    ]
    known = tuple(dict.fromkeys((*required, *others)))
    table = read_table(
        read_sheets(name, content, limits, known), known=known, required=required, limits=limits
    )
    return list(table.records(problems))


def _known(
    session: Session, contract_id: int, layout: PaymentOrders, records: Sequence[Record], today: date
) -> _Known:
    said = [str(record.values.get(plain(layout.back.order), "")) for record in records]
    orders = {order for each in said if (order := named_order(each))}
    back = {number for each in said if (number := named_recovery(each))}
    return _Known(
        queries.orders_of_lots(session, contract_id, sorted({number for number, _ in orders})),
        queries.recoveries(session, contract_id, sorted(back)),
        today,
    )


def _read(
    layout: PaymentOrders, records: Sequence[Record], known: _Known, problems: ProblemList
) -> tuple[list[Returned], int]:
    """The lines that say something new, and how many say what is known."""
    returned: list[Returned] = []
    seen: set[int] = set()
    already = 0
    for record in records:
        values = RowValues(record, problems)
        found = values.require(plain(layout.back.order), partial(_order, known=known, seen=seen))
        paid_on = values.require(plain(layout.back.paid_on), partial(_day, today=known.today))
        reference = values.require(
            plain(layout.back.reference), lambda said: fields.text(said, max_length=80)
        )
        if found is None or paid_on is None or reference is None:
            continue
        values.take(plain(layout.back.amount), partial(_amount, order=found, form=layout.amounts))
        values.check(plain(layout.back.order), partial(_fits, found, paid_on, reference))
        if values.sound and found.status == PaymentStatus.PAID:
            already += 1
        elif values.sound:
            agreement_id = (isinstance(found, OrderLine) and found.agreement_id) or 0
            returned.append(
                Returned(
                    found.payment_id, found.case_id or 0, agreement_id, paid_on, reference, found.amount_cents
                )
            )
    return returned, already


def _order(value: Raw, *, known: _Known, seen: set[int]) -> OrderLine | Recovery:
    said = fields.text(value, max_length=40)
    shown = shortened(said)
    found: OrderLine | Recovery | None = None
    if order := named_order(said):
        found = known.orders.get(order)
    elif number := named_recovery(said):
        found = known.back.get(number)
    if found is None:
        raise FieldError("order_unknown", NO_ORDER, value=shown)
    if found.payment_id in seen:
        raise FieldError("listed_twice", TWICE, value=shown)
    seen.add(found.payment_id)
    if isinstance(found, OrderLine) and found.void:
        raise FieldError("order_void", VOID, value=shown)
    if found.status not in (PaymentStatus.DUE, PaymentStatus.ORDERED, PaymentStatus.PAID):
        raise FieldError("order_not_payable", NOT_PAYABLE, value=shown, status=STATUS_WORDS[found.status])
    return found


def _fits(found: OrderLine | Recovery, paid_on: date, reference: str) -> None:
    """What is paid already was paid that day, under that reference."""
    if found.status == PaymentStatus.PAID and (found.paid_on, found.account_reference) != (
        paid_on,
        reference,
    ):
        raise FieldError(
            "paid_otherwise", OTHERWISE, value=reference, paid_on=found.paid_on, reference=found.account_reference
        )  # fmt: skip


def _day(value: Raw, *, today: date) -> date:
    said = str(value).strip() if value is not None else ""
    compact = said.isascii() and said.isdigit() and len(said) == 8
    day = fields.calendar_day(_spread(said) if compact else value)
    if day > today:
        raise FieldError("day_ahead", AHEAD)
    return day


def _spread(digits: str) -> str:
    """A day written without signs, as accounting may: 20270131, or 31012027."""
    if digits[:2] in ("19", "20") and "01" <= digits[4:6] <= "12":
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"


def _amount(value: Raw, *, order: OrderLine | Recovery, form: AmountForm) -> int:
    cents = fields.integer(value, maximum=MOST_CENTS) if form == AmountForm.CENTS else fields.amount(value)
    if cents != order.amount_cents:
        raise FieldError("other_amount", OTHER_AMOUNT, amount=Cents(order.amount_cents))
    return cents


def _record(session: Session, returned: Sequence[Returned], *, by: By, at: datetime) -> None:
    """One fact a case or agreement, day and reference, the earliest first."""
    facts: dict[tuple[date, int, int, str], list[int]] = defaultdict(list)
    for each in returned:
        facts[each.paid_on, each.case_id, each.agreement_id, each.reference].append(each.payment_id)
    for (paid_on, case_id, agreement_id, reference), ids in sorted(facts.items()):
        if agreement_id:
            said = AgreementGiven(reason=reference, payment_ids=tuple(ids), on=paid_on)
            agreements.advance(
                session, agreement_id, AgreementAction.RECORD_PAYMENT, by=by, at=at, given=said
            )
            continue
        given = Given(reason=reference, payment_ids=tuple(ids), paid_on=paid_on)
        advance(session, case_id, Action.RECORD_PAYMENT, by=by, at=at, given=given)
