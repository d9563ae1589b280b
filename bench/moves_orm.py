"""The ORM way of a move: rows loaded as SQLModel objects, guards in Python, every new row an object, one commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from parvis.models.queries.calls import call_rules
from parvis.models.tables.calls import Call
from parvis.models.tables.cases import Case, Document
from parvis.models.tables.journal import JournalLine
from parvis.models.tables.letters import LetterRow
from parvis.models.tables.money import Funding
from parvis.models.tables.people import Funder
from parvis.models.tables.timers import TimerRow
from parvis.states.calendar import paris_day
from parvis.states.case_table import CASES
from parvis.states.consequences import Consequences, OwedLetter, consequences
from parvis.states.deadlines import Kind, Timer
from parvis.states.facts import By, Facts
from parvis.states.journal import Line, link
from parvis.states.stages import Stage
from parvis.states.table import decide


def advance(engine: Engine, case_id: int, action: str, *, by: By, at: datetime, expected_version: int) -> int:
    """Move one case as an application written with SQLModel objects would; the version reached."""
    with Session(engine) as session:
        case = session.exec(select(Case).where(Case.id == case_id).with_for_update()).one()
        call = session.exec(select(Call).where(Call.id == case.call_id)).one()
        documents = session.exec(select(Document).where(Document.case_id == case_id)).all()
        fundings = session.exec(
            select(Funding, Funder)
            .join(Funder, col(Funder.id) == Funding.funder_id)
            .where(Funding.case_id == case_id)
        ).all()
        facts = _facts(case, call, documents, fundings, at)
        move = decide(CASES, facts, action, by.role, expected_version)
        rules = call_rules(session.connection(), call.id, call.digest)
        outcome = consequences(move, facts, rules)
        _write(session, case, outcome, str(move.target or case.stage), action, by=by, at=at)
        session.commit()
        return case.version


def _facts(
    case: Case,
    call: Call,
    documents: Sequence[Document],
    fundings: Sequence[tuple[Funding, Funder]],
    at: datetime,
) -> Facts:
    awaited = [funder for funding, funder in fundings if funding.opinion_asked_at and not funding.opinion]
    return Facts(
        case.id, Stage(case.stage), case.version, at,
        reference=case.reference, entered_on=paris_day(case.entered_at), entered_version=case.entered_version,
        opens_on=call.opens_on, closes_on=call.closes_on, deposited_on=case.deposited_on,
        instructor_id=case.instructor_id,
        missing_documents=tuple(d.label for d in documents if d.required and d.received_at is None),
        requested_documents=tuple(d.label for d in documents if d.requested_at and d.received_at is None),
        reply_by=case.reply_by, eligibility_checked=case.eligibility_checked, assessed=case.score is not None,
        awaited_opinions=tuple(funder.name for funder in awaited),
        awaited_funders=tuple(funder.id for funder in awaited),
        opinions_due_at=case.opinions_due_at, clock_started_on=case.clock_started_on,
        clock_paused_on=case.clock_paused_on, clock_paused_days=case.clock_paused_days, ends_on=case.ends_on,
    )  # fmt: skip


def _write(
    session: Session, case: Case, outcome: Consequences, target: str, action: str, *, by: By, at: datetime
) -> None:
    source, case.stage, case.version = case.stage, target, case.version + 1
    case.entered_at, case.entered_version = at, case.version
    for name, value in outcome.changes.items():
        setattr(case, name, value)
    case.journal_head = link(
        case.journal_head,
        Line(case.id, case.version, at, by.actor, by.role, action, source, target, "{}"),
    )
    session.add(
        JournalLine(
            case_id=case.id, seq=case.version, at=at, actor=by.actor, role=by.role, action=action,
            source=source, target=target, details="{}", hash=case.journal_head,
        )
    )  # fmt: skip
    open_timers = select(TimerRow).where(TimerRow.case_id == case.id, col(TimerRow.settled_at).is_(None))
    deadlines = [timer.deadline for timer in outcome.timers]
    for timer in session.exec(open_timers):
        if timer.period == "stage":
            timer.settled_at, timer.outcome = at, "cancelled"
        elif timer.deadline is not None:
            deadlines.append(timer.deadline)
    case.due_on = min(deadlines, default=None)
    case.late_after = min((t.deadline for t in outcome.timers if t.kind == Kind.ESCALATION), default=None)
    session.add_all(_timer(case, planned) for planned in outcome.timers)
    session.add_all(_letter(case, owed, at) for owed in outcome.letters)


def _timer(case: Case, planned: Timer) -> TimerRow:
    return TimerRow(
        case_id=case.id, rule=planned.rule, occurrence=planned.occurrence, kind=planned.kind,
        period=planned.period, action=planned.action, template=planned.template, recipient=planned.recipient,
        deadline=planned.deadline, due_at=planned.due_at, expires_at=planned.expires_at,
        repeat_days=planned.repeat_days,
    )  # fmt: skip


def _letter(case: Case, owed: OwedLetter, at: datetime) -> LetterRow:
    return LetterRow(
        case_id=case.id, rule=owed.rule, occurrence=str(case.version), recipient=owed.recipient,
        template=owed.template, data=dict(owed.data), owed_at=at, not_before=at,
    )  # fmt: skip
