"""Deadlines: firing what is due. Planning anew is in `planning`."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import timers
from parvis.models.session import Database, Session
from parvis.services.advance import Refused, Request, advance_many
from parvis.services.planning import Replanned, replan, replan_call
from parvis.states.calendar import paris_day
from parvis.states.case_table import INSTEAD
from parvis.states.facts import By
from parvis.states.stages import Action, Role

__all__ = [
    "BATCH", "CLOCK", "LIMIT", "Fired", "Replanned", "due", "fire", "replan", "replan_call", "shared_size", "sweep",
]  # fmt: skip

CLOCK = By("clock", Role.CLOCK)
BATCH = 20_000
LIMIT = 100_000  # timers a sweep begins with
SHARES, LEAST = 16, 250  # batches of a sweep that several runs may share, and the fewest cases of one


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


def due(session: Session, *, at: datetime, limit: int = LIMIT) -> list[int]:
    """Cases with something due at `at`, the longest due first."""
    return list(timers.due_subjects(session, at=at, limit=limit))


def shared_size(count: int) -> int:
    """How many cases a batch has when several runs may share `count`: few enough that all of them find one to take."""
    return min(BATCH, max(LEAST, -(-count // SHARES)))


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
