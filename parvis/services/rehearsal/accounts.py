"""Bank details and payment orders of a demonstration: most who are to be paid have an account, some wait for one."""

from datetime import datetime, timedelta

from parvis.models.queries.rehearsal import colleagues, paid_organisations
from parvis.models.session import Session
from parvis.services import bank, payment_orders
from parvis.services.bank_keys import Ring
from parvis.states.bank import Account
from parvis.states.facts import By
from parvis.states.stages import Role

WITHOUT, ASKED, EVERY = 3, 4, 5
"""Of every so many payees, which one gave no account, and whose waits to be confirmed."""
GIVEN, CONFIRMED = timedelta(days=6), timedelta(days=5)
MOST = 20
BANK, BRANCH = 99999, 1  # no bank has this number
SPECIMEN = "FR7630006000011234567890189"
"""What every example of an IBAN says: that of an account that waits, so that whoever looks can confirm it."""


def give_accounts(session: Session, ring: Ring, contract_id: int, *, at: datetime) -> int | None:
    """Give accounts to those who are to be paid, and hand half of what may be paid to accounting; the lot's number."""
    payers = [one.id for one in colleagues(session, contract_id) if one.role == Role.FINANCE]
    if not payers:
        return None
    finance = By(f"person:{payers[0]}", Role.FINANCE)
    for place, (payee, name) in enumerate(paid_organisations(session, contract_id, most=MOST)):
        if place % EVERY == WITHOUT:
            continue
        iban = SPECIMEN if place % EVERY == ASKED else invented_iban(payee)
        itself = By(f"organisation:{payee}", Role.APPLICANT)
        bank.ask(session, ring, payee, Account(iban, name), by=itself, at=at - GIVEN)
        if place % EVERY != ASKED:
            bank.confirm(session, ring, payee, iban, by=finance, at=at - CONFIRMED)
    ready = [each.id for each in payment_orders.due(session, contract_id) if each.bank_id is not None]
    if not ready:
        return None
    half = ready[: (len(ready) + 1) // 2]
    return payment_orders.make(session, ring, contract_id, half, by=finance, at=at, key="demonstration")


def invented_iban(number: int) -> str:
    """The IBAN of an account nobody has, whose keys are right."""
    key = 97 - (89 * BANK + 15 * BRANCH + 3 * number) % 97
    account = f"{BANK:05d}{BRANCH:05d}{number:011d}{key:02d}"
    return f"FR{98 - int(account + '152700') % 97:02d}{account}"
