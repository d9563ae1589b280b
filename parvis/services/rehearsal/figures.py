"""What a rehearsal found, as plain numbers: the same for the terminal, the page and JSON."""

from dataclasses import dataclass
from datetime import date

from parvis.models.queries.rehearsal_agreements import ReportCount, Succession
from parvis.services.imports.problems import Problem


@dataclass(frozen=True, slots=True)
class Delay:
    """How many days something took, over `count` times: half of them at most `median`, nine in ten `ninth`."""

    what: str
    count: int
    median: int
    ninth: int


@dataclass(frozen=True, slots=True)
class OfficerLoad:
    """An instructor's weeks, by their Monday: moves made, and cases open at the end of each."""

    name: str
    moves: tuple[int, ...]
    open_cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetterKindCount:
    """Letters of one kind: sent on their own, gathered in a digest, impossible to deliver, still owed."""

    template: str
    sent: int
    gathered: int
    failed: int
    owed: int


@dataclass(frozen=True, slots=True)
class StuckCase:
    """An open case that nobody would have moved: `timers` left to recall it, last moved on `moved_on`."""

    reference: str
    organisation: str
    title: str
    stage: str
    officer: str | None
    moved_on: date
    timers: int


@dataclass(frozen=True, slots=True)
class SittingCount:
    """A sitting: cases put on its agenda, decided or advised there, put off, turned away for want of room."""

    name: str
    held_on: date
    capacity: int | None
    scheduled: int
    funded: int
    rejected: int
    advised: int
    put_off: int
    waiting: int
    turned_away: int
    quorate: bool | None

    @property
    def over(self) -> int:
        """How many cases more than its capacity."""
        return max(0, self.scheduled - self.capacity) if self.capacity is not None else 0

    @property
    def too_small(self) -> bool:
        """Whether its capacity was not enough: more cases on its agenda, or some sent to a later one."""
        return self.over > 0 or self.turned_away > 0


@dataclass(frozen=True, slots=True)
class FunderCount:
    """A funder, in cents and opinions; `envelope_cents` None without an envelope."""

    name: str
    cases: int
    requested_cents: int
    granted_cents: int
    granted_cases: int
    envelope_cents: int | None
    asked: int
    in_time: int
    late: int
    never: int


@dataclass(frozen=True, slots=True)
class WaveCount:
    """A wave: its deposits, those decided by its committee or before, later, and not yet."""

    title: str
    decides_on: date | None
    deposits: int
    on_time: int
    later: int
    undecided: int
    closed: int


@dataclass(frozen=True, slots=True)
class Proofs:
    """What must hold whatever happens: the journal, the envelopes, nothing due left undone."""

    lines: int
    journal_sound: bool
    envelopes_astray: int
    timers_overdue: int
    letters_overdue: int

    @property
    def hold(self) -> bool:
        """Whether everything does."""
        undone = self.envelopes_astray + self.timers_overdue + self.letters_overdue
        return self.journal_sound and not undone


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCount(Succession):
    """Agreements of several years by stage, and how they follow one another."""

    at_the_end: tuple[tuple[str, int], ...]

    @property
    def hold(self) -> bool:
        """Whether none overlaps, leaves a gap, is stuck or waits for a step whose time has passed."""
        return not self.overlaps + self.gaps + self.stuck + self.overdue


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the report says. Stages and rules by code, days in Paris, amounts in cents.

    `agreements` is None when none was there.
    """

    contract: str
    calls: tuple[str, ...]
    titles: tuple[str, ...]
    first: date
    last: date
    seed: int
    proposals: int
    cases: int
    requested_cents: int
    granted_cents: int
    granted_cases: int
    reached: tuple[tuple[str, int], ...]
    at_the_end: tuple[tuple[str, int], ...]
    days: tuple[tuple[date, int], ...]
    kinds: tuple[LetterKindCount, ...]
    weeks: tuple[date, ...]
    load: tuple[OfficerLoad, ...]
    delays: tuple[Delay, ...]
    stuck: tuple[StuckCase, ...]
    missed: tuple[tuple[str, int], ...]
    sittings: tuple[SittingCount, ...]
    funders: tuple[FunderCount, ...]
    waves: tuple[WaveCount, ...]
    refused_moves: tuple[tuple[str, str, int], ...]
    refused_files: tuple[tuple[str, Problem], ...]
    forgotten: int
    reopened: int
    phoned: int
    stuck_after_days: int
    proofs: Proofs
    reports: ReportCount
    agreements: AgreementCount | None = None

    @property
    def letters(self) -> int:
        """How many letters left."""
        return sum(count for _, count in self.days)

    @property
    def busiest(self) -> tuple[date, int] | None:
        """The day most letters left, and how many."""
        return max(self.days, key=lambda one: (one[1], -one[0].toordinal()), default=None)
