"""`parvis agreement attach`, `files` and `file`: the signed documents of an agreement and of its amendments."""

from pathlib import Path
from typing import Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.agreement_moves import Ref
from parvis.cli.entries import Entry
from parvis.cli.files import KILOBYTES, Name, To, write_file
from parvis.cli.here import here_of
from parvis.cli.options import DATE, FILE, NUMBER, As, ByRole, Json, argument, option
from parvis.cli.output import dump, row, say, short_day, short_instant, show, table
from parvis.cli.values import day, whole
from parvis.states.words import Sentence

FILED = Sentence(
    "{reference} : {paper}, version {version}, « {name} » versé.",
    "{reference}: {paper}, version {version}, “{name}” filed.",
)
NONE = Sentence("Aucun document signé pour cette convention.", "No signed document for this agreement.")
COLUMNS = (
    Sentence("Document", "Document"), Sentence("Version", "Version"), Sentence("Nom", "Name"),
    Sentence("Taille", "Size"), Sentence("Versé le", "Filed"), Sentence("Signé le", "Signed"),
)  # fmt: skip

Amendment = Annotated[
    str | None,
    option("--amendment", shown=NUMBER, said=Sentence(
        "Le numéro de l’avenant ; sans lui, la convention elle-même.",
        "The number of the amendment; without it, the agreement itself.")),
]  # fmt: skip
SignedOn = Annotated[
    str | None,
    option("--on", shown=DATE, said=Sentence(
        "Le jour de la signature ; l’organisme voit le document une fois signé.",
        "The day it was signed; the organisation sees the document once it is signed.")),
]  # fmt: skip


def attach(
    context: typer.Context, *, ref: Ref,
    file: Annotated[Path, argument(shown=FILE, said=Sentence("Le fichier à verser.", "The file to file."))],
    amendment: Amendment = None, on: SignedOn = None, as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """File a version of an agreement, or of one of its amendments."""
    del json
    from parvis.services import agreement_documents, agreement_pages, files

    here = here_of(context)
    number = whole("--amendment", amendment, most=999) if amendment else None
    signed_on = day("--on", on) if on else None
    with here.acting() as database:
        kept = files.shelf(here.settings)
        sent = files.checked(kept, file.name, file)
        with database.transaction() as session:
            who = actor(session, as_, role)
            agreement_id = agreement_pages.find(session, ref)
            paper = agreement_documents.add(
                session, kept, agreement_id, sent,
                by=who.by, at=here.now(), amendment=number, signed_on=signed_on,
            )  # fmt: skip
    if here.json:
        dump(paper)
        return
    say(here, FILED, style="green", reference=ref.upper(), paper=paper.title, version=paper.version,
        name=paper.file.name)  # fmt: skip


def list_files(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """List the signed documents of an agreement, every version."""
    del json
    from parvis.services import agreement_documents, agreement_pages

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        papers = agreement_documents.papers(session, agreement_pages.find(session, ref))
    if here.json:
        dump({"reference": ref, "documents": papers})
        return
    if not papers:
        say(here, NONE)
        return
    made = table(*map(here.say, COLUMNS), right=[1, 3], whole=[0, 4, 5])
    for paper in papers:
        line = paper.file
        size = here.say(KILOBYTES, size=max(1, round(line.size / 1000)))
        row(made, here.say(paper.title), str(paper.version), line.name, size, short_instant(line.added_at),
            short_day(line.signed_on))  # fmt: skip
    show(made)


def extract(context: typer.Context, *, ref: Ref, name: Name, to: To = None, json: Json = False) -> None:
    """Write a document of an agreement where one wants it."""
    del json
    from parvis.services import agreement_pages, files

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        line = files.find_named(session, files.Subject(agreement_id=agreement_pages.find(session, ref)), name)
    write_file(here, line, to)


ENTRIES = (
    Entry(
        "attach", attach,
        Sentence(
            "Verse une version de la convention ou d’un de ses avenants ; les précédentes restent.",
            "Files a version of the agreement or of one of its amendments; those before stay.",
        ),
    ),
    Entry(
        "files", list_files,
        Sentence("Liste les documents signés d’une convention.", "Lists the signed documents of an agreement."),
    ),
    Entry(
        "file", extract,
        Sentence(
            "Écrit un document d’une convention où l’on veut.", "Writes a document of an agreement where one wants it."
        ),
    ),
)  # fmt: skip
