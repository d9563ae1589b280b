"""`parvis case list` and `parvis case show`: reading cases."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import CODE, REFERENCE, TEXT, Json, Limit, Ref, option
from parvis.cli.output import dump, euros, kept, row, say, short_day, show, table
from parvis.cli.values import chosen, code, whole
from parvis.states.stages import STAGE_WORDS, Stage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.cases import CaseLine

NONE_FOUND = Sentence("Aucun dossier.", "No case.")
MORE = Sentence("La suite : ajouter --after {reference}", "What follows: add --after {reference}")

REFERENCE_COLUMN = Sentence("Référence", "Reference")
STAGE_COLUMN = Sentence("Stade", "Stage")
TITLE_COLUMN = Sentence("Action, porteur, instructeur", "Action, applicant, instructor")
REQUESTED_COLUMN = Sentence("Demandé", "Requested")
DUE_COLUMN = Sentence("Échéance", "Due")


def _completed(typed: str) -> list[str]:
    return [code(stage) for stage in Stage if code(stage).startswith(typed)]


Stages = Annotated[
    list[str] | None,
    option(
        "--stage",
        shown=TEXT,
        completed=_completed,
        said=Sentence("À ce stade ; peut se répéter.", "At this stage; may be repeated."),
    ),
]
Calls = Annotated[
    list[str] | None,
    option(
        "--call",
        shown=CODE,
        said=Sentence("De cet appel ; peut se répéter.", "Of this call; may be repeated."),
    ),
]
Instructor = Annotated[
    str | None,
    option(
        "--instructor",
        shown=TEXT,
        said=Sentence(
            "Chez cet instructeur : adresse, ou début du nom.",
            "With this instructor: address, or beginning of the name.",
        ),
    ),
]
Late = Annotated[
    bool,
    option(
        "--late", said=Sentence("En retard sur un délai de leur stade.", "Late on a delay of their stage.")
    ),
]
Search = Annotated[
    str,
    option(
        "--search",
        shown=TEXT,
        said=Sentence(
            "Contient tous ces mots : titre, porteur, SIRET, numéro.",
            "Has all these words: title, applicant, SIRET, number.",
        ),
    ),
]
After = Annotated[
    str | None,
    option(
        "--after", shown=REFERENCE, said=Sentence("La suite, après ce dossier.", "What follows this case.")
    ),
]


def list_cases(
    context: typer.Context, *, stage: Stages = None, call: Calls = None, instructor: Instructor = None,
    late: Late = False, search: Search = "", limit: Limit = None, after: After = None, json: Json = False,
) -> None:  # fmt: skip
    """List cases, the newest first."""
    del json
    from parvis.services import cases

    here = here_of(context)
    wanted = cases.Wanted(
        stages=tuple(chosen("--stage", each, Stage, STAGE_WORDS) for each in stage or ()),
        calls=tuple(call or ()), instructor=instructor, late=late, search=search,
        limit=whole("--limit", limit) if limit else 50,
    )  # fmt: skip
    with here.database() as database, database.transaction() as session:
        page = cases.list_cases(session, wanted, at=here.now(), after=after)
    if here.json:
        dump({"cases": page.cases, "more": page.more})
        return
    if not page.cases:
        say(here, NONE_FOUND)
        return
    _print_list(here, page.cases)
    if page.more:
        say(here, MORE, style="dim", reference=page.cases[-1].reference)


def _print_list(here: Here, lines: "tuple[CaseLine, ...]") -> None:
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
