"""`parvis sweep` and `parvis digest`: what the clock does, asked for by hand."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import At, Json, option
from parvis.cli.output import console, dump, grid, kept, row, say, show
from parvis.cli.values import instant
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from parvis.models.session import Database
    from parvis.services.deadlines import Fired

FIRED = Sentence("Échéances au {at}", "Deadlines as of {at}")
COUNTS = (
    ("moved", Sentence("Dossiers déplacés", "Cases moved")),
    ("owed", Sentence("Lettres dues", "Letters owed")),
    ("superseded", Sentence("Rappels devenus inutiles", "Reminders made pointless")),
    ("refused", Sentence("Mouvements refusés", "Moves refused")),
)
NOTHING_DUE = Sentence("Rien n’est échu au {at}.", "Nothing is due as of {at}.")
TRIED = Sentence("Essai seulement : rien n’a été enregistré.", "A trial only: nothing was recorded.")
DIGESTED = Sentence(
    "Récapitulatifs dus : {people}. Lettres réunies : {letters}.",
    "Digests owed: {people}. Letters gathered: {letters}.",
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
        _print(here, fired, moment)
    else:
        say(here, NOTHING_DUE, at=moment)
    if dry_run:
        say(here, TRIED, style="bold")


def _print(here: Here, fired: "Fired", at: "datetime") -> None:
    say(here, FIRED, style="bold", at=at)
    made = grid()
    for name, label in COUNTS:
        row(made, here.say(label), str(getattr(fired, name)))
    show(Padding(made, (0, 0, 0, 2)))


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
    with here.acting() as database, database.transaction() as session:
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
