"""`parvis publish`: the essential data of grants, published or only compared, and written to a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import Json, option
from parvis.cli.output import dump, row, say, show, table
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Database
    from parvis.services.open_data.publishing import Published
    from parvis.states.open_data import Key

NONE = Sentence("Il n’y a pas encore de contrat.", "There is no contract yet.")
NOT_ASKED = Sentence(
    "{contract} : le contrat dit de ne rien publier (son réglage « open_data »).",
    "{contract}: the contract says to publish nothing (its setting “open_data”).",
)
NOTHING = Sentence(
    "{contract} : aucune subvention à publier pour l’instant.", "{contract}: no grant to publish so far."
)
SAME = Sentence(
    "{contract} : rien n’a changé, la publication {number} reste. Lignes : {rows}.",
    "{contract}: nothing has changed, publication {number} stays. Lines: {rows}.",
)
MADE = Sentence(
    "{contract} : publication {number}. Lignes : {rows} ; ajoutées : {added}, modifiées : {changed}, "
    "retirées : {removed}.",
    "{contract}: publication {number}. Lines: {rows}; added: {added}, changed: {changed}, removed: {removed}.",
)
WOULD = Sentence(
    "{contract} : un essai, rien n’est publié. Lignes : {rows} ; à ajouter : {added}, à modifier : {changed}, "
    "à retirer : {removed}.",
    "{contract}: a trial, nothing is published. Lines: {rows}; to add: {added}, to change: {changed}, "
    "to remove: {removed}.",
)
LEFT_OUT = Sentence(
    "Laissées de côté : {below} sous le seuil de la loi, {elsewhere} publiées par le financeur lui-même.",
    "Left out: {below} below the threshold of the law, {elsewhere} published by the funder.",
)
WRITTEN = Sentence("Écrit dans {path}.", "Written to {path}.")
HEADS = (
    Sentence("Quoi", "What"), Sentence("Décision", "Decision"), Sentence("Attribuant", "Giver"),
    Sentence("Bénéficiaire", "Receiver"), Sentence("Détail", "Detail"),
)  # fmt: skip
ADDED = Sentence("ajoutée", "added")
CHANGED = Sentence("modifiée", "changed")
REMOVED = Sentence("retirée", "removed")

DryRun = Annotated[
    bool,
    option("--dry-run", said=Sentence("Montre ce qui changerait, ne publie rien.",
                                      "Shows what would change, publishes nothing.")),
]  # fmt: skip
To = Annotated[
    Path | None,
    option("--to", shown=Sentence("DOSSIER", "FOLDER"), said=Sentence(
        "Écrit aussi les fichiers en vigueur dans ce dossier, un sous-dossier par contrat.",
        "Writes the files in force to this folder as well, a folder a contract.",
    )),
]  # fmt: skip


def publish(context: typer.Context, *, dry_run: DryRun = False, to: To = None, json: Json = False) -> None:
    """Publish the essential data of grants."""
    del json
    from parvis.services.jobs import publish_open_data

    here = here_of(context)
    with here.acting() as database:
        made = publish_open_data(database, here.now(), dry_run=dry_run)
        files = _write(here, database, made, to) if to else []
    if here.json:
        dump({"dry_run": dry_run, "contracts": made, "files": files})
        return
    if not made:
        say(here, NONE)
    for each in made:
        _tell(here, each, dry_run=dry_run)
    for path in files:
        say(here, WRITTEN, style="green", path=str(path))


def _tell(here: Here, made: "Published", *, dry_run: bool) -> None:
    if not made.asked:
        say(here, NOT_ASKED, contract=made.contract)
        return
    changes = made.changes
    counts = {"added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed)}
    if changes.any:
        say(
            here, WOULD if dry_run else MADE, style="green", contract=made.contract, number=made.number,
            rows=made.rows, **counts,
        )  # fmt: skip
        _print(here, made)
    elif made.number is None:
        say(here, NOTHING, contract=made.contract)
    else:
        say(here, SAME, contract=made.contract, number=made.number, rows=made.rows)
    if made.below or made.elsewhere:
        say(here, LEFT_OUT, style="dim", below=made.below, elsewhere=made.elsewhere)


def _print(here: Here, made: "Published") -> None:
    shown = table(*(here.say(head) for head in HEADS), whole=(0, 1))

    def line(words: Sentence, key: "Key", detail: str = "") -> None:
        row(shown, here.say(words), *key, detail)

    for key in made.changes.added:
        line(ADDED, key)
    for change in made.changes.changed:
        line(CHANGED, change.key, ", ".join(f"{name} : {old} → {new}" for name, old, new in change.fields))
    for key in made.changes.removed:
        line(REMOVED, key)
    show(shown)


def _write(here: Here, database: "Database", made: "tuple[Published, ...]", to: Path) -> list[Path]:
    from parvis.services.open_data.reading import MEDIA_TYPES, read_file

    paths = []
    for each in made:
        for name in MEDIA_TYPES:
            with database.transaction() as session:
                content = read_file(
                    session, each.contract, name, at=here.now(), base=here.settings.public_url,
                    language=here.settings.language,
                )  # fmt: skip
            if content is not None and each.asked:
                path = to / each.contract / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                paths.append(path)
    return paths


ENTRIES = (
    Entry(
        "publish", publish,
        Sentence("Publie les données essentielles des subventions, vérifiées par le schéma officiel.",
                 "Publishes the essential data of grants, checked against the official schema."),
    ),
)  # fmt: skip
