"""`parvis person identities`, `unlink` and `password`: how somebody of the contract comes in."""

import getpass
import sys
from typing import Annotated

import typer

from parvis.cli.entries import Entry, Section
from parvis.cli.failure_words import NOT_TEXT_READ
from parvis.cli.failures import NotThereError
from parvis.cli.here import here_of
from parvis.cli.options import EMAIL, NUMBER, Json, argument, option
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.cli.personal import ENTRIES
from parvis.cli.values import WrongUseError, whole
from parvis.states.words import Sentence

COLUMNS = (
    Sentence("N°", "No."), Sentence("Adresse là-bas", "Address there"), Sentence("Fournisseur", "Provider"),
    Sentence("Liée le", "Linked on"), Sentence("Servie le", "Used on"),
)  # fmt: skip
NOTHING = Sentence("Aucune identité liée.", "No linked identity.")
NO_IDENTITY = Sentence("Cette personne n’a pas d’identité {number}.", "This person has no identity {number}.")
GONE = Sentence(
    "Identité {number} : déliée ; les sessions qu’elle avait ouvertes sont closes.",
    "Identity {number}: unlinked; the sessions it opened are ended.",
)
TYPE = Sentence("Mot de passe : ", "Password: ")
AGAIN = Sentence("Encore une fois : ", "Once more: ")
NOT_THE_SAME = Sentence(
    "Les deux mots de passe diffèrent : recommencer.", "The two passwords differ: try again."
)
KEPT = Sentence(
    "Mot de passe gardé. Les sessions ouvertes de cette personne sont closes.",
    "Password kept. The open sessions of this person are ended.",
)
REMOVED = Sentence(
    "Cette personne n’a plus de mot de passe ; ses sessions ouvertes sont closes.",
    "This person has no password any more; their open sessions are ended.",
)

Email = Annotated[
    str, argument(shown=EMAIL, said=Sentence("L’adresse de la personne.", "The address of the person."))
]
Which = Annotated[str, argument(shown=NUMBER, said=Sentence("L’identité.", "The identity."))]
Remove = Annotated[bool, option("--remove", said=Sentence("L’ôter.", "Take it away."))]


def identities(context: typer.Context, *, email: Email, json: Json = False) -> None:
    """List the identities a person comes in with."""
    del json
    from parvis.models.queries.identities import identities_of
    from parvis.services.people import acting

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        lines = identities_of(session, acting(session, email).person_id)
    if here.json:
        dump({"identities": lines})
        return
    if not lines:
        say(here, NOTHING)
        return
    made = table(*map(here.say, COLUMNS), right=[0], whole=[3, 4])
    for line in lines:
        moments = [short_instant(each) for each in (line.linked_at, line.seen_at)]
        row(made, str(line.id), line.email or "—", line.issuer, *moments)
    show(made)


def unlink(context: typer.Context, *, email: Email, number: Which) -> None:
    """Unlink an identity and end the sessions it opened."""
    from parvis.models.queries import identities as queries
    from parvis.services.people import acting

    here = here_of(context)
    identity_id = whole("NUMBER", number, most=999_999_999)
    with here.contract() as database, database.transaction() as session:
        person = acting(session, email)
        found = queries.unlink(session, person.person_id, identity_id, at=here.now())
    if not found:
        raise NotThereError(NO_IDENTITY.fill(number=identity_id))
    say(here, GONE, number=identity_id)


def password(context: typer.Context, *, email: Email, remove: Remove = False) -> None:
    """Give a person a password, read from the terminal without showing it, or from the input; or take it away."""
    from parvis.services import visitors
    from parvis.services.people import acting

    here = here_of(context)
    with here.contract() as database:
        with database.transaction() as session:
            person = acting(session, email)
        typed = None if remove else _typed(here.say(TYPE), here.say(AGAIN))
        try:
            with database.transaction() as session:
                if typed is None:
                    visitors.remove_password(session, person.person_id, at=here.now())
                else:
                    visitors.set_password(session, person.person_id, typed, at=here.now())
        except visitors.WeakPasswordError as refused:
            raise WrongUseError("", refused.sentence) from None
    say(here, KEPT if typed is not None else REMOVED)


def _typed(first: str, again: str) -> str:
    """What is typed twice at a terminal, or the first line of what comes in."""
    if sys.stdin.isatty():
        said = getpass.getpass(first)
        if getpass.getpass(again) != said:
            raise WrongUseError("", NOT_THE_SAME)
        return said
    try:
        return sys.stdin.buffer.readline().decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongUseError("", NOT_TEXT_READ) from None


SECTION = Section(
    "person",
    Sentence(
        "Les personnes du contrat : comment elles entrent dans l’application.",
        "The people of the contract: how they come in to the application.",
    ),
    (
        Entry(
            "identities", identities,
            Sentence(
                "Liste les identités d’une personne chez un fournisseur (ProConnect).",
                "Lists the identities of a person at a provider (ProConnect).",
            ),
        ),
        Entry("unlink", unlink, Sentence("Délie une identité.", "Unlinks an identity.")),
        Entry(
            "password", password,
            Sentence(
                "Donne un mot de passe, tapé sans être montré ou lu sur l’entrée.",
                "Gives a password, typed without being shown or read from the input.",
            ),
        ),
        *ENTRIES,
    ),
)  # fmt: skip
