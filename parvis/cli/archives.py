"""`parvis case archive` and `check-archive`: a case in one file that outlives Parvis."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import FILE, Json, Ref, argument, option
from parvis.cli.output import dump, say
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.case_archive import Archived

WRITTEN = Sentence(
    "{reference} : archivé dans {file}, {files} fichiers, {letters} lettres, {lines} lignes de journal.",
    "{reference}: archived in {file}, {files} files, {letters} letters, {lines} lines of the journal.",
)
WHOLE = Sentence(
    "{reference} : l’archive est entière, {files} fichiers, {letters} lettres, {lines} lignes de journal.",
    "{reference}: the archive is whole, {files} files, {letters} letters, {lines} lines of the journal.",
)

To = Annotated[
    Path | None,
    option("--to", shown=FILE, said=Sentence("Le fichier à écrire ; RÉFÉRENCE.zip ici sinon.",
                                             "The file to write; else REFERENCE.zip here.")),
]  # fmt: skip
Archive = Annotated[
    Path, argument(shown=FILE, said=Sentence("L’archive à relire.", "The archive to read again."))
]


def archive(context: typer.Context, *, ref: Ref, to: To = None, json: Json = False) -> None:
    """Write a case whole to one zip: pages, files, letters, journal and proof."""
    del json
    from parvis.services import case_archive
    from parvis.services.cases import find_case
    from parvis.services.files import shelf

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = find_case(session, ref)
        file = to or Path(f"{found.reference}.zip")
        made = case_archive.archive(session, shelf(here.settings), found.id, file, at=here.now())
    _told(here, WRITTEN, made, file)


def check_archive(context: typer.Context, *, file: Archive, json: Json = False) -> None:
    """Read an archive again and prove it, without a database."""
    del json
    from parvis.services import case_archive

    _told(here_of(context), WHOLE, case_archive.check(file), file)


def _told(here: Here, sentence: Sentence, made: "Archived", file: Path) -> None:
    if here.json:
        dump(made)
        return
    say(
        here,
        sentence,
        style="green",
        reference=made.reference,
        file=file,
        files=made.files,
        letters=made.letters,
        lines=made.lines,
    )


ENTRIES = (
    Entry(
        "archive",
        archive,
        Sentence(
            "Écrit un dossier entier dans un zip : pages, fichiers, lettres, journal et preuve.",
            "Writes a case whole to one zip: pages, files, letters, journal and proof.",
        ),
    ),
    Entry(
        "check-archive",
        check_archive,
        Sentence(
            "Relit une archive et la prouve, sans base de données.",
            "Reads an archive again and proves it, without a database.",
        ),
    ),
)
