"""`parvis case export`: the cases a filter finds, as a file for a spreadsheet."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from parvis.cli import case_filters as f
from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import FILE, TEXT, Json, option
from parvis.cli.output import console, dump, say
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.exports import Format
    from parvis.services.exports import Progress as Hears
    from parvis.services.queue_columns import Column

WHICH_FORMAT = Sentence(
    "« {value} » n’est pas un format : csv, xlsx ou ods.", "“{value}” is not a format: csv, xlsx or ods."
)
UNKNOWN_COLUMN = Sentence(
    "« {value} » n’est pas une colonne. Les colonnes : {known}.",
    "“{value}” is not a column. The columns: {known}.",
)
WRITTEN = Sentence("{count} dossiers dans {file}.", "{count} cases in {file}.")
ONE_WRITTEN = Sentence("1 dossier dans {file}.", "1 case in {file}.")
WRITING = Sentence("Écriture", "Writing")

To = Annotated[
    str,
    option("--to", shown=FILE,
           said=Sentence("Le fichier à écrire, remplacé s’il existe ; « - » pour la sortie.",
                         "The file to write, replaced if there is one; “-” for the output.")),
]  # fmt: skip
FormatOption = Annotated[
    str | None,
    option("--format", shown=TEXT,
           said=Sentence("csv, xlsx ou ods ; sinon, d’après le nom du fichier.",
                         "csv, xlsx or ods; else, by the name of the file.")),
]  # fmt: skip
Columns = Annotated[
    str,
    option("--columns", shown=TEXT,
           said=Sentence("Ces colonnes seulement, par leur code, séparées par des virgules.",
                         "These columns only, by their code, separated by commas.")),
]  # fmt: skip


def export_cases(
    context: typer.Context, *, to: To, format_: FormatOption = None, columns: Columns = "", stage: f.Stages = None,
    call: f.Calls = None, wave: f.Waves = None, neighbourhood: f.Neighbourhoods = None,
    challenge: f.Challenges = None, funder: f.Funders = None, awaiting: f.Awaiting = False,
    instructor: f.Instructor = None, unassigned: f.Unassigned = False, late: f.Late = False,
    least: f.Least = None, most: f.Most = None, search: f.Search = "", sort: f.SortBy = None,
    descending: f.Descending = False, json: Json = False,
) -> None:  # fmt: skip
    """Write the cases a filter finds as a file for a spreadsheet."""
    del json
    from parvis.services.exports import Layout, export
    from parvis.services.queue import Viewer

    here = here_of(context)
    typed = f.Typed(
        stage, call, wave, neighbourhood, challenge, funder, awaiting, instructor, unassigned, late, least, most,
        search, sort, descending,
    )  # fmt: skip
    layout, order = Layout(_format(format_, to), _columns(columns), here.language), typed.order()
    with here.database() as database, database.transaction() as session:
        wanted = typed.filter(session)
        with _opened(to) as file, _shown(here, to) as progress:
            count = export(
                session, file, layout, wanted=wanted, order=order, viewer=Viewer(), at=here.now(),
                progress=progress,
            )  # fmt: skip
    if to == "-":
        return
    if here.json:
        dump({"cases": count, "file": to, "format": layout.format})
    else:
        say(here, ONE_WRITTEN if count == 1 else WRITTEN, count=count, file=to)


def _format(typed: str | None, to: str) -> "Format":
    from parvis.services.exports import Format

    said = (typed or Path(to).suffix.removeprefix(".") or "csv").lower()
    if said not in {*Format}:
        raise WrongUseError("--format", WHICH_FORMAT.fill(value=said))
    return Format(said)


def _columns(typed: str) -> "tuple[Column, ...]":
    from parvis.services.queue_columns import COLUMNS, chosen_columns

    codes = [code.strip().lower() for code in typed.split(",") if code.strip()]
    known = [column.code for column in COLUMNS]
    for code in codes:
        if code not in known:
            raise WrongUseError("--columns", UNKNOWN_COLUMN.fill(value=code, known=known))
    return chosen_columns(codes, otherwise=COLUMNS)


@contextmanager
def _opened(to: str) -> Iterator[IO[bytes]]:
    """The output, or a file that is there whole or not at all."""
    if to == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(to)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            Path(file.name).chmod(0o640)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextmanager
def _shown(here: Here, to: str) -> Iterator["Hears"]:
    """A bar on the terminal, which is not the output; nothing where nobody looks."""
    err = console(error=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    )
    with bar if sys.stderr.isatty() and to != "-" else nullcontext():
        task = bar.add_task(here.say(WRITING), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


ENTRIES = (
    Entry(
        "export", export_cases,
        Sentence("Écrit les dossiers d’une liste dans un fichier CSV, XLSX ou ODS.",
                 "Writes the cases of a list to a CSV, XLSX or ODS file."),
    ),
)  # fmt: skip
