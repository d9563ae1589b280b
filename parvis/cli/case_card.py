"""A case on the screen: who asks, for what, how much of whom, the budget, what is awaited, where it comes from."""

from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parvis.cli.here import Here
from parvis.cli.output import euros, grid, kept, paris, plain, row, short_day, short_instant, show, table
from parvis.states.stages import (
    ACTION_WORDS,
    NATURE_WORDS,
    NO_SITTING,
    OPINION_WORDS,
    ROLE_WORDS,
    STAGE_WORDS,
    Opinion,
    Stage,
)
from parvis.states.words import Cents, Sentence, day

if TYPE_CHECKING:
    from parvis.services.cases import BudgetLine, CaseView, DeadlineLine

LONGEST_SUMMARY = 800

APPLICANT = Sentence("Porteur", "Applicant")
SUMMARY = Sentence("Résumé", "Summary")
FUNDERS = Sentence("Financeurs sollicités : {count}", "Funders asked: {count}")
BUDGET = Sentence("Budget prévisionnel, par compte", "Provisional budget, by account")
COSTS, INCOME = Sentence("Charges", "Costs"), Sentence("Produits", "Income")
TOTAL = Sentence("Total", "Total")
BALANCED = Sentence("Équilibré au centime.", "Balanced to the cent.")
UNBALANCED = Sentence("Non équilibré : {gap} d’écart.", "Not balanced: a gap of {gap}.")
DOCUMENTS = Sentence("Pièces", "Documents")
RECEIVED = Sentence("reçue le {day}", "received {day}")
ASKED = Sentence("demandée le {day}", "asked for {day}")
MISSING = Sentence("manque", "missing")
PARTNERS = Sentence("Partenaires", "Partners")
DEADLINES = Sentence("Échéances à venir", "Deadlines to come")
BEFORE = Sentence("Avant Parvis, sur le portail", "Before Parvis, on the portal")
VERSION = Sentence("version {version}", "version {version}")
SINCE = Sentence("{stage} depuis le {day}", "{stage} since {day}")
PERIOD = Sentence("du {starts} au {ends}", "from {starts} to {ends}")
PEOPLE = Sentence("{count} personnes", "{count} people")
SHARE = Sentence("{share} % des quartiers", "{share}% from the neighbourhoods")
FUNDER_COLUMNS = (
    Sentence("Financeur", "Funder"), Sentence("Demandé", "Requested"), Sentence("Avis", "Opinion"),
    Sentence("Proposé", "Proposed"), Sentence("Accordé", "Granted"),
)  # fmt: skip
AWAITED = Sentence("attendu", "awaited")
NOT_ASKED = Sentence("—", "—")
LABELS = {
    "siret": Sentence("SIRET", "SIRET"),
    "rna": Sentence("RNA", "RNA"),
    "address": Sentence("Adresse", "Address"),
    "email": Sentence("Courriel", "E-mail"),
    "phone": Sentence("Téléphone", "Telephone"),
    "contact": Sentence("Contact", "Contact"),
    "stage": Sentence("Stade", "Stage"),
    "call": Sentence("Appel", "Call"),
    "instructor": Sentence("Instructeur", "Instructor"),
    "nature": Sentence("Nature", "Kind"),
    "deposited": Sentence("Déposé le", "Deposited on"),
    "period": Sentence("Période", "Period"),
    "places": Sentence("Quartiers", "Neighbourhoods"),
    "challenges": Sentence("Défis", "Challenges"),
    "public": Sentence("Public", "People"),
    "requested": Sentence("Demandé", "Requested"),
    "cost": Sentence("Coût total", "Total cost"),
    "score": Sentence("Note", "Score"),
    "committee": Sentence("Comité", "Committee"),
    "report": Sentence("Bilan attendu", "Report due"),
}


def as_json(view: "CaseView") -> dict[str, Any]:
    """A case as JSON, with the sums people ask of it."""
    whole: dict[str, Any] = plain(view)
    head = whole.pop("head")
    sums = {
        "charges_cents": view.charges_cents,
        "products_cents": view.products_cents,
        "balanced": view.balanced,
    }
    return {**head, **{name: part for name, part in whole.items() if name != "budget"},
            "budget": {**sums, "lines": whole["budget"]}}  # fmt: skip


def print_card(here: Here, view: "CaseView") -> None:
    """Print a case, part by part; a part with nothing in it is left out."""
    head = view.head
    show(Text.assemble((head.reference, "bold cyan"), "  ", (kept(head.title), "bold"),
                       (kept(f"  {here.say(VERSION, version=head.version)}"), "dim")))  # fmt: skip
    show(Padding(_facts(here, _about(here, view)), (0, 0, 0, 2)))
    if head.summary:
        _part(here.say(SUMMARY), Text(kept(_shortened(head.summary))))
    _part(here.say(APPLICANT), Text(kept(view.applicant.name), "bold"), _facts(here, _applicant(view)))
    if view.partners:
        _part(here.say(PARTNERS), _partners(here, view))
    if view.fundings:
        _part(here.say(FUNDERS, count=len(view.fundings)), _funders(here, view))
    if view.budget:
        _part(here.say(BUDGET), *_budget(here, view))
    if view.documents:
        _part(here.say(DOCUMENTS), _documents(here, view))
    if view.deadlines:
        _part(here.say(DEADLINES), _deadlines(here, view.deadlines))
    if view.portal:
        _part(here.say(BEFORE), _portal(here, view))


def _part(title: str, *what: Table | Text) -> None:
    show(Text(kept(f"\n{title}"), "bold underline"), *(Padding(each, (0, 0, 0, 2)) for each in what))


def _shortened(text: str) -> str:
    """The beginning of a long text; JSON gives it whole."""
    return text if len(text) <= LONGEST_SUMMARY else f"{text[:LONGEST_SUMMARY].rstrip()}…"


def _facts(here: Here, facts: Iterable[tuple[str, str]]) -> Table:
    made = grid()
    for label, value in facts:
        if value:
            row(made, Text(kept(here.say(LABELS[label])), "dim"), value)
    return made


def _about(here: Here, view: "CaseView") -> list[tuple[str, str]]:
    head = view.head
    stage = STAGE_WORDS[Stage(head.stage)]
    period = (
        here.say(PERIOD, starts=head.starts_on, ends=head.ends_on) if head.starts_on and head.ends_on else ""
    )
    people = [here.say(PEOPLE, count=head.beneficiaries)] if head.beneficiaries else []
    people += [here.say(SHARE, share=head.qpv_share_percent)] if head.qpv_share_percent is not None else []
    return [
        ("stage", here.say(SINCE, stage=stage, day=paris(head.entered_at))),
        ("call", " · ".join(filter(None, (head.call_title, head.wave)))),
        ("instructor", head.instructor or "—"),
        ("nature", NATURE_WORDS[head.nature].say(here.language)),
        ("deposited", day(head.deposited_on, here.language) if head.deposited_on else ""),
        ("period", period),
        ("places", ", ".join(place.name for place in view.neighbourhoods)),
        ("challenges", ", ".join(f"{challenge.code} {challenge.name}" for challenge in view.challenges)),
        ("public", ", ".join(people)),
        ("requested", euros(head.requested_cents, here)),
        ("cost", euros(head.total_cost_cents, here) if head.total_cost_cents else ""),
        ("score", f"{head.score} / 100" if head.score is not None else ""),
        ("committee", _committee(here, view)),
        ("report", day(head.report_due_on, here.language) if head.report_due_on else ""),
    ]


def _committee(here: Here, view: "CaseView") -> str:
    head = view.head
    if head.committee:
        return f"{head.committee}, {short_day(head.committee_on)}"
    return here.say(NO_SITTING) if head.stage == Stage.COMMITTEE else ""


def _applicant(view: "CaseView") -> list[tuple[str, str]]:
    applicant, contact = view.applicant, view.contact
    return [
        ("siret", _grouped(applicant.siret)),
        ("rna", applicant.rna or ""),
        ("address", applicant.address.replace("\n", ", ")),
        ("email", applicant.email),
        ("phone", applicant.phone),
        ("contact", ", ".join(filter(None, (contact.name, contact.email, contact.phone)))),
    ]


def _grouped(siret: str) -> str:
    """A SIRET as it is printed: 418 166 096 00051."""
    return f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}"


def _partners(here: Here, view: "CaseView") -> Table:
    made = grid(3, whole=[1, 2])
    for partner in view.partners:
        row(made, partner.name, _grouped(partner.siret), euros(partner.requested_cents, here))
    return made


def _funders(here: Here, view: "CaseView") -> Table:
    spoken = any(line.opinion_asked_at or line.opinion for line in view.fundings)
    decided = any(line.granted_cents is not None for line in view.fundings)
    columns = FUNDER_COLUMNS if decided else FUNDER_COLUMNS[:4] if spoken else FUNDER_COLUMNS[:2]
    made = table(*map(here.say, columns), right=[1, 3, 4])
    for line in view.fundings:
        opinion = (
            OPINION_WORDS[Opinion(line.opinion)]
            if line.opinion
            else AWAITED
            if line.opinion_asked_at
            else NOT_ASKED
        )
        cells = [line.funder, euros(line.requested_cents, here), here.say(opinion),
                 euros(line.proposed_cents, here), euros(line.granted_cents, here)]  # fmt: skip
        row(made, *cells[: len(columns)])
    total = sum(line.requested_cents for line in view.fundings)
    granted = sum(line.granted_cents or 0 for line in view.fundings)
    sums = [here.say(TOTAL), euros(total, here), "", "", euros(granted, here)]
    row(made, *sums[: len(columns)], style="bold")
    return made


def _budget(here: Here, view: "CaseView") -> list[Table | Text]:
    made = table(here.say(COSTS), "", here.say(INCOME), "", right=[1, 3])
    sides = [_lines([line for line in view.budget if line.side == side]) for side in ("charge", "produit")]
    for cost, income in zip_longest(*sides):
        row(made, *_cells(here, cost), *_cells(here, income))
    total = here.say(TOTAL)
    row(made, total, euros(view.charges_cents, here), total, euros(view.products_cents, here), style="bold")
    gap = Cents(abs(view.charges_cents - view.products_cents))
    said, style = (
        (here.say(BALANCED), "green") if view.balanced else (here.say(UNBALANCED, gap=gap), "bold red")
    )
    return [made, Text(kept(said), style)]


def _lines(lines: "Sequence[BudgetLine]") -> list[tuple[str, int, bool]]:
    """The lines of a side: each account with its sum, then what it is made of when there are several."""
    shown: list[tuple[str, int, bool]] = []
    for account, group in groupby(
        sorted(lines, key=lambda line: line.account), key=lambda line: line.account
    ):
        several = list(group)
        label = several[0].label.removeprefix(account).lstrip(" -–") if len(several) == 1 else ""
        shown.append((f"{account} {label}".strip(), sum(line.amount_cents for line in several), True))
        if len(several) > 1:
            shown += [(f"  {line.label}", line.amount_cents, False) for line in several]
    return shown


def _cells(here: Here, line: tuple[str, int, bool] | None) -> tuple[Text, Text]:
    if line is None:
        return Text(""), Text("")
    label, cents, main = line
    style = "" if main else "dim"
    return Text(kept(label), style), Text(kept(euros(cents, here)), style)


def _documents(here: Here, view: "CaseView") -> Table:
    made = grid(whole=[1])
    for document in view.documents:
        if document.received_at:
            state = Text(kept(here.say(RECEIVED, day=paris(document.received_at))), "green")
        elif document.requested_at:
            state = Text(kept(here.say(ASKED, day=paris(document.requested_at))), "yellow")
        else:
            state = Text(kept(here.say(MISSING)), "red")
        row(made, document.label, state)
    return made


def _deadlines(here: Here, deadlines: "tuple[DeadlineLine, ...]") -> Table:
    from parvis.notifications.kinds import LETTERS

    made = grid(3)
    for line in deadlines:
        moved = ACTION_WORDS.get(line.action or "")
        letter = LETTERS.get(line.template or "")
        what = moved or (letter.description if letter else Sentence(line.rule, line.rule))
        to = ROLE_WORDS.get((line.recipient or "").partition(":")[0].removesuffix("s"))
        when = short_day(line.deadline) if moved else short_instant(line.due_at)
        row(made, when, what.say(here.language), Text(kept(to.say(here.language) if to else ""), "dim"))
    return made


def _portal(here: Here, view: "CaseView") -> Table:
    from parvis.states.portals import PORTAL_STATUSES

    made = grid(3)
    for step in view.portal:
        status = PORTAL_STATUSES.get(step.status)
        row(made, short_instant(step.at), status.say(here.language) if status else step.status, step.by)
    return made
