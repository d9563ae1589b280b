"""`parvis sirene`: what the register of companies and associations says of a SIRET."""

from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.entries import Entry
from parvis.cli.exits import ExitCode
from parvis.cli.here import Here, here_of
from parvis.cli.options import Json, argument, option
from parvis.cli.output import dump, grid, row, say, short_instant, show
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.sirene import Looked

OFFLINE = Sentence(
    "Aucun répertoire n’est réglé : rien n’est demandé à personne, et rien ne sort de cette machine. Pour le demander, "
    "écrire son adresse dans PARVIS_SIRENE_URL, par exemple https://recherche-entreprises.api.gouv.fr.",
    "No register is set: nothing is asked of anybody, and nothing leaves this machine. To ask one, write its address "
    "in PARVIS_SIRENE_URL, for example https://recherche-entreprises.api.gouv.fr.",
)
KEPT_ONLY = Sentence(
    "Aucun répertoire n’est réglé (PARVIS_SIRENE_URL) : voici ce qu’il avait dit.",
    "No register is set (PARVIS_SIRENE_URL): this is what it had said.",
)
AWAY = Sentence(
    "Le répertoire ne répond pas : réessayer plus tard.", "The register does not answer: try again later."
)
AWAY_NOW = Sentence(
    "Le répertoire ne répond pas : voici ce qu’il avait dit.",
    "The register does not answer: this is what it had said.",
)
HEADS = {
    "name": Sentence("Nom", "Name"), "form": Sentence("Forme", "Form"), "address": Sentence("Adresse", "Address"),
    "state": Sentence("État", "State"), "asked_at": Sentence("Demandé le", "Asked on"),
}  # fmt: skip
OPEN = Sentence("ouvert", "open")
Siret = Annotated[
    str,
    argument(shown=Sentence("SIRET", "SIRET"), said=Sentence("Les quatorze chiffres.", "The fourteen digits.")),
]  # fmt: skip
Anew = Annotated[
    bool,
    option("--anew", said=Sentence("Redemande, même si la réponse gardée a moins de trente jours.",
                                   "Asks again, even if the answer kept is less than thirty days old.")),
]  # fmt: skip


def sirene(context: typer.Context, siret: Siret, *, anew: Anew = False, json: Json = False) -> None:
    """Look a SIRET up; 4 when the register does not know it, 1 when it does not answer."""
    del json
    from parvis.services.sirene import look, register_of
    from parvis.states import fields

    here = here_of(context)
    try:
        wanted = fields.siret(siret)
    except fields.FieldError as wrong:
        raise WrongUseError("SIRET", wrong.sentence) from None
    with here.database() as database:
        looked = look(database, register_of(here.settings), wanted, at=here.now(), anew=anew)
    asked = bool(here.settings.sirene_url)
    if not asked and looked.notice is None:
        raise WrongUseError("", OFFLINE)
    if here.json:
        dump({"siret": wanted, "asked": asked, "away": looked.away, "notice": looked.notice})
    else:
        _tell(here, looked, asked=asked)
    if looked.notice is None:
        raise typer.Exit(ExitCode.FAILURE)
    if not looked.notice.there:
        raise typer.Exit(ExitCode.NOT_FOUND)


def _tell(here: Here, looked: "Looked", *, asked: bool) -> None:
    from parvis.states.sirene import CEASED, NOT_THERE

    notice = looked.notice
    if notice is None:
        say(here, AWAY, style="red")
        return
    if looked.away or not asked:
        say(here, AWAY_NOW if looked.away else KEPT_ONLY, style="yellow")
    if not notice.there:
        say(here, NOT_THERE, style="yellow")
        return
    said = {
        "name": notice.name, "form": here.say(notice.form_words) if notice.form_words else "",
        "address": notice.address, "state": here.say(CEASED if notice.ceased else OPEN),
        "asked_at": short_instant(notice.asked_at),
    }  # fmt: skip
    made = grid()
    for name, value in said.items():
        row(made, here.say(HEADS[name]), value or "—")
    show(made)


ENTRIES = (
    Entry(
        "sirene",
        sirene,
        Sentence(
            "Dit ce que le répertoire des organismes (SIRENE) sait d’un SIRET.",
            "Says what the register of organisations (SIRENE) knows of a SIRET.",
        ),
    ),
)
