"""The room of a session: opening it, who came, whether there is a quorum, who leaves for which case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import session_room as queries
from parvis.models.queries.recusals import recused
from parvis.models.queries.session_room import SessionRow
from parvis.models.session import Session
from parvis.services.committee_journal import record_event
from parvis.states.facts import By
from parvis.states.outcomes import Room as Voting
from parvis.states.quorum import Attendance, Member, Quorum, not_recorded, quorum, voters
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SITTINGS, SittingAction, SittingFacts, SittingStage, sitting_stage
from parvis.states.table import MoveRefusedError, Reason, decide
from parvis.states.words import Sentence

CHAIR = "chair"

SAY_QUORUM = Sentence(
    "Ce comité n’a pas de membre votant dans le contrat : dire si le quorum est atteint.",
    "This committee lists no voting member in the contract: say whether there is a quorum.",
)
NOT_A_MEMBER = Sentence(
    "« {value} » n’est pas membre de ce comité. Membres : {known}.",
    "“{value}” is not a member of this committee. Members: {known}.",
)


class AlreadyClosedError(Exception):
    """This session was closed already; nothing was written."""

    def __init__(self, closed_at: datetime, by: str) -> None:
        super().__init__(f"closed at {closed_at.isoformat()}")
        self.closed_at = closed_at
        self.by = by


@dataclass(frozen=True, slots=True)
class Room:
    """A sitting with its members and, by person, the cases they leave the room for."""

    row: SessionRow
    members: tuple[Member, ...]
    recused: Mapping[int, frozenset[int]]
    at: datetime

    @property
    def stage(self) -> SittingStage:
        """Where the sitting stands."""
        row = self.row
        return sitting_stage(
            agenda_open=row.agenda_open, held_at=row.held_at, closed_at=row.closed_at,
            cancelled_at=row.cancelled_at,
        )  # fmt: skip

    @property
    def facts(self) -> SittingFacts:
        """What the table of sittings decides on."""
        absent = tuple(not_recorded(self.members))
        return SittingFacts(self.stage, self.at, self.row.version, self.row.held_on, absent)

    @property
    def quorum(self) -> Quorum:
        """The quorum of the sitting."""
        return quorum(self.members, self.row.quorum_percent)

    @property
    def quorate(self) -> bool:
        """Whether the committee may decide: as its members tell, or as was said where it lists no vote."""
        return self.quorum.reached if self.quorum.seats else self.row.quorate

    def leaving(self, case_id: int) -> frozenset[int]:
        """The persons who leave the room for a case."""
        return frozenset(person for person, cases in self.recused.items() if case_id in cases)

    def quorum_of(self, case_id: int) -> Quorum:
        """The quorum for one case, without those who leave the room for it."""
        return quorum(self.members, self.row.quorum_percent, self.leaving(case_id))

    def quorate_for(self, case_id: int) -> bool:
        """Whether the committee may decide of this case."""
        return self.quorum_of(case_id).reached if self.quorum.seats else self.row.quorate

    def voting(self, case_id: int, decides: str) -> Voting:
        """Who decides of a case whose call leaves the last word to `decides`."""
        here = voters(self.members, self.leaving(case_id))
        counted = len(here) if self.quorum.seats else None
        chair = any(member.role == CHAIR for member in here) or not self.quorum.seats
        return Voting(self.row.kind == decides, counted, chair)

    def allow(self, action: SittingAction, by: By) -> None:
        """Let somebody do this to the sitting.

        Raises:
            MoveRefusedError: the table of sittings says no.
        """
        decide(SITTINGS, self.facts, action, by.role)


def enter(session: Session, committee_id: int, *, at: datetime, hold: bool = False) -> Room:
    """The room of a sitting; with `hold`, nobody else changes it until the commit."""
    row = queries.read_sitting(session, committee_id, hold=hold)
    return Room(row, tuple(queries.members(session, committee_id)), recused(session, committee_id), at)


def open_session(
    session: Session, committee_id: int, *, by: By, at: datetime, quorate: bool | None = None
) -> Room:
    """Begin a session: its day has come, and nothing more comes on its agenda. Open already, it stays so.

    `quorate` is said where the committee lists no voting member, and only there.

    Raises:
        MoveRefusedError: the day has not come, the sitting is closed or cancelled, or the quorum is not said.
    """
    room = enter(session, committee_id, at=at, hold=True)
    if room.stage is SittingStage.OPEN and by.role in _secretaries():
        return room
    room.allow(SittingAction.OPEN, by)
    if not room.quorum.seats and quorate is None:
        raise MoveRefusedError(SittingAction.OPEN, (Reason("quorum_unsaid", SAY_QUORUM),))
    queries.write_opened(session, committee_id, quorate=bool(quorate) and not room.quorum.seats, at=at)
    record_event(session, committee_id, SittingEvent.OPENED, {}, by=by, at=at)
    return enter(session, committee_id, at=at)


def _secretaries() -> frozenset[str]:
    return frozenset(
        role for move in SITTINGS.moves if move.action == SittingAction.DECIDE for role in move.by
    )


def attend(
    session: Session, committee_id: int, came: Mapping[int, Attendance], *, by: By, at: datetime
) -> Room:
    """Record who came (by id of the person); those not named stay as they were. The same again writes nothing.

    Raises:
        MoveRefusedError: the sitting is over, or somebody named is not a member.
    """
    room = enter(session, committee_id, at=at, hold=True)
    room.allow(SittingAction.ATTEND, by)
    ids = {member.person_id: member for member in room.members}
    if strangers := [person for person in came if person not in ids]:
        named = NOT_A_MEMBER.fill(value=strangers[0], known=[member.name for member in room.members])
        raise MoveRefusedError(SittingAction.ATTEND, (Reason("not_a_member", named),))
    changed = {ids[person].id: said for person, said in came.items() if ids[person].attendance is not said}
    if changed:
        queries.set_attendance(session, committee_id, changed)
        people = {str(person): str(said) for person, said in came.items() if ids[person].id in changed}
        record_event(session, committee_id, SittingEvent.ATTENDANCE, {**people}, by=by, at=at)
    return enter(session, committee_id, at=at)


def attend_rest(session: Session, committee_id: int, said: Attendance, *, by: By, at: datetime) -> Room:
    """Record that all of whom nothing was said yet, substitutes apart, came or did not.

    Raises:
        MoveRefusedError: the sitting is over.
    """
    room = enter(session, committee_id, at=at, hold=True)
    rest = {
        member.person_id: said
        for member in room.members
        if member.attendance is Attendance.UNKNOWN and member.substitute_for is None
    }
    return attend(session, committee_id, rest, by=by, at=at)
