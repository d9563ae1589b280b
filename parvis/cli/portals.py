"""`parvis portal`: what other platforms are told."""

from pathlib import Path
from typing import Annotated

import typer

from parvis.cli.demarches import ENTRIES
from parvis.cli.entries import Entry, Section
from parvis.cli.here import here_of
from parvis.cli.options import CODE, FILE, Json, argument, option
from parvis.cli.output import dump, say
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

WRITTEN = Sentence(
    "Dossiers du portail écrits dans {file} : {count}.", "Cases of the portal written to {file}: {count}."
)
EXISTS = Sentence(
    "« {file} » existe déjà : choisir un autre nom, ou l’effacer d’abord.",
    "“{file}” exists already: choose another name, or delete it first.",
)
Call = Annotated[
    str | None,
    option("--call", shown=CODE, said=Sentence("L’appel concerné ; tous sinon.", "The call concerned; else all.")),
]  # fmt: skip


def export(
    context: typer.Context,
    file: Annotated[
        str,
        argument(shown=FILE, said=Sentence("Le fichier JSON à écrire.", "The JSON file to write.")),
    ],
    *, call: Call = None, json: Json = False,
) -> None:  # fmt: skip
    """Write where the cases of the State's portal stand here, in the portal's own shape."""
    del json
    from parvis.services.portals.telling_back import tell_back

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        told = tell_back(session, None, call=call)
    try:
        with Path(file).open("x", encoding="utf-8") as written:
            written.write(told.text)
    except FileExistsError:
        raise WrongUseError("", EXISTS.fill(file=file)) from None
    if here.json:
        dump({"file": file, "cases": told.count})
        return
    say(here, WRITTEN, style="green", file=file, count=told.count)


SECTION = Section(
    "portal",
    Sentence("Les plateformes où l’on dépose aussi.", "The platforms where cases are deposited too."),
    (
        Entry(
            "export", export,
            Sentence(
                "Écrit les statuts et les décisions des dossiers du portail de l’État, dans sa forme.",
                "Writes the statuses and decisions of the cases of the State’s portal, in its own shape.",
            ),
        ),
        *ENTRIES,
    ),
)  # fmt: skip
