"""What an invented applicant brings: a proposal, and how its applicant will behave afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parvis.services.imports.deposit import BudgetLine
from parvis.services.rehearsal.names import Association
from parvis.states.stages import Nature


class Door(StrEnum):
    """How a proposal comes in: a row of the import sheet, or a dossier of the State's portal."""

    SHEET = "sheet"
    PORTAL = "portal"


class Answer(StrEnum):
    """How an applicant answers when documents are asked for."""

    IN_TIME = "in_time"
    LATE = "late"
    WHEN_REMINDED = "when_reminded"
    NEVER = "never"


class Report(StrEnum):
    """How a funded applicant gives account: soon after the action, before the date, after it, if at all."""

    EARLY = "early"
    IN_TIME = "in_time"
    LATE = "late"
    ON_NOTICE = "on_notice"
    NEVER = "never"
    NOT_CARRIED_OUT = "not_carried_out"


@dataclass(frozen=True, slots=True)
class Conduct:
    """What the applicant will do, drawn once: days are counted from the letter or the date it answers."""

    eligible: bool = True
    lacks: tuple[str, ...] = ()
    answer: Answer = Answer.IN_TIME
    answer_days: int = 10
    part_first: bool = False
    more_time: bool = False
    protests: bool = False
    withdraws_after: int | None = None
    address_refused: bool = False
    report: Report = Report.IN_TIME
    report_days: int = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """One deposit to come. `quality`, out of 100, is what an assessment will find, more or less."""

    external_id: str
    call: str
    door: Door
    association: Association
    title: str
    summary: str
    nature: Nature
    challenges: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    deposited_at: datetime
    deposited_on: date
    starts_on: date
    ends_on: date
    requested_cents: int
    total_cents: int
    asked: tuple[tuple[str, int], ...]
    partners: tuple[tuple[str, int], ...]
    budget: tuple[BudgetLine, ...]
    beneficiaries: int
    qpv_share_percent: int
    quality: int
    conduct: Conduct
