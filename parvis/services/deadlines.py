"""Deadlines: firing what is due, and planning anew when a date or a rule has changed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import timers
from parvis.models.queries.calls import call_rules
from parvis.models.queries.facts import Known, read_facts
from parvis.models.session import Database, Session
from parvis.services.advance import Refused, Request, advance_many
from parvis.services.arrivals import arrivals
from parvis.states.calendar import paris_day
from parvis.states.case_table import INSTEAD
from parvis.states.consequences import CallRules
from parvis.states.deadlines import Timer, plan_all
from parvis.states.facts import NOTHING, By, Given
from parvis.states.stages import Action, Role, Stage

CLOCK = By("clock", Role.CLOCK)
BATCH = 20_000
LIMIT = 100_000  # timers a sweep begins with


@dataclass(frozen=True, slots=True)
class Fired:
    """What a sweep did: moves made and refused, letters owed, reminders a later one made pointless."""

    moved: int = 0
    refused: int = 0
    owed: int = 0
    superseded: int = 0

    def __add__(self, other: "Fired") -> "Fired":
        return Fired(
            self.moved + other.moved, self.refused + other.refused,
            self.owed + other.owed, self.superseded + other.superseded,
        )  # fmt: skip

    @property
    def total(self) -> int:
        """How many timers were settled."""
        return self.moved + self.refused + self.owed + self.superseded


@dataclass(frozen=True, slots=True)
class Replanned:
    """What planning anew changed: timers cancelled, timers written."""

    cancelled: int
    written: int


def due(session: Session, *, at: datetime, limit: int = LIMIT) -> list[int]:
    """Cases with something due at `at`, the longest due first."""
    return list(timers.due_subjects(session, at=at, limit=limit))


def fire(
    session: Session, case_ids: Sequence[int], *, at: datetime, moving: Sequence[int] | None = None
) -> Fired:
    """Make the due moves of these cases, then owe the letters of their due reminders.

    Safe to run twice and beside another sweep: a case somebody holds is left for the next one. `moving` are those
    of them with a due move, when this is known; else they are looked for.
    """
    moving = case_ids if moving is None else moving
    made = _make_moves(session, moving, at=at) if moving else Fired()
    owed, superseded = timers.fire_reminders(session, case_ids, at=at, today=paris_day(at))
    return made + Fired(owed=owed, superseded=superseded)


def sweep(
    database: Database, *, at: datetime, batch: int = BATCH, progress: Callable[[int], None] | None = None
) -> Fired:
    """Fire everything due at `at`, a transaction per batch; what a stopped sweep left is due for the next one."""
    total = Fired()
    with database.transaction() as session:
        moves = timers.due_subjects(session, at=at, limit=LIMIT)
    case_ids = list(moves)
    for start in range(0, len(case_ids), batch):
        chunk = case_ids[start : start + batch]
        with database.transaction() as session:
            total += fire(session, chunk, at=at, moving=[case_id for case_id in chunk if moves[case_id]])
        if progress:
            progress(len(chunk))
    return total


def replan(session: Session, case_ids: Sequence[int], *, at: datetime) -> Replanned:
    """Make the open timers of these cases what their dates and rules say now.

    What was already sent for a date is not sent again for the same date; a new date starts its reminders anew.
    """
    if not case_ids:
        return Replanned(0, 0)
    known = read_facts(session, list(case_ids), NOTHING, at=at, lock=True)
    drafts = [case_id for case_id, each in known.items() if each.facts.stage == Stage.DRAFT]
    for case_id, arrival in arrivals(session, drafts, at=at).items() if drafts else ():
        facts = known[case_id].facts
        known[case_id] = replace(known[case_id], facts=replace(facts, given=Given(arrival=arrival)))
    plans = [(case_id, _wanted(known[case_id], _rules(session, known[case_id]))) for case_id in sorted(known)]
    return Replanned(*timers.replace_plan(session, plans, at=at))


def replan_call(session: Session, call_id: int, *, at: datetime) -> Replanned:
    """Plan anew every open case of a call, after its rules changed."""
    return replan(session, timers.open_cases_of_call(session, call_id), at=at)


def _wanted(known: Known, rules: CallRules) -> list[Timer]:
    return [] if rules.silent else plan_all(known.facts, rules.times)


def _rules(session: Session, known: Known) -> CallRules:
    return call_rules(session, known.call_id, known.digest)


def _make_moves(session: Session, case_ids: Sequence[int], *, at: datetime) -> Fired:
    by_action: dict[str, list[timers.DueMove]] = defaultdict(list)
    for move in timers.take_due_moves(session, case_ids, at=at):
        by_action[move.action].append(move)
    total, refused = 0, []
    for action, moves in by_action.items():
        left = _refused(session, moves, Action(action), at=at)
        if left and action in INSTEAD:
            left = _refused(session, left, INSTEAD[action], at=at)
        refused += [move.timer_id for move in left]
        total += len(moves)
    if refused:
        timers.mark_refused(session, refused)
    return Fired(moved=total - len(refused), refused=len(refused))


def _refused(
    session: Session, moves: Sequence[timers.DueMove], action: Action, *, at: datetime
) -> list[timers.DueMove]:
    """Make these moves; those the table refused."""
    results = advance_many(session, [Request(move.subject_id) for move in moves], action, by=CLOCK, at=at)
    return [move for move, result in zip(moves, results, strict=True) if isinstance(result, Refused)]
