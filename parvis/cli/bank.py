"""`parvis bank`: where organisations are paid. An IBAN is typed on the input, never on the command line."""

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.failure_words import NOT_TEXT_READ
from parvis.cli.here import here_of
from parvis.cli.options import TEXT, As, Json, argument, option
from parvis.cli.organisations import organisation_named
from parvis.cli.output import dump, euros, row, say, short_instant, show, table
from parvis.cli.values import WrongUseError
from parvis.states.bank import BANK_WORDS
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = (
    Sentence("SIRET", "SIRET"), Sentence("Organisme", "Organisation"), Sentence("Confirmé", "Confirmed"),
    Sentence("À confirmer", "To confirm"), Sentence("À verser", "Due"),
)  # fmt: skip
HISTORY = (
    Sentence("Compte", "Account"), Sentence("État", "State"), Sentence("Demandé", "Asked"),
    Sentence("Par", "By"), Sentence("Décidé", "Decided"), Sentence("Par", "By"),
)  # fmt: skip
NOTHING = Sentence("Aucun organisme n’est à payer.", "No organisation is to be paid.")
NONE_GIVEN = Sentence("{name} n’a donné aucun compte.", "{name} gave no account.")
TYPE = Sentence("IBAN : ", "IBAN: ")
ASKED = Sentence(
    "{name} : changement demandé, à confirmer par une autre personne.",
    "{name}: change asked for, to be confirmed by another person.",
)
SAME = Sentence("{name} : ce changement était déjà demandé.", "{name}: this change was asked for already.")
CONFIRMED = Sentence("{name} : compte confirmé.", "{name}: account confirmed.")
REFUSED = Sentence("{name} : changement refusé.", "{name}: change refused.")
SEALED = Sentence(
    "Comptes chiffrés avec la première clé : {count}.", "Accounts sealed with the first key: {count}."
)

Siret = Annotated[
    str, argument(shown=Sentence("SIRET", "SIRET"), said=Sentence("L’organisme.", "The organisation."))
]
Holder = Annotated[
    str,
    option("--holder", shown=TEXT, said=Sentence("Le titulaire du compte.", "The holder of the account.")),
]
Bic = Annotated[str, option("--bic", shown=TEXT, said=Sentence("Le BIC.", "The BIC."))]
Why = Annotated[str, option("--reason", shown=TEXT, said=Sentence("Le motif du refus.", "The reason."))]


def list_accounts(context: typer.Context, *, json: Json = False) -> None:
    """List the organisations with bank details, or to be paid."""
    del json
    from parvis.services import bank

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        found = bank.list_organisations(session, None)
    if here.json:
        dump({"organisations": found})
    elif not found:
        say(here, NOTHING)
    else:
        made = table(*map(here.say, COLUMNS), right=[4], whole=[0, 2, 3])
        for one in found:
            due = euros(one.due_cents, here) if one.due_cents else ""
            row(made, one.siret, one.name, one.confirmed or "—", one.asked, due)
        show(made)


def show_account(context: typer.Context, *, siret: Siret, json: Json = False) -> None:
    """Show the bank details of an organisation, masked, and their history."""
    del json
    from parvis.services import bank

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        known = organisation_named(session, siret)
        past = bank.standing(session, known.id).past
    if here.json:
        told = [
            {"account": each.masked, "state": each.state, "asked_at": each.asked_at, "asked_by": each.asked_by,
             "decided_at": each.decided_at, "reason": each.reason}
            for each in past
        ]  # fmt: skip
        dump({"siret": known.siret, "name": known.name, "accounts": told})
        return
    if not past:
        say(here, NONE_GIVEN, name=known.name)
        return
    made = table(*map(here.say, HISTORY), whole=[0, 2, 4])
    for each in past:
        row(made, each.masked, here.say(BANK_WORDS[each.state]), short_instant(each.asked_at),
            each.asked_name or known.name, short_instant(each.decided_at), each.decided_name)  # fmt: skip
    show(made)


def ask(
    context: typer.Context, *, siret: Siret, holder: Holder = "", bic: Bic = "", who: As = None
) -> None:  # fmt: skip
    """Ask for other bank details of an organisation; the IBAN is read on the input."""
    from parvis.services import bank
    from parvis.services.bank_keys import ring
    from parvis.states import fields
    from parvis.states.bank import Account

    here = here_of(context)
    account = Account(
        _read("IBAN", lambda: fields.account_number(_typed(here.say(TYPE)))),
        _read("--holder", lambda: fields.text(holder, max_length=140)),
        _read("--bic", lambda: fields.bic(bic)),
    )
    with here.contract() as database, database.transaction() as session:
        known, by = organisation_named(session, siret), actor(session, who, None).by
        new = bank.ask(session, ring(here.settings), known.id, account, by=by, at=here.now())
    say(here, ASKED if new else SAME, style="green", name=known.name)


def confirm(context: typer.Context, *, siret: Siret, who: As = None) -> None:
    """Confirm bank details another person asked for; the IBAN read on the statement is typed on the input."""
    from parvis.services import bank
    from parvis.services.bank_keys import ring
    from parvis.states import fields

    here = here_of(context)
    iban = _read("IBAN", lambda: fields.account_number(_typed(here.say(TYPE))))
    with here.contract() as database, database.transaction() as session:
        known, by = organisation_named(session, siret), actor(session, who, None).by
        bank.confirm(session, ring(here.settings), known.id, iban, by=by, at=here.now())
    say(here, CONFIRMED, style="green", name=known.name)


def refuse(context: typer.Context, *, siret: Siret, reason: Why = "", who: As = None) -> None:
    """Refuse bank details that were asked for."""
    from parvis.services import bank

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        known, by = organisation_named(session, siret), actor(session, who, None).by
        bank.refuse(session, known.id, reason, by=by, at=here.now())
    say(here, REFUSED, style="green", name=known.name)


def key(context: typer.Context) -> None:
    """Print a new key for PARVIS_BANK_KEYS."""
    from parvis.services.bank_keys import new_key

    here_of(context)
    sys.stdout.write(new_key() + "\n")


def rotate(context: typer.Context) -> None:
    """Seal every account with the first key of PARVIS_BANK_KEYS."""
    from parvis.services import bank
    from parvis.services.bank_keys import ring

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        count = bank.rotate(session, ring(here.settings))
    say(here, SEALED, style="green", count=count)


def _read(name: str, parse: "Callable[[], str]") -> str:
    from parvis.states.fields import FieldError

    try:
        return parse()
    except FieldError as error:
        raise WrongUseError(name, error.sentence) from None


def _typed(prompt: str) -> str:
    """What is typed at a terminal without being shown, or the first line of what comes in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    try:
        return sys.stdin.buffer.readline().decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongUseError("", NOT_TEXT_READ) from None


SECTION = Section(
    "bank",
    Sentence("Les coordonnées bancaires des organismes.", "The bank details of organisations."),
    (
        Entry("list", list_accounts, Sentence(
            "Liste les organismes qui ont un compte, ou sont à payer.",
            "Lists the organisations that have an account, or are to be paid.")),
        Entry("show", show_account, Sentence(
            "Montre les comptes d’un organisme, masqués, et leur histoire.",
            "Shows the accounts of an organisation, masked, and their history.")),
        Entry("ask", ask, Sentence(
            "Demande un autre compte pour un organisme ; l’IBAN est tapé ou lu sur l’entrée.",
            "Asks for another account of an organisation; the IBAN is typed or read from the input.")),
        Entry("confirm", confirm, Sentence(
            "Confirme un compte demandé par une autre personne ; l’IBAN du RIB est tapé ou lu sur l’entrée.",
            "Confirms an account another person asked for; the IBAN is typed or read from the input.")),
        Entry("refuse", refuse, Sentence("Refuse un compte demandé.", "Refuses an account that was asked for.")),
        Entry("key", key, Sentence(
            "Donne une nouvelle clé pour PARVIS_BANK_KEYS.", "Gives a new key for PARVIS_BANK_KEYS.")),
        Entry("rotate", rotate, Sentence(
            "Chiffre de nouveau tous les comptes avec la première clé.",
            "Seals all accounts again with the first key.")),
    ),
)  # fmt: skip
