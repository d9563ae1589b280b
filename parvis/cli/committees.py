"""`parvis committee list`."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.entries import Entry, Section
from parvis.cli.here import here_of
from parvis.cli.options import Json, Limit, option
from parvis.cli.output import dump, kept, paris, row, say, short_day, show, table
from parvis.cli.values import whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.committees import Sitting

NONE_TO_COME = Sentence("Aucune séance à venir.", "No session to come.")
COLUMNS = (
    Sentence("Date", "Date"), Sentence("Code", "Code"), Sentence("Comité", "Committee"),
    Sentence("Dossiers", "Cases"), Sentence("Ordre du jour", "Agenda"),
)  # fmt: skip
EVERYWHERE = Sentence("tous les quartiers", "all neighbourhoods")
OPEN = Sentence("ouvert", "open")
CLOSED = Sentence("clos", "closed")
CANCELLED = Sentence("annulée", "cancelled")
HELD = Sentence("séance tenue", "session held")
HELD_WITHOUT = Sentence("tenue sans quorum", "held without quorum")
MORE = Sentence("Et {count} autres : --limit {total}", "And {count} more: --limit {total}")

Past = Annotated[bool, option("--all", said=Sentence("Les séances passées aussi.", "Past sessions as well."))]


def list_committees(
    context: typer.Context, *,
    past: Past = False, limit: Limit = None, json: Json = False,
) -> None:  # fmt: skip
    """List the sessions to come."""
    del json
    from parvis.models.queries.committees import sittings

    here = here_of(context)
    most = whole("--limit", limit) if limit else 12
    with here.database() as database, database.transaction() as session:
        found = sittings(session, since=None if past else paris(here.now()))
    if here.json:
        dump({"committees": found[:most], "more": len(found) > most})
        return
    if not found:
        say(here, NONE_TO_COME)
        return
    made = table(*map(here.say, COLUMNS), right=[3], whole=[0, 1, 4])
    for sitting in found[:most]:
        where = ", ".join(sitting.covers) or here.say(EVERYWHERE)
        cases = f"{sitting.cases} / {sitting.capacity}" if sitting.capacity else str(sitting.cases)
        name = Text(kept(sitting.name)).append(kept(f"\n{where}"), "dim")
        row(made, short_day(sitting.held_on), sitting.code, name, cases, here.say(_state(sitting)))
    show(made)
    if len(found) > most:
        say(here, MORE, style="dim", count=len(found) - most, total=len(found))


def _state(sitting: "Sitting") -> Sentence:
    if sitting.cancelled_at is not None:
        return CANCELLED
    if sitting.held_at is not None:
        return HELD if sitting.quorate else HELD_WITHOUT
    return OPEN if sitting.agenda_open else CLOSED


SECTION = Section(
    "committee",
    Sentence("Les comités et leurs séances.", "Committees and their sessions."),
    (Entry("list", list_committees, Sentence("Liste les séances à venir.", "Lists the sessions to come.")),),
)
