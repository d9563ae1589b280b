"""`parvis webhook`: the tools that are told what happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli import webhook_deliveries
from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.options import TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.cli.values import WrongUseError
from parvis.cli.webhook_deliveries import Which, known
from parvis.states.webhooks import ABOUT_WORDS, ENDPOINT_WORDS, EVENTS, everything
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.webhooks.calling import Caller

HEADS = (
    Sentence("N°", "No."), Sentence("Nom", "Name"), Sentence("Adresse", "Address"), Sentence("État", "State"),
    Sentence("À envoyer", "To send"), Sentence("Abandonnés", "Given up"), Sentence("Échoue depuis", "Failing since"),
)  # fmt: skip
KINDS = (Sentence("Événement", "Event"), Sentence("Quand", "When"))
ALL = Sentence("{about} : tout", "{about}: everything")
NONE = Sentence("Aucun outil n’est averti.", "No tool is told.")
MADE = Sentence(
    "Webhook {number} enregistré. Copier son secret maintenant : il ne sera plus montré.",
    "Webhook {number} registered. Copy its secret now: it will not be shown again.",
)
ROTATED = Sentence(
    "Webhook {number} : nouveau secret, à copier maintenant. L’ancien signe aussi pendant un jour.",
    "Webhook {number}: new secret, to copy now. The old one signs as well for a day.",
)
PAUSED = Sentence("Webhook {number} : en pause.", "Webhook {number}: paused.")
RESUMED = Sentence(
    "Webhook {number} : en service. Événements manqués, à envoyer : {count}.",
    "Webhook {number}: in use. Events missed, to be sent: {count}.",
)
REMOVED = Sentence("Webhook {number} : retiré.", "Webhook {number}: removed.")

Name = Annotated[
    str, option("--name", shown=TEXT, said=Sentence("L’outil averti.", "The tool that is told."))
]
Url = Annotated[
    str,
    argument(
        shown=Sentence("ADRESSE", "ADDRESS"), said=Sentence("Où l’avertir, https://…", "Where, https://…")
    ),
]
Types = Annotated[
    list[str] | None,
    option("--type", shown=TEXT, said=Sentence(
        "Ce qu’il veut savoir, plusieurs fois au besoin : case.fund, sitting.* ; case.* sinon.",
        "What it wants to know, several times if needed: case.fund, sitting.*; else case.*.",
    )),
]  # fmt: skip


def list_endpoints(context: typer.Context, *, json: Json = False) -> None:
    """List the tools that are told what happens."""
    del json
    from parvis.models.queries.webhooks import endpoints

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = endpoints(session, None)
    if here.json:
        dump({"webhooks": found})
    elif not found:
        say(here, NONE)
    else:
        made = table(*map(here.say, HEADS), right=[0, 4, 5], whole=[6])
        for each in found:
            state = here.say(ENDPOINT_WORDS[each.state])
            row(made, str(each.id), each.name, each.url, state, str(each.owed), str(each.failed),
                short_instant(each.failing_since))  # fmt: skip
        show(made)


def kinds(context: typer.Context, *, json: Json = False) -> None:
    """List the events a tool may be told of."""
    del json
    here = here_of(context)
    if here.json:
        dump({"types": [name for about, events in EVENTS.items() for name in (everything(about), *events)]})
        return
    made = table(*map(here.say, KINDS), whole=[0])
    for about, events in EVENTS.items():
        row(made, everything(about), here.say(ALL, about=ABOUT_WORDS[about]), style="bold")
        for name, words in events.items():
            row(made, name, here.say(words))
    show(made)


def add(
    context: typer.Context, *,
    url: Url, name: Name, kind: Types = None, who: As = None, role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Register a tool to be told; its secret is shown once."""
    del json
    from parvis.models.queries.contracts import read_contract
    from parvis.services.bank_keys import ring
    from parvis.services.intake import NoContractError
    from parvis.services.webhooks.endpoints import Wanted, register

    here = here_of(context)
    with _refusing():
        wanted = Wanted(name, url, kind or ["case.*"]).checked(_caller(here))
        with here.contract() as database, database.transaction() as session:
            contract = read_contract(session)
            if contract is None:
                raise NoContractError(None)
            by = actor(session, who, role).by
            made = register(session, ring(here.settings), contract[0], wanted, by=by, at=here.now())
    if here.json:
        dump({"id": made.id, "secret": made.secret, "url": wanted.url, "types": wanted.types})
        return
    say(here, MADE, number=made.id)
    typer.echo(made.secret)


def rotate(context: typer.Context, *, number: Which, json: Json = False) -> None:
    """Give a tool another secret, shown once."""
    del json
    from parvis.services.bank_keys import ring
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    with known(here, number) as (session, found):
        secret = endpoints.rotate(session, ring(here.settings), None, found.id, at=here.now())
    if here.json:
        dump({"id": found.id, "secret": secret})
        return
    say(here, ROTATED, number=found.id)
    typer.echo(secret)


def pause(context: typer.Context, *, number: Which) -> None:
    """Tell a tool nothing until it resumes."""
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    with known(here, number) as (session, found):
        endpoints.pause(session, None, found.id, at=here.now())
    say(here, PAUSED, number=found.id)


def resume(context: typer.Context, *, number: Which) -> None:
    """Tell a tool again, what it missed first."""
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    with known(here, number) as (session, found):
        count = endpoints.resume(session, None, found.id, at=here.now())
    say(here, RESUMED, number=found.id, count=count)


def remove(context: typer.Context, *, number: Which) -> None:
    """Forget a tool."""
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    with known(here, number) as (session, found):
        endpoints.remove(session, None, found.id, at=here.now())
    say(here, REMOVED, number=found.id)


@contextmanager
def _refusing() -> Iterator[None]:
    """What cannot be registered, said beside the option it was typed after."""
    from parvis.services.webhooks.endpoints import EndpointRefusedError

    try:
        yield
    except EndpointRefusedError as refused:
        where = {"name": "--name", "url": "URL", "types": "--type"}[refused.field]
        raise WrongUseError(where, refused.sentence) from None


def _caller(here: Here) -> "Caller":
    from parvis.services.webhooks.calling import Caller, networks

    return Caller(here.settings.webhook_timeout_seconds, networks(here.settings.webhook_networks))


SECTION = Section(
    "webhook",
    Sentence("Les outils avertis de ce qui se passe.", "The tools that are told what happens."),
    (
        Entry("list", list_endpoints, Sentence("Liste les outils avertis.", "Lists the tools that are told.")),
        Entry("types", kinds, Sentence("Liste les événements.", "Lists the events.")),
        Entry("add", add, Sentence("Enregistre un outil à avertir ; son secret est montré une fois.",
                                   "Registers a tool to be told; its secret is shown once.")),
        Entry("rotate", rotate, Sentence("Donne un autre secret, montré une fois.",
                                         "Gives another secret, shown once.")),
        Entry("pause", pause, Sentence("N’avertit plus un outil.", "Tells a tool nothing more.")),
        Entry("resume", resume, Sentence("L’avertit de nouveau, d’abord de ce qu’il a manqué.",
                                         "Tells it again, what it missed first.")),
        Entry("remove", remove, Sentence("Oublie un outil.", "Forgets a tool.")),
        *webhook_deliveries.ENTRIES,
    ),
)  # fmt: skip
