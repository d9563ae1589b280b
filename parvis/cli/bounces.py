"""`parvis letters bounces`, `held` and `lift`: letters that came back, and the addresses nothing leaves for."""

from typing import Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.failures import NotThereError
from parvis.cli.here import here_of
from parvis.cli.options import EMAIL, As, ByRole, Json, argument
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

NO_BOX = Sentence(
    "Aucune boîte de retour n’est réglée : la dire dans PARVIS_BOUNCES (un dossier Maildir, ou une adresse imaps).",
    "No mailbox for returns is set: say which in PARVIS_BOUNCES (a Maildir folder, or an imaps address).",
)
READ = Sentence(
    "Messages lus : {read}. Lettres revenues : {returned}. Adresses suspendues : {held}. Sans rapport : {unknown}.",
    "Messages read: {read}. Letters come back: {returned}. Addresses held: {held}. About no letter of ours: {unknown}.",
)
NONE_HELD = Sentence("Aucune adresse n’est suspendue.", "No address is held.")
LIFTED = Sentence("Les lettres partent de nouveau vers {address}.", "Letters leave for {address} again.")
NOT_HELD = Sentence("L’adresse « {address} » n’est pas suspendue.", "The address “{address}” is not held.")
HEADS = (
    Sentence("Adresse", "Address"), Sentence("Qui", "Who"), Sentence("Depuis", "Since"), Sentence("Pourquoi", "Why"),
)  # fmt: skip

Address = Annotated[
    str, argument(shown=EMAIL, said=Sentence("L’adresse à rétablir.", "The address to restore."))
]


def bounces(context: typer.Context, *, json: Json = False) -> None:
    """Take the letters that came back."""
    del json
    from parvis.services.jobs import read_bounces

    here = here_of(context)
    if here.settings.bounces is None:
        raise WrongUseError("", NO_BOX)
    with here.acting() as database:
        done = read_bounces(database, here.settings, here.now())
    if here.json:
        dump(done)
    else:
        say(here, READ, read=done.read, returned=done.returned, held=done.held, unknown=done.unknown)


def held(context: typer.Context, *, json: Json = False) -> None:
    """List the addresses that letters no longer go to."""
    del json
    from parvis.models.queries.suppressions import held as list_held

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = list_held(session)
    if here.json:
        dump(found)
        return
    if not found:
        say(here, NONE_HELD)
        return
    shown = table(*(here.say(head) for head in HEADS), whole=(0, 2))
    for each in found:
        row(shown, each.address, each.name, short_instant(each.since), f"{each.status} {each.said}".strip())
    show(shown)


def lift(context: typer.Context, *, address: Address, as_: As = None, role: ByRole = None) -> None:
    """Let letters go to an address again."""
    from parvis.services.bounces import lift as restore

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        lifted = restore(session, address, by=who.by.actor, at=here.now())
    if not lifted:
        raise NotThereError(NOT_HELD.fill(address=address))
    say(here, LIFTED, style="green", address=address)


ENTRIES = (
    Entry("bounces", bounces, Sentence("Lit les lettres revenues, dans la boîte de PARVIS_BOUNCES.",
                                       "Reads the letters that came back, in the mailbox of PARVIS_BOUNCES.")),
    Entry("held", held, Sentence("Liste les adresses où plus rien ne part.",
                                 "Lists the addresses nothing leaves for.")),
    Entry("lift", lift, Sentence("Rétablit une adresse suspendue.", "Restores an address that is held.")),
)  # fmt: skip
