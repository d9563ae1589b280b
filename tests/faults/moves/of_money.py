"""Amounts moved, accounts, payments ordered and come back, reports sent: all that ends in the ledger."""

from collections.abc import Callable
from typing import Any

from parvis.models.session import Database, Session
from parvis.services import bank, money, payment_imports, payment_orders, reports
from parvis.services.advance import advance_alone
from parvis.services.bank_keys import Ring
from parvis.services.reports import NoSuchReportError
from parvis.states.bank import Account
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.faults.moves.act import Act
from tests.services import envelope_desk
from tests.services.desk import Desk, moment
from tests.services.payment_desk import FINANCE, IBAN, MANAGER, OFFICER, PaymentDesk
from tests.services.test_reports import ASSO, funded, sent, typed

KEY = "cGFydmlzLXBhcnZpcy1wYXJ2aXMtcGFydmlzLXBhcnY="
HOLDER = Account(IBAN, "Association Exemple")


def finance(desk: Desk) -> PaymentDesk:
    """An officer whose key the processes of tests know."""
    return PaymentDesk(desk, Ring([KEY]))


def granted(desk: Desk) -> tuple[int]:
    """A grant."""
    return (funded(desk),)


def with_account(desk: Desk) -> tuple[int, list[int]]:
    """A grant whose organisation has a confirmed account; what is due."""
    case, officer = funded(desk), finance(desk)
    officer.knows_account()
    return case, officer.due()


def ordered(desk: Desk) -> tuple[int, int]:
    """A lot of payments is with accounting."""
    case, due = with_account(desk)
    return case, finance(desk).orders(due)


def account_asked(desk: Desk) -> tuple[int]:
    """An account waits for whoever confirms it."""
    case = funded(desk)
    with desk.database.transaction() as session:
        bank.ask(session, Ring([KEY]), 1, HOLDER, by=OFFICER, at=moment("2026-09-16"))
    return (case,)


def report_typed(desk: Desk) -> tuple[int]:
    """A report is typed and not yet sent."""
    case = funded(desk)
    typed(desk, case)
    return (case,)


def report_in(desk: Desk) -> tuple[int]:
    """It is sent, its advances paid."""
    case, _ = ordered(desk)
    finance(desk).imports("L0001-001;22/09/2026;M-1;3200", "L0001-002;23/09/2026;M-2;1600")
    typed(desk, case)
    sent(desk, case)
    return (case,)


def _in_one(database: Database, what: Callable[[Session], object]) -> None:
    with database.transaction() as session:
        what(session)


def ask(database: Database, _: int) -> None:
    at = moment("2026-09-16")
    _in_one(database, lambda session: bank.ask(session, Ring([KEY]), 1, HOLDER, by=OFFICER, at=at))


def confirm(database: Database, _: int) -> None:
    at = moment("2026-09-17")
    _in_one(database, lambda session: bank.confirm(session, Ring([KEY]), 1, IBAN, by=FINANCE, at=at))


def order(database: Database, _: int, due: list[int]) -> None:
    at, ring = moment("2026-09-20"), Ring([KEY])
    _in_one(database, lambda session: payment_orders.make(session, ring, 1, due, by=FINANCE, at=at, key="k"))


def cancel(database: Database, _: int, lot: int) -> None:
    at = moment("2026-09-21")
    _in_one(database, lambda session: payment_orders.cancel(session, 1, lot, "Erreur", by=FINANCE, at=at))


def come_back(database: Database, _: int, __: int) -> None:
    at = moment("2026-10-20")
    lines = ("Ordre;Payé le;Mandat;Montant", "L0001-001;22/09/2026;M-1;3200", "L0001-002;23/09/2026;M-2;1600")
    content = "\r\n".join(lines).encode("cp1252")
    _in_one(database, lambda session: payment_imports.import_back(
        session, 1, "retour.csv", content, by=FINANCE, at=at, dry_run=False))  # fmt: skip


def send_report(database: Database, case: int) -> None:
    at = moment("2027-05-03 10:00")
    _in_one(database, lambda session: reports.send(session, case, signed=True, by=ASSO, at=at))


def accept_report(database: Database, case: int) -> None:
    advance_alone(
        database, case, Action.ACCEPT_REPORT, by=OFFICER, at=moment("2027-05-10 10:00"), key="point"
    )


def transfer(database: Database) -> None:
    source, target, at = envelope_desk.GENERAL, envelope_desk.OF_CHALLENGE, envelope_desk.AT
    _in_one(database, lambda session: money.transfer(
        session, 1, source, target, 100_000, reason="Défi", by=MANAGER, at=at, key="k"))  # fmt: skip


THERE = (MoveRefusedError, StaleVersionError, NoSuchReportError)


def _act(name: str, given: Callable[[Desk], tuple[Any, ...]], does: Callable[..., None], **more: Any) -> Act:
    return Act("money", name, given, does, there=THERE, **more)


ACTS = [
    _act("transfer", lambda _: (), transfer, contract=envelope_desk.contract()),
    _act("ask-account", granted, ask), _act("confirm-account", account_asked, confirm),
    _act("order-payments", with_account, order), _act("cancel-lot", ordered, cancel),
    _act("come-back", ordered, come_back),
    _act("send-report", report_typed, send_report), _act("accept-report", report_in, accept_report),
]  # fmt: skip
