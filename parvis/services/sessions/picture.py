"""A session as its secretary sees it: who is in the room, what each case asks, what was said, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.balances import Balance, balances
from parvis.models.queries.session_cases import OnTable, on_table
from parvis.models.session import Session
from parvis.services.sessions.closing import Blocked, what_blocks
from parvis.services.sessions.decisions import outcomes, proposals, undecided
from parvis.services.sessions.room import Room, enter
from parvis.services.year_counts import agreements_told
from parvis.states.outcomes import Draft, Outcome
from parvis.states.quorum import Quorum
from parvis.states.stages import Stage
from parvis.states.words import Sentence


@dataclass(frozen=True, slots=True)
class CasePicture:
    """A case of the session; `proposed` saves typing it, `recused` leave the room for it: `quorum` is the one then.

    `agreements` tell from which amount a funder needs an agreement with the applicant, over all its cases of the year.
    """

    case: OnTable
    proposed: Draft | None
    recused: tuple[str, ...]
    quorum: Quorum
    agreements: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole session, read in a few statements whatever the number of its cases."""

    room: Room
    cases: tuple[CasePicture, ...]
    balances: tuple[Balance, ...]
    outcomes: Mapping[Outcome, int]
    undecided: tuple[str, ...]
    blocked: tuple[Blocked, ...]

    @property
    def promises_too_much(self) -> tuple[Balance, ...]:
        """The envelopes that the table asks for more than they hold."""
        return tuple(one for one in self.balances if one.left_after_cents < 0)


def picture(session: Session, committee_id: int, *, at: datetime) -> Picture:
    """The session as it is at `at`; nothing is written."""
    room = enter(session, committee_id, at=at)
    table = on_table(session, committee_id)
    waiting = [case for case in table if case.stage == Stage.COMMITTEE]
    proposed = proposals(session, room, waiting)
    agreements = agreements_told(session, [case.case_id for case in waiting])
    names = {member.person_id: member.name for member in room.members}
    return Picture(
        room,
        tuple(
            CasePicture(
                case, proposed.get(case.case_id),
                tuple(sorted(names[person] for person in room.leaving(case.case_id) if person in names)),
                room.quorum_of(case.case_id),
                tuple(agreements.get(case.case_id, ())),
            )
            for case in table
        ),
        tuple(balances(session, committee_id)),
        outcomes(table),
        tuple(case.reference for case in undecided(table)),
        tuple(what_blocks(room, table)),
    )  # fmt: skip
