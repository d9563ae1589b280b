"""`parvis letters snooze`, `drop`, `resend`, `send` and `check-template`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.exits import ExitCode
from parvis.cli.failures import NotThereError
from parvis.cli.here import Here, here_of
from parvis.cli.letter_options import File, LetterCode, Until, Why, WhyOptional
from parvis.cli.options import As, ByRole, Json
from parvis.cli.output import console, dump, say
from parvis.cli.values import instant
from parvis.services import wiring
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.outbox import Sent

SNOOZED = Sentence("« {code} » partira le {until}.", "“{code}” will leave on {until}.")
DROPPED = Sentence("« {code} » ne partira pas.", "“{code}” will not leave.")
RESENT = Sentence("« {code} » est de nouveau à envoyer.", "“{code}” is owed again.")
SENT = Sentence(
    "Lettres envoyées : {sent}. Remises à plus tard : {deferred}. Refusées : {refused}. Écrites : {written}.",
    "Letters sent: {sent}. Put off: {deferred}. Refused: {refused}. Written: {written}.",
)
UNREACHABLE = Sentence(
    "{reason}. Les lettres restent à envoyer.",
    "{reason}. The letters stay owed.",
)
HELD = Sentence(
    "Les lettres sont retenues depuis une restauration : « parvis letters release » les laisse partir.",
    "Letters are held back since a restoration: “parvis letters release” lets them leave.",
)
GOOD = Sentence("« {file} » peut servir.", "“{file}” can be used.")
NOT_A_TEMPLATE = Sentence("Aucun fichier « {file} ».", "There is no file “{file}”.")


def snooze(
    context: typer.Context, *, code: LetterCode, until: Until, reason: WhyOptional = "", as_: As = None,
    role: ByRole = None,
) -> None:  # fmt: skip
    """Let a letter leave later."""
    from parvis.services import upcoming

    here = here_of(context)
    later = instant("--until", until)
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        upcoming.snooze(session, code, until=later, by=who.by, at=here.now(), reason=reason)
    say(here, SNOOZED, style="green", code=code, until=later)


def drop(
    context: typer.Context, *, code: LetterCode, reason: Why, as_: As = None, role: ByRole = None
) -> None:
    """Set a letter aside."""
    from parvis.services import upcoming

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        upcoming.drop(session, code, by=who.by, at=here.now(), reason=reason)
    say(here, DROPPED, style="green", code=code)


def resend(context: typer.Context, *, code: LetterCode, as_: As = None, role: ByRole = None) -> None:
    """Owe a failed letter again."""
    from parvis.services import upcoming

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        upcoming.resend(session, code, by=who.by, at=here.now())
    say(here, RESENT, style="green", code=code)


def send(context: typer.Context, *, json: Json = False) -> None:
    """Write and send every letter whose time has come."""
    del json
    from parvis.models.queries.restorations import latest
    from parvis.services.jobs import send_letters

    here = here_of(context)
    out = console(error=True)
    with here.acting() as database, Progress(
        SpinnerColumn(), TextColumn("{task.completed}"), console=out, transient=True,
        disable=here.json or not out.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None)
        sent = send_letters(
            database, here.settings, here.clock, by=wiring.whoami(),
            progress=lambda done: bar.advance(task, done),
        )  # fmt: skip
        with database.transaction() as session:
            restored = latest(session)
    _told(here, sent, held=restored is not None and restored.held)
    if sent.unreachable:
        raise typer.Exit(ExitCode.FAILURE)


def _told(here: Here, sent: "Sent", *, held: bool) -> None:
    from parvis.notifications.trouble import told

    if here.json:
        dump({**asdict(sent), "held": held})
        return
    say(
        here,
        SENT,
        sent=sent.accepted,
        deferred=sent.deferred,
        refused=sent.refused,
        written=sent.wrote.written,
    )
    if sent.unreachable:
        say(here, UNREACHABLE, style="bold red", reason=told(sent.unreachable))
    if held:
        say(here, HELD, style="bold")


def check_template(context: typer.Context, *, file: File) -> None:
    """Check a template, or all those of a folder."""
    from parvis.services.templates import UNKNOWN, FolderProblem, TemplateFolderError, read_folder

    here, path = here_of(context), Path(file)
    if not path.exists():
        raise NotThereError(NOT_A_TEMPLATE.fill(file=file))
    if path.is_dir():
        read_folder(path)
    elif path.suffix not in (".txt", ".html"):
        raise TemplateFolderError([FolderProblem(path.name, 0, 0, UNKNOWN.fill(file=path.name))])
    else:
        try:
            read_folder(path.parent)
        except TemplateFolderError as error:
            mine = [
                problem
                for problem in error.problems
                if problem.file == path.name or (problem.line == 0 and Path(problem.file).stem == path.stem)
            ]
            if mine:
                raise TemplateFolderError(mine) from None
    say(here, GOOD, style="green", file=file)


ENTRIES = (
    Entry(
        "snooze", snooze, Sentence("Reporte une lettre à un autre jour.", "Puts a letter off to another day.")
    ),
    Entry(
        "drop",
        drop,
        Sentence("Écarte une lettre : elle ne partira pas.", "Sets a letter aside: it will not leave."),
    ),
    Entry("resend", resend, Sentence("Remet à envoyer une lettre en échec.", "Owes a failed letter again.")),
    Entry(
        "send",
        send,
        Sentence(
            "Écrit et envoie ce qui est dû, au serveur de PARVIS_SMTP_URL ou dans la boîte locale.",
            "Writes and sends what is due, to the server of PARVIS_SMTP_URL or to the local mailbox.",
        ),
    ),
    Entry(
        "check-template",
        check_template,
        Sentence(
            "Vérifie un modèle de lettre, ou un dossier de modèles.",
            "Checks a letter template, or a folder of them.",
        ),
    ),
)
