"""`parvis partner list`, `add`, `invite`, `confirm`, `withdraw`: the partners of a coordinated proposal."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.failures import NotThereError
from parvis.cli.here import Here, here_of
from parvis.cli.options import EMAIL, TEXT, As, ByRole, Json, Ref, argument, option
from parvis.cli.output import dump, euros, kept, row, say, show, table
from parvis.cli.values import WrongUseError, shares
from parvis.states import fields
from parvis.states.partners import PARTNER_WORDS
from parvis.states.stages import ACTION_WORDS, Action
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Session
    from parvis.services.cases import Found
    from parvis.states.facts import Given

SiretOf = Annotated[
    str,
    argument(
        shown=Sentence("SIRET", "SIRET"),
        said=Sentence("Le SIRET du partenaire.", "The SIRET of the partner."),
    ),
]
Email = Annotated[
    str | None,
    option(
        "--email",
        shown=EMAIL,
        said=Sentence("Son adresse, si aucune n’est connue.", "Its address, if none is known."),
    ),
]
Signer = Annotated[
    str,
    option(
        "--name", shown=TEXT, said=Sentence("Qui a signé pour le partenaire.", "Who signed for the partner.")
    ),
]
Quality = Annotated[
    str,
    option(
        "--quality",
        shown=TEXT,
        said=Sentence("En quelle qualité : présidente, trésorier…", "In what quality: president, treasurer…"),
    ),
]
Called = Annotated[
    str,
    option(
        "--called",
        shown=TEXT,
        said=Sentence("Son nom, si personne ne le connaît.", "Its name, if nobody knows it."),
    ),
]
Share = Annotated[
    list[str] | None,
    option(
        "--amount",
        shown=Sentence("CODE=MONTANT", "CODE=AMOUNT"),
        said=Sentence(
            "Sa part de ce qui est demandé à un financeur ; à répéter.",
            "Its share of what a funder is asked; to be repeated.",
        ),
    ),
]
Why = Annotated[
    str,
    option(
        "--reason", shown=TEXT, said=Sentence("Le motif, lu par le porteur.", "The reason, read by the lead.")
    ),
]

COLUMNS = (
    Sentence("Partenaire", "Partner"), Sentence("SIRET", "SIRET"), Sentence("Demandé", "Requested"),
    Sentence("Accordé", "Granted"), Sentence("État", "State"), Sentence("Signé par", "Signed by"),
)  # fmt: skip
NONE = Sentence("Ce dossier n’a pas de partenaire.", "This case has no partner.")
NO_SUCH = Sentence(
    "Ce dossier n’a pas de partenaire de SIRET {siret}.", "This case has no partner of SIRET {siret}."
)
DONE = Sentence(
    "{reference} : « {action} » enregistré pour {name} (version {version})",
    "{reference}: “{action}” recorded for {name} (version {version})",
)


def list_partners(context: typer.Context, *, ref: Ref, json: Json = False) -> None:
    """List the partners of a case, their shares and where each stands."""
    del json
    from parvis.models.queries.case_parts import read_partners
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = find_case(session, ref)
        partners = read_partners(session, found.id)
    if here.json:
        dump({"reference": found.reference, "partners": [
            {"siret": each.siret, "name": each.name, "state": each.state, "requested_cents": each.requested_cents,
             "granted_cents": each.granted_cents, "shares": dict(each.shares), "granted": dict(each.granted),
             "email": each.email, "signed_by": each.signed_by, "invited_at": each.invited_at,
             "answered_at": each.answered_at}
            for each in partners
        ]})  # fmt: skip
        return
    if not partners:
        say(here, NONE)
        return
    made = table(*map(here.say, COLUMNS), whole=[1])
    for each in partners:
        row(made, Text(kept(each.name)), each.siret, euros(each.requested_cents, here),
            euros(each.granted_cents, here) if each.granted else "", here.say(PARTNER_WORDS[each.state]),
            Text(kept(each.signed_by)))  # fmt: skip
    show(made)


def add(
    context: typer.Context, *, ref: Ref, siret: SiretOf, amount: Share = None, called: Called = "",
    email: Email = None, as_: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Add a partner to a case that is not examined yet, with a share taken from that of the lead."""
    del json
    from parvis.services.advance import advance
    from parvis.services.cases import find_case
    from parvis.states.facts import Given

    here = here_of(context)
    given = Given(
        partner_siret=_parsed("SIRET", siret, fields.siret), partner_name=called.strip(),
        partner_email=_parsed("--email", email, fields.email) if email else "",
        amounts=shares("--amount", amount or []),
    )  # fmt: skip
    at = here.now()
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        found = find_case(session, ref)
        moved = advance(session, found.id, Action.ADD_PARTNER, by=who.by, at=at, given=given)
        _, name = _partner(session, found, given.partner_siret)
    _told(here, found.reference, given.partner_siret, Action.ADD_PARTNER, moved.version, name)


def invite(
    context: typer.Context, *, ref: Ref, siret: SiretOf, email: Email = None, as_: As = None, role: ByRole = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Write to a partner, with a link to confirm its part."""
    del json
    from parvis.states.facts import Given

    address = _parsed("--email", email, fields.email) if email else ""
    _act(here_of(context), ref, siret, Action.INVITE_PARTNER, Given(partner_email=address), as_, role)


def confirm(
    context: typer.Context, *, ref: Ref, siret: SiretOf, name: Signer = "", quality: Quality = "", as_: As = None,
    role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Record that a partner confirmed and signed its part, from the signed document received."""
    del json
    from parvis.states.facts import Given

    signer, as_what = (
        _parsed(option, said, lambda text: fields.text(text, max_length=200)) if said else ""
        for option, said in (("--name", name), ("--quality", quality))
    )
    given = Given(signer=signer, signer_quality=as_what, undertaken="republican")
    _act(here_of(context), ref, siret, Action.CONFIRM_PARTNER, given, as_, role)


def withdraw(
    context: typer.Context, *, ref: Ref, siret: SiretOf, reason: Why = "", as_: As = None, role: ByRole = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Take a partner off a case: its share leaves the request, or is released once granted."""
    del json
    from parvis.states.facts import Given

    _act(here_of(context), ref, siret, Action.WITHDRAW_PARTNER, Given(reason=reason), as_, role)


def _act(
    here: Here, ref: str, siret: str, action: Action, given: "Given", as_: str | None, role: str | None
) -> None:
    from parvis.services.advance import advance
    from parvis.services.cases import find_case

    at = here.now()
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        found = find_case(session, ref)
        partner_id, name = _partner(session, found, siret)
        given = replace(given, partner_id=partner_id)
        moved = advance(session, found.id, action, by=who.by, at=at, given=given)
    _told(here, found.reference, siret, action, moved.version, name)


def _told(here: Here, reference: str, siret: str, action: Action, version: int, name: str) -> None:
    if here.json:
        dump({"reference": reference, "siret": siret, "action": action, "version": version})
        return
    say(
        here,
        DONE,
        style="green",
        reference=reference,
        action=ACTION_WORDS[action],
        name=name,
        version=version,
    )


def _partner(session: "Session", found: "Found", siret: str) -> tuple[int, str]:
    from parvis.models.queries.case_parts import read_partners

    bare = "".join(siret.split())
    for each in read_partners(session, found.id):
        if each.siret == bare:
            return each.organisation_id, each.name
    raise NotThereError(NO_SUCH.fill(siret=siret[:40]))


def _parsed(option_name: str, said: str, parse: Callable[[str], str]) -> str:
    try:
        return parse(said)
    except fields.FieldError as error:
        raise WrongUseError(option_name, error.sentence) from None


SECTION = Section(
    "partner",
    Sentence("Les partenaires d’un dossier à plusieurs.", "The partners of a proposal of several."),
    (
        Entry(
            "list",
            list_partners,
            Sentence("Liste les partenaires d’un dossier.", "Lists the partners of a case."),
        ),
        Entry(
            "add",
            add,
            Sentence("Ajoute un partenaire avant l’instruction.", "Adds a partner before instruction."),
        ),
        Entry(
            "invite",
            invite,
            Sentence("Écrit à un partenaire, avec un lien.", "Writes to a partner, with a link."),
        ),
        Entry("confirm", confirm, Sentence("Note qu’un partenaire a signé.", "Notes that a partner signed.")),
        Entry("withdraw", withdraw, Sentence("Retire un partenaire.", "Takes a partner off.")),
    ),
)
