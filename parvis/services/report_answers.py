"""The answers of a report: its steps and fields, what they say, and what is to be corrected, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parvis.services.draft_answers import Answers, Fault, Step, kept_fields
from parvis.states import cerfa, fields
from parvis.states.fields import Raw
from parvis.states.gaps import Gap, Line, cost_per_person, total
from parvis.states.report_words import ReportKind
from parvis.states.words import Sentence

LONGEST = 20_000
LINE, OTHER = "ligne_", "autre_"
"""Beginnings of the fields of a line of the budget, by its number, and of an account the budget did not have."""

STEPS: dict[str, Sentence] = {
    "recit": Sentence("Ce qui a été fait", "What was done"),
    "publics": Sentence("Les personnes touchées", "People reached"),
    "comptes": Sentence("Les comptes", "The accounts"),
}
"""The steps in which something is typed, in their order (Cerfa 15059: qualitative report, indicators, figures)."""

LABELS: dict[str, Sentence] = {
    "deroule": Sentence("Ce qui a été fait, où et quand", "What was done, where and when"),
    "effets": Sentence("Ce que cela a changé pour les habitants", "What it changed for residents"),
    "difficultes": Sentence(
        "Ce qui a été difficile, ou différent du projet", "What was difficult, or not as planned"
    ),
    "suites": Sentence("La suite", "What comes next"),
    "personnes": Sentence("Nombre de personnes touchées", "Number of people reached"),
    "part_qpv": Sentence("Part des habitants des quartiers", "Share of people of the neighbourhoods"),
    "femmes": Sentence("Dont femmes et filles", "Of them women and girls"),
    "jeunes": Sentence("Dont moins de 26 ans", "Of them under 26"),
    "comptes": Sentence("Comptes", "Accounts"),
    "ecarts": Sentence("Pourquoi ces écarts avec le budget", "Why these gaps to the budget"),
}
QUALITATIVE = ("deroule", "effets", "difficultes", "suites")
REQUIRED = QUALITATIVE[:2]
NO_COST = Sentence("écrire au moins une dépense", "write at least one cost")
EXPLAIN = Sentence(
    "dire en quelques mots pourquoi les dépenses ne sont pas celles du budget",
    "say in a few words why the costs are not those of the budget",
)
MORE_THAN_ALL = Sentence("plus que toutes les personnes touchées", "more than all the people reached")


@dataclass(slots=True)
class ReadReport:
    """What the answers say; `faults` by field. What cannot be used is None, an account nobody filled in is empty."""

    lines: tuple[Line, ...] = ()
    faults: dict[str, Fault] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    people: int | None = None
    qpv_share_percent: int | None = None
    women: int | None = None
    young: int | None = None
    why: str = ""

    @property
    def spent(self) -> Gap:
        """What the action cost in money, against its budget."""
        return total(self.lines, cerfa.CHARGE, in_kind=False)

    @property
    def per_person_cents(self) -> int | None:
        """What it cost for each person reached."""
        return cost_per_person(self.spent.done_cents, self.people)


def budgeted(lines: Sequence[tuple[str, str, str, int]]) -> tuple[Line, ...]:
    """The lines of a report: those of the budget in their order, then the accounts it did not have."""
    there = {(side, account) for side, account, _, _ in lines}
    extra = (
        Line(account.side, account.code, account.label.fr, 0)
        for account in cerfa.ACCOUNTS
        if (account.side, account.code) not in there
    )
    return (*(Line(*line) for line in lines), *extra)


def fields_of(step: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """The names of the fields of a step."""
    match step:
        case "recit":
            return QUALITATIVE
        case "publics":
            return ("personnes", "part_qpv", "femmes", "jeunes")
        case "comptes":
            return (*(name_of(place, line) for place, line in enumerate(lines)), "ecarts")
        case _:
            return ()


def name_of(place: int, line: Line) -> str:
    """The name of the field of a line: by its number in the budget, by its account when the budget had none."""
    return f"{LINE}{place}" if line.planned_cents else f"{OTHER}{line.side}_{line.account}"


def kept(values: Mapping[str, Sequence[str]], step: str, lines: Sequence[Line]) -> dict[str, list[str]]:
    """What of a form is kept: the fields of the step, word for word."""
    return kept_fields(values, fields_of(step, lines))


def read_report(answers: Answers, lines: Sequence[Line], kind: ReportKind = ReportKind.FINAL) -> ReadReport:
    """What the answers say of these lines and of the rest, and everything there is to correct.

    Half-way, what the action changed may still be to come, and costs are not those of the whole budget.
    """
    read = ReadReport()
    whole = kind == ReportKind.FINAL
    _tell(Step(answers, "recit", read.faults), read, REQUIRED if whole else REQUIRED[:1])
    _count(Step(answers, "publics", read.faults), read)
    _account(Step(answers, "comptes", read.faults), lines, read, explained=whole)
    return read


def _tell(step: Step, read: ReadReport, required: Sequence[str]) -> None:
    for name in QUALITATIVE:
        said = (step.require if name in required else step.take)(name, _words)
        if said:
            read.texts[name] = said


def _count(step: Step, read: ReadReport) -> None:
    read.people = step.require("personnes", _number)
    read.qpv_share_percent = step.require("part_qpv", _share)
    read.women, read.young = step.take("femmes", _number), step.take("jeunes", _number)
    for name, count in (("femmes", read.women), ("jeunes", read.young)):
        if count is not None and read.people is not None and count > read.people:
            step.note(name, MORE_THAN_ALL)


def _account(step: Step, lines: Sequence[Line], read: ReadReport, *, explained: bool) -> None:
    found = []
    for place, line in enumerate(lines):
        done = step.take(name_of(place, line), _cents)
        if line.planned_cents or done:
            found.append(Line(line.side, line.account, line.label, line.planned_cents, done))
    read.lines = tuple(found)
    read.why = step.take("ecarts", _words) or ""
    spent = total(found, cerfa.CHARGE)
    if not spent.done_cents:
        step.note("comptes", NO_COST, missing=not step.values)
    elif explained and spent.planned_cents and spent.cents and not read.why:
        step.note("ecarts", EXPLAIN, missing=True)


def _words(value: Raw) -> str:
    return fields.text(value, max_length=LONGEST, lines=True)


def _number(value: Raw) -> int:
    return fields.integer(value, minimum=0)


def _cents(value: Raw) -> int:
    return fields.amount(value, zero_allowed=True)


def _share(value: Raw) -> int:
    typed = str(value).strip()
    return fields.percentage(f"{typed} %" if typed.isdigit() else value)
