"""What a sitting shows: to a member, without the cases hidden from them; to its secretary, with who is recused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.models.queries import agendas, interests, members
from parvis.models.queries.agendas import AgendaLine
from parvis.models.queries.files import FileLine, list_files
from parvis.models.queries.interests import InterestLine
from parvis.models.queries.members import SeatLine
from parvis.models.queries.my_sittings import SittingLine, sitting_lines
from parvis.models.queries.packets import PacketLine, latest
from parvis.models.queries.recusals import recused
from parvis.models.queries.session_room import SessionRow, read_sitting
from parvis.models.session import Session
from parvis.services import packets
from parvis.states.agendas import Seats
from parvis.states.calendar import paris_day
from parvis.states.files import FileKind
from parvis.states.sitting_table import SittingStage, sitting_stage

__all__ = [
    "AgendaLine", "InterestLine", "SeatLine", "Seats", "SittingLine", "SittingPage", "carry_choices", "declared",
    "own_interests", "packet_of", "sitting_page", "sittings",
]  # fmt: skip

AHEAD, BEHIND = timedelta(days=550), timedelta(days=400)


@dataclass(frozen=True, slots=True)
class SittingPage:
    """A sitting as one person sees it. `hidden` counts the cases of its agenda that person does not see.

    `recusals` (names by case) and `conflicts` are for those who prepare the sitting; empty for the others.
    """

    row: SessionRow
    stage: SittingStage
    agenda: tuple[AgendaLine, ...]
    hidden: int
    seats: tuple[SeatLine, ...]
    own: SeatLine | None
    recusals: Mapping[int, tuple[str, ...]]
    conflicts: tuple[InterestLine, ...]
    files: tuple[FileLine, ...]
    packet: PacketLine | None


def sittings(
    session: Session, contract_id: int, person_id: int, *, everybodys: bool, at: datetime
) -> tuple[list[SittingLine], list[SittingLine]]:
    """The sittings to come or not yet closed, the nearest first; those of the past year, the latest first."""
    today = paris_day(at)
    lines = sitting_lines(
        session, contract_id, person_id, everybodys=everybodys, since=today - BEHIND, until=today + AHEAD
    )
    over = [line for line in lines if line.closed_at or line.cancelled_at or line.held_on < today]
    waiting = [line for line in over if line.held_at and not line.closed_at and not line.cancelled_at]
    ahead = [*waiting, *(line for line in lines if line not in over)]
    return ahead, [line for line in reversed(over) if line not in waiting]


def sitting_page(session: Session, sitting_id: int, person_id: int, *, prepares: bool) -> SittingPage:
    """A sitting that exists, for somebody who may look at it; `prepares` for those who see to it."""
    row = read_sitting(session, sitting_id)
    seats = tuple(members.seats(session, sitting_id))
    hidden_from = recused(session, sitting_id)
    agenda = agendas.agenda(session, sitting_id)
    hidden = hidden_from.get(person_id, frozenset())
    seen = tuple(line for line in agenda if line.case_id not in hidden)
    names = {seat.person_id: seat.person for seat in seats}
    recusals: dict[int, tuple[str, ...]] = {}
    if prepares:
        for line in seen:
            away = tuple(names[person] for person, cases in hidden_from.items() if line.case_id in cases)
            recusals |= {line.case_id: away} if away else {}
    return SittingPage(
        row,
        sitting_stage(
            agenda_open=row.agenda_open,
            held_at=row.held_at,
            closed_at=row.closed_at,
            cancelled_at=row.cancelled_at,
        ),
        seen,
        len(agenda) - len(seen),
        seats,
        next((seat for seat in seats if seat.person_id == person_id), None),
        recusals,
        tuple(line for line in interests.of_sitting(session, sitting_id) if line.case_id not in hidden)
        if prepares
        else (),
        _files(session, sitting_id) if prepares and not hidden else (),
        packet_of(session, sitting_id, person_id, prepares=prepares),
    )


def _files(session: Session, sitting_id: int) -> tuple[FileLine, ...]:
    """What was made for a sitting besides its packet, whose copies are shown apart."""
    there = list_files(session, committee_id=sitting_id)
    return tuple(line for line in there if line.kind != FileKind.PACKET)


def packet_of(session: Session, sitting_id: int, person_id: int, *, prepares: bool) -> PacketLine | None:
    """The packet this person may read: a member's own copy, else the whole one for those who prepare the sitting."""
    if packets.hidden_from(session, sitting_id, person_id) is not None:
        return packets.packet_for(session, sitting_id, person_id)
    return latest(session, sitting_id).get(packets.EVERYBODY) if prepares else None


def carry_choices(session: Session, row: SessionRow, *, today: date) -> list[Seats]:
    """The other sittings to come of the same contract and kind, whose agenda is open."""
    return [
        seats
        for seats in agendas.seats(session, row.contract_id, today)
        if seats.agenda_open and seats.kind == row.kind and seats.id != row.id
    ]


def own_interests(session: Session, sitting_id: int, person_id: int) -> list[InterestLine]:
    """What a member has declared for a sitting and was not taken back."""
    return [
        line
        for line in interests.of_sitting(session, sitting_id)
        if line.person_id == person_id and line.ground == "declared" and line.status != "dismissed"
    ]


def declared(session: Session, sitting_id: int, person_id: int) -> dict[int, str]:
    """The same, in words, by case."""
    return {line.case_id: line.detail for line in own_interests(session, sitting_id, person_id)}
