"""`parvis committee list` and `hold`."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.entries import Entry, Section
from parvis.cli.here import here_of
from parvis.cli.options import CODE, DATE, Json, Limit, argument, option
from parvis.cli.output import dump, kept, paris, row, say, short_day, show, table
from parvis.cli.values import WrongUseError, day, whole
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
RECORDED = Sentence(
    "{name}, séance du {held_on} : {state}. Déports enregistrés, ordre du jour clos.",
    "{name}, session of {held_on}: {state}. Recusals recorded, agenda closed.",
)
SAY_QUORUM = Sentence(
    "Dire si le quorum est atteint : --quorate ou --not-quorate.",
    "Say whether there was a quorum: --quorate or --not-quorate.",
)

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


def hold(
    context: typer.Context, *,
    code: Annotated[str, argument(shown=CODE, said=Sentence("Le comité.", "The committee."))],
    date: Annotated[
        str, argument(shown=DATE, said=Sentence("Le jour de la séance.", "The day of the session."))
    ],
    quorate: Annotated[
        bool | None,
        option("--quorate/--not-quorate", said=Sentence("Si le quorum est atteint.", "Whether there was a quorum.")),
    ] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Record that a session was held."""
    del json
    from parvis.services.committees import find_sitting
    from parvis.services.committees import hold as record

    here = here_of(context)
    if quorate is None:
        raise WrongUseError("", SAY_QUORUM)
    at, on = here.now(), day("DATE", date)
    with here.acting() as database, database.transaction() as session:
        sitting = record(session, find_sitting(session, code, on, at=at), at=at, quorate=quorate)
    if here.json:
        dump(sitting)
        return
    say(here, RECORDED, style="green", name=sitting.name, held_on=sitting.held_on, state=_state(sitting))


def _state(sitting: "Sitting") -> Sentence:
    if sitting.cancelled_at is not None:
        return CANCELLED
    if sitting.held_at is not None:
        return HELD if sitting.quorate else HELD_WITHOUT
    return OPEN if sitting.agenda_open else CLOSED


SECTION = Section(
    "committee",
    Sentence("Les comités et leurs séances.", "Committees and their sessions."),
    (
        Entry("list", list_committees, Sentence("Liste les séances à venir.", "Lists the sessions to come.")),
        Entry(
            "hold",
            hold,
            Sentence(
                "Enregistre une séance tenue : son quorum, ses déports ; son ordre du jour est clos.",
                "Records a session that was held: its quorum, its recusals; its agenda is closed.",
            ),
        ),
    ),
)
