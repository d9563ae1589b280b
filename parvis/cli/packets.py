"""`parvis packet build`, `show` and `diff`: what the members of a sitting read."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.options import CODE, DATE, EMAIL, FILE, NUMBER, At, Json, argument, option
from parvis.cli.output import console, dump, kept, row, say, short_instant, show, table
from parvis.cli.values import WrongUseError, day, instant, whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.documents.packet import Changes
    from parvis.models.queries.committees import Sitting
    from parvis.models.queries.packets import PacketLine
    from parvis.models.session import Session
    from parvis.services.packets import Copy

BUILDING = Sentence("Dossier de séance", "Packet")
COLUMNS = (
    Sentence("Exemplaire", "Copy"), Sentence("Version", "Version"), Sentence("Établie le", "Built on"),
    Sentence("Pages", "Pages"), Sentence("Dossiers cachés", "Hidden cases"), Sentence("Lettres", "Letters"),
)  # fmt: skip
VERSION_COLUMNS = (
    Sentence("Version", "Version"), Sentence("Établie le", "Built on"), Sentence("Pages", "Pages"),
    Sentence("Taille", "Size"), Sentence("SHA-256", "SHA-256"),
)  # fmt: skip
CHANGE_COLUMNS = (
    Sentence("Dossier", "Case"), Sentence("Ce qui change", "What changes"), Sentence("Avant", "Before"),
    Sentence("Maintenant", "Now"),
)  # fmt: skip
COMMON = Sentence("commun", "common")
UNCHANGED = Sentence("{version}, inchangée", "{version}, unchanged")
NEW = Sentence("{version}, nouvelle", "{version}, new")
NONE_YET = Sentence(
    "Aucun dossier de séance n’est établi : parvis packet build {code} {day}",
    "No packet has been built: parvis packet build {code} {day}",
)
WRITTEN = Sentence("Écrit dans {path}.", "Written to {path}.")
NOT_A_MEMBER = Sentence("« {email} » ne siège pas à cette séance.", "“{email}” does not sit at this session.")
NO_SUCH_VERSION = Sentence("La version {version} n’existe pas.", "There is no version {version}.")
SINCE = Sentence("Depuis la version {version}, du {day} :", "Since version {version}, of {day}:")
NO_CHANGE = Sentence("Rien n’a changé.", "Nothing has changed.")
ADDED = Sentence("ajouté", "added")
WITHDRAWN = Sentence("retiré", "withdrawn")

Code = Annotated[str, argument(shown=CODE, said=Sentence("Le comité.", "The committee."))]
On = Annotated[
    str | None,
    argument(
        shown=DATE,
        said=Sentence(
            "Le jour de la séance ; la prochaine sinon.", "The day of the session; the next one otherwise."
        ),
    ),
]
Member = Annotated[
    str | None,
    option(
        "--member", shown=EMAIL,
        said=Sentence(
            "L’exemplaire de ce membre : sans les dossiers dont il se déporte ; sinon l’exemplaire commun.",
            "This member’s copy: without the cases they are recused from; otherwise the common copy.",
        ),
    ),
]  # fmt: skip
SILENT = Sentence(
    "N’ont pas déclaré leurs intérêts pour tous les dossiers : {people}.",
    "Have not declared their interests for every case: {people}.",
)
Quiet = Annotated[
    bool,
    option(
        "--quiet", said=Sentence("N’écrit à personne pour le moment.", "Writes to nobody for the moment.")
    ),
]
To = Annotated[
    Path | None,
    option("--to", shown=FILE, said=Sentence("Où en écrire une copie.", "Where to write a copy.")),
]
Since = Annotated[
    str | None,
    option(
        "--since", shown=NUMBER,
        said=Sentence(
            "Depuis cette version ; depuis la dernière établie sinon.",
            "Since this version; since the last one otherwise.",
        ),
    ),
]  # fmt: skip


def build(
    context: typer.Context,
    *,
    code: Code,
    date: On = None,
    quiet: Quiet = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Build what changed of a packet."""
    del json
    from parvis.models.queries.members import seats
    from parvis.services import files, packets
    from parvis.services.committees import find_sitting
    from parvis.states.facts import By
    from parvis.states.stages import Role

    here = here_of(context)
    moment = instant("--at", at) if at else here.now()
    with here.database() as database, _progress(here) as bar:
        with database.transaction() as session:
            sitting = find_sitting(session, code, day("DATE", date) if date else None, at=moment)
        task = bar.add_task(here.say(BUILDING), total=None)
        made = packets.build(
            database, files.shelf(here.settings), sitting.id, by=By("console", Role.CLOCK), at=moment, quiet=quiet,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
        with database.transaction() as session:
            silent = [seat.person for seat in seats(session, sitting.id) if seat.undeclared]
    if here.json:
        copies = [{**_told(copy.line), "built": copy.built, "letters": copy.letters} for copy in made]
        dump({"copies": copies, "not_declared": silent})
        return
    _print_built(here, made)
    if silent:
        say(here, SILENT, style="yellow", people=silent)


def _print_built(here: Here, made: "Sequence[Copy]") -> None:
    from parvis.services import packets

    shown = table(*map(here.say, COLUMNS), right=[3, 4, 5], whole=[1, 2])
    for copy in made:
        line = copy.line
        names = ", ".join(packets.content_of(line).copy_for) or here.say(COMMON)
        version = here.say(NEW if copy.built else UNCHANGED, version=line.version)
        counts = map(str, (line.pages, len(line.hidden), copy.letters))
        row(shown, names, version, short_instant(line.built_at), *counts)
    show(shown)


def show_packet(
    context: typer.Context,
    *,
    code: Code,
    date: On = None,
    member: Member = None,
    to: To = None,
    json: Json = False,
) -> None:
    """List the versions of a packet, and write the last one to a file."""
    del json
    from parvis.services import file_store, files

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        sitting, _, lines = _versions(session, here, code, date, member)
    path = to / lines[-1].name if to and to.is_dir() and lines else to
    if path and lines:
        path.write_bytes(
            file_store.read(files.shelf(here.settings).folder, lines[-1].sha256, name=lines[-1].name)
        )
    if here.json:
        dump({"versions": list(map(_told, lines)), "path": path})
        return
    if not lines:
        say(here, NONE_YET, code=sitting.code, day=str(sitting.held_on))
        return
    shown = table(*map(here.say, VERSION_COLUMNS), right=[0, 2, 3], whole=[1])
    for line in lines:
        size = (
            f"{max(1, round(line.size / 1000))} ko"
            if here.language == "fr"
            else f"{max(1, round(line.size / 1000))} kB"
        )
        row(shown, str(line.version), short_instant(line.built_at), str(line.pages), size, line.sha256.hex())
    show(shown)
    if path:
        say(here, WRITTEN, style="green", path=str(path))


def diff(
    context: typer.Context,
    *,
    code: Code,
    date: On = None,
    member: Member = None,
    since: Since = None,
    json: Json = False,
) -> None:
    """Say what the packet would say now that a version did not."""
    del json
    from parvis.services import packets

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        sitting, hidden, lines = _versions(session, here, code, date, member)
        if not lines:
            raise WrongUseError("", NONE_YET.fill(code=sitting.code, day=str(sitting.held_on)))
        wanted = whole("--since", since) if since else lines[-1].version
        before = next((line for line in lines if line.version == wanted), None)
        if before is None:
            raise WrongUseError("--since", NO_SUCH_VERSION.fill(version=wanted))
        changes = packets.changes_since(session, before, hidden)
    if here.json:
        dump(changes)
        return
    _show_changes(here, changes)


def _show_changes(here: Here, changes: "Changes") -> None:
    say(here, SINCE, version=changes.since_version, day=changes.since_on)
    if changes.none:
        say(here, NO_CHANGE, style="green")
        return
    shown = table(*map(here.say, CHANGE_COLUMNS), whole=[0])
    for reference, title in changes.added:
        row(shown, reference, title, "", here.say(ADDED), style="green")
    for reference, title in changes.withdrawn:
        row(shown, reference, title, "", here.say(WITHDRAWN), style="red")
    for one in changes.changed:
        row(shown, one.reference, one.what, one.before, one.after)
    show(shown)
    for other in changes.others:
        console().print(kept(other))


def _versions(
    session: "Session", here: Here, code: str, date: str | None, member: str | None
) -> "tuple[Sitting, tuple[int, ...], list[PacketLine]]":
    from parvis.models.queries.packets import versions
    from parvis.services import packets
    from parvis.services.committees import find_sitting
    from parvis.services.people import acting

    sitting = find_sitting(session, code, day("DATE", date) if date else None, at=here.now())
    hidden: tuple[int, ...] | None = packets.EVERYBODY
    if member:
        person = acting(session, member).person_id
        hidden = packets.hidden_from(session, sitting.id, person) if person else None
        if hidden is None:
            raise WrongUseError("--member", NOT_A_MEMBER.fill(email=member))
    return sitting, hidden or (), versions(session, sitting.id, hidden or ())


def _told(line: "PacketLine") -> dict[str, Any]:
    return {
        "version": line.version, "built_at": line.built_at, "pages": line.pages, "hidden": list(line.hidden),
        "file": line.name, "size": line.size, "sha256": line.sha256.hex(),
    }  # fmt: skip


def _progress(here: Here) -> Progress:
    """A bar on the error output of a terminal; nothing elsewhere, and nothing with --json."""
    err = console(error=True)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True,
        disable=here.json or not err.is_terminal,
    )  # fmt: skip


SECTION = Section(
    "packet",
    Sentence("Les dossiers de séance des comités.", "The packets of committees."),
    (
        Entry(
            "build", build,
            Sentence(
                "Établit le dossier d’une séance, à nouveau quand son contenu a changé, un exemplaire par déport.",
                "Builds the packet of a session, again when its content changed, a copy for each recusal.",
            ),
        ),
        Entry(
            "show", show_packet,
            Sentence("Liste les versions d’un dossier de séance.", "Lists the versions of a packet."),
        ),
        Entry(
            "diff", diff,
            Sentence("Dit ce qui a changé depuis une version.", "Says what changed since a version."),
        ),
    ),
)  # fmt: skip
