"""`parvis template`: the letters and acts staff edit in Word."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.here import here_of
from parvis.cli.options import CODE, FILE, TEXT, As, ByRole, Json, Ref, argument, option
from parvis.cli.output import dump, kept, row, say, short_instant, show, table
from parvis.cli.values import chosen, code
from parvis.documents.letter_fields import TEMPLATE_KIND_WORDS, TemplateKind, paths
from parvis.states.words import Sentence

COLUMNS = (
    Sentence("Modèle", "Template"), Sentence("Appel", "Call"), Sentence("Version", "Version"),
    Sentence("Fichier", "File"), Sentence("Depuis le", "Since"),
)  # fmt: skip
FIELD_COLUMNS = (
    Sentence("Champ", "Field"),
    Sentence("Ce qu’il dit", "What it says"),
    Sentence("Exemple", "Example"),
)
EVERY_CALL = Sentence("tous", "all")
OURS = Sentence("celui de Parvis", "Parvis’s own")
GOOD = Sentence("« {name} » est un modèle utilisable.", "“{name}” is a template that can be used.")
KEPT = Sentence("{kind} : « {name} » gardé, version {version}.", "{kind}: “{name}” kept, version {version}.")
WRITTEN = Sentence("Aperçu écrit dans {path}.", "Preview written to {path}.")
REPEATED = Sentence(
    "Un champ s’écrit {open} champ {close}. Une liste se répète : {tr} sur une ligne de tableau à part, puis {end}.",
    "A field is written {open} field {close}. A list repeats: {tr} on a table row of its own, then {end}.",
)


def _completed(typed: str) -> list[str]:
    return [code(kind) for kind in TemplateKind if code(kind).startswith(typed)]


Kind = Annotated[
    str,
    argument(
        shown=TEXT,
        completed=_completed,
        said=Sentence("Le modèle : grant-order…", "The template: grant-order…"),
    ),
]
File = Annotated[Path, argument(shown=FILE, said=Sentence("Le document Word.", "The Word document."))]
Call = Annotated[
    str | None,
    option("--call", shown=CODE, said=Sentence("Pour cet appel seulement.", "For this call only.")),
]
Tried = Annotated[
    Path | None,
    option(
        "--file",
        shown=FILE,
        said=Sentence("Essaie ce document, sans le garder.", "Tries this document, unkept."),
    ),
]
To = Annotated[Path | None, option("--to", shown=FILE, said=Sentence("Où l’écrire.", "Where to write it."))]


def list_templates(context: typer.Context, json: Json = False) -> None:
    """List the templates in use."""
    del json
    from parvis.services import word_templates

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        contract_id, _ = word_templates.place(session, None)
        found = word_templates.last_templates(session, contract_id)
    if here.json:
        dump({"templates": found, "kinds": list(TemplateKind)})
        return
    made = table(*map(here.say, COLUMNS), right=[2], whole=[1, 4])
    for kind in TemplateKind:
        own = [each for each in found if each.kind == kind]
        name = f"{code(kind)}\n{here.say(TEMPLATE_KIND_WORDS[kind])}"
        if not any(each.call is None for each in own):
            row(made, name, here.say(EVERY_CALL), "", here.say(OURS), "")
        for each in own:
            since = short_instant(each.uploaded_at)
            row(made, name, each.call or here.say(EVERY_CALL), str(each.version), each.name, since)
    show(made)


def list_fields(context: typer.Context, json: Json = False) -> None:
    """List the fields a template may have."""
    del json
    here = here_of(context)
    if here.json:
        dump(
            {"fields": [{"name": name, "says": told.said, "example": told.example} for name, told in paths()]}
        )
        return
    made = table(*map(here.say, FIELD_COLUMNS), whole=[0])
    for name, told in paths():
        row(made, Text(name, "cyan"), here.say(told.said), told.example.replace("\n", " / "))
    show(made)
    said = here.say(REPEATED, open="{{", close="}}", tr="{%tr for f in financeurs %}", end="{%tr endfor %}")
    show(Text(kept(said), "dim"))


def check(context: typer.Context, file: File, json: Json = False) -> None:
    """Check a Word document before it becomes a template."""
    del json
    from parvis.services import word_templates

    here = here_of(context)
    problems = word_templates.check(file.name, file.read_bytes())
    if problems:
        raise word_templates.WordTemplateProblemsError(file.name, problems)
    if here.json:
        dump({"name": file.name, "usable": True})
        return
    say(here, GOOD, style="green", name=file.name)


def upload(
    context: typer.Context, *, kind: Kind, file: File, call: Call = None, as_: As = None, role: ByRole = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Keep a Word document as the next version of a template."""
    del json
    from parvis.services import word_templates

    here = here_of(context)
    wanted = _kind(kind)
    with here.contract() as database, database.transaction() as session:
        who = actor(session, as_, role)
        contract_id, call_id = word_templates.place(session, call)
        version = word_templates.keep(
            session,
            contract_id,
            wanted,
            file.name,
            file.read_bytes(),
            by=who.by,
            at=here.now(),
            call_id=call_id,
        )
    if here.json:
        dump({"kind": wanted, "call": call, "version": version})
        return
    say(here, KEPT, style="green", kind=TEMPLATE_KIND_WORDS[wanted], name=file.name, version=version)


def preview(
    context: typer.Context, *, kind: Kind, ref: Ref, file: Tried = None, to: To = None, json: Json = False
) -> None:
    """Write what a template would say of a real case, and keep nothing."""
    del json
    from parvis.services import previews, word_templates

    here = here_of(context)
    wanted = _kind(kind)
    content = file.read_bytes() if file else None
    if file and content is not None and (problems := word_templates.check(file.name, content)):
        raise word_templates.WordTemplateProblemsError(file.name, problems)
    with here.database() as database, database.transaction() as session:
        made = previews.preview(session, wanted, ref, at=here.now(), content=content)
    target = to or Path()
    path = target / f"{wanted}-{ref}.docx" if target.is_dir() else target
    path.write_bytes(made)
    if here.json:
        dump({"path": path})
        return
    say(here, WRITTEN, style="green", path=str(path))


def _kind(typed: str) -> TemplateKind:
    return chosen("MODEL", typed, TemplateKind, TEMPLATE_KIND_WORDS)


KINDS: tuple[Sentence, dict[str, Sentence]] = (
    Sentence("Modèles", "Templates"), {code(kind): TEMPLATE_KIND_WORDS[kind] for kind in TemplateKind},
)  # fmt: skip


SECTION = Section(
    "template",
    Sentence("Les lettres et les actes à modifier dans Word.", "Letters and acts to be edited in Word."),
    (
        Entry("list", list_templates, Sentence("Liste les modèles en service.", "Lists the templates in use.")),
        Entry(
            "fields", list_fields,
            Sentence("Liste les champs qu’un modèle peut contenir.", "Lists the fields a template may have."),
        ),
        Entry(
            "check", check,
            Sentence(
                "Vérifie un document Word : champs inconnus, balises mal écrites, macros.",
                "Checks a Word document: unknown fields, tags not written well, macros.",
            ),
        ),
        Entry(
            "upload", upload,
            Sentence(
                "Garde un document Word comme nouvelle version d’un modèle, une fois vérifié.",
                "Keeps a Word document as a new version of a template, once checked.",
            ),
            KINDS,
        ),
        Entry(
            "preview", preview,
            Sentence(
                "Écrit ce qu’un modèle dirait d’un vrai dossier, sans rien garder.",
                "Writes what a template would say of a real case, and keeps nothing.",
            ),
            KINDS,
        ),
    ),
)  # fmt: skip
