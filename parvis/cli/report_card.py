"""A report as the command line shows it: its way out, where it stands, its people, its accounts and their gaps."""

from typing import TYPE_CHECKING

from parvis.cli.here import Here
from parvis.cli.output import euros, kept, row, say, show, table
from parvis.states.report_words import REPORT_KIND_WORDS, REPORT_STATE_WORDS, WAY_WORDS, ReportKind
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.after_decision import ToldReport

LINE_COLUMNS = (
    Sentence("Compte", "Account"), Sentence("Prévu", "Planned"), Sentence("Réalisé", "Done"), Sentence("Écart", "Gap"),
    Sentence("%", "%"),
)  # fmt: skip
HEADLINE = Sentence("{way} : {state}", "{way}: {state}")
PEOPLE = Sentence(
    "{people} personnes, {share} % des quartiers ; {cost} par personne",
    "{people} people, {share}% from the neighbourhoods; {cost} each",
)


def as_json(report: "ToldReport") -> dict[str, object]:
    """A report for a program: amounts in cents, gaps in percent."""
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


def print_report(here: Here, report: "ToldReport") -> None:
    """Print a report; its accounts too, if they were typed."""
    way, state = WAY_WORDS[report.way or "report"], REPORT_STATE_WORDS[report.state]
    if report.kind == ReportKind.INTERIM:
        way = REPORT_KIND_WORDS[report.kind]
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
