"""`parvis db backup`, `check-backup`, `restore` and `parvis letters release`: copies of an installation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import console, dump, say
from parvis.cli.values import WrongUseError
from parvis.services import wiring
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.backups import Manifest

SAVED = Sentence(
    "Sauvegardé dans « {folder} » : {cases} dossiers, {lines} lignes de journal, {files} fichiers.",
    "Saved in “{folder}”: {cases} cases, {lines} lines of the journal, {files} files.",
)
WHOLE = Sentence(
    "La sauvegarde du {at} est entière : {cases} dossiers, {lines} lignes de journal, {files} fichiers.",
    "The backup of {at} is whole: {cases} cases, {lines} lines of the journal, {files} files.",
)
SURE = Sentence(
    "Restaurer remplace la base par celle de la sauvegarde : ajouter --yes pour le faire.",
    "Restoring replaces the database by that of the backup: add --yes to do it.",
)
RESTORED = Sentence(
    "La base est revenue au {at}. Celle d’avant est gardée sous le nom « {kept} ».",
    "The database is back at {at}. The one before is kept as “{kept}”.",
)
HELD = Sentence(
    "Les lettres sont retenues : relire « parvis letters preview », puis « parvis letters release ».",
    "Letters are held back: read “parvis letters preview”, then “parvis letters release”.",
)
RELEASED = Sentence(
    "Les lettres peuvent partir : {waiting} attendaient. Celles parties avant la restauration ne repartent pas.",
    "Letters may leave: {waiting} were waiting. Those that left before the restoration do not leave again.",
)
NOT_HELD = Sentence("Aucune lettre n’est retenue.", "No letter is held back.")

Folder = Annotated[
    str, argument(shown=TEXT, said=Sentence("Le dossier de la sauvegarde.", "The folder of the backup."))
]
Yes = Annotated[bool, option("--yes", said=Sentence("Le faire vraiment.", "Really do it."))]


def backup(context: typer.Context, *, folder: Folder, json: Json = False) -> None:
    """Copy the database and the files beside it, while Parvis runs."""
    del json
    from parvis.services.backups import back_up

    here, out = here_of(context), console(error=True)
    with wiring.opened(here.settings) as opened, Progress(
        console=out, transient=True, disable=here.json or not out.is_terminal
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None)
        made = back_up(
            opened, here.settings, Path(folder), at=here.now(), environment=wiring.environment(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
    if here.json:
        dump(_plain(made))
    else:
        say(here, SAVED, style="green", folder=folder, **_counts(made))


def check_backup(context: typer.Context, *, folder: Folder, json: Json = False) -> None:
    """Read a backup again, whole."""
    del json
    from parvis.services.backups import check

    here = here_of(context)
    made = check(Path(folder), environment=wiring.environment())
    if here.json:
        dump(_plain(made))
    else:
        say(here, WHOLE, style="green", at=made.instant, **_counts(made))


def restore(context: typer.Context, *, folder: Folder, yes: Yes = False) -> None:
    """Put a backup in the place of the database, and hold letters back."""
    from parvis.services import backups
    from parvis.services.claims import Claim

    here = here_of(context)
    if not yes:
        raise WrongUseError("", SURE)
    with Claim(here.settings.data_folder), wiring.opened(here.settings, migrated=False) as opened:
        opened.database.dispose()
        with wiring.server(here.settings) as server_url:
            made, kept = backups.restore(
                server_url, opened.owner_url, here.settings, Path(folder), at=here.now(),
                environment=wiring.environment(),
            )  # fmt: skip
    say(here, RESTORED, style="green", at=made.instant, kept=kept)
    say(here, HELD, style="bold")


def release(context: typer.Context, *, as_: As = None, role: ByRole = None, json: Json = False) -> None:
    """Let the letters a restoration holds back leave."""
    del json
    from parvis.models.queries import restorations

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        waiting = restorations.waiting(session, at=at)
        released = restorations.release(session, by=who.by.actor, at=at)
    if here.json:
        dump({"released": released, "waiting": waiting})
    elif released:
        say(here, RELEASED, style="green", waiting=waiting)
    else:
        say(here, NOT_HELD)


def _counts(made: "Manifest") -> dict[str, int]:
    return {
        "cases": made.rows.get("cases", 0), "lines": made.rows.get("journal", 0), "files": len(made.sha256) - 1
    }  # fmt: skip


def _plain(made: "Manifest") -> dict[str, object]:
    return {"at": made.at, "parvis": made.parvis, "revision": made.revision, "rows": dict(made.rows),
            "files": len(made.sha256)}  # fmt: skip


ENTRIES = (
    Entry(
        "backup",
        backup,
        Sentence(
            "Sauvegarde la base et ses fichiers dans un dossier neuf, Parvis tournant.",
            "Saves the database and its files in a new folder, while Parvis runs.",
        ),
    ),
    Entry(
        "check-backup",
        check_backup,
        Sentence(
            "Relit une sauvegarde et dit si elle est entière.",
            "Reads a backup again and says whether it is whole.",
        ),
    ),
    Entry(
        "restore",
        restore,
        Sentence(
            "Remet une sauvegarde à la place de la base ; retient les lettres.",
            "Puts a backup in the place of the database; holds letters back.",
        ),
    ),
)
RELEASE = Entry(
    "release",
    release,
    Sentence(
        "Laisse partir les lettres qu’une restauration retient.",
        "Lets the letters a restoration holds back leave.",
    ),
)
