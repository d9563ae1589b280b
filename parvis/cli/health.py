"""`parvis health`: is everything all right, and what to do where it is not."""

import typer
from rich.padding import Padding

from parvis.cli.entries import Entry
from parvis.cli.exits import ExitCode
from parvis.cli.here import here_of
from parvis.cli.options import Json
from parvis.cli.output import dump, say, show
from parvis.services import wiring
from parvis.states.words import Sentence

WELL = Sentence("Tout va bien au {at}.", "All is well as of {at}.")
NOT_WELL = Sentence("Tout ne va pas bien au {at}.", "Not all is well as of {at}.")
LINE = Sentence("{sign} {name} : {seen}", "{sign} {name}: {seen}")
SIGNS = {"well": "✓", "watch": "!", "wrong": "✗"}


def health(context: typer.Context, *, json: Json = False) -> None:
    """Look at everything; what is out of order ends with 1."""
    del json
    from parvis.services.health import examine
    from parvis.states.health import Level

    here = here_of(context)
    chosen = here.settings
    with here.database() as database:
        found = examine(database, chosen.data_folder, wiring.jobs_address(chosen), at=here.now())
    if here.json:
        dump({"at": found.at, "level": found.level, "findings": found.findings})
    else:
        say(here, WELL if found.level == Level.WELL else NOT_WELL, style="bold", at=found.at)
        for one in found.findings:
            say(here, LINE, sign=SIGNS[one.level], name=one.name, seen=one.seen)
            if one.todo:
                show(Padding(here.say(one.todo), (0, 0, 0, 2)))
    if found.level == Level.WRONG:
        raise typer.Exit(ExitCode.FAILURE)


ENTRIES = (
    Entry(
        "health",
        health,
        Sentence(
            "Dit si tout va bien : échéances, lettres, travaux, journal, disque ; et quoi faire sinon.",
            "Says whether all is well: deadlines, letters, jobs, journal, disk; and what to do if not.",
        ),
    ),
)
