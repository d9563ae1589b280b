"""`parvis webhook test`, `deliveries`, `redeliver`, `deliver`: what a tool was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.entries import Entry
from parvis.cli.failures import NotThereError
from parvis.cli.here import Here, here_of
from parvis.cli.options import NUMBER, Json, Limit, argument, option
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.cli.values import whole
from parvis.states.webhooks import DELIVERY_WORDS
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Session
    from parvis.services.webhooks.endpoints import Endpoint

TOLD = (
    Sentence("N°", "No."), Sentence("Événement", "Event"), Sentence("Le", "On"), Sentence("État", "State"),
    Sentence("Essais", "Tries"), Sentence("Réponse", "Answer"), Sentence("Prochain", "Next"),
)  # fmt: skip
NOTHING = Sentence("Rien ne lui a été dit.", "It was told nothing.")
TESTED = Sentence("Webhook {number} : un essai part.", "Webhook {number}: a test is on its way.")
AGAIN = Sentence(
    "Webhook {number} : événements à envoyer de nouveau : {count}.",
    "Webhook {number}: events to send again: {count}.",
)
DELIVERED = Sentence(
    "Événements reçus : {delivered}. Remis à plus tard : {deferred}. Abandonnés : {failed}.",
    "Events delivered: {delivered}. Put off: {deferred}. Given up: {failed}.",
)
NO_ENDPOINT = Sentence("Il n’y a pas de webhook {number}.", "There is no webhook {number}.")
NO_DELIVERY = Sentence(
    "Ce webhook n’a rien sous le numéro {number}.", "This webhook has nothing under number {number}."
)

Which = Annotated[str, argument(shown=NUMBER, said=Sentence("Le webhook.", "The webhook."))]
Delivery = Annotated[
    str | None,
    option("--delivery", shown=NUMBER, said=Sentence(
        "Cet envoi-là ; sinon, tous ceux qui ont été abandonnés.", "That one; else all that were given up.",
    )),
]  # fmt: skip


def test(context: typer.Context, *, number: Which) -> None:
    """Send a tool an event that says nothing but that it is told."""
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    with known(here, number) as (session, found):
        endpoints.test(session, None, found.id, at=here.now())
    say(here, TESTED, number=found.id)


def deliveries(context: typer.Context, *, number: Which, limit: Limit = None, json: Json = False) -> None:
    """List what a tool was told."""
    del json
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    most = whole("--limit", limit) if limit else 50
    with known(here, number) as (session, found):
        _, told = endpoints.one(session, None, found.id, limit=most)
    if here.json:
        dump({"deliveries": told})
        return
    if not told:
        say(here, NOTHING)
        return
    made = table(*map(here.say, TOLD), right=[0, 4], whole=[2, 6])
    for each in told:
        answer = f"{each.status or ''} {each.answer}".strip()
        row(made, str(each.id), each.type, short_instant(each.happened_at), here.say(DELIVERY_WORDS[each.state]),
            str(each.attempts), answer, short_instant(each.next_at))  # fmt: skip
    show(made)


def redeliver(context: typer.Context, *, number: Which, delivery: Delivery = None) -> None:
    """Send again what a tool did not take."""
    from parvis.services.webhooks import endpoints

    here = here_of(context)
    wanted = whole("--delivery", delivery, most=999_999_999) if delivery else None
    with known(here, number) as (session, found):
        count = endpoints.redeliver(session, None, found.id, wanted, at=here.now())
    if wanted and not count:
        raise NotThereError(NO_DELIVERY.fill(number=wanted))
    say(here, AGAIN, number=found.id, count=count)


def deliver(context: typer.Context, *, json: Json = False) -> None:
    """Send now what is owed."""
    del json
    from parvis.services import wiring
    from parvis.services.webhooks.delivering import deliver_webhooks

    here = here_of(context)
    with here.acting() as database:
        done = deliver_webhooks(database, here.settings, here.clock, by=wiring.whoami())
    if here.json:
        dump(done)
    else:
        say(here, DELIVERED, delivered=done.delivered, deferred=done.deferred, failed=done.failed)


@contextmanager
def known(here: Here, number: str) -> Iterator[tuple["Session", "Endpoint"]]:
    """A transaction, and the endpoint of this number, held.

    Raises:
        NotThereError: there is none.
    """
    from parvis.models.queries.webhooks import hold

    endpoint_id = whole("NUMBER", number, most=999_999_999)
    with here.acting() as database, database.transaction() as session:
        found = hold(session, None, endpoint_id)
        if found is None:
            raise NotThereError(NO_ENDPOINT.fill(number=endpoint_id))
        yield session, found


ENTRIES = (
    Entry("test", test, Sentence("Lui envoie un essai.", "Sends it a test.")),
    Entry("deliveries", deliveries, Sentence("Liste ce qui lui a été dit.", "Lists what it was told.")),
    Entry("redeliver", redeliver, Sentence("Lui envoie de nouveau ce qu’il n’a pas pris.",
                                           "Sends it again what it did not take.")),
    Entry("deliver", deliver, Sentence("Envoie maintenant ce qui est dû.", "Sends now what is owed.")),
)  # fmt: skip
