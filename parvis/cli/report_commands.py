"""`parvis report`: the reports awaited, one of them with its gaps; received, accepted, sent back to be corrected."""

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
from parvis.cli.output import dump, euros, kept, row, say, short_day, show, table
from parvis.cli.values import WrongUseError, day, shares, whole
from parvis.states.report_words import REPORT_STATE_WORDS, WAY_WORDS
from parvis.states.stages import ACTION_WORDS, Action
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.advance import Advanced
    from parvis.services.after_decision import ToldReport
    from parvis.states.facts import Given
    from parvis.states.gaps import Line

NONE_AWAITED = Sentence("Aucun bilan n’est attendu.", "No report is awaited.")
NONE_SENT = Sentence("{reference} : aucun bilan n’est arrivé.", "{reference}: no report has come in.")
LIST_COLUMNS = (
    Sentence("Dossier", "Case"), Sentence("Attendu le", "Due on"), Sentence("État", "State"),
    Sentence("Action, porteur", "Action, applicant"),
)  # fmt: skip
LINE_COLUMNS = (
    Sentence("Compte", "Account"), Sentence("Prévu", "Planned"), Sentence("Réalisé", "Done"), Sentence("Écart", "Gap"),
    Sentence("%", "%"),
)  # fmt: skip
HEADLINE = Sentence("{way} : {state}", "{way}: {state}")
PEOPLE = Sentence(
    "{people} personnes, {share} % des quartiers ; {cost} par personne",
    "{people} people, {share}% from the neighbourhoods; {cost} each",
)
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
        row(made, each.reference, due, here.say(REPORT_STATE_WORDS[each.state]), what)
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
        dump({"reference": found.reference, "reports": [_as_json(each) for each in after.reports],
              "payments": after.payments, "score": after.score, "conclusion": after.conclusion})  # fmt: skip
        return
    told = [each for each in after.reports if each.way]
    if not told:
        say(here, NONE_SENT, reference=found.reference)
    for each in told:
        _print(here, each)


def receive(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, done: Done = None, people: People = None,
    qpv_share: QpvShare = None, json: Json = False,
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
        moved = reports.receive(session, found.id, figures, by=who.by, at=at)
    _told(here, found.reference, Action.RECEIVE_REPORT, moved)


def accept(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, json: Json = False
) -> None:
    """Accept a report: what is left to pay is worked out."""
    del json
    from parvis.states.facts import NOTHING

    _move(here_of(context), ref, Action.ACCEPT_REPORT, as_, role, NOTHING)


def corrections(
    context: typer.Context, *, ref: Ref, as_: As = None, role: ByRole = None, reason: Reason = "", due: Due = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Send a report back to be corrected."""
    del json
    from parvis.states.facts import Given

    given = Given(reason=reason, due_on=day("--due", due) if due else None)
    _move(here_of(context), ref, Action.ASK_CORRECTIONS, as_, role, given)


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


def _as_json(report: "ToldReport") -> dict[str, object]:
    lines = [
        {"side": line.side, "account": line.account, "label": line.label, "planned_cents": line.planned_cents,
         "done_cents": line.gap.done_cents, "gap_cents": line.gap.cents,
         "gap_percent": None if line.gap.percent is None else float(line.gap.percent)}
        for line in report.lines
    ]  # fmt: skip
    return {
        "kind": report.kind, "way": report.way, "state": report.state, "received_at": report.received_at,
        "corrections": report.corrections, "corrections_by": report.corrections_by, "people": report.people,
        "qpv_share_percent": report.qpv_share_percent, "spent_cents": report.spent.done_cents,
        "per_person_cents": report.per_person_cents, "lines": lines,
    }  # fmt: skip


def _print(here: Here, report: "ToldReport") -> None:
    way, state = WAY_WORDS[report.way or "report"], REPORT_STATE_WORDS[report.state]
    say(here, HEADLINE, style="bold", way=way, state=state)
    if report.corrections:
        say(here, Sentence("{words}", "{words}"), words=report.corrections)
    if not report.lines:
        return
    cost = euros(report.per_person_cents, here) if report.per_person_cents is not None else "—"
    say(here, PEOPLE, people=report.people, share=report.qpv_share_percent, cost=cost)
    made = table(*map(here.say, LINE_COLUMNS), right=[1, 2, 3, 4])
    for line in report.lines:
        gap = line.gap
        percent = "—" if gap.percent is None else f"{gap.percent:+}".replace(".", ",")
        row(
            made, kept(f"{line.account} {line.label}"), euros(gap.planned_cents, here), euros(gap.done_cents, here),
            euros(gap.cents, here), percent,
        )  # fmt: skip
    show(made)


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
        Entry(
            "corrections", corrections,
            Sentence("Renvoie un bilan à corriger.", "Sends a report back to be corrected."),
        ),
    ),
)  # fmt: skip
