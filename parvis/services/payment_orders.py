"""Payments sent to accounting: lots of what is due, each payment in one; kept as they left; cancelled with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import payment_orders as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.payment_orders import DuePayment, LotLine, OrderLine
from parvis.models.session import Session
from parvis.services.bank_keys import Ring
from parvis.states.calendar import paris_day
from parvis.states.facts import By
from parvis.states.orders import LotState, Order, lot_name, written
from parvis.states.payments import STATUS_WORDS, PaymentStatus
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

__all__ = ["DuePayment", "Lot", "LotLine", "NoSuchLotError", "OrderLine", "cancel", "due", "file_of", "lots", "make",
           "owed_back", "see", "state_of"]  # fmt: skip

NOT_YOURS = Sentence(
    "Les ordres de paiement reviennent au service financier.", "Payment orders are for finance."
)
NOTHING_CHOSEN = Sentence("Choisir au moins un versement.", "Choose at least one payment.")
GONE = Sentence(
    "Un des versements choisis n’est plus là : relire la liste.",
    "One of the payments chosen is gone: read the list again.",
)
NOT_DUE = Sentence(
    "{reference}, {payee} : ce versement est « {status} », il n’est pas à verser. Le décocher.",
    "{reference}, {payee}: this payment is “{status}”, it is not due. Leave it out.",
)
NO_ACCOUNT = Sentence(
    "{payee} (SIRET {siret}) n’a pas de coordonnées bancaires confirmées : demander son RIB, saisir l’IBAN à la page "
    "« Comptes », le faire confirmer par une autre personne ; ou décocher {reference}.",
    "{payee} (SIRET {siret}) has no confirmed bank details: ask for its bank statement, type the IBAN on the page "
    "“Accounts”, have it confirmed by another person; or leave {reference} out.",
)
CANCELLED = Sentence("Le lot {lot} est déjà annulé.", "Lot {lot} is cancelled already.")
PAID = Sentence(
    "{count} versements du lot {lot} sont déjà payés : un lot ne s’annule qu’avant son retour.",
    "{count} payments of lot {lot} are paid already: a lot is cancelled only before it comes back.",
)
NO_REASON = Sentence("Indiquer le motif de l’annulation.", "Give the reason of the cancellation.")


class NoSuchLotError(Exception):
    """The contract has no such lot."""


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot and its orders."""

    line: LotLine
    orders: tuple[OrderLine, ...]


def due(session: Session, contract_id: int) -> list[DuePayment]:
    """What is to be paid, the earliest due first."""
    return queries.due_payments(session, contract_id)


def owed_back(session: Session, contract_id: int) -> list[DuePayment]:
    """What is to be paid back, the earliest due first."""
    return queries.owed_back(session, contract_id)


def lots(session: Session, contract_id: int) -> list[LotLine]:
    """The lots of a contract, the latest first."""
    return queries.lots(session, contract_id)


def see(session: Session, contract_id: int, number: int) -> Lot:
    """One lot.

    Raises:
        NoSuchLotError: the contract has none of this number.
    """
    line = queries.lot(session, contract_id, number) if number < 2**31 else None
    if line is None:
        raise NoSuchLotError(number)
    return Lot(line, tuple(queries.orders_of(session, line.id)))


def state_of(line: LotLine) -> LotState:
    """Where a lot stands."""
    if line.cancelled_at is not None:
        return LotState.CANCELLED
    return LotState.PAID if line.paid == line.orders else LotState.MADE


def file_of(session: Session, ring: Ring, contract_id: int, number: int) -> tuple[str, bytes]:
    """The name and the bytes of the file of a lot, as it left.

    Raises:
        NoSuchLotError: the contract has none of this number.
        WrongBankKeyError: it does not open.
    """
    lot = see(session, contract_id, number)
    return f"ordres-{lot_name(number)}.csv", ring.open_bytes(queries.sealed_file(session, lot.line.id))


def make(
    session: Session, ring: Ring, contract_id: int, payment_ids: Sequence[int], *, by: By, at: datetime, key: str
) -> int:  # fmt: skip
    """Make a lot of these payments and write its file; its number. The same key again gives the same lot.

    Raises:
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    name = f"{contract_id}/{key}"
    if by.role != Role.FINANCE:
        raise _refused("role", NOT_YOURS)
    number = queries.next_number(session, contract_id)
    if (there := queries.find_by_key(session, name)) is not None:
        return there
    wanted = set(payment_ids)
    held = sorted(
        queries.hold_payments(session, contract_id, sorted(wanted)),
        key=lambda each: (each.payee, each.reference, each.id),
    )
    if reasons := tuple(_unfit(held, len(wanted))):
        raise MoveRefusedError("payment_orders", reasons)
    orders = [_order(ring, position, each) for position, each in enumerate(held, start=1)]
    layout = contract_by_id(session, contract_id).payment_orders
    content = written(layout, number, paris_day(at), orders)
    queries.add_lot(
        session, contract_id, number, held, sealed=ring.seal_bytes(content), key=name, by=by.actor, at=at
    )
    return number


def cancel(session: Session, contract_id: int, number: int, reason: str, *, by: By, at: datetime) -> None:
    """Cancel a lot none of which came back: its payments are due again.

    Raises:
        NoSuchLotError: the contract has none of this number.
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    queries.hold_lot(session, see(session, contract_id, number).line.id)
    line = see(session, contract_id, number).line
    if by.role != Role.FINANCE:
        raise _refused("role", NOT_YOURS)
    if line.cancelled_at is not None:
        raise _refused("cancelled", CANCELLED.fill(lot=lot_name(number)))
    if line.paid:
        raise _refused("paid", PAID.fill(count=line.paid, lot=lot_name(number)))
    if not reason.strip():
        raise _refused("reason_given", NO_REASON)
    queries.cancel_lot(session, line.id, reason=reason.strip(), by=by.actor, at=at)


def _unfit(held: Sequence[DuePayment], wanted: int) -> Iterator[Reason]:
    if not wanted:
        yield Reason("nothing_chosen", NOTHING_CHOSEN)
    elif len(held) < wanted:
        yield Reason("gone", GONE)
    for each in held:
        if each.status != PaymentStatus.DUE or each.amount_cents <= 0 or each.due_on is None:
            yield Reason("not_due", NOT_DUE.fill(
                reference=each.reference, payee=each.payee, status=STATUS_WORDS[each.status]))  # fmt: skip
        elif each.bank_id is None:
            yield Reason("no_bank_details", NO_ACCOUNT.fill(
                payee=each.payee, siret=each.siret, reference=each.reference))  # fmt: skip


def _order(ring: Ring, position: int, each: DuePayment) -> Order:
    if each.sealed is None or each.due_on is None:
        raise TypeError("a payment without an account or a day is refused before")
    return Order(
        position, each.amount_cents, each.due_on, each.payee, each.siret, each.reference, each.title, each.call,
        each.year, each.funder, each.funder_code, each.instalment, ring.open(each.payee_id, bytes(each.sealed)),
    )  # fmt: skip


def _refused(code: str, sentence: Sentence) -> MoveRefusedError:
    return MoveRefusedError("payment_orders", (Reason(code, sentence),))
