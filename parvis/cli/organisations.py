"""`parvis organisation show` and `address`: how an organisation is reached, and its address corrected for it."""

from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.failures import NotThereError
from parvis.cli.here import here_of
from parvis.cli.options import EMAIL, TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.states.access import ADDRESS_WORDS
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.applicant import KnownOrganisation
    from parvis.models.session import Session

NO_ORGANISATION = Sentence("Aucun organisme n’a le SIRET {siret}.", "No organisation has the SIRET {siret}.")
HEADS = (
    Sentence("SIRET", "SIRET"), Sentence("Organisme", "Organisation"), Sentence("Adresse", "Address"),
    Sentence("D’où elle vient", "Where it comes from"), Sentence("Depuis", "Since"),
    Sentence("Téléphone", "Telephone"),
)  # fmt: skip
HELD = Sentence("{email} (suspendue)", "{email} (held)")
CORRECTED = Sentence(
    "{name} : lettres et liens vont désormais à {email}. Une lettre le dit aux deux adresses.",
    "{name}: letters and links now go to {email}. A letter says so to both addresses.",
)

Siret = Annotated[
    str, argument(shown=Sentence("SIRET", "SIRET"), said=Sentence("L’organisme.", "The organisation."))
]
Email = Annotated[str, argument(shown=EMAIL, said=Sentence("La nouvelle adresse.", "The new address."))]
Why = Annotated[
    str,
    option("--reason", shown=TEXT, said=Sentence(
        "Pourquoi, et comment l’association l’a demandé ; la lettre le répète.",
        "Why, and how the association asked; the letter repeats it.")),
]  # fmt: skip


def show_organisation(context: typer.Context, *, siret: Siret, json: Json = False) -> None:
    """Show how an organisation is reached."""
    del json
    from parvis.services.addresses import standing

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        shown = standing(session, organisation_named(session, siret).id, at=here.now())
    known = shown.known
    if here.json:
        dump({"organisation": known, "asked": shown.asked})
        return
    made = table(*map(here.say, HEADS), whole=[0, 4])
    address = here.say(HELD.fill(email=known.email)) if known.held else known.email
    source = here.say(ADDRESS_WORDS[known.source]) if known.email else ""
    row(made, known.siret, known.name, address or "—", source, short_instant(known.since), known.phone or "—")
    show(made)


def correct_address(
    context: typer.Context, *, siret: Siret, email: Email, reason: Why = "", as_: As = None, role: ByRole = None
) -> None:  # fmt: skip
    """Write to an organisation that lost its mailbox at another address."""
    from parvis.services.addresses import correct

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        by, number = actor(session, as_, role).by, organisation_named(session, siret).id
        known = correct(session, number, email, reason, contract_id=None, by=by, at=here.now())
    say(here, CORRECTED, style="green", name=known.name, email=known.email)


def organisation_named(session: "Session", siret: str) -> "KnownOrganisation":
    """The organisation a SIRET typed names.

    Raises:
        NotThereError: there is none.
    """
    from parvis.models.queries.applicant import organisation_of_siret

    found = organisation_of_siret(session, "".join(siret.split()))
    if found is None:
        raise NotThereError(NO_ORGANISATION.fill(siret=siret))
    return found


SECTION = Section(
    "organisation",
    Sentence("Les organismes : comment les joindre.", "Organisations: how they are reached."),
    (
        Entry("show", show_organisation, Sentence(
            "Montre l’adresse d’un organisme et d’où elle vient.",
            "Shows the address of an organisation and where it comes from.")),
        Entry("address", correct_address, Sentence(
            "Corrige l’adresse d’un organisme qui n’a plus accès à sa boîte ; une lettre le dit aux deux adresses.",
            "Corrects the address of an organisation that lost its mailbox; a letter says so to both addresses.")),
    ),
)  # fmt: skip
