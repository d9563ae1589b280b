"""What came of a case after its decision: payments, reports with gaps, evaluation; the same for every page."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import payments as payment_queries
from parvis.models.queries import report_reading as queries
from parvis.models.queries.calls import rules_of_case
from parvis.models.queries.payments import PaymentLine
from parvis.models.session import Session
from parvis.services.report_answers import LABELS, QUALITATIVE
from parvis.states.cerfa import CHARGE
from parvis.states.contract.instruction import Criterion
from parvis.states.gaps import Gap, Line, cost_per_person, total
from parvis.states.stages import Stage
from parvis.states.words import Sentence

DECIDED = frozenset({Stage.FUNDED, Stage.EVALUATED, Stage.RECLAIMED})


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report as it is shown: what it tells, with what label; its accounts; cents by person."""

    id: int
    kind: str
    way: str | None
    state: str
    received_at: datetime | None
    corrections: str
    corrections_by: date | None
    people: int | None
    qpv_share_percent: int | None
    texts: tuple[tuple[Sentence, str], ...]
    lines: tuple[Line, ...]

    @property
    def spent(self) -> Gap:
        """What the action cost in money, against its budget."""
        return total(self.lines, CHARGE, in_kind=False)

    @property
    def per_person_cents(self) -> int | None:
        """What it cost for each person reached."""
        return cost_per_person(self.spent.done_cents, self.people)


@dataclass(frozen=True, slots=True)
class AfterDecision:
    """What came after the decision; nothing at all of a case that is not decided. `score` is out of 100."""

    payments: tuple[PaymentLine, ...] = ()
    reports: tuple[ToldReport, ...] = ()
    score: int | None = None
    conclusion: str = ""
    points: tuple[tuple[Criterion, int], ...] = ()


NOTHING_YET = AfterDecision()


def after_decision(session: Session, case_id: int, stage: str) -> AfterDecision:
    """What came of a case that stands at this stage."""
    if stage not in DECIDED:
        return NOTHING_YET
    score, conclusion, points = queries.evaluation_of(session, case_id)
    rules = rules_of_case(session, case_id) if points else None
    return AfterDecision(
        tuple(payment_queries.payments_of(session, case_id)),
        tuple(_told(report) for report in queries.reports_of(session, case_id)),
        score, conclusion,
        tuple((line, points[line.code]) for line in (rules.evaluation if rules else ()) if line.code in points),
    )  # fmt: skip


def _told(report: queries.SentReport) -> ToldReport:
    said = {name: (report.answers.get("recit", {}).get(name) or ("",))[-1].strip() for name in QUALITATIVE}
    said["ecarts"] = (report.answers.get("comptes", {}).get("ecarts") or ("",))[-1].strip()
    return ToldReport(
        report.id, report.kind, report.way, report.state, report.received_at, report.corrections,
        report.corrections_by, report.people, report.qpv_share_percent,
        tuple((LABELS[name], words) for name, words in said.items() if words), report.lines,
    )  # fmt: skip
