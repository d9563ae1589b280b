"""`parvis committee files` and `file`: the minutes, packets and annexes of a sitting."""

import typer

from parvis.cli.entries import Entry
from parvis.cli.files import Name, To, print_files, write_file
from parvis.cli.here import here_of
from parvis.cli.options import Json
from parvis.cli.output import dump
from parvis.cli.sitting_options import SittingOf, sitting_of
from parvis.states.words import Sentence

NONE = Sentence("Aucun fichier pour cette séance.", "No file for this session.")


def list_files(context: typer.Context, *, sitting: SittingOf, json: Json = False) -> None:
    """List the files of a sitting."""
    del json
    from parvis.services import files

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = files.list_files(session, committee_id=sitting_of(session, sitting, here.now()).id)
    if here.json:
        dump({"files": found})
        return
    print_files(here, found, NONE)


def extract(
    context: typer.Context, *, sitting: SittingOf, name: Name, to: To = None, json: Json = False
) -> None:
    """Write a file of a sitting where one wants it."""
    del json
    from parvis.services import files

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        of = files.Subject(committee_id=sitting_of(session, sitting, here.now()).id)
        line = files.find_named(session, of, name)
    write_file(here, line, to)


ENTRIES = (
    Entry(
        "files", list_files,
        Sentence(
            "Liste les fichiers d’une séance : procès-verbal, dossiers de séance, annexes.",
            "Lists the files of a session: minutes, packets, annexes.",
        ),
    ),
    Entry(
        "file", extract,
        Sentence("Écrit un fichier d’une séance où l’on veut.", "Writes a file of a session where one wants it."),
    ),
)  # fmt: skip
