"""`parvis money`: envelopes, what happened to them, transfers, and their proof."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from rich.text import Text

from parvis.cli import values
from parvis.cli.acting import actor
from parvis.cli.amounts import ENTRIES, NO_ENVELOPE, Euros, Key, number_of
from parvis.cli.entries import Entry, Section
from parvis.cli.errors import tell
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Detail, Failed
from parvis.cli.failures import NotThereError
from parvis.cli.here import Here, here_of
from parvis.cli.options import NUMBER, TEXT, As, Json, argument, option
from parvis.cli.output import dump, euros, kept, row, say, short_instant, show, table
from parvis.states.ledger import KIND_WORDS, Kind
from parvis.states.words import Cents, Sentence

if TYPE_CHECKING:
    from parvis.services.money import Astray, EnvelopeLine, Seen

COLUMNS = (
    Sentence("N°", "No."), Sentence("Enveloppe", "Envelope"), Sentence("Appel", "Call"), Sentence("Année", "Year"),
    Sentence("Totale", "Total"), Sentence("Réservé", "Reserved"), Sentence("Engagé", "Committed"),
    Sentence("Payé", "Paid"), Sentence("Reste", "Left"),
)  # fmt: skip
HISTORY = (
    Sentence("Quand", "When"), Sentence("Quoi", "What"), Sentence("Qui", "Who"),
    Sentence("Dossier, motif", "Case, reason"),
    Sentence("Enveloppe", "Envelope"), Sentence("Réservé", "Reserved"), Sentence("Engagé", "Committed"),
    Sentence("Payé", "Paid"),
)  # fmt: skip
NOTHING = Sentence("Aucune enveloppe.", "No envelope.")
FILE = Sentence("fichier du contrat", "contract file")
DONE = Sentence("Virement fait : {amount}.", "Transfer made: {amount}.")
AGAIN = Sentence("Ce virement était déjà fait.", "This transfer was made already.")
SOUND = Sentence(
    "Chaque montant est la somme de ses lignes. "
    "Enveloppes : {envelopes} ; mouvements : {movements} ; lignes : {lines}.",
    "Every amount is the sum of its lines. Envelopes: {envelopes}; movements: {movements}; lines: {lines}.",
)
BROKEN = Sentence("Le registre des enveloppes n’est pas juste.", "The ledger of the envelopes is not right.")
ASTRAY = Sentence(
    "Enveloppe {number} ({name}), « {column} » : {said} inscrits, {lines} selon les lignes.",
    "Envelope {number} ({name}), “{column}”: {said} written, {lines} by its lines.",
)

AMOUNTS = {
    "initial": Sentence("initiale", "initial"), "transferred": Sentence("virée", "transferred"),
    "reserved": Sentence("réservé", "reserved"), "committed": Sentence("engagé", "committed"),
    "paid": Sentence("payé", "paid"), "available": Sentence("reste", "left"),
    "parts": Sentence("total de ses parts", "total of its parts"),
}  # fmt: skip

Which = Annotated[
    str | None,
    argument(shown=NUMBER, said=Sentence("Une enveloppe, avec son histoire.", "One envelope, with its history.")),
]  # fmt: skip
Source = Annotated[
    str, argument(shown=NUMBER, said=Sentence("L’enveloppe qui donne.", "The envelope that gives."))
]
Target = Annotated[
    str, argument(shown=NUMBER, said=Sentence("L’enveloppe qui reçoit.", "The envelope that receives."))
]
Why = Annotated[
    str, option("--reason", shown=TEXT, said=Sentence("Le motif du virement.", "The reason of the transfer."))
]


def show_money(context: typer.Context, *, number: Which = None, json: Json = False) -> None:
    """Show the envelopes, or one of them with its history."""
    del json
    from parvis.services import money

    here = here_of(context)
    if number is None:
        with here.contract() as database, database.transaction() as session:
            found = money.envelopes(session, None)
        _list(here, found)
        return
    wanted = number_of(number)
    try:
        with here.contract() as database, database.transaction() as session:
            seen = money.see(session, None, wanted)
    except money.NoSuchEnvelopeError:
        raise NotThereError(NO_ENVELOPE.fill(number=wanted)) from None
    _one(here, seen)


def transfer(
    context: typer.Context, *, source: Source, target: Target, amount: Euros, reason: Why = "", key: Key = None,
    who: As = None, json: Json = False,
) -> None:  # fmt: skip
    """Move money between two envelopes of one funder."""
    del json
    from parvis.services import money

    here = here_of(context)
    cents, ends = values.amount("AMOUNT", amount), [number_of(each) for each in (source, target)]
    try:
        with here.contract() as database, database.transaction() as session:
            by = actor(session, who, None).by
            made = money.transfer(
                session, None, ends[0], ends[1], cents,
                reason=reason, by=by, at=here.now(), key=key or uuid4().hex,
            )  # fmt: skip
    except money.NoSuchEnvelopeError as error:
        raise NotThereError(NO_ENVELOPE.fill(number=error.args[0])) from None
    if here.json:
        dump({"made": made, "from": ends[0], "to": ends[1], "amount_cents": cents})
    else:
        say(here, DONE if made else AGAIN, style="green", amount=Cents(cents))


def verify(context: typer.Context, *, json: Json = False) -> None:
    """Verify that every amount of every envelope is the sum of its lines."""
    del json
    from parvis.services.money import verify as check

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = check(session)
    if here.json:
        dump({"sound": found.sound, "envelopes": found.envelopes, "movements": found.movements, "lines": found.lines,
              "first": found.astray[0] if found.astray else None, "astray": len(found.astray)})  # fmt: skip
    elif found.sound:
        say(
            here,
            SOUND,
            style="green",
            envelopes=found.envelopes,
            movements=found.movements,
            lines=found.lines,
        )
    else:
        tell(here, Failed(ExitCode.PROOF_BROKEN, "ledger_broken", BROKEN, (_astray(here, found.astray[0]),)))
    if not found.sound:
        raise typer.Exit(ExitCode.PROOF_BROKEN)


def _astray(here: Here, one: "Astray") -> Detail:
    name, _, case = one.column.partition(" ")
    column = here.say(AMOUNTS[name]) if name in AMOUNTS else name
    column = f"{column} {case}".strip()
    said, lines = Cents(one.said_cents), Cents(one.lines_cents)
    sentence = ASTRAY.fill(number=one.envelope_id, name=one.name, column=column, said=said, lines=lines)
    return Detail("astray", sentence)


def _list(here: Here, found: "list[EnvelopeLine]") -> None:
    if here.json:
        dump({"envelopes": [_told(one) for one in found]})
        return
    if not found:
        say(here, NOTHING)
        return
    made = table(*map(here.say, COLUMNS), right=[0, 4, 5, 6, 7, 8])
    for one in found:
        name = f"  {one.place}" if one.parent_id else one.name
        amounts = (
            one.total_cents,
            one.reserved_cents,
            one.committed_cents,
            one.paid_cents,
            one.available_cents,
        )
        row(made, str(one.id), name, one.call_code, str(one.year), *(euros(each, here) for each in amounts))
    show(made)


def _one(here: Here, seen: "Seen") -> None:
    if here.json:
        dump({**_told(seen.envelope), "parts": [one.id for one in seen.parts], "movements": seen.movements})
        return
    show(Text(kept(seen.envelope.name), "bold"))
    _list(here, [seen.envelope, *seen.parts])
    made = table(*map(here.say, HISTORY), right=[4, 5, 6, 7], whole=[0])
    for each in seen.movements:
        who = each.name or (here.say(FILE) if each.actor == "contract" else each.actor)
        about = "\n".join(
            part for part in (each.case_reference or each.agreement_reference, each.reason) if part
        )
        amounts = (each.total_cents, each.reserved_cents, each.committed_cents, each.paid_cents)
        shown = [euros(cents, here) if cents else "" for cents in amounts]
        row(made, short_instant(each.at), here.say(KIND_WORDS[Kind(each.kind)]), who, about, *shown)
    show("", made)


def _told(one: "EnvelopeLine") -> dict[str, object]:
    return {
        "id": one.id, "parent": one.parent_id, "funder": one.funder, "place": one.place, "call": one.call_code,
        "year": one.year, "total_cents": one.total_cents, "initial_cents": one.initial_cents,
        "transferred_cents": one.transferred_cents, "reserved_cents": one.reserved_cents,
        "committed_cents": one.committed_cents, "paid_cents": one.paid_cents,
        "available_cents": one.available_cents,
    }  # fmt: skip


SECTION = Section(
    "money",
    Sentence("L’argent : les enveloppes et leur registre.", "Money: envelopes and their ledger."),
    (
        Entry(
            "show", show_money,
            Sentence(
                "Montre les enveloppes et ce qu’il en reste ; ou une seule, avec son histoire.",
                "Shows the envelopes and what is left of them; or one, with its history.",
            ),
        ),
        Entry(
            "transfer", transfer,
            Sentence(
                "Vire un montant entre deux enveloppes d’un financeur.",
                "Moves an amount between two envelopes of one funder.",
            ),
        ),
        *ENTRIES,
        Entry(
            "verify", verify,
            Sentence(
                "Vérifie que chaque montant est la somme de ses lignes ; nomme la première enveloppe fausse.",
                "Verifies that every amount is the sum of its lines; names the first envelope astray.",
            ),
        ),
    ),
)  # fmt: skip
