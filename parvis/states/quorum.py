"""Who sits, who votes and whether there is a quorum, for a sitting and for each of its cases. Pure.

A member who has an interest in a case leaves the room: they are not counted among those present for that case (CGCT
L2131-11 and L2121-17 by analogy; CE, 19 January 1983, Chauré), but still among the members. Since 2022 L2131-11 lets
some of them be left out of the members as well: a quorum that holds without that holds with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from parvis.states.words import Sentence


class Attendance(StrEnum):
    """Whether a member came."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


ATTENDANCE_WORDS: dict[str, Sentence] = {
    Attendance.UNKNOWN: Sentence("non relevé", "not recorded"),
    Attendance.PRESENT: Sentence("présent", "present"),
    Attendance.EXCUSED: Sentence("excusé", "excused"),
    Attendance.ABSENT: Sentence("absent", "absent"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may sit; `substitute_for` is the `id` of the member they stand in for."""

    id: int
    person_id: int
    name: str
    role: str
    votes: bool
    attendance: Attendance
    substitute_for: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One vote of a committee: the member it belongs to, and who casts it today, if anybody does."""

    titular: Member
    holder: Member | None

    @property
    def represented(self) -> bool:
        """Whether a substitute sits in the member's place."""
        return self.holder is not None and self.holder.id != self.titular.id


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many votes there are, how many are in the room, how many must be."""

    seats: int
    present: int
    needed: int

    @property
    def reached(self) -> bool:
        """Enough of the votes are in the room; a committee that lists no vote has no quorum to reach by itself."""
        return self.seats > 0 and self.present >= self.needed


def seats(members: Sequence[Member]) -> list[Seat]:
    """The votes of a committee in the order of its members: a substitute sits when the titular is not there."""
    return [
        Seat(member, _holder(member, members))
        for member in members
        if member.votes and member.substitute_for is None
    ]


def _holder(titular: Member, members: Sequence[Member]) -> Member | None:
    candidates = [titular, *(member for member in members if member.substitute_for == titular.id)]
    return next((member for member in candidates if member.attendance is Attendance.PRESENT), None)


def voters(members: Sequence[Member], recused: Collection[int] = ()) -> list[Member]:
    """Those in the room who may vote, without the persons `recused` from what is decided."""
    holders = (seat.holder for seat in seats(members))
    return [holder for holder in holders if holder is not None and holder.person_id not in recused]


def quorum(members: Sequence[Member], percent: int, recused: Collection[int] = ()) -> Quorum:
    """The quorum of a sitting, or of one case when `recused` names the persons who leave the room for it.

    `percent` of the votes must be in the room, rounded up to a whole one (unverified: half by default).
    """
    count = len(seats(members))
    return Quorum(count, len(voters(members, recused)), -(-count * percent // 100))


def not_recorded(members: Sequence[Member]) -> list[str]:
    """The names of the members, substitutes apart, of whom nobody said whether they came."""
    return [
        member.name
        for member in members
        if member.attendance is Attendance.UNKNOWN and member.substitute_for is None
    ]
