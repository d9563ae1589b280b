"""`parvis case attach`, `files`, `file`, `detach` and `sign`: the files of a case."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.move_options import Reason
from parvis.cli.options import CODE, DATE, FILE, TEXT, As, ByRole, Json, Ref, argument, option
from parvis.cli.output import dump, row, say, short_day, short_instant, show, table
from parvis.cli.values import day
from parvis.states.files import FILE_KIND_WORDS, FileKind
from parvis.states.stages import Stage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.files import FileLine

ATTACHED = Sentence("{reference} : « {name} » ajouté.", "{reference}: “{name}” attached.")
RECEIVED = Sentence(
    "{reference} : « {name} » ajouté, pièce « {document} » reçue.",
    "{reference}: “{name}” attached, document “{document}” received.",
)
WRITTEN = Sentence("« {name} » écrit dans {path}.", "“{name}” written to {path}.")
DETACHED = Sentence("{reference} : « {name} » retiré.", "{reference}: “{name}” taken off.")
SIGNED_ON = Sentence(
    "{reference} : « {name} » signé le {day}, SHA-256 {sha256}.",
    "{reference}: “{name}” signed on {day}, SHA-256 {sha256}.",
)
NONE = Sentence("Aucun fichier dans ce dossier.", "No file in this case.")
SIGNED = Sentence("signé le {day}", "signed on {day}")
COLUMNS = (
    Sentence("Nom", "Name"), Sentence("Nature", "Kind"), Sentence("Pièce", "Document"),
    Sentence("Taille", "Size"), Sentence("Ajouté le", "Added"),
)  # fmt: skip
KILOBYTES = Sentence("{size} ko", "{size} kB")

Name = Annotated[
    str,
    argument(shown=TEXT, said=Sentence("Le nom du fichier, comme la liste le donne.", "The file’s name, as listed.")),
]  # fmt: skip

To = Annotated[
    Path | None,
    option(
        "--to",
        shown=FILE,
        said=Sentence(
            "Où l’écrire : un fichier ou un dossier ; sous son nom ici sinon.",
            "Where to write it: a file or a folder; else here, under its name.",
        ),
    ),
]


def attach(
    context: typer.Context, *, ref: Ref,
    file: Annotated[Path, argument(shown=FILE, said=Sentence("Le fichier à ajouter.", "The file to attach."))],
    document: Annotated[
        str | None,
        option("--document", shown=CODE, said=Sentence(
            "La pièce de la liste dont il s’agit ; elle est alors reçue.",
            "The document of the check-list it is, which is then received.",
        )),
    ] = None,
    as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Attach a file to a case."""
    del json
    from parvis.services import files
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.acting() as database:
        kept = files.shelf(here.settings)
        sent = files.checked(kept, file.name, file)
        with database.transaction() as session:
            who = actor(session, as_, role)
            found = find_case(session, ref)
            line = files.attach(session, kept, found.id, sent, by=who.by, at=here.now(), document=document)
    if here.json:
        dump(line)
        return
    said = RECEIVED if document else ATTACHED
    say(here, said, style="green", reference=found.reference, name=line.name, document=document)


def list_files(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """List the files of a case."""
    del json
    from parvis.services import files
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = files.list_files(session, case_ids=[find_case(session, ref).id])
    if here.json:
        dump({"files": found})
        return
    print_files(here, found, NONE)


def print_files(here: Here, found: "list[FileLine]", none: Sentence) -> None:
    """The files of a case or of a sitting as a table, or the sentence that there is none."""
    if not found:
        say(here, none)
        return
    made = table(*map(here.say, COLUMNS), right=[3], whole=[2, 4])
    for line in found:
        kind = here.say(FILE_KIND_WORDS[FileKind(line.kind)])
        if line.signed_on:
            kind += f", {here.say(SIGNED, day=short_day(line.signed_on))}"
        size = here.say(KILOBYTES, size=max(1, round(line.size / 1000)))
        row(made, line.name, kind, line.document_code or "", size, short_instant(line.added_at))
    show(made)


def extract(context: typer.Context, *, ref: Ref, name: Name, to: To = None, json: Json = False) -> None:
    """Write a file of a case where one wants it."""
    del json
    from parvis.services import files
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        line = files.find_named(session, files.Subject(case_id=find_case(session, ref).id), name)
    write_file(here, line, to)


def write_file(here: Here, line: "FileLine", to: Path | None) -> None:
    """Write the bytes of a stored file where one wants them."""
    from parvis.services import files

    content = files.read(files.shelf(here.settings), line)
    target = to or Path()
    path = target / line.name if target.is_dir() else target
    path.write_bytes(content)
    if here.json:
        dump({"file": line, "path": path})
        return
    say(here, WRITTEN, style="green", name=line.name, path=str(path))


def detach(
    context: typer.Context, *, ref: Ref, name: Name, as_: As = None, role: ByRole = None, reason: Reason = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Take an attachment off a case, with the reason; off a draft, as its applicant does."""
    del json
    from parvis.services import drafts, files
    from parvis.services.cases import find_case
    from parvis.services.taking_off import take_off

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        found = find_case(session, ref)
        line = files.find_named(session, files.Subject(case_id=found.id), name)
        if found.stage == Stage.DRAFT:
            drafts.take_off(session, found.id, line.id, by=who.by, at=here.now())
        else:
            take_off(session, found.id, line.id, reason, by=who.by, at=here.now())
    if here.json:
        dump(line)
        return
    say(here, DETACHED, reference=found.reference, name=line.name)


Signed = Annotated[
    str,
    option(
        "--document",
        shown=TEXT,
        said=Sentence("Le document signé, par son nom.", "The document signed, by name."),
    ),
]
SignedOn = Annotated[
    str, option("--on", shown=DATE, said=Sentence("Le jour de la signature.", "The day it was signed."))
]


def sign(
    context: typer.Context, *, ref: Ref, document: Signed, on: SignedOn, as_: As = None, role: ByRole = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Record the day a document was signed."""
    del json
    from parvis.services import files, signatures
    from parvis.services.cases import find_case

    here = here_of(context)
    signed_on = day("--on", on)
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        found = find_case(session, ref)
        line = signatures.sign(
            session,
            files.shelf(here.settings),
            found.id,
            document,
            signed_on=signed_on,
            by=who.by,
            at=here.now(),
        )
    if here.json:
        dump(line)
        return
    said = {
        "reference": found.reference,
        "name": line.name,
        "day": short_day(signed_on),
        "sha256": line.sha256.hex(),
    }
    say(here, SIGNED_ON, style="green", **said)


ENTRIES = (
    Entry(
        "attach", attach,
        Sentence(
            "Ajoute un fichier à un dossier ; « --document » le compte comme une pièce reçue.",
            "Attaches a file to a case; “--document” counts it as a document received.",
        ),
    ),
    Entry("files", list_files, Sentence("Liste les fichiers d’un dossier.", "Lists the files of a case.")),
    Entry(
        "file", extract,
        Sentence("Écrit un fichier d’un dossier où l’on veut.", "Writes a file of a case where one wants it."),
    ),
    Entry(
        "detach", detach,
        Sentence(
            "Retire d’un dossier une pièce jointe par erreur ; la trace en reste.",
            "Takes off a case a file attached by mistake; its trace stays.",
        ),
    ),
    Entry(
        "sign", sign,
        Sentence(
            "Enregistre le jour où un arrêté, une convention ou une lettre a été signé.",
            "Records the day a grant order, an agreement or a letter was signed.",
        ),
    ),
)  # fmt: skip
