"""Reports of funded actions: typed step by step, sent by one of three ways out, read by who instructs them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import report_reading
from parvis.models.queries import reports as queries
from parvis.models.queries.report_reading import ReportLineRow, SentReport
from parvis.models.queries.reports import OpenReport
from parvis.models.session import Session
from parvis.services.advance import Advanced, advance
from parvis.services.report_answers import STEPS, ReadReport, budgeted, kept, read_report
from parvis.services.stamped import DraftChangedError, stamp, to_write
from parvis.states.facts import By, Given
from parvis.states.gaps import Line
from parvis.states.report_words import ReportKind
from parvis.states.stages import Action
from parvis.states.words import Sentence

__all__ = [
    "DraftChangedError", "Figures", "NoSuchReportError", "OwedReport", "ReportLineRow", "ReportRefusedError",
    "SentReport", "ask_dates", "attest", "budget_lines", "list_reports", "open_report", "receive", "reports_of", "save",
    "send", "stamp",
]  # fmt: skip

TO_FINISH = Sentence("Il reste {count} réponses à corriger.", "{count} answers are still to be corrected.")
SIGN_IT = Sentence(
    "cocher l’attestation : elle vaut signature du compte rendu (arrêté du 11 octobre 2006)",
    "tick the attestation: it signs the report (order of 11 October 2006)",
)

RECEIVES = {ReportKind.FINAL: Action.RECEIVE_REPORT, ReportKind.INTERIM: Action.RECEIVE_INTERIM}


class NoSuchReportError(Exception):
    """This case owes no report, or has sent it already."""


class ReportRefusedError(Exception):
    """The report cannot be sent as it is; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says in figures: amounts in cents by line of the budget, people reached."""

    lines: tuple[Line, ...]
    people: int | None = None
    qpv_share_percent: int | None = None

    @property
    def spent_cents(self) -> int:
        """What the action cost in money."""
        return sum(line.done_cents or 0 for line in self.lines if line.side == "charge" and not line.in_kind)


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A report that is awaited, with what is typed of it and what that says."""

    row: OpenReport
    lines: tuple[Line, ...]
    read: ReadReport

    def values(self, step: str) -> Mapping[str, Sequence[str]]:
        """What is typed in a step."""
        return self.row.answers.get(step, {})

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps in which something is typed."""
        return tuple(STEPS)

    @property
    def due_on(self) -> date | None:
        """The last day to send it."""
        return self.row.corrections_due_on or self.row.due_on


def open_report(
    session: Session, case_id: int, *, kind: ReportKind = ReportKind.FINAL, lock: bool = False
) -> OwedReport:
    """The report of this kind a case owes.

    Raises:
        NoSuchReportError: it owes none, or has sent it already.
    """
    row = queries.open_report(session, case_id, kind, lock=lock)
    if row is None:
        raise NoSuchReportError(case_id)
    lines = budget_lines(session, case_id)
    return OwedReport(row, lines, read_report(row.answers, lines, kind))


def budget_lines(session: Session, case_id: int) -> tuple[Line, ...]:
    """The lines a report of this case fills in."""
    return budgeted(queries.budget_of(session, case_id))


def save(
    session: Session, case_id: int, step: str, typed: Mapping[str, Sequence[str]], expected: str, *,
    by: By, at: datetime, kind: ReportKind = ReportKind.FINAL,
) -> str:  # fmt: skip
    """Keep a step as it was typed, whatever it is worth; the stamp of what is kept.

    Raises:
        NoSuchReportError: nothing is awaited any more.
        DraftChangedError: it was saved elsewhere since the content stamped `expected`, and says something else.
    """
    owed = open_report(session, case_id, kind=kind, lock=True)
    there, values = owed.values(step), kept(typed, step, owed.lines)
    if to_write(there, values, expected):
        queries.ask_reports(session, case_id, [kind])
        queries.save_step(session, case_id, kind, step, values, at=at, by=by.actor)
    return stamp(values)


def send(
    session: Session, case_id: int, *, signed: bool, by: By, at: datetime, kind: ReportKind = ReportKind.FINAL
) -> Advanced:
    """Send the report that was typed: its figures written and the fact recorded, together or not at all.

    Raises:
        NoSuchReportError: nothing is awaited any more.
        ReportRefusedError: something is still to be corrected, or it is not signed.
        MoveRefusedError: the table says no.
    """
    owed = open_report(session, case_id, kind=kind, lock=True)
    read = owed.read
    if read.faults:
        raise ReportRefusedError(TO_FINISH.fill(count=len(read.faults)))
    if not signed:
        raise ReportRefusedError(SIGN_IT)
    figures = Figures(read.lines, read.people, read.qpv_share_percent)
    return receive(
        session, case_id, figures, by=by, at=at, undertaken="report", answers=owed.row.answers, kind=kind
    )


def receive(
    session: Session, case_id: int, figures: Figures | None, *, by: By, at: datetime,
    undertaken: str = "", answers: Mapping[str, object] | None = None, expected_version: int | None = None,
    kind: ReportKind = ReportKind.FINAL,
) -> Advanced:  # fmt: skip
    """Record that the report came in, with its figures if they are known; the journal keeps their fingerprint.

    Raises:
        MoveRefusedError: the table says no.
        StaleVersionError: the case moved since `expected_version`.
    """
    sha256 = write(session, case_id, figures, answers or {}, kind) if figures is not None else ""
    given = Given(undertaken=undertaken, sha256=sha256)
    return advance(
        session, case_id, RECEIVES[kind], by=by, at=at, given=given, expected_version=expected_version
    )


def write(
    session: Session, case_id: int, figures: Figures, answers: Mapping[str, object],
    kind: ReportKind = ReportKind.FINAL,
) -> str:  # fmt: skip
    """Write what a report says, in figures and in words; its fingerprint, for the journal."""
    queries.ask_reports(session, case_id, [kind])
    queries.write_figures(
        session, case_id, kind, figures.lines, spent_cents=figures.spent_cents, people=figures.people,
        qpv_share_percent=figures.qpv_share_percent, answers=answers,
    )  # fmt: skip
    return fingerprint(figures, answers)


def fingerprint(figures: Figures, answers: Mapping[str, object]) -> str:
    """The SHA-256 of what a report says, so that its journal proves it was not changed after it was sent."""
    lines = [[line.side, line.account, line.planned_cents, line.done_cents or 0] for line in figures.lines]
    said = json.dumps(
        [lines, figures.people, figures.qpv_share_percent, answers], ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(said.encode()).hexdigest()


def attest(session: Session, case_id: int, reason: str, *, by: By, at: datetime) -> Advanced:
    """Attest that the action did not take place.

    Raises:
        MoveRefusedError: the table says no.
    """
    return advance(session, case_id, Action.ATTEST_NOT_CARRIED_OUT, by=by, at=at, given=Given(reason=reason))


def ask_dates(
    session: Session, case_id: int, *, starts_on: date | None, ends_on: date, reason: str, by: By, at: datetime
) -> Advanced:  # fmt: skip
    """Ask for other dates of the action.

    Raises:
        MoveRefusedError: the table says no.
    """
    given = Given(reason=reason, starts_on=starts_on, ends_on=ends_on)
    return advance(session, case_id, Action.ASK_NEW_DATES, by=by, at=at, given=given)


def reports_of(session: Session, case_id: int) -> list[SentReport]:
    """The reports of a case, the first one first."""
    return report_reading.reports_of(session, case_id)


def list_reports(
    session: Session, *, contract_id: int | None = None, limit: int = 1_000
) -> list[ReportLineRow]:
    """The reports of cases not closed yet, those awaited or to be read, the one due first first."""
    return report_reading.list_reports(session, contract_id=contract_id, limit=limit)
