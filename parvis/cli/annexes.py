"""`parvis committee annexes`: the attachments of a sitting's cases in one volume."""

from pathlib import Path
from typing import Annotated

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import CODE, DATE, EMAIL, FILE, Json, argument, option
from parvis.cli.output import dump, say
from parvis.cli.values import day
from parvis.states.words import Sentence

MADE = Sentence("« {name} » : {size} ko, SHA-256 {sha256}.", "“{name}”: {size} kB, SHA-256 {sha256}.")
DOCUMENTS = Sentence(
    "Décisions : {decisions} ; documents établis : {documents}.",
    "Decisions: {decisions}; documents made: {documents}.",
)
WRITTEN = Sentence("Écrit dans {path}.", "Written to {path}.")


Code = Annotated[str, argument(shown=CODE, said=Sentence("Le comité.", "The committee."))]
On = Annotated[str, argument(shown=DATE, said=Sentence("Le jour de la séance.", "The day of the session."))]
Member = Annotated[
    str | None,
    option(
        "--member",
        shown=EMAIL,
        said=Sentence(
            "Pour ce membre : sans les dossiers dont il se déporte.",
            "For this member: without the cases they are recused from.",
        ),
    ),
]
To = Annotated[
    Path | None,
    option("--to", shown=FILE, said=Sentence("Où en écrire une copie.", "Where to write a copy.")),
]


def annexes(
    context: typer.Context, *, code: Code, date: On, member: Member = None, to: To = None, json: Json = False
) -> None:
    """Make the annex volume of a sitting."""
    del json
    from parvis.services import annexes as volumes
    from parvis.services import files
    from parvis.services.committees import find_sitting
    from parvis.services.people import acting
    from parvis.states.facts import By
    from parvis.states.stages import Role

    here = here_of(context)
    at, on, kept = here.now(), day("DATE", date), files.shelf(here.settings)
    with here.database() as database:
        with database.transaction() as session:
            sitting = find_sitting(session, code, on, at=at)
            person = acting(session, member).person_id if member else None
            hidden = volumes.hidden_from(session, sitting, person) if person else volumes.EVERYBODY
        line = volumes.volume_of(database, kept, sitting, by=By("console", Role.CLOCK), at=at, without=hidden)
        path = to / line.name if to and to.is_dir() else to
        if path:
            path.write_bytes(files.read(kept, line))
    if here.json:
        dump({"file": line, "path": path})
        return
    say(here, MADE, name=line.name, size=max(1, round(line.size / 1000)), sha256=line.sha256.hex())
    if path:
        say(here, WRITTEN, style="green", path=str(path))


def documents(context: typer.Context, *, code: Code, date: On, json: Json = False) -> None:
    """Make the letters, grant orders and agreements that the decisions of a sitting call for."""
    del json
    from parvis.services import files
    from parvis.services.committees import find_sitting
    from parvis.services.decision_documents import make_owed

    here = here_of(context)
    at, on = here.now(), day("DATE", date)
    with here.acting() as database:
        with database.transaction() as session:
            sitting = find_sitting(session, code, on, at=at)
        made = make_owed(database, files.shelf(here.settings), at=at, committee_id=sitting.id)
    if here.json:
        dump(made)
        return
    say(here, DOCUMENTS, style="green", decisions=made.decisions, documents=made.documents)


ENTRIES = (
    Entry(
        "annexes", annexes,
        Sentence(
            "Réunit les pièces jointes des dossiers d’une séance en un volume, avec ses signets.",
            "Binds the attachments of a sitting’s cases into one volume, with its bookmarks.",
        ),
    ),
    Entry(
        "documents", documents,
        Sentence(
            "Établit les lettres, arrêtés et conventions que les décisions d’une séance appellent encore.",
            "Makes the letters, grant orders and agreements the decisions of a sitting still call for.",
        ),
    ),
)  # fmt: skip
