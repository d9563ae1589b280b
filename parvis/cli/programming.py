"""`parvis programming list`, `show`, `begin`, `send`: what funders would give, drawn up before a committee."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.here import here_of
from parvis.cli.options import TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, kept, row, say, show, table
from parvis.cli.sitting_options import SittingOf, sitting_of
from parvis.states.words import Cents, Sentence
from parvis.states.words import shown as shown_as

if TYPE_CHECKING:
    from parvis.models.queries.scenarios import ScenarioRow
    from parvis.models.session import Session
    from parvis.services.scenarios import Shown

NONE = Sentence("Aucune programmation pour cette séance.", "No programming for this session.")
COLUMNS = (Sentence("Nom", "Name"), Sentence("Total", "Total"), Sentence("État", "State"))
SENT = Sentence("envoyée au comité", "sent to the committee")
SOLVED = Sentence("proposée par le calcul", "proposed by the solver")
BY_HAND = Sentence("à la main", "by hand")
CASES = (
    Sentence("Dossier", "Case"), Sentence("Note", "Score"), Sentence("Demandé", "Requested"),
    Sentence("Donné", "Given"), Sentence("Pourquoi", "Why"),
)  # fmt: skip
PURSE = Sentence("{name} : {given} donnés, resterait {after}", "{name}: {given} given, {after} would be left")
BEGUN = Sentence("« {name} » : {total}.", "“{name}”: {total}.")
IS_SENT = Sentence("« {name} » est envoyée au comité.", "“{name}” is sent to the committee.")

Name = Annotated[
    str, argument(shown=TEXT, said=Sentence("Le nom de la programmation.", "The name of the programming."))
]
From = Annotated[
    str,
    option(
        "--from", shown=TEXT,
        said=Sentence(
            "Ce dont elle part : solver (le calcul, sans réglage), funders (les avis), nothing, ou le nom d’une autre.",
            "What it begins with: solver (the default), funders (opinions), nothing, or the name of another.",
        ),
    ),
]  # fmt: skip


def list_programmings(context: typer.Context, *, sitting: SittingOf, json: Json = False) -> None:
    """List the programmings of a sitting."""
    del json
    from parvis.models.queries.scenarios import scenarios

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        rows = scenarios(session, sitting_of(session, sitting, here.now()).id)
    if here.json:
        dump({"programmings": rows})
        return
    if not rows:
        say(here, NONE)
        return
    made = table(*map(here.say, COLUMNS), right=[1], whole=[0, 1])
    for each in rows:
        state = SENT if each.sent_at else SOLVED if each.solved else BY_HAND
        row(made, each.name, shown_as(Cents(each.total_cents), here.language), here.say(state))
    show(made)


def show_programming(context: typer.Context, *, sitting: SittingOf, name: Name, json: Json = False) -> None:
    """Show what a programming gives, why, and what it breaks."""
    del json
    from parvis.services import scenarios

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        shown = scenarios.show(session, _named(session, sitting_of(session, sitting, here.now()).id, name))
    if here.json:
        dump(_plain(shown))
        return
    made = table(*map(here.say, CASES), right=[1, 2, 3], whole=[0, 1, 2, 3])
    for case in shown.ground.cases:
        why = here.say(shown.reasons[case.id].says) if case.id in shown.reasons else ""
        score = "—" if case.score is None else str(case.score)
        asked, given = (
            shown_as(Cents(cents), here.language)
            for cents in (sum(case.requested.values()), shown.total(case.id))
        )
        row(made, case.reference, score, asked, given, Text(kept(why), "dim"))
    show(made)
    for purse in shown.purses:
        say(here, PURSE, name=purse.name, given=Cents(purse.given_cents), after=Cents(purse.after_cents))
    for broken in shown.broken:
        say(here, broken.says, style="red")


def begin(
    context: typer.Context, *, sitting: SittingOf, name: Name, source: From = "solver", as_: As = None,
    role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Begin a programming, proposed by the solver unless said otherwise."""
    del json
    from parvis.services import scenarios

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        sitting_id = sitting_of(session, sitting, at).id
        known = {each.value for each in scenarios.Source}
        begun = scenarios.Source(source) if source in known else _named(session, sitting_id, source).id
        made = scenarios.begin(session, sitting_id, name, begun, by=who.by, at=at)
        shown = scenarios.show(session, _named(session, sitting_id, " ".join(name.split())))
    if here.json:
        dump({"id": made, **_plain(shown)})
        return
    say(here, BEGUN, name=shown.row.name, total=Cents(shown.row.total_cents))


def send(
    context: typer.Context,
    *,
    sitting: SittingOf,
    name: Name,
    as_: As = None,
    role: ByRole = None,
    json: Json = False,
) -> None:
    """Send a programming to its committee, in place of any other."""
    del json
    from parvis.services import scenarios

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        who, at = actor(session, as_, role), here.now()
        chosen = _named(session, sitting_of(session, sitting, at).id, name)
        scenarios.send(session, chosen, version=chosen.version, by=who.by, at=at)
    if here.json:
        dump({"id": chosen.id, "sent": True})
        return
    say(here, IS_SENT, name=chosen.name)


def _named(session: "Session", sitting_id: int, name: str) -> "ScenarioRow":
    from parvis.models.queries.scenarios import scenarios
    from parvis.services.people import UnknownNameError

    rows = scenarios(session, sitting_id)
    found = next((each for each in rows if each.name.casefold() == name.casefold()), None)
    if found is None:
        raise UnknownNameError("programming", name, [each.name for each in rows])
    return found


def _plain(shown: "Shown") -> dict[str, object]:
    return {
        "name": shown.row.name, "version": shown.row.version, "sent_at": shown.row.sent_at, "points": shown.points,
        "total_cents": shown.row.total_cents,
        "cases": [
            {"reference": case.reference, "score": case.score,
             "given": {code: cents for code in case.requested if (cents := shown.given(case.id, code))},
             "why": shown.reasons[case.id].says if case.id in shown.reasons else None}
            for case in shown.ground.cases
        ],
        "envelopes": [
            {"name": purse.name, "given_cents": purse.given_cents, "after_cents": purse.after_cents}
            for purse in shown.purses
        ],
        "broken": [one.says for one in shown.broken],
    }  # fmt: skip


SECTION = Section(
    "programming",
    Sentence("Les programmations d’une séance.", "The programmings of a session."),
    (
        Entry("list", list_programmings,
              Sentence("Liste les programmations d’une séance.", "Lists the programmings of a session.")),
        Entry("show", show_programming,
              Sentence("Montre ce que donne une programmation, et pourquoi.",
                       "Shows what a programming gives, and why.")),
        Entry("begin", begin, Sentence("Commence une programmation.", "Begins a programming.")),
        Entry("send", send, Sentence("Envoie une programmation au comité.", "Sends a programming to the committee.")),
    ),
)  # fmt: skip
