"""`parvis token create`, `list` and `revoke`: what programs show to act for a person."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.entries import Entry, Section
from parvis.cli.failures import NotThereError
from parvis.cli.here import here_of
from parvis.cli.options import EMAIL, NUMBER, TEXT, Json, argument, option
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.cli.values import WrongUseError, chosen, whole
from parvis.states.access import OF_PROGRAMS, SCOPE_WORDS, TOKEN_LASTS, Scope
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.tokens import TokenLine

COLUMNS = (
    Sentence("N°", "No."), Sentence("Nom", "Name"), Sentence("Permet", "Allows"), Sentence("Créé le", "Made on"),
    Sentence("Finit le", "Ends on"), Sentence("Servi le", "Used on"), Sentence("État", "Standing"),
)  # fmt: skip
ALIVE = Sentence("en cours", "in use")
EXPIRED = Sentence("expiré", "expired")
REVOKED = Sentence("révoqué", "revoked")
NOTHING = Sentence("Aucun jeton.", "No token.")
MADE = Sentence(
    "Jeton {number} créé. Le copier maintenant : il ne sera plus montré.",
    "Token {number} made. Copy it now: it will not be shown again.",
)
GONE = Sentence("Jeton {number} : révoqué.", "Token {number}: revoked.")
NO_TOKEN = Sentence("Cette personne n’a pas de jeton {number}.", "This person has no token {number}.")

Email = Annotated[
    str,
    argument(shown=EMAIL, said=Sentence("L’adresse de la personne.", "The address of the person.")),
]
Name = Annotated[
    str, option("--name", shown=TEXT, said=Sentence("À quoi sert le jeton.", "What the token is for."))
]
Scopes = Annotated[
    list[str] | None,
    option(
        "--scope", shown=TEXT,
        said=Sentence(
            "Ce qu’il permet, plusieurs fois au besoin : read, write, import ; read sinon.",
            "What it allows, several times if needed: read, write, import; else read.",
        ),
    ),
]  # fmt: skip
Days = Annotated[
    str | None,
    option("--days", shown=NUMBER, said=Sentence("Pour combien de jours (90 sinon).", "For how many days (else 90).")),
]  # fmt: skip
Which = Annotated[str, argument(shown=NUMBER, said=Sentence("Le jeton.", "The token."))]


_OPTIONS = {"name": "--name", "scopes": "--scope", "days": "--days"}


def create(
    context: typer.Context, *,
    email: Email, name: Name = "", scope: Scopes = None, days: Days = None, json: Json = False,
) -> None:  # fmt: skip
    """Make a token and show it once."""
    del json
    from parvis.services import tokens
    from parvis.services.people import acting

    here = here_of(context)
    scopes = [chosen("--scope", each, OF_PROGRAMS, SCOPE_WORDS) for each in scope or [Scope.READ]]
    lasts = timedelta(days=whole("--days", days, most=365)) if days else TOKEN_LASTS
    try:
        with here.contract() as database, database.transaction() as session:
            person = acting(session, email)
            made = tokens.make(
                session, person.person_id, name=name, scopes=scopes, lasts=lasts, at=here.now()
            )
    except tokens.TokenRefusedError as refusal:
        raise WrongUseError(_OPTIONS[refusal.field], refusal.sentence) from None
    if here.json:
        dump({"token": made.secret, **_told(made.line)})
        return
    say(here, MADE, number=made.line.id)
    typer.echo(made.secret)


def list_tokens(context: typer.Context, *, email: Email, json: Json = False) -> None:
    """List the tokens of a person."""
    del json
    from parvis.services import tokens
    from parvis.services.people import acting

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        lines = tokens.list_tokens(session, acting(session, email).person_id)
    if here.json:
        dump({"tokens": [_told(line) for line in lines]})
        return
    if not lines:
        say(here, NOTHING)
        return
    made = table(*map(here.say, COLUMNS), right=[0], whole=[3, 4, 5])
    for line in lines:
        alive = ALIVE if tokens.is_alive(line, here.now()) else REVOKED if line.revoked_at else EXPIRED
        moments = (line.made_at, line.expires_at, line.used_at)
        shown = [short_instant(each) if each else "—" for each in moments]
        row(made, str(line.id), line.name, line.scopes, *shown, here.say(alive))
    show(made)


def revoke(context: typer.Context, *, email: Email, number: Which) -> None:
    """End a token of a person."""
    from parvis.services import tokens
    from parvis.services.people import acting

    here = here_of(context)
    token_id = whole("NUMBER", number, most=999_999_999)
    with here.contract() as database, database.transaction() as session:
        found = tokens.revoke(session, acting(session, email).person_id, token_id, at=here.now())
    if not found:
        raise NotThereError(NO_TOKEN.fill(number=token_id))
    say(here, GONE, number=token_id)


def _told(line: "TokenLine") -> dict[str, object]:
    return {
        "id": line.id, "name": line.name, "scopes": line.scopes.split(), "made_at": line.made_at,
        "expires_at": line.expires_at, "used_at": line.used_at, "revoked_at": line.revoked_at,
    }  # fmt: skip


SECTION = Section(
    "token",
    Sentence(
        "Les jetons par lesquels un programme agit pour une personne.",
        "The tokens by which a program acts for a person.",
    ),
    (
        Entry("create", create, Sentence("Crée un jeton, montré une fois.", "Makes a token, shown once.")),
        Entry(
            "list", list_tokens, Sentence("Liste les jetons d’une personne.", "Lists the tokens of a person.")
        ),
        Entry("revoke", revoke, Sentence("Révoque un jeton.", "Revokes a token.")),
    ),
)
