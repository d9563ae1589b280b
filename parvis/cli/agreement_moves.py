"""`parvis agreement advance` and `why`: what can be done with an agreement, and doing it."""

from typing import Annotated

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.move_options import Amounts, Expected, Key, Reason
from parvis.cli.options import DATE, NUMBER, REFERENCE, TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, say
from parvis.cli.story import option_json, print_option
from parvis.cli.values import chosen, code, day, shares, whole
from parvis.states.agreement_stages import ACTION_WORDS, REVIEW_WORDS, STAGE_WORDS, AgreementAction, Review
from parvis.states.words import Sentence

MOVED = Sentence("{reference} : {stage} (version {version})", "{reference}: {stage} (version {version})")
STANDS = Sentence("{reference} : {stage}", "{reference}: {stage}")
FINISHED = Sentence(
    "Plus rien à faire : la convention est finie.", "Nothing left to do: the agreement is over."
)

Ref = Annotated[
    str,
    argument(
        shown=REFERENCE,
        said=Sentence(
            "La référence de la convention, comme CONV-00012.", "The reference of the agreement, like CONV-00012."
        ),
    ),
]  # fmt: skip
Act = Annotated[
    str,
    argument(
        shown=Sentence("ACTION", "ACTION"),
        said=Sentence("Ce qu’on en fait : open-renewal, amend…", "What is done to it: open-renewal, amend…"),
    ),
]
On = Annotated[
    str | None,
    option("--on", shown=DATE, said=Sentence(
        "Le jour : de la signature, de la revue, de la fin de l’agrément ou de la convention.",
        "The day: of the signature, the review, the end of the approval or of the agreement.")),
]  # fmt: skip
YearOption = Annotated[
    str | None,
    option("--year", shown=NUMBER, said=Sentence("L’année, par son rang.", "The year, by its rank.")),
]
Result = Annotated[
    str | None,
    option("--result", shown=TEXT, said=Sentence(
        "Ce que conclut la revue : on-course, to-adjust, not-on-course.",
        "What the review concludes: on-course, to-adjust, not-on-course.")),
]  # fmt: skip
NewEnd = Annotated[
    str | None,
    option(
        "--new-end",
        shown=DATE,
        said=Sentence("La nouvelle fin, d’un avenant.", "The new end, of an amendment."),
    ),
]


def advance(
    context: typer.Context, *, ref: Ref, action: Act, as_: As = None, role: ByRole = None, reason: Reason = "",
    on: On = None, year: YearOption = None, amount: Amounts = None, result: Result = None, new_end: NewEnd = None,
    expected_version: Expected = None, key: Key = None, json: Json = False,
) -> None:  # fmt: skip
    """Move one agreement one step, or record one fact of it."""
    del json
    from parvis.services import agreement_pages, agreements
    from parvis.states.agreement_facts import AgreementGiven

    here = here_of(context)
    wanted = chosen("ACTION", action, AgreementAction, ACTION_WORDS)
    given = AgreementGiven(
        reason, day("--on", on) if on else None, whole("--year", year) if year else None,
        shares("--amount", amount or []), chosen("--result", result, Review, REVIEW_WORDS) if result else "",
        day("--new-end", new_end) if new_end else None,
    )  # fmt: skip
    version = (
        whole("--expected-version", expected_version, least=0, most=999_999_999) if expected_version else None
    )
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        agreement_id = agreement_pages.find(session, ref)
        moved = agreements.advance(
            session,
            agreement_id,
            wanted,
            by=who.by,
            at=here.now(),
            given=given,
            expected_version=version,
            key=key,
        )
    if here.json:
        dump({"reference": ref, "stage": moved.stage, "version": moved.version, "replayed": moved.replayed})
        return
    say(here, MOVED, style="green", reference=ref, stage=STAGE_WORDS[moved.stage], version=moved.version)


def why(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Say what can be done with an agreement, by whom, and what blocks the rest."""
    del json
    from parvis.services import agreement_pages
    from parvis.states.agreement_table import AGREEMENTS

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        page = agreement_pages.page(session, agreement_pages.find(session, ref), at=here.now())
    if here.json:
        dump({"reference": page.row.reference, "stage": page.row.stage, "version": page.row.version,
              "options": [option_json(here, each) for each in page.options]})  # fmt: skip
        return
    say(here, STANDS, style="bold", reference=page.row.reference, stage=STAGE_WORDS[page.row.stage])
    if not any(each.target for each in page.options):
        say(here, FINISHED)
    for each in page.options:
        print_option(here, each, words=AGREEMENTS.words, brought=BROUGHT)


BROUGHT = frozenset({
    "reason_given", "signed_by_now", "year_named", "reviewed", "approval_dated", "changes_something",
    "document_brought",
})  # fmt: skip
"""Reasons that whoever acts lifts by saying more: nothing else has to happen first."""

ENTRIES = (
    Entry(
        "advance", advance,
        Sentence(
            "Fait avancer une convention d’un pas, ou enregistre un fait ; « parvis agreement why » dit ce qui est "
            "possible.",
            "Moves an agreement one step, or records a fact of it; “parvis agreement why” says what is possible.",
        ),
        (Sentence("Actions", "Actions"), {code(action): ACTION_WORDS[action] for action in AgreementAction}),
    ),
    Entry(
        "why", why,
        Sentence(
            "Dit ce qui est possible pour une convention, par qui, et ce qui bloque le reste.",
            "Says what can be done with an agreement, by whom, and what blocks the rest.",
        ),
    ),
)  # fmt: skip
