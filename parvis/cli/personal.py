"""`parvis person export` and `rectify`: what a person may ask about their data (RGPD art. 15 and 16)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import EMAIL, FILE, TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, say
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Session

COPIED = Sentence(
    "Copie écrite dans {file} : {rows} lignes en {parts} parties. Mentions ailleurs, à relire : {mentions}.",
    "Copy written to {file}: {rows} rows in {parts} parts. Mentions elsewhere, to be read: {mentions}.",
)
RECTIFIED = Sentence(
    "Rectifié : personnes {people}, organismes {organisations}, dossiers {cases}. Lettres qui suivent : {letters}.",
    "Rectified: people {people}, organisations {organisations}, cases {cases}. Letters that follow: {letters}.",
)
CHANGE_THE_FILE = Sentence(
    "Corrigez aussi le fichier du contrat, qui fait foi : sinon l’ancienne adresse y reviendrait.",
    "Correct the contract’s file as well, which prevails: else the old address would come back.",
)

Email = Annotated[
    str, argument(shown=EMAIL, said=Sentence("L’adresse de la personne.", "The address of the person."))
]
To = Annotated[
    Path | None,
    option("--to", shown=FILE, said=Sentence(
        "Le zip à écrire ; donnees.zip ici sinon.", "The zip to write; else donnees.zip here."
    )),
]  # fmt: skip
NewEmail = Annotated[
    str, option("--email", shown=EMAIL, said=Sentence("La nouvelle adresse.", "The new address."))
]
Name = Annotated[str, option("--name", shown=TEXT, said=Sentence("Le nom juste.", "The right name."))]
Phone = Annotated[
    str, option("--phone", shown=TEXT, said=Sentence("Le téléphone juste.", "The right phone."))
]


def export(
    context: typer.Context, *, email: Email, to: To = None, as_: As = None, role: ByRole = None, json: Json = False
) -> None:  # fmt: skip
    """Write all that is held on a person to one zip."""
    del json
    from parvis.services.personal.copying import copy

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        who = actor(session, as_, role or (None if as_ else "manager"))
        made = copy(session, email, contract_id=None, by=who.by, at=here.now(), contact=_contact(session))
        file = to or Path("donnees.zip")
        file.write_bytes(made.content)
    if here.json:
        dump(
            {
                "file": file,
                "subjects": made.subjects,
                "parts": dict(made.parts),
                "mentions": dict(made.mentions),
            }
        )
        return
    say(here, COPIED, style="green", file=str(file), rows=sum(made.parts.values()), parts=len(made.parts),
        mentions=sum(made.mentions.values()))  # fmt: skip


def rectify(
    context: typer.Context, *, email: Email, new: NewEmail = "", name: Name = "", phone: Phone = "",
    as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Correct a name, an address or a phone everywhere, and send to the new address the letters not gone yet."""
    del json
    from parvis.services.personal.rectifying import rectify as correct

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        who = actor(session, as_, role)
        made = correct(
            session, email, contract_id=None, name=name, new_email=new, phone=phone, by=who.by, at=here.now()
        )
    if here.json:
        dump(made)
        return
    say(here, RECTIFIED, style="green", people=made.people, organisations=made.organisations, cases=made.cases,
        letters=made.letters)  # fmt: skip
    if made.people:
        say(here, CHANGE_THE_FILE)


def _contact(session: "Session") -> str:
    """Whom a person writes to about their data."""
    from parvis.models.queries.contracts import read_contract

    found = read_contract(session)
    if found is None:
        return "—"
    sender = found[1].sender
    return sender.reply_to or sender.email


ENTRIES = (
    Entry("export", export, Sentence("Écrit dans un zip tout ce qui est gardé sur une personne (RGPD, article 15).",
                                     "Writes to a zip all that is held on a person (GDPR, article 15).")),
    Entry("rectify", rectify, Sentence("Rectifie nom, adresse ou téléphone partout ; les lettres à partir suivent.",
                                       "Corrects name, address or phone everywhere; letters to leave follow.")),
)  # fmt: skip
