"""`parvis import` and `parvis import-template`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from parvis.cli.entries import Entry
from parvis.cli.errors import tell
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Failed
from parvis.cli.failures import explain
from parvis.cli.here import Here, here_of
from parvis.cli.options import CODE, FILE, At, Json, argument, option
from parvis.cli.output import console, dump, grid, kept, row, show
from parvis.cli.values import WrongUseError, instant
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from parvis.models.session import Database
    from parvis.services.deposits import Received

CREATED = Sentence("Dossiers créés : {count} ({span})", "Cases created: {count} ({span})")
NOTHING_CHANGED = Sentence(
    "Rien n’a changé. Dossiers déjà là : {count} ({span})",
    "Nothing changed. Cases here already: {count} ({span})",
)
UNCHANGED = Sentence(
    "Dossiers déjà là, inchangés : {count} ({span})", "Cases here already, unchanged: {count} ({span})"
)
DIVERGING = Sentence(
    "Déjà là, mais le fichier dit autre chose ; rien n’est remplacé, comparer sur leur page : {names}",
    "Here already, but the file says something else; nothing is replaced, compare on their page: {names}",
)
UPDATED = Sentence(
    "Déjà là, mis à jour de ce que le portail possède : {names}",
    "Here already, updated with what the portal owns: {names}",
)
WARNINGS = Sentence("À vérifier :", "To be checked:")
TRIED = Sentence(
    "Essai seulement : rien n’a été enregistré. Le fichier peut être importé.",
    "A trial only: nothing was recorded. The file can be imported.",
)
ONE_TO_ANOTHER = Sentence("{first} à {last}", "{first} to {last}")
WRITTEN = Sentence("Modèle écrit dans {file}.", "Template written to {file}.")
WRONG_SUFFIX = Sentence(
    "« {file} » : nommer le fichier en .csv ou en .xlsx.", "“{file}”: name the file .csv or .xlsx."
)
EXISTS = Sentence(
    "« {file} » existe déjà : choisir un autre nom, ou l’effacer d’abord.",
    "“{file}” exists already: choose another name, or delete it first.",
)
FAILED_ONES = Sentence("Fichiers refusés : {count} sur {total}.", "Files refused: {count} of {total}.")

Files = Annotated[
    list[str],
    argument(
        shown=FILE,
        said=Sentence(
            "Un ou plusieurs fichiers : CSV, XLSX, ODS, ou JSON du portail ; « - » lit l’entrée.",
            "One or more files: CSV, XLSX, ODS, or JSON of the portal; “-” reads the input.",
        ),
    ),
]  # fmt: skip
Call = Annotated[
    str | None,
    option(
        "--call", shown=CODE,
        said=Sentence(
            "L’appel des dossiers qui n’en nomment pas ; sinon l’appel annuel ouvert le jour de leur dépôt.",
            "The call of the cases that name none; else the annual call open on their day of deposit.",
        ),
    ),
]  # fmt: skip
DryRun = Annotated[
    bool,
    option(
        "--dry-run", said=Sentence("Vérifie tout, n’enregistre rien.", "Checks everything, records nothing.")
    ),
]


def import_files(
    context: typer.Context, *, files: Files, call: Call = None, dry_run: DryRun = False, at: At = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Import files of deposits, each whole or not at all."""
    del json
    here = here_of(context)
    moment = instant("--at", at) if at else here.now()
    answers: list[dict[str, object]] = []
    worst = ExitCode.DONE
    with here.contract() as database:
        for file in files:
            answer, code = _import_one(here, database, file, moment, call, dry_run=dry_run)
            answers.append(answer)
            worst = max(worst, code)
    if here.json:
        dump({"files": answers, "dry_run": dry_run})
    elif len(files) > 1 and worst:
        refused = sum(not answer["accepted"] for answer in answers)
        console(error=True).print(
            Text(kept(here.say(FAILED_ONES, count=refused, total=len(files))), "bold red")
        )
    if worst:
        raise typer.Exit(worst)


def _import_one(
    here: Here, database: "Database", file: str, at: "datetime", call: str | None, *, dry_run: bool
) -> tuple[dict[str, object], ExitCode]:
    """Import one file and say what came of it; the others go on when this one is refused."""
    from parvis.services.imports.problems import DepositFileError
    from parvis.services.intake import import_file

    name = "stdin" if file == "-" else Path(file).name
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        with _progress(here, name) as bar:
            task = bar.add_task(kept(name), total=None)
            received = import_file(
                database, None, name, content, at, call=call, dry_run=dry_run,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip
    except (DepositFileError, OSError) as error:
        failed = explain(error)
        if failed is None:
            raise
        return _refused(here, file, failed)
    if not here.json:
        _accepted(here, file, received, dry_run=dry_run)
    warnings = [
        {"external_id": external_id, "sentence": here.say(said)} for external_id, said in received.warnings
    ]
    answer = {
        "file": file, "accepted": True, "created": received.created, "unchanged": received.unchanged,
        "updated": received.updated, "diverging": received.diverging, "warnings": warnings, "problems": [],
    }  # fmt: skip
    return answer, ExitCode.DONE


def _refused(here: Here, file: str, failed: Failed) -> tuple[dict[str, object], ExitCode]:
    if not here.json:
        show(Text(kept(file), "bold"))
        tell(here, failed)
    problems = [
        {"code": detail.code, "place": here.say(detail.place) if detail.place else None, "value": detail.value,
         "sentence": here.say(detail.sentence)}
        for detail in failed.details or ()
    ]  # fmt: skip
    answer: dict[str, object] = {
        "file": file, "accepted": False, "created": [], "unchanged": [], "updated": [], "diverging": [],
        "warnings": [],
        "problems": problems or [{"code": failed.code, "sentence": here.say(failed.sentence)}],
    }  # fmt: skip
    return answer, failed.exit_code


def _accepted(here: Here, file: str, received: "Received", *, dry_run: bool) -> None:
    show(Text(kept(file), "bold"))
    if received.created:
        span = _span(here, received.created)
        _line(here.say(CREATED, count=len(received.created), span=span), "green")
    if received.unchanged:
        others = received.created or received.updated or received.diverging
        sentence = UNCHANGED if others else NOTHING_CHANGED
        _line(here.say(sentence, count=len(received.unchanged), span=_span(here, received.unchanged)))
    if received.updated:
        _line(here.say(UPDATED, names=received.updated), "green")
    if received.diverging:
        _line(here.say(DIVERGING, names=received.diverging), "yellow")
    if received.warnings and received.created:
        _line(here.say(WARNINGS), "yellow")
        made = grid()
        for name, said in received.warnings:
            row(made, Text(name, "dim"), here.say(said))
        show(Padding(made, (0, 0, 0, 4)))
    if dry_run:
        _line(here.say(TRIED), "bold")


def _line(said: str, style: str = "") -> None:
    show(Padding(Text(kept(said), style), (0, 0, 0, 2)))


def _span(here: Here, references: tuple[str, ...]) -> str:
    first, last = references[0], references[-1]
    return first if first == last else here.say(ONE_TO_ANOTHER, first=first, last=last)


def _progress(here: Here, name: str) -> Progress:
    del name
    out = console(error=True)
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        console=out, transient=True, disable=here.json or not out.is_terminal,
    )  # fmt: skip


def import_template(
    context: typer.Context,
    file: Annotated[
        str,
        argument(
            shown=FILE,
            said=Sentence(
                "Le fichier à écrire, en .csv ou en .xlsx.", "The file to write, as .csv or as .xlsx."
            ),
        ),
    ],
) -> None:
    """Write the empty import sheet, with the codes of the contract."""
    from parvis.services.imports.template import template_csv, template_xlsx
    from parvis.services.intake import context_of

    here, path = here_of(context), Path(file)
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise WrongUseError("", WRONG_SUFFIX.fill(file=file))
    with here.contract() as database:
        known = context_of(database, None, here.now())
    content = template_csv(known) if suffix == ".csv" else template_xlsx(known, here.language)
    try:
        with path.open("xb") as written:
            written.write(content)
    except FileExistsError:
        raise WrongUseError("", EXISTS.fill(file=file)) from None
    show(here.say(WRITTEN, file=file))


ENTRIES = (
    Entry(
        "import", import_files,
        Sentence(
            "Importe des dépôts, chaque fichier entier ou pas du tout ; deux fois ne change rien.",
            "Imports deposits, each file whole or not at all; twice changes nothing.",
        ),
    ),
    Entry(
        "import-template", import_template,
        Sentence(
            "Écrit la feuille d’import vide, avec les codes du contrat.",
            "Writes the empty import sheet, with the contract’s codes.",
        ),
    ),
)  # fmt: skip
