"""The minutes of a session: gathered when it closes, kept as values that documents are made from."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pydantic import TypeAdapter

from parvis.models.queries import minutes as queries
from parvis.models.queries.balances import Balance, balances
from parvis.models.queries.people import names
from parvis.models.queries.session_cases import OnTable
from parvis.models.session import Session
from parvis.services.sessions.room import Room
from parvis.states.facts import By
from parvis.states.minutes import Minutes, MinutesAmount, MinutesDecision, MinutesEnvelope, MinutesMember
from parvis.states.outcomes import Outcome
from parvis.states.quorum import Attendance, Member, seats
from parvis.states.stages import Stage

_MINUTES = TypeAdapter(Minutes)
_BY_HAND = {Stage.FUNDED: Outcome.FUND, Stage.REJECTED: Outcome.REJECT}


def keep_minutes(
    session: Session, room: Room, table: Sequence[OnTable], before: Sequence[Balance],
    going: Mapping[int, date], *, by: By,
) -> tuple[int, str]:  # fmt: skip
    """Write the minutes of a session whose moves were just made; their version and SHA-256."""
    secretary = names(session, [by.actor]).get(by.actor, "")
    envelopes = tuple(_envelopes(before, balances(session, room.row.id)))
    said = _gathered(room, secretary, tuple(_decisions(room, table, going)), envelopes)
    content = _MINUTES.dump_json(said, indent=1).decode()
    digest = hashlib.sha256(content.encode()).hexdigest()
    return queries.write(session, room.row.id, content, digest, by=by.actor, at=room.at), digest


def read_minutes(session: Session, committee_id: int) -> Minutes | None:
    """The last minutes of a session; None before it is closed."""
    found = queries.latest(session, committee_id)
    return parse_minutes(found[1]) if found else None


def parse_minutes(content: str) -> Minutes:
    """Minutes as they were kept."""
    return _MINUTES.validate_json(content)


def _gathered(
    room: Room, secretary: str, decisions: tuple[MinutesDecision, ...], envelopes: tuple[MinutesEnvelope, ...]
) -> Minutes:
    row, quorum = room.row, room.quorum
    return Minutes(
        contract=row.contract, city=row.city, committee=row.name, code=row.code, kind=row.kind,
        held_on=row.held_on, starts_at=row.starts_at, opened_at=row.held_at or room.at, closed_at=room.at,
        room=row.room, video_url=row.video_url, secretary=secretary, quorate=room.quorate,
        quorum_seats=quorum.seats, quorum_present=quorum.present, quorum_needed=quorum.needed,
        members=tuple(_members(room.members)), decisions=decisions, envelopes=envelopes,
    )  # fmt: skip


def _members(members: Sequence[Member]) -> Iterator[MinutesMember]:
    """Titular members, and the substitutes who came."""
    named = {member.id: member.name for member in members}
    replaced = {
        seat.titular.id: seat.holder.name for seat in seats(members) if seat.represented and seat.holder
    }
    for member in members:
        stands_for = named.get(member.substitute_for or 0, "")
        if not stands_for or member.attendance is Attendance.PRESENT:
            yield MinutesMember(
                member.name, member.role, member.votes, str(member.attendance), stands_for,
                replaced.get(member.id, ""),
            )  # fmt: skip


def _decisions(room: Room, table: Sequence[OnTable], going: Mapping[int, date]) -> Iterator[MinutesDecision]:
    who = {member.person_id: member.name for member in room.members}
    for case in table:
        outcome, amounts = _outcome(case)
        if outcome is None:
            continue
        draft = case.saved.draft if case.saved and case.stage == Stage.COMMITTEE else None
        leaving = room.leaving(case.case_id)
        yield MinutesDecision(
            case.position, case.reference, case.title, case.organisation, case.call, outcome,
            case.requested_cents, tuple(_amounts(case, amounts)),
            draft.reason if draft else "", draft.conditions if draft else "", draft.votes if draft else None,
            tuple(sorted(who[person] for person in leaving if person in who)),
            room.voting(case.case_id, case.decides).voters, going.get(case.case_id),
        )  # fmt: skip


def _outcome(case: OnTable) -> tuple[Outcome | None, Mapping[str, int]]:
    """What was said of a case, here or by a move made by hand before the closing."""
    if case.stage == Stage.COMMITTEE:
        return (case.saved.draft.outcome, dict(case.saved.draft.amounts)) if case.saved else (None, {})
    return _BY_HAND.get(Stage(case.stage)), dict(case.granted)


def _amounts(case: OnTable, given: Mapping[str, int]) -> Iterator[MinutesAmount]:
    for ask in case.asks:
        if ask.requested_cents or given.get(ask.funder):
            yield MinutesAmount(ask.funder, ask.name, ask.requested_cents, given.get(ask.funder, 0))


def _envelopes(before: Sequence[Balance], after: Sequence[Balance]) -> Iterator[MinutesEnvelope]:
    left = {one.envelope_id: one.left_cents for one in after}
    for one in before:
        yield MinutesEnvelope(
            one.funder, one.name, one.call, one.year, one.total_cents, one.left_cents,
            left.get(one.envelope_id, one.left_cents),
        )  # fmt: skip
