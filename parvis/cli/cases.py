"""`parvis case list` and `parvis case show`: reading cases."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli import case_filters as f
from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import REFERENCE, Json, Limit, Ref, option
from parvis.cli.output import dump, euros, kept, row, say, short_day, show, table
from parvis.cli.values import whole
from parvis.states.stages import STAGE_WORDS, Stage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.queue import CaseRow

NONE_FOUND = Sentence("Aucun dossier.", "No case.")
MORE = Sentence("La suite : ajouter --after {reference}", "What follows: add --after {reference}")

REFERENCE_COLUMN = Sentence("Référence", "Reference")
STAGE_COLUMN = Sentence("Stade", "Stage")
TITLE_COLUMN = Sentence("Action, porteur, instructeur", "Action, applicant, instructor")
REQUESTED_COLUMN = Sentence("Demandé", "Requested")
DUE_COLUMN = Sentence("Échéance", "Due")


After = Annotated[
    str | None,
    option(
        "--after", shown=REFERENCE, said=Sentence("La suite, après ce dossier.", "What follows this case.")
    ),
]


def list_cases(
    context: typer.Context, *, stage: f.Stages = None, call: f.Calls = None, wave: f.Waves = None,
    neighbourhood: f.Neighbourhoods = None, challenge: f.Challenges = None, funder: f.Funders = None,
    awaiting: f.Awaiting = False, instructor: f.Instructor = None, unassigned: f.Unassigned = False,
    late: f.Late = False, least: f.Least = None, most: f.Most = None, search: f.Search = "",
    sort: f.SortBy = None, descending: f.Descending = False, limit: Limit = None, after: After = None,
    json: Json = False,
) -> None:  # fmt: skip
    """List cases, the newest first."""
    del json
    from parvis.services import queue
    from parvis.services.cases import find_case

    here = here_of(context)
    typed = f.Typed(
        stage, call, wave, neighbourhood, challenge, funder, awaiting, instructor, unassigned, late, least, most,
        search, sort, descending,
    )  # fmt: skip
    order, size = typed.order(), whole("--limit", limit) if limit else queue.PAGE
    with here.database() as database, database.transaction() as session:
        wanted = typed.filter(session)
        place = queue.place_of(session, find_case(session, after).id, order) if after else None
        page = queue.read_page(session, wanted, order, queue.Viewer(), at=here.now(), after=place, limit=size)
    if here.json:
        dump({"cases": page.rows, "more": page.next is not None, "total": page.total, "capped": page.capped})
        return
    if not page.rows:
        say(here, NONE_FOUND)
        return
    _print_list(here, page.rows)
    say(here, page.counted, style="dim")
    if page.next is not None:
        say(here, MORE, style="dim", reference=page.rows[-1].reference)


def _print_list(here: Here, lines: "tuple[CaseRow, ...]") -> None:
    columns = (REFERENCE_COLUMN, STAGE_COLUMN, TITLE_COLUMN, REQUESTED_COLUMN, DUE_COLUMN)
    made = table(*map(here.say, columns), right=[3], whole=[0, 1, 4])
    for line in lines:
        people = " · ".join(filter(None, (line.organisation, line.instructor)))
        about = Text(kept(line.title)).append(kept(f"\n{people}"), "dim")
        due = Text(short_day(line.late_since), "bold red") if line.late_since else short_day(line.due_on)
        stage = STAGE_WORDS[Stage(line.stage)].say(here.language)
        row(made, line.reference, stage, about, euros(line.requested_cents, here), due)
    show(made)


def show_case(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Show a case whole."""
    del json
    from parvis.cli.case_card import as_json, print_card
    from parvis.services import cases

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        view = cases.read_case(session, cases.find_case(session, ref).id)
    if here.json:
        dump(as_json(view))
    else:
        print_card(here, view)


ENTRIES = (
    Entry(
        "list",
        list_cases,
        Sentence("Liste les dossiers, du plus récent au plus ancien.", "Lists cases, the newest first."),
    ),
    Entry("show", show_case, Sentence("Montre un dossier en entier.", "Shows a case whole.")),
)
