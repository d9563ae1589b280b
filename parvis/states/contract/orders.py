"""How payments go to accounting as a file, and come back: what each column says, how it is written."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from parvis.states.contract.values import Note, Problem, Setting, Text, duplicates, refuse
from parvis.states.words import Sentence

ONE_OF_THEM = Sentence(
    "La colonne « {title} » dit une donnée (« says ») ou un texte fixe (« text »), l’un des deux.",
    "The column “{title}” says a fact (“says”) or a fixed text (“text”), one of the two.",
)
MISSING = Sentence(
    "Aucune colonne ne dit « {says} » : le fichier ne pourrait pas être payé, ou son retour relu.",
    "No column says “{says}”: the file could not be paid, or its return read.",
)


class OrderFact(StrEnum):
    """What a column of a payment order may say."""

    ORDER = "order"
    LOT = "lot"
    LOT_DAY = "lot_day"
    DUE_ON = "due_on"
    AMOUNT = "amount"
    IBAN = "iban"
    BIC = "bic"
    HOLDER = "holder"
    ORGANISATION = "organisation"
    SIRET = "siret"
    CASE = "case"
    TITLE = "title"
    CALL = "call"
    YEAR = "year"
    FUNDER = "funder"
    FUNDER_CODE = "funder_code"
    INSTALMENT = "instalment"
    SUBJECT = "subject"


class FieldMark(StrEnum):
    """What stands between two columns."""

    SEMICOLON = "semicolon"
    COMMA = "comma"
    TAB = "tab"
    PIPE = "pipe"


class AmountForm(StrEnum):
    """How an amount is written: `1234,50`, `1234.50`, or in whole cents, `123450`."""

    COMMA = "comma"
    POINT = "point"
    CENTS = "cents"


class FileEncoding(StrEnum):
    """How letters become bytes; `utf-8-sig` begins with the mark spreadsheets look for."""

    UTF_8 = "utf-8"
    UTF_8_MARKED = "utf-8-sig"
    WINDOWS = "cp1252"
    LATIN_9 = "iso-8859-15"


class DayForm(StrEnum):
    """How a day is written."""

    FRENCH = "dd/mm/yyyy"
    ISO = "yyyy-mm-dd"
    COMPACT = "yyyymmdd"
    FRENCH_COMPACT = "ddmmyyyy"


class OrderColumn(Setting):
    """One column: its title, and the fact or the fixed text it says on every line."""

    title: Text
    says: OrderFact | None = None
    text: Note = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.says is None) == (not self.text):
            refuse([Problem(("says",), self.says, ONE_OF_THEM.fill(title=self.title))])
        return self


class OrdersBack(Setting):
    """The titles of the columns of the file that comes back: the order, its day, the reference of the accounts.

    The amount is compared when its column is there; columns in `ignored` are left out, as are those that went.
    """

    order: Text = "Ordre"
    paid_on: Text = "Payé le"
    reference: Text = "Mandat"
    amount: Text = "Montant"
    ignored: tuple[Text, ...] = ()


_COLUMNS = (
    OrderColumn(title="Ordre", says=OrderFact.ORDER),
    OrderColumn(title="Échéance", says=OrderFact.DUE_ON),
    OrderColumn(title="SIRET", says=OrderFact.SIRET),
    OrderColumn(title="Bénéficiaire", says=OrderFact.ORGANISATION),
    OrderColumn(title="Titulaire", says=OrderFact.HOLDER),
    OrderColumn(title="IBAN", says=OrderFact.IBAN),
    OrderColumn(title="BIC", says=OrderFact.BIC),
    OrderColumn(title="Montant", says=OrderFact.AMOUNT),
    OrderColumn(title="Financeur", says=OrderFact.FUNDER),
    OrderColumn(title="Dossier", says=OrderFact.CASE),
    OrderColumn(title="Objet", says=OrderFact.SUBJECT),
)
"""What accounting needs to pay; every software has its own layout, which the contract’s file gives."""


class PaymentOrders(Setting):
    """The layout of the files of payment orders (what accounting software takes: a setting no source fixes)."""

    columns: Annotated[tuple[OrderColumn, ...], Field(min_length=1)] = _COLUMNS
    separator: FieldMark = FieldMark.SEMICOLON
    amounts: AmountForm = AmountForm.COMMA
    encoding: FileEncoding = FileEncoding.UTF_8_MARKED
    days: DayForm = DayForm.FRENCH
    back: OrdersBack = OrdersBack()

    @model_validator(mode="after")
    def _can_be_paid(self) -> Self:
        refuse(
            [
                *duplicates("columns", (column.title for column in self.columns), key="title"),
                *_missing(self.columns),
            ]
        )
        return self


def _missing(columns: tuple[OrderColumn, ...]) -> Iterator[Problem]:
    said = {column.says for column in columns}
    for fact in (OrderFact.ORDER, OrderFact.AMOUNT, OrderFact.IBAN):
        if fact not in said:
            yield Problem(("columns",), str(fact), MISSING.fill(says=str(fact)))
