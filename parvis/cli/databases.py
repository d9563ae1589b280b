"""`parvis db …`: the database and its server."""

import subprocess
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli import backups, parts
from parvis.cli.entries import Entry, Section
from parvis.cli.exits import ExitCode
from parvis.cli.here import Here, here_of
from parvis.cli.options import TEXT, Json, argument, option
from parvis.cli.output import dump, grid, row, say, show
from parvis.cli.values import WrongUseError
from parvis.services import wiring
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.overview import Overview

WHERE, SERVER, SIZE = (
    Sentence("Adresse", "Address"),
    Sentence("PostgreSQL", "PostgreSQL"),
    Sentence("Taille", "Size"),
)
REVISION = Sentence("Révision", "Revision")
UP_TO_DATE = Sentence("{revision}, à jour", "{revision}, up to date")
BEHIND = Sentence("{revision} ; la plus récente est {head}", "{revision}; the newest is {head}")
NEVER = Sentence("aucune", "none")
MIGRATED = Sentence("Base à la révision {revision}.", "Database at revision {revision}.")
SURE = Sentence(
    "Revenir à « {revision} » efface ce que les révisions suivantes contiennent : ajouter --yes pour le faire.",
    "Going back to “{revision}” erases what later revisions hold: add --yes to do it.",
)
STOPPED = Sentence("Serveur embarqué arrêté.", "Embedded server stopped.")
NOT_RUNNING = Sentence("Aucun serveur embarqué ne tourne.", "No embedded server is running.")
NOT_OURS = Sentence(
    "La base de PARVIS_DATABASE_URL n’est pas à arrêter d’ici.",
    "The database of PARVIS_DATABASE_URL is not to be stopped from here.",
)
MEGABYTES = Sentence("{size} Mo", "{size} MB")

Revision = Annotated[
    str,
    argument(
        shown=TEXT,
        said=Sentence(
            "La révision où revenir ; « base » vide tout.",
            "The revision to go back to; “base” empties everything.",
        ),
    ),
]


def info(context: typer.Context, *, json: Json = False) -> None:
    """Say where the database is, and what it holds."""
    del json
    from parvis.models import migrate
    from parvis.models.databases import without_password
    from parvis.models.queries.overview import overview
    from parvis.services import parts as cutting

    here = here_of(context)
    with wiring.opened(here.settings, migrated=False) as opened:
        revision, head = migrate.current(opened.owner_url), migrate.head()
        with opened.database.transaction() as session:
            found = overview(session)
        address = without_password(opened.owner_url)
        count = cutting.layout(opened.owner_url).parts if revision else 0
    embedded = here.settings.database_url is None and here.settings.database_owner_url is None
    if here.json:
        dump({"address": address, "embedded": embedded, "server": found.server, "size_bytes": found.size,
              "revision": revision, "head": head, "parts": count, "rows": found.rows})  # fmt: skip
        return
    _print(here, address, found, revision, head)
    if count:
        say(here, parts.CUT, parts=count)


def _print(here: Here, address: str, found: "Overview", revision: str | None, head: str | None) -> None:
    made = grid()
    at = UP_TO_DATE if revision == head else BEHIND
    row(made, here.say(WHERE), address)
    row(made, here.say(SERVER), found.server)
    row(made, here.say(REVISION), here.say(at, revision=revision or NEVER, head=head))
    row(made, here.say(SIZE), here.say(MEGABYTES, size=round(found.size / 1024**2)))
    for name, count in found.rows.items():
        row(made, name, str(count))
    show(made)


def migrate(context: typer.Context) -> None:
    """Bring the database to the newest revision."""
    from parvis.models import migrate as migrations

    here = here_of(context)
    with wiring.opened(here.settings, migrated=False) as opened:
        migrations.upgrade(opened.owner_url)
        say(here, MIGRATED, style="green", revision=migrations.current(opened.owner_url) or NEVER)


def downgrade(
    context: typer.Context, *,
    revision: Revision,
    yes: Annotated[bool, option("--yes", said=Sentence("Le faire vraiment.", "Really do it."))] = False,
) -> None:  # fmt: skip
    """Take the database back to an older revision."""
    from parvis.models import migrate as migrations

    here = here_of(context)
    if not yes:
        raise WrongUseError("", SURE.fill(revision=revision))
    with wiring.opened(here.settings, migrated=False) as opened:
        migrations.downgrade(opened.owner_url, revision)
        say(here, MIGRATED, style="green", revision=migrations.current(opened.owner_url) or NEVER)


def url(context: typer.Context, *, json: Json = False) -> None:
    """Print the address other programs reach the database at."""
    del json
    from parvis.models.databases import for_libpq

    here = here_of(context)
    with wiring.opened(here.settings, migrated=False) as opened:
        address = for_libpq(opened.owner_url)
    if here.json:
        dump({"url": address})
    else:
        typer.echo(address)


def psql(
    context: typer.Context, *,
    words: Annotated[
        list[str] | None,
        argument(shown=TEXT, said=Sentence("Des options de psql, après « -- ».", "Options of psql, after “--”.")),
    ] = None,
) -> None:  # fmt: skip
    """Open psql on the database."""
    from parvis.models import embedded
    from parvis.models.databases import for_libpq

    here = here_of(context)
    with wiring.opened(here.settings, migrated=False) as opened:
        command = [str(embedded.program("psql")), for_libpq(opened.owner_url), *(words or [])]
        code = subprocess.run(command, check=False).returncode
    if code:
        raise typer.Exit(ExitCode.FAILURE)


def stop(context: typer.Context) -> None:
    """Stop the embedded server, whoever uses it."""
    from parvis.models import embedded

    here = here_of(context)
    if here.settings.database_url or here.settings.database_owner_url:
        raise WrongUseError("", NOT_OURS)
    folder = here.settings.data_folder / "postgres"
    running = embedded.is_running(folder)
    embedded.stop(folder)
    say(here, STOPPED if running else NOT_RUNNING)


SECTION = Section(
    "db",
    Sentence("La base de données.", "The database."),
    (
        Entry(
            "info",
            info,
            Sentence(
                "Dit où est la base et ce qu’elle contient.", "Says where the database is and what it holds."
            ),
        ),
        Entry(
            "migrate",
            migrate,
            Sentence(
                "Amène la base à la révision la plus récente.", "Brings the database to the newest revision."
            ),
        ),
        Entry(
            "downgrade",
            downgrade,
            Sentence(
                "Ramène la base à une révision plus ancienne.",
                "Takes the database back to an older revision.",
            ),
        ),
        Entry(
            "url",
            url,
            Sentence(
                "Écrit l’adresse de la base pour d’autres programmes.",
                "Writes the address of the database for other programs.",
            ),
        ),
        Entry("psql", psql, Sentence("Ouvre psql sur la base.", "Opens psql on the database.")),
        Entry("stop", stop, Sentence("Arrête le serveur embarqué.", "Stops the embedded server.")),
        *backups.ENTRIES,
        *parts.ENTRIES,
    ),
)
