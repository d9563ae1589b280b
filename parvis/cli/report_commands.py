"""`parvis report`: the reports awaited, one of them with its gaps; asked for, received, accepted, sent back."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.acting import actor
from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.move_options import Due, Reason
from parvis.cli.moving import RECORDED
from parvis.cli.options import NUMBER, As, ByRole, Json, Limit, Ref, option
from parvis.cli.output import dump, kept, row, say, short_day, show, table
from parvis.cli.report_card import HEADLINE, as_json, print_report
from parvis.cli.values import WrongUseError, day, shares, whole
from parvis.states.report_words import REPORT_KIND_WORDS, REPORT_STATE_WORDS, ReportKind
from parvis.states.stages import ACTION_WORDS, Action
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.advance import Advanced
    from parvis.states.facts import Given
    from parvis.states.gaps import Line

NONE_AWAITED = Sentence("Aucun bilan n’est attendu.", "No report is awaited.")
NONE_SENT = Sentence("{reference} : aucun bilan n’est arrivé.", "{reference}: no report has come in.")
LIST_COLUMNS = (
    Sentence("Dossier", "Case"), Sentence("Attendu le", "Due on"), Sentence("État", "State"),
    Sentence("Action, porteur", "Action, applicant"),
)  # fmt: skip
UNKNOWN_ACCOUNT = Sentence(
    "Le compte « {account} » n’existe pas : prendre un compte du Cerfa, comme 641.",
    "There is no account “{account}”: take an account of the form, such as 641.",
)

Done = Annotated[
    list[str] | None,
    option(
        "--done",
        shown=Sentence("COMPTE=MONTANT", "ACCOUNT=AMOUNT"),
        said=Sentence(
            "Ce qui a été dépensé : 641=6 000 ; à répéter.", "What was spent: 641=6000; to be repeated."
        ),
    ),
]
People = Annotated[
    str | None,
    option("--people", shown=NUMBER, said=Sentence("Les personnes touchées.", "The people reached.")),
]
QpvShare = Annotated[
    str | None,
    option(
        "--qpv-share",
        shown=NUMBER,
        said=Sentence("La part d’habitants des quartiers, en %.", "The share from the neighbourhoods, in %."),
    ),
]

Interim = Annotated[
    bool,
    option(
        "--interim",
        said=Sentence(
            "Le bilan intermédiaire, non le bilan final.", "The interim report, not the final one."
        ),
    ),
]


def list_reports(context: typer.Context, *, limit: Limit = None, json: Json = False) -> None:
    """List the reports of funded cases, the one due first first."""
    del json
    from parvis.services import reports

    here = here_of(context)
    most = whole("--limit", limit) if limit else 50
    with here.database() as database, database.transaction() as session:
        found = reports.list_reports(session, limit=most)
    if here.json:
        dump({"reports": found})
        return
    if not found:
        say(here, NONE_AWAITED)
        return
    made = table(*map(here.say, LIST_COLUMNS), whole=[0, 1])
    for each in found:
        what = Text(kept(each.title))
        what.append(kept(f"\n{each.organisation}"), "dim")
        due = short_day(each.due_on) if each.due_on else "—"
        state = REPORT_STATE_WORDS[each.state]
        if each.kind == ReportKind.INTERIM:
            state = HEADLINE.fill(way=REPORT_KIND_WORDS[each.kind], state=state)
        row(made, each.reference, due, here.say(state), what)
    show(made)


def show_report(context: typer.Context, *, ref: Ref, json: Json = False) -> None:
    """Show the reports of a case, with their gaps."""
    del json
    from parvis.services.after_decision import after_decision
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = find_case(session, ref)
        after = after_decision(session, found.id, found.stage)
    if here.json:
        dump({"reference": found.reference, "reports": [as_json(each) for each in after.reports],
              "payments": after.payments, "score": after.score, "conclusion": after.conclusion})  # fmt: skip
        return
    told = [each for each in after.reports if each.way]
    if not told:
        say(here, NONE_SENT, reference=found.reference)
    for each in told:
        print_report(here, each)


def receive(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, done: Done = None, people: People = None,
    qpv_share: QpvShare = None, interim: Interim = False, json: Json = False,
) -> None:  # fmt: skip
    """Record that a report came in, with its figures if they are given."""
    del json
    from parvis.services import reports
    from parvis.services.cases import find_case

    here = here_of(context)
    spent = shares("--done", done or [])
    count = whole("--people", people, least=0, most=9_999_999) if people else None
    share = whole("--qpv-share", qpv_share, least=0, most=100) if qpv_share else None
    at = here.now()
    with here.acting() as database, database.transaction() as session:
        who = actor(session, as_, role)
        found = find_case(session, ref)
        lines = _lines(reports.budget_lines(session, found.id), dict(spent))
        figures = reports.Figures(lines, count, share) if spent else None
        kind = ReportKind.INTERIM if interim else ReportKind.FINAL
        moved = reports.receive(session, found.id, figures, by=who.by, at=at, kind=kind)
    _told(here, found.reference, reports.RECEIVES[kind], moved)


def accept(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, interim: Interim = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Accept a report: what is left to pay is worked out, or what waits for an interim one is due."""
    del json
    from parvis.states.facts import NOTHING

    action = Action.ACCEPT_INTERIM if interim else Action.ACCEPT_REPORT
    _move(here_of(context), ref, action, as_, role, NOTHING)


def ask(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, reason: Reason = "", due: Due = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Ask for an interim report."""
    del json
    from parvis.states.facts import Given

    given = Given(reason=reason, due_on=day("--due", due) if due else None)
    _move(here_of(context), ref, Action.ASK_INTERIM, as_, role, given)


def waive(
    context: typer.Context,
    *,
    ref: Ref,
    as_: As = None,
    role: ByRole = None,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Waive an interim report: nothing is awaited of it any more."""
    del json
    from parvis.states.facts import Given

    _move(here_of(context), ref, Action.WAIVE_INTERIM, as_, role, Given(reason=reason))


def corrections(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, reason: Reason = "", due: Due = None,
    interim: Interim = False, json: Json = False,
) -> None:  # fmt: skip
    """Send a report back to be corrected."""
    del json
    from parvis.states.facts import Given

    given = Given(reason=reason, due_on=day("--due", due) if due else None)
    action = Action.CORRECT_INTERIM if interim else Action.ASK_CORRECTIONS
    _move(here_of(context), ref, action, as_, role, given)


def _move(here: Here, ref: str, action: Action, as_: str | None, role: str | None, given: "Given") -> None:
    from parvis.services.advance import advance_alone
    from parvis.services.cases import find_case

    at = here.now()
    with here.acting() as database:
        with database.transaction() as session:
            who = actor(session, as_, role)
            found = find_case(session, ref)
        moved = advance_alone(database, found.id, action, by=who.by, at=at, given=given)
    _told(here, found.reference, action, moved)


def _told(here: Here, reference: str, action: Action, moved: "Advanced") -> None:
    if here.json:
        dump({"reference": reference, "action": action, "version": moved.version})
        return
    say(
        here, RECORDED, style="green", reference=reference, action=ACTION_WORDS[action], version=moved.version
    )


def _lines(lines: "tuple[Line, ...]", spent: dict[str, int]) -> "tuple[Line, ...]":
    """The lines of the budget with what was spent on each account: the first of an account takes it all."""
    left, filled = dict(spent), []
    for line in lines:
        done = left.pop(line.account, 0)
        if line.planned_cents or done:
            filled.append(replace(line, done_cents=done))
    if left:
        raise WrongUseError("--done", UNKNOWN_ACCOUNT.fill(account=next(iter(left))))
    return tuple(filled)


SECTION = Section(
    "report",
    Sentence(
        "Les bilans : les lire, les recevoir, les accepter.", "Reports: reading, receiving, accepting them."
    ),
    (
        Entry(
            "list", list_reports,
            Sentence("Liste les bilans attendus et reçus.", "Lists reports awaited and received."),
        ),
        Entry(
            "show", show_report,
            Sentence("Montre les bilans d’un dossier, leurs écarts.", "Shows the reports of a case, their gaps."),
        ),
        Entry(
            "receive", receive,
            Sentence("Enregistre un bilan arrivé, avec ses chiffres.", "Records a report, with its figures."),
        ),
        Entry(
            "accept", accept,
            Sentence("Accepte un bilan ; le solde se calcule.", "Accepts a report; the balance is worked out."),
        ),
        Entry("ask", ask, Sentence("Demande un bilan intermédiaire.", "Asks for an interim report.")),
        Entry("waive", waive, Sentence("Dispense d’un bilan intermédiaire.", "Waives an interim report.")),
        Entry(
            "corrections", corrections,
            Sentence("Renvoie un bilan à corriger.", "Sends a report back to be corrected."),
        ),
    ),
)  # fmt: skip
