"""What becomes of a sitting: moved to another day or place, cancelled, a member excused."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time

from parvis.models.queries import agendas, members
from parvis.models.queries.agendas import SittingRow
from parvis.models.session import Session
from parvis.services.advance import Request, advance_many, refusals
from parvis.services.agendas import sitting_to_change
from parvis.services.committee_journal import record_event
from parvis.services.summons import Summoned, summon
from parvis.services.unlisted import tell_unlisted
from parvis.states.agendas import next_of_kind
from parvis.states.calendar import paris_day
from parvis.states.details import Plain
from parvis.states.facts import By, Given
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SittingAction
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

CANCELLED = Sentence(
    "La séance du {held_on} est annulée : {reason}", "The session of {held_on} is cancelled: {reason}"
)
PASSED = Sentence("Le {day} est passé : choisir un jour à venir.", "{day} has passed: choose a day to come.")
TAKEN = Sentence(
    "Ce comité siège déjà le {day} : choisir un autre jour.",
    "This committee sits already on {day}: choose another day.",
)
NOT_A_MEMBER = Sentence(
    "Cette personne ne siège pas à cette séance.", "This person does not sit in this session."
)


def cancel(session: Session, sitting_id: int, *, reason: str, by: By, at: datetime) -> int:
    """Cancel a sitting: its cases go to the next one that takes them, its members are told. How many cases moved.

    A case for which no sitting is planned is instructed again, and goes on an agenda as soon as there is one.

    Raises:
        MoveRefusedError: no reason, or the session was held.
    """
    sitting = sitting_to_change(session, sitting_id, SittingAction.CANCEL, by=by, at=at, reason=reason)
    agendas.set_cancelled(session, sitting_id, at=at)
    why = CANCELLED.fill(held_on=sitting.held_on, reason=reason).fr
    waiting = agendas.on_agenda(session, sitting_id)
    placed = next_of_kind(
        (replace(one, left=one.left - {sitting_id}) for one in waiting),
        agendas.seats(session, sitting.contract_id, max(sitting.held_on, paris_day(at))),
        sitting.kind,
    )
    target = {one.case_id: one.sitting_id for one in placed}
    going: dict[int | None, list[int]] = defaultdict(list)
    for one in waiting:
        going[target.get(one.case_id)].append(one.case_id)
    for sitting_to, cases in going.items():
        action = Action.UNSCHEDULE if sitting_to is None else Action.CARRY
        requests = [Request(case_id, Given(committee_id=sitting_to, reason=why)) for case_id in cases]
        refused = refusals(advance_many(session, requests, action, by=by, at=at))
        if refused:
            raise MoveRefusedError(SittingAction.CANCEL, refused[0].reasons)
    moved: list[Plain] = [[one.case_id, target.get(one.case_id)] for one in waiting]
    record_event(
        session, sitting_id, SittingEvent.CANCELLED, {"reason": reason, "cases": moved}, by=by, at=at
    )
    summon(session, sitting_id, at=at, reason=reason)
    tell_unlisted(session, sitting.contract_id, at=at)
    return len(waiting)


def move(
    session: Session, sitting_id: int, *, by: By, at: datetime,
    held_on: date | None = None, starts_at: time | None = None, room: str | None = None, video_url: str | None = None,
) -> Summoned:  # fmt: skip
    """Change when or where a sitting takes place, each unless None; members already summoned are told at once.

    Raises:
        MoveRefusedError: the session was held or cancelled, the day has passed, or the committee sits then already.
    """
    row = sitting_to_change(session, sitting_id, SittingAction.MOVE, by=by, at=at)
    before = members.hold_to_summon(session, sitting_id)
    day = held_on or before.held_on
    _check_day(session, row, day, at)
    after = replace(
        before, held_on=day, starts_at=starts_at or before.starts_at,
        room=before.room if room is None else room,
        video_url=before.video_url if video_url is None else video_url,
    )  # fmt: skip
    if after.said == before.said:
        return Summoned()
    members.move_sitting(
        session, sitting_id, held_on=after.held_on, starts_at=after.starts_at, room=after.room,
        video_url=after.video_url,
    )  # fmt: skip
    details = {"before": before.said, "after": after.said}
    record_event(session, sitting_id, SittingEvent.MOVED, details, by=by, at=at)
    return summon(session, sitting_id, at=at)


def excuse(session: Session, sitting_id: int, person_id: int, *, by: By, at: datetime) -> Summoned:
    """Record that a member will not come: whoever stands in is summoned at once, if summons have left.

    Raises:
        MoveRefusedError: the person does not sit there, or the session was held or cancelled.
    """
    sitting_to_change(session, sitting_id, SittingAction.ATTEND, by=by, at=at)
    for seat in members.seats(session, sitting_id):
        if seat.person_id == person_id:
            members.set_attendance(session, seat.id, "excused")
            details: dict[str, Plain] = {"person": person_id, "attendance": "excused"}
            record_event(session, sitting_id, SittingEvent.ATTENDANCE, details, by=by, at=at)
            return summon(session, sitting_id, at=at)
    raise MoveRefusedError(SittingAction.ATTEND, (Reason("not_a_member", NOT_A_MEMBER),))


def _check_day(session: Session, sitting: SittingRow, day: date, at: datetime) -> None:
    if day != sitting.held_on and day <= paris_day(at):
        raise MoveRefusedError(SittingAction.MOVE, (Reason("day_passed", PASSED.fill(day=day)),))
    if agendas.sits_on(session, sitting, day):
        raise MoveRefusedError(SittingAction.MOVE, (Reason("day_taken", TAKEN.fill(day=day)),))
