"""`parvis payment`: what is due, lots for accounting, what comes back of them."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from parvis.cli.acting import actor
from parvis.cli.cash import cash
from parvis.cli.entries import Entry, Section
from parvis.cli.failures import NotThereError
from parvis.cli.here import Here, here_of
from parvis.cli.importing import DryRun
from parvis.cli.instalments import instalment
from parvis.cli.options import FILE, NUMBER, TEXT, As, Json, argument, option
from parvis.cli.output import dump, euros, row, say, short_day, show, table
from parvis.cli.values import WrongUseError, whole
from parvis.states.words import Cents, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parvis.models.session import Session
    from parvis.services.payment_orders import DuePayment, Lot, LotLine

DUE = (
    Sentence("N°", "No."), Sentence("Dossier", "Case"), Sentence("À qui", "To whom"),
    Sentence("Financeur", "Funder"), Sentence("Versement", "Payment"), Sentence("Au plus tard", "By"),
    Sentence("Montant", "Amount"), Sentence("Compte", "Account"),
)  # fmt: skip
LOTS = (
    Sentence("Lot", "Lot"), Sentence("Préparé", "Made"), Sentence("État", "State"), Sentence("Payés", "Paid"),
    Sentence("Total", "Total"),
)  # fmt: skip
ORDERS = (
    Sentence("Ordre", "Order"), Sentence("Dossier", "Case"), Sentence("À qui", "To whom"),
    Sentence("Versement", "Payment"), Sentence("État", "State"), Sentence("Montant", "Amount"),
)  # fmt: skip
NOTHING_DUE = Sentence("Rien n’est à verser.", "Nothing is due.")
NO_LOT_YET = Sentence("Aucun lot.", "No lot.")
NO_LOT = Sentence(
    "Il n’y a pas de lot {number} : « parvis payment orders » les liste.",
    "There is no lot {number}: “parvis payment orders” lists them.",
)
MADE = Sentence(
    "Lot {lot} : « parvis payment file {number} » écrit son fichier.",
    "Lot {lot}: “parvis payment file {number}” writes its file.",
)
WRITTEN = Sentence("Fichier écrit : {file}.", "File written: {file}.")
CANCELLED = Sentence(
    "Lot {lot} annulé : ses versements sont à refaire.", "Lot {lot} cancelled: its payments are due."
)
RECORDED = Sentence(
    "Versements enregistrés : {recorded} ({paid} versés, {back} reversés) ; dossiers : {cases} ; déjà enregistrés : "
    "{already}.",
    "Payments recorded: {recorded} ({paid} paid, {back} paid back); cases: {cases}; recorded already: {already}.",
)
CHECKED = Sentence(
    "Rien n’est enregistré. Versements à enregistrer : {recorded} ({paid} versés, {back} reversés) ; dossiers : "
    "{cases} ; déjà enregistrés : {already}.",
    "Nothing is recorded. Payments to record: {recorded} ({paid} paid, {back} paid back); cases: {cases}; recorded "
    "already: {already}.",
)

Payments = Annotated[
    list[str] | None,
    argument(
        shown=NUMBER,
        said=Sentence(
            "Les versements ; sans eux, tous ceux dont le compte est confirmé.",
            "The payments; without them, all those whose account is confirmed.",
        ),
    ),
]
Which = Annotated[str, argument(shown=NUMBER, said=Sentence("Le lot.", "The lot."))]
Seen = Annotated[
    str | None, argument(shown=NUMBER, said=Sentence("Un lot, avec ses ordres.", "A lot, with its orders."))
]
To = Annotated[
    str | None, option("--to", shown=FILE, said=Sentence("Où l’écrire ; ordres-LOT.csv sinon.", "Where to write it."))
]  # fmt: skip
Back = Annotated[
    str, argument(shown=FILE, said=Sentence("Le fichier (« - » : l’entrée).", "The file (“-”: the input)."))
]
Why = Annotated[str, option("--reason", shown=TEXT, said=Sentence("Le motif.", "The reason."))]
Key = Annotated[
    str | None,
    option(
        "--key", shown=TEXT,
        said=Sentence(
            "Une clé : la même une seconde fois rend le même lot.", "A key: the same again gives the same lot."
        ),
    ),
]  # fmt: skip


def due(context: typer.Context, *, json: Json = False) -> None:
    """List what is to be paid, the earliest due first."""
    del json
    from parvis.services import payment_orders

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        found = payment_orders.due(session, _contract(session))
    if here.json:
        dump({"payments": [_told(each) for each in found]})
    elif not found:
        say(here, NOTHING_DUE)
    else:
        made = table(*map(here.say, DUE), right=[0, 6], whole=[1, 5, 7])
        for each in found:
            row(made, str(each.id), each.reference, each.payee, each.funder,
                instalment(here, each.instalment, each.rank), short_day(each.due_on),
                euros(each.amount_cents, here), each.masked or "—")  # fmt: skip
        show(made)


def order(
    context: typer.Context, *, payments: Payments = None, key: Key = None, who: As = None, json: Json = False
) -> None:
    """Make a lot of payments that are due."""
    del json
    from parvis.services import payment_orders
    from parvis.services.bank_keys import ring
    from parvis.states.orders import lot_name

    here = here_of(context)
    chosen = [whole("NUMBER", each, most=999_999_999) for each in payments or ()]
    with here.contract() as database, database.transaction() as session:
        contract_id, by = _contract(session), actor(session, who, None).by
        ids = chosen or [each.id for each in payment_orders.due(session, contract_id) if each.bank_id]
        number = payment_orders.make(
            session, ring(here.settings), contract_id, ids, by=by, at=here.now(), key=key or uuid4().hex
        )
    if here.json:
        dump({"lot": number, "name": lot_name(number)})
    else:
        say(here, MADE, style="green", lot=lot_name(number), number=number)


def orders(context: typer.Context, *, number: Seen = None, json: Json = False) -> None:
    """List the lots, or the orders of one."""
    del json
    from parvis.services import payment_orders

    here = here_of(context)
    wanted = None if number is None else whole("NUMBER", number, most=999_999_999)
    with _named(), here.contract() as database, database.transaction() as session:
        contract_id = _contract(session)
        seen = payment_orders.see(session, contract_id, wanted) if wanted is not None else None
        listed = [] if seen else payment_orders.lots(session, contract_id)
    if seen:
        _one(here, seen)
    else:
        _list(here, listed)


def file(context: typer.Context, *, number: Which, to: To = None) -> None:
    """Write the file of a lot, as it left."""
    from parvis.services import payment_orders
    from parvis.services.bank_keys import ring

    here = here_of(context)
    wanted = whole("NUMBER", number, most=999_999_999)
    with _named(), here.contract() as database, database.transaction() as session:
        name, content = payment_orders.file_of(session, ring(here.settings), _contract(session), wanted)
    target = Path(to or name)
    target.write_bytes(content)
    say(here, WRITTEN, style="green", file=str(target))


def cancel(context: typer.Context, *, number: Which, reason: Why = "", who: As = None) -> None:
    """Cancel a lot that did not come back."""
    from parvis.services import payment_orders
    from parvis.states.orders import lot_name

    here = here_of(context)
    wanted = whole("NUMBER", number, most=999_999_999)
    with _named(), here.contract() as database, database.transaction() as session:
        by = actor(session, who, None).by
        payment_orders.cancel(session, _contract(session), wanted, reason, by=by, at=here.now())
    say(here, CANCELLED, style="green", lot=lot_name(wanted))


def import_back(
    context: typer.Context, *, back: Back, dry_run: DryRun = False, who: As = None, json: Json = False
) -> None:
    """Record what accounting paid, all of a file or nothing."""
    del json
    from parvis.services import payment_imports

    here = here_of(context)
    content = sys.stdin.buffer.read() if back == "-" else Path(back).read_bytes()
    with here.contract() as database, database.transaction() as session:
        found = payment_imports.import_back(
            session, _contract(session), Path(back).name, content, by=actor(session, who, None).by, at=here.now(),
            dry_run=dry_run,
        )  # fmt: skip
    if here.json:
        dump({"dry_run": dry_run, "recorded": found.recorded, "already": found.already, "cases": found.cases,
              "paid_cents": found.paid_cents, "back_cents": found.back_cents})  # fmt: skip
    else:
        say(here, CHECKED if dry_run else RECORDED, style="green", recorded=found.recorded, already=found.already,
            cases=found.cases, paid=Cents(found.paid_cents), back=Cents(found.back_cents))  # fmt: skip


@contextmanager
def _named() -> "Iterator[None]":
    """Say that a lot is not there to whoever named it."""
    from parvis.services.payment_orders import NoSuchLotError

    try:
        yield
    except NoSuchLotError as error:
        raise NotThereError(NO_LOT.fill(number=error.args[0])) from None


def _contract(session: "Session") -> int:
    """The contract of the settings, which `here.contract()` has just opened."""
    from parvis.models.queries.contracts import read_contract

    found = read_contract(session)
    if found is None:
        raise WrongUseError("", NO_LOT_YET)
    return found[0]


def _told(each: "DuePayment") -> dict[str, object]:
    return {
        "id": each.id, "case": each.reference, "payee": each.payee, "siret": each.siret, "funder": each.funder_code,
        "instalment": each.instalment, "year": each.rank, "amount_cents": each.amount_cents, "due_on": each.due_on,
        "account": each.masked or None,
    }  # fmt: skip


def _list(here: Here, listed: "Sequence[LotLine]") -> None:
    from parvis.services.payment_orders import state_of
    from parvis.states.orders import LOT_WORDS, lot_name

    if here.json:
        dump({"lots": [
            {"lot": one.number, "name": lot_name(one.number), "state": state_of(one), "made_at": one.made_at,
             "made_by": one.made_by, "orders": one.orders, "paid": one.paid, "total_cents": one.total_cents,
             "cancel_reason": one.cancel_reason}
            for one in listed
        ]})  # fmt: skip
    elif not listed:
        say(here, NO_LOT_YET)
    else:
        made = table(*map(here.say, LOTS), right=[3, 4], whole=[0, 1])
        for one in listed:
            row(made, lot_name(one.number), short_day(one.made_at.date()), here.say(LOT_WORDS[state_of(one)]),
                f"{one.paid}/{one.orders}", euros(one.total_cents, here))  # fmt: skip
        show(made)


def _one(here: Here, seen: "Lot") -> None:
    from parvis.states.orders import order_name
    from parvis.states.payments import STATUS_WORDS

    if here.json:
        dump({"lot": seen.line.number, "orders": seen.orders})
        return
    made = table(*map(here.say, ORDERS), right=[5], whole=[0, 1])
    for each in seen.orders:
        stands = here.say(STATUS_WORDS[each.status])
        if each.paid_on:
            stands = f"{stands} {short_day(each.paid_on)} {each.account_reference}"
        row(made, order_name(seen.line.number, each.position), each.reference, each.payee,
            instalment(here, each.instalment, each.rank), stands, euros(each.amount_cents, here))  # fmt: skip
    show(made)


SECTION = Section(
    "payment",
    Sentence("Les paiements : à faire, partis à la comptabilité, revenus.", "Payments: due, sent out, come back."),
    (
        Entry("due", due, Sentence("Liste ce qui est à verser.", "Lists what is to be paid.")),
        Entry("order", order, Sentence(
            "Prépare un lot d’ordres de paiement pour la comptabilité.", "Makes a lot of payment orders.")),
        Entry("orders", orders, Sentence("Liste les lots, ou les ordres d’un lot.", "Lists lots, or orders of one.")),
        Entry("file", file, Sentence("Écrit le fichier d’un lot, tel qu’il est parti.", "Writes the file of a lot.")),
        Entry("cancel", cancel, Sentence(
            "Annule un lot avant son retour, avec un motif.", "Cancels a lot before it comes back, with a reason.")),
        Entry("import", import_back, Sentence(
            "Enregistre ce que la comptabilité a payé : tout le fichier, ou rien.",
            "Records what accounting paid: all of the file, or nothing.")),
        Entry("cash", cash, Sentence(
            "Montre la trésorerie d’une année, par mois et par financeur.", "Shows the cash of a year, by month.")),
    ),
)  # fmt: skip
