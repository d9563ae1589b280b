"""A finance officer at the desk: accounts confirmed, payments ordered, what accounting sends back."""

from dataclasses import dataclass, field

from parvis.services import bank, payment_imports, payment_orders
from parvis.services.bank_keys import Ring, new_key
from parvis.states.bank import Account
from parvis.states.facts import By
from parvis.states.stages import Role
from tests.services.desk import Desk, moment

FINANCE, MANAGER = By("person:7", Role.FINANCE), By("person:4", Role.MANAGER)
OFFICER = By("person:1", Role.INSTRUCTOR)
IBAN = "FR7630006000011234567890189"


@dataclass
class PaymentDesk:
    """Verbs of finance, on a desk."""

    desk: Desk
    ring: Ring = field(default_factory=lambda: Ring([new_key()]))

    def knows_account(self, siret: str = "41816609600051", iban: str = IBAN) -> None:
        """The organisation has a confirmed account."""
        with self.desk.database.transaction() as session:
            found = self.desk.value("SELECT id FROM organisations WHERE siret = %(s)s", s=siret)
            holder = Account(iban, "Association Exemple")
            bank.ask(session, self.ring, found, holder, by=OFFICER, at=moment("2026-09-16"))
            bank.confirm(session, self.ring, found, iban, by=FINANCE, at=moment("2026-09-16"))

    def due(self) -> list[int]:
        """The payments that are due."""
        with self.desk.database.transaction() as session:
            return [each.id for each in payment_orders.due(session, self.desk.contract_id)]

    def orders(self, ids: list[int], *, key: str = "k", by: By = FINANCE, at: str = "2026-09-20") -> int:
        """A lot is made."""
        with self.desk.database.transaction() as session:
            return payment_orders.make(
                session, self.ring, self.desk.contract_id, ids, by=by, at=moment(at), key=key
            )

    def file(self, number: int) -> bytes:
        """The file of a lot."""
        with self.desk.database.transaction() as session:
            return payment_orders.file_of(session, self.ring, self.desk.contract_id, number)[1]

    def cancels(self, number: int, reason: str = "Erreur de compte") -> None:
        """A lot is cancelled."""
        with self.desk.database.transaction() as session:
            payment_orders.cancel(
                session, self.desk.contract_id, number, reason, by=FINANCE, at=moment("2026-09-21")
            )

    def imports(
        self, *lines: str, head: str = "Ordre;Payé le;Mandat;Montant", dry_run: bool = False, by: By = FINANCE,
        at: str = "2026-10-20",
    ) -> payment_imports.Imported:  # fmt: skip
        """What accounting sends back comes in."""
        content = "\r\n".join([head, *lines]).encode("cp1252")
        with self.desk.database.transaction() as session:
            return payment_imports.import_back(
                session,
                self.desk.contract_id,
                "retour.csv",
                content,
                by=by,
                at=moment(at),
                dry_run=dry_run,
            )
