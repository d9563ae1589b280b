"""`parvis sweep` and `parvis digest`: what the clock does, asked for by hand."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import At, Json, option
from parvis.cli.output import console, dump, kept, say
from parvis.cli.values import instant
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from parvis.models.session import Database
    from parvis.services.deadlines import Fired

FIRED = Sentence(
    "Échéances au {at} : {moved} dossiers déplacés, {owed} lettres dues, {superseded} rappels devenus inutiles, "
    "{refused} mouvements refusés.",
    "Deadlines as of {at}: {moved} cases moved, {owed} letters owed, {superseded} reminders made pointless, "
    "{refused} moves refused.",
)
NOTHING_DUE = Sentence("Rien n’est échu au {at}.", "Nothing is due as of {at}.")
TRIED = Sentence("Essai seulement : rien n’a été enregistré.", "A trial only: nothing was recorded.")
DIGESTED = Sentence(
    "Récapitulatifs dus : {people} personnes, {letters} lettres réunies.",
    "Digests owed: {people} people, {letters} letters gathered.",
)
SWEEPING = Sentence("Échéances", "Deadlines")

DryRun = Annotated[
    bool,
    option(
        "--dry-run",
        said=Sentence("Compte ce qui se ferait, ne fait rien.", "Counts what would be done, does nothing."),
    ),
]


def sweep(
    context: typer.Context, *, at: At = None, dry_run: DryRun = False, json: Json = False
) -> None:  # fmt: skip
    """Fire everything due."""
    del json
    from parvis.services import deadlines

    here = here_of(context)
    moment = instant("--at", at) if at else here.now()
    with here.contract() as database:
        if dry_run:
            with database.transaction() as session:
                fired = deadlines.fire(session, deadlines.due(session, at=moment), at=moment)
                session.rollback()
        else:
            fired = _sweep(here, database, moment)
    if here.json:
        dump({"at": moment, "dry_run": dry_run, "moved": fired.moved, "refused": fired.refused, "owed": fired.owed,
              "superseded": fired.superseded})  # fmt: skip
        return
    if fired.total:
        say(here, FIRED, at=moment, moved=fired.moved, owed=fired.owed, superseded=fired.superseded,
            refused=fired.refused)  # fmt: skip
    else:
        say(here, NOTHING_DUE, at=moment)
    if dry_run:
        say(here, TRIED, style="bold")


def _sweep(here: Here, database: "Database", at: "datetime") -> "Fired":
    from parvis.services import deadlines

    with database.transaction() as session:
        total = len(deadlines.due(session, at=at))
    out = console(error=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=out, transient=True,
        disable=here.json or not out.is_terminal or not total,
    ) as bar:  # fmt: skip
        task = bar.add_task(kept(here.say(SWEEPING)), total=total)
        return deadlines.sweep(database, at=at, progress=lambda done: bar.advance(task, done))


def digest(context: typer.Context, *, at: At = None, json: Json = False) -> None:
    """Owe the morning digests."""
    del json
    from parvis.services.digests import morning

    here = here_of(context)
    moment = instant("--at", at) if at else here.now()
    with here.database() as database, database.transaction() as session:
        digested = morning(session, at=moment)
    if here.json:
        dump({"at": moment, "people": digested.people, "letters": digested.letters})
    else:
        say(here, DIGESTED, people=digested.people, letters=digested.letters)


ENTRIES = (
    Entry(
        "sweep",
        sweep,
        Sentence(
            "Fait tout ce qui est échu : mouvements d’office, rappels ; deux fois ne change rien.",
            "Does everything due: moves by the clock, reminders; twice changes nothing.",
        ),
    ),
    Entry(
        "digest",
        digest,
        Sentence(
            "Prépare les récapitulatifs du matin, une fois par jour ouvré.",
            "Prepares the morning digests, once a working day.",
        ),
    ),
)
