"""A session as its page shows it while the committee sits: the room, the table, what is proposed, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.balances import Balance, balances
from parvis.models.queries.members import SeatLine, seats
from parvis.models.queries.session_cases import OnTable, on_table
from parvis.models.session import Session
from parvis.services.sessions.closing import Blocked, what_blocks
from parvis.services.sessions.decisions import outcomes, proposals
from parvis.services.sessions.room import Room, enter
from parvis.states.outcomes import Draft, Outcome
from parvis.states.sitting_table import SittingStage
from parvis.states.stages import Stage

__all__ = ["Balance", "Blocked", "OnTable", "SeatLine", "SessionPage", "session_page"]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session at one moment. `blocked` is what keeps it from closing, said only while it is open."""

    room: Room
    seats: tuple[SeatLine, ...]
    table: tuple[OnTable, ...]
    proposed: Mapping[int, Draft]
    balances: tuple[Balance, ...]
    outcomes: Mapping[Outcome, int]
    blocked: tuple[Blocked, ...]

    @property
    def waiting(self) -> int:
        """How many cases the committee has not come to."""
        return sum(case.saved is None and case.stage == Stage.COMMITTEE for case in self.table)

    @property
    def is_open(self) -> bool:
        """Whether decisions are taken now."""
        return self.room.stage is SittingStage.OPEN

    def leaving(self, case_id: int) -> list[str]:
        """The names of those who leave the room for a case."""
        away = self.room.leaving(case_id)
        return [member.name for member in self.room.members if member.person_id in away]


def session_page(session: Session, committee_id: int, *, at: datetime) -> SessionPage:
    """A session that exists, for whoever holds it."""
    room = enter(session, committee_id, at=at)
    table = tuple(on_table(session, committee_id))
    is_open = room.stage is SittingStage.OPEN
    return SessionPage(
        room, tuple(seats(session, committee_id)), table, proposals(session, room, table),
        tuple(balances(session, committee_id)), outcomes(table),
        tuple(what_blocks(room, table)) if is_open else (),
    )  # fmt: skip
