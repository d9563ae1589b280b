"""`parvis journal verify`, `anchor`, `restore` and `export`: proving what happened, and telling it to others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from parvis.cli.entries import Entry, Section
from parvis.cli.errors import tell
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Detail, Failed
from parvis.cli.here import Here, contract_there, here_of
from parvis.cli.options import FILE, Json, option
from parvis.cli.output import console, dump, kept, say
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.journal import Verification

VERIFYING = Sentence("{count} lignes vérifiées", "{count} lines verified")
SOUND = Sentence(
    "Le journal est intact. Lignes : {lines} ; dossiers : {cases} ; séances : {sittings} ; "
    "conventions : {agreements} ; ancres : {anchors}.",
    "The journal is sound. Lines: {lines}; cases: {cases}; sessions: {sittings}; agreements: {agreements}; "
    "anchors: {anchors}.",
)
REDACTED = Sentence(
    "Lignes dont les mots écrits sont effacés, au terme de leur durée, et dont l’empreinte reste : {count}.",
    "Lines whose written words are erased, their time being over, and whose hash stays: {count}.",
)
ROOT = Sentence("Racine de la dernière ancre : {root}", "Root of the last anchor: {root}")
BROKEN = Sentence("Le journal n’est pas intact.", "The journal is not sound.")
UNPROTECTED = Sentence(
    "Protection absente de la base : {what}.", "Protection missing from the database: {what}."
)
ANCHORED = Sentence(
    "Ancre {number}, écrite dans {file}. Lignes : {lines} ; dossiers : {cases} ; séances : {sittings} ; "
    "conventions : {agreements}.",
    "Anchor {number}, written to {file}. Lines: {lines}; cases: {cases}; sessions: {sittings}; "
    "agreements: {agreements}.",
)
NOTHING_NEW = Sentence(
    "Rien de nouveau depuis l’ancre {number} d’aujourd’hui.", "Nothing new since today’s anchor {number}."
)
RESTORED = Sentence(
    "Ancres remises dans la base : {in_database} ; dans le dossier : {in_folder}.",
    "Anchors put back in the database: {in_database}; in the folder: {in_folder}.",
)
NONE = Sentence("aucune", "none")
THERE = Sentence(
    "« {path} » existe déjà : choisir un autre nom, ou l’effacer d’abord.",
    "“{path}” is there already: choose another name, or delete it first.",
)
EXPORTED = Sentence(
    "Écrit dans {path}. Objets : {objects} ; événements : {events}.",
    "Written to {path}. Objects: {objects}; events: {events}.",
)

Ocel = Annotated[
    Path,
    option("--ocel", shown=FILE, said=Sentence(
        "Où écrire le journal au format OCEL 2.0 : SQLite si le nom finit par .sqlite, JSON sinon.",
        "Where to write the journal as OCEL 2.0: SQLite when the name ends in .sqlite, else JSON.",
    )),
]  # fmt: skip


def verify(context: typer.Context, *, json: Json = False) -> None:
    """Verify every line, every case, every session, every agreement and every anchor."""
    del json
    from parvis.services.journal import verify as check

    here = here_of(context)
    out = console(error=True)
    with here.database() as database, database.transaction() as session, Progress(
        SpinnerColumn(), TextColumn("{task.description}"), console=out, transient=True,
        disable=here.json or not out.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None)
        lines = 0

        def told(more: int) -> None:
            nonlocal lines
            lines += more
            bar.update(task, description=kept(here.say(VERIFYING, count=lines)))

        found = check(session, progress=told, anchors_folder=here.settings.anchors)
    if here.json:
        dump({"sound": found.sound, "lines": found.lines, "cases": found.cases, "sittings": found.sittings,
              "agreements": found.agreements,
              "redacted": found.redacted, "anchors": found.anchors, "root": found.root, "fault": found.fault,
              "unprotected": found.unprotected})  # fmt: skip
    elif found.sound:
        say(here, SOUND, style="green", lines=found.lines, cases=found.cases, sittings=found.sittings,
            agreements=found.agreements, anchors=found.anchors)  # fmt: skip
        if found.redacted:
            say(here, REDACTED, style="dim", count=found.redacted)
        if found.root:
            say(here, ROOT, style="dim", root=found.root.hex())
    else:
        tell(here, _broken(found))
    if not found.sound:
        raise typer.Exit(ExitCode.PROOF_BROKEN)


def _broken(found: "Verification") -> Failed:
    details = [Detail(found.fault.kind, found.fault.sentence)] if found.fault else []
    details += [Detail("unprotected", UNPROTECTED.fill(what=what)) for what in found.unprotected]
    return Failed(ExitCode.PROOF_BROKEN, "journal_broken", BROKEN, tuple(details))


def anchor(context: typer.Context, *, json: Json = False) -> None:
    """Anchor the heads of the journal in the database, in a file and in a letter."""
    del json
    from parvis.services.jobs import anchor_journal

    here = here_of(context)
    with here.database() as database:
        made = anchor_journal(database, here.settings.anchors, here.now())
    if here.json:
        dump(made)
        return
    if made.recorded:
        say(
            here,
            ANCHORED,
            style="green",
            number=made.number,
            lines=made.lines,
            cases=made.cases,
            sittings=made.sittings,
            agreements=made.agreements,
            file=str(made.file),
        )
    else:
        say(here, NOTHING_NEW, number=made.number)
    say(here, ROOT, style="dim", root=made.root.hex())


def restore(context: typer.Context, *, json: Json = False) -> None:
    """Put back the anchors that the database or the folder lost, from the other."""
    del json
    from parvis.services.journal import restore as put_back

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        restored = put_back(session, folder=here.settings.anchors)
    if here.json:
        dump(restored)
        return
    say(
        here,
        RESTORED,
        in_database=_listed(here, restored.in_database),
        in_folder=_listed(here, restored.in_folder),
    )


def export(context: typer.Context, *, ocel: Ocel, json: Json = False) -> None:
    """Write the journals as an event log for process mining."""
    del json
    from parvis.services.ocel import FileThereError
    from parvis.services.ocel import export as write

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        contract_id = contract_there(session)
        try:
            made = write(session, contract_id, ocel)
        except FileThereError:
            raise WrongUseError("--ocel", THERE.fill(path=str(ocel))) from None
    if here.json:
        dump(made)
        return
    say(here, EXPORTED, style="green", path=str(made.file), objects=made.objects, events=made.events)


def _listed(here: Here, numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or here.say(NONE)


SECTION = Section(
    "journal",
    Sentence("Le journal et sa preuve.", "The journal and its proof."),
    (
        Entry(
            "verify",
            verify,
            Sentence(
                "Vérifie chaque ligne, dossier, séance, convention et ancre ; nomme la première faute.",
                "Verifies every line, case, session, agreement and anchor; names the first fault.",
            ),
        ),
        Entry(
            "anchor",
            anchor,
            Sentence(
                "Ancre le journal : dans la base, dans un fichier, par courriel aux administrateurs.",
                "Anchors the journal: in the database, in a file, by mail to the administrators.",
            ),
        ),
        Entry(
            "restore",
            restore,
            Sentence(
                "Remet les ancres perdues par la base ou par le dossier.",
                "Puts back the anchors the database or the folder lost.",
            ),
        ),
        Entry(
            "export",
            export,
            Sentence(
                "Écrit le journal pour la fouille de processus (OCEL 2.0, JSON ou SQLite), sans nommer qui a agi.",
                "Writes the journal for process mining (OCEL 2.0, JSON or SQLite), without naming who acted.",
            ),
        ),
    ),
)
