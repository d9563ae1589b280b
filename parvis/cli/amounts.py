"""`parvis money history` and `adjust`: who changed the amounts of a case and why; more or less money in an envelope."""

from typing import Annotated
from uuid import uuid4

import typer

from parvis.cli import values
from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.failures import NotThereError
from parvis.cli.here import here_of
from parvis.cli.options import AMOUNT, NUMBER, TEXT, As, Json, Ref, argument, option
from parvis.cli.output import dump, euros, row, say, short_instant, show, table
from parvis.states.words import Cents, Sentence

COLUMNS = (
    Sentence("Quand", "When"), Sentence("Financeur", "Funder"), Sentence("Quoi", "What"),
    Sentence("Montant", "Amount"), Sentence("Qui", "Who"), Sentence("Motif", "Reason"),
)  # fmt: skip
NOTHING = Sentence("Aucun montant n’est encore dit.", "No amount is said yet.")
NO_ENVELOPE = Sentence(
    "Il n’y a pas d’enveloppe {number} : « parvis money show » les liste.",
    "There is no envelope {number}: “parvis money show” lists them.",
)
DONE = Sentence("Montant changé : {amount}.", "Amount changed: {amount}.")
AGAIN = Sentence("Ce changement était déjà fait.", "This change was made already.")

Which = Annotated[str, argument(shown=NUMBER, said=Sentence("L’enveloppe.", "The envelope."))]
Euros = Annotated[
    str, argument(shown=AMOUNT, said=Sentence("Combien, comme 1 234,56.", "How much, like 1 234,56."))
]
Less = Annotated[
    bool,
    option("--less", said=Sentence("Le retirer au lieu de l’ajouter.", "Take it off instead of adding it.")),
]
Why = Annotated[str, option("--reason", shown=TEXT, said=Sentence("Le motif.", "The reason."))]
Key = Annotated[
    str | None,
    option(
        "--key", shown=TEXT,
        said=Sentence(
            "Une clé : la même une seconde fois ne refait rien.", "A key: the same a second time does nothing again."
        ),
    ),
]  # fmt: skip


def number_of(typed: str) -> int:
    """The number of an envelope, as somebody typed it.

    Raises:
        WrongUseError: it is none.
    """
    return values.whole("NUMBER", typed, most=999_999_999)


def history(context: typer.Context, *, ref: Ref, json: Json = False) -> None:
    """Show who changed the amounts of a case, and why."""
    del json
    from parvis.services.amount_histories import amount_history
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        found = amount_history(session, find_case(session, ref).id)
    if here.json:
        dump({"reference": ref.upper(), "amounts": [
            {"at": each.at, "funder": each.funder, "what": each.what.en, "amount_cents": each.cents, "by": each.who.en,
             "reason": each.reason} for each in found
        ]})  # fmt: skip
        return
    if not found:
        say(here, NOTHING)
        return
    made = table(*map(here.say, COLUMNS), right=[3], whole=[0])
    for each in found:
        amount, who = euros(each.cents, here), here.say(each.who)
        row(made, short_instant(each.at), each.funder, here.say(each.what), amount, who, each.reason)
    show(made)


def adjust(
    context: typer.Context, *, number: Which, amount: Euros, less: Less = False, reason: Why = "", key: Key = None,
    who: As = None, json: Json = False,
) -> None:  # fmt: skip
    """Add money to an envelope, or take some off."""
    del json
    from parvis.services import money

    here = here_of(context)
    cents, wanted = values.amount("AMOUNT", amount), number_of(number)
    cents = -cents if less else cents
    try:
        with here.contract() as database, database.transaction() as session:
            said = money.Wanted(None, wanted, cents, reason, actor(session, who, None).by)
            made = money.move(session, None, said, at=here.now(), key=key or uuid4().hex)
    except money.NoSuchEnvelopeError:
        raise NotThereError(NO_ENVELOPE.fill(number=wanted)) from None
    if here.json:
        dump({"made": made, "envelope": wanted, "amount_cents": cents})
    else:
        say(here, DONE if made else AGAIN, style="green", amount=Cents(cents))


ENTRIES = (
    Entry(
        "history", history,
        Sentence(
            "Montre qui a changé les montants d’un dossier, et pourquoi.",
            "Shows who changed the amounts of a case, and why.",
        ),
    ),
    Entry(
        "adjust", adjust,
        Sentence(
            "Ajoute de l’argent à une enveloppe, ou en retire : une délibération, une réduction de crédits.",
            "Adds money to an envelope, or takes some off: a deliberation, a cut.",
        ),
    ),
)  # fmt: skip
