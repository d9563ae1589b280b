"""`parvis case why` and `parvis case history`: what can be done with a case, and what was done."""

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import Json, Ref
from parvis.cli.output import dump, plain, say
from parvis.cli.story import option_json, print_history, print_option
from parvis.states.stages import STAGE_WORDS, Stage
from parvis.states.words import Sentence

STANDS = Sentence("{reference} : {stage}", "{reference}: {stage}")
FINISHED = Sentence(
    "Ce dossier est clos : plus rien n’est à faire.", "This case is closed: nothing is left to do."
)

BROUGHT = frozenset(
    {
        "document_named", "reason_given", "score_given", "officer_named", "later_reply_date", "reply_date_ahead",
        "notice_date_ahead",
        "opinion_given", "amount_granted", "committee_covers",
    }
)  # fmt: skip
"""Reasons that whoever acts lifts by saying more: nothing else has to happen first."""


def why(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Say what can be done with a case, by whom, and what blocks the rest."""
    del json
    from parvis.services.advance import why as options_of
    from parvis.services.cases import find_case
    from parvis.states.case_table import CASES

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        found = find_case(session, ref)
        options = options_of(session, found.id, at=here.now())
    if here.json:
        dump({"reference": found.reference, "stage": found.stage, "version": found.version,
              "options": [option_json(here, each) for each in options]})  # fmt: skip
        return
    say(here, STANDS, style="bold", reference=found.reference, stage=STAGE_WORDS[Stage(found.stage)])
    if not any(each.target for each in options):
        say(here, FINISHED)
    for each in options:
        print_option(here, each, words=CASES.words, brought=BROUGHT)


def history(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Tell all that happened to a case, oldest first."""
    del json
    from parvis.services.cases import find_case
    from parvis.services.histories import history as told

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = find_case(session, ref)
        entries = told(session, found.id, here.language)
    if here.json:
        dump({"reference": found.reference, "history": plain(entries)})
        return
    print_history(entries)


ENTRIES = (
    Entry(
        "why",
        why,
        Sentence(
            "Dit ce qui est possible pour un dossier, par qui, et ce qui bloque le reste.",
            "Says what can be done with a case, by whom, and what blocks the rest.",
        ),
    ),
    Entry(
        "history",
        history,
        Sentence("Raconte tout ce qui est arrivé à un dossier.", "Tells all that happened to a case."),
    ),
)
