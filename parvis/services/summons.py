"""Summons: a member is written to once for what holds, again when it changes, and when it no longer does."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from parvis.documents.calendar_invite import Attendee, Invitation, Method, Party, invitation_text, sitting_uid
from parvis.models.queries import members as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.members import SeatLine, ToSummon
from parvis.models.queries.notices import occurrence_known, owe_to_person
from parvis.models.session import Database, Session
from parvis.services import links
from parvis.services.committee_journal import record_event
from parvis.states.access import Purpose
from parvis.states.calendar import clear_days_before, local_instant, paris_day
from parvis.states.contract import Contract, SeatRole
from parvis.states.enclosures import invitation
from parvis.states.facts import By
from parvis.states.sitting_events import SittingEvent
from parvis.states.stages import Role

CLOCK = By("clock", Role.CLOCK)
MORNING = time(8)
"""Nobody is summoned in the night: letters of the day are owed from this hour, Paris time."""
REMINDED_DAYS = 3
"""Days before the packet leaves when those who declared nothing are reminded."""

LET_GO = "let go"
AWAY = ("excused", "absent")
_PARTIES = {SeatRole.CHAIR: Party.CHAIR, SeatRole.EXPERT: Party.OPTIONAL}


@dataclass(frozen=True, slots=True)
class Summoned:
    """Letters owed: first summons, changes of them, members let go of, reminders to declare interests."""

    summoned: int = 0
    changed: int = 0
    cancelled: int = 0
    reminded: int = 0

    def __add__(self, other: "Summoned") -> "Summoned":
        return Summoned(
            self.summoned + other.summoned, self.changed + other.changed, self.cancelled + other.cancelled,
            self.reminded + other.reminded,
        )  # fmt: skip


def summon_all(database: Database, *, at: datetime) -> Summoned:
    """Owe every letter whose time has come to the members of the sittings to come; a transaction a sitting."""
    with database.transaction() as session:
        sittings = queries.to_summon(session, paris_day(at))
    done = Summoned()
    for sitting_id in sittings:
        with database.transaction() as session:
            done += summon(session, sitting_id, at=at)
    return done


def summon(session: Session, sitting_id: int, *, at: datetime, reason: str = "") -> Summoned:
    """Owe the letters of one sitting that are due and not owed yet; the same again owes nothing.

    `reason` is why it was cancelled, when it was.
    """
    sitting = queries.hold_to_summon(session, sitting_id)
    contract = contract_by_id(session, sitting.contract_id)
    done = _let_former_go(session, sitting, contract, at=at)
    seats = queries.seats(session, sitting_id)
    for seat in seats:
        if sitting.cancelled_at is not None:
            done += _let_go(session, sitting, contract, seat, reason=reason, at=at)
        else:
            done += _summon(session, sitting, contract, seat, seats, at=at)
            done += _remind(session, sitting, seat, at=at)
    if done.summoned or done.changed or done.cancelled:
        details = {"summoned": done.summoned, "changed": done.changed, "cancelled": done.cancelled}
        record_event(session, sitting_id, SittingEvent.SUMMONED, details, by=CLOCK, at=at)
    return done


def summons_due(sitting: ToSummon) -> datetime:
    """The instant from which members are summoned: the last day that leaves the clear days, in the morning."""
    return local_instant(clear_days_before(sitting.held_on, sitting.summons_days), MORNING)


def _summon(
    session: Session, sitting: ToSummon, contract: Contract, seat: SeatLine, seats: list[SeatLine], *, at: datetime
) -> Summoned:  # fmt: skip
    if seat.invited_as == sitting.said or (at < summons_due(sitting) and seat.invited_at is None):
        return Summoned()
    stands_in = seat.role == SeatRole.SUBSTITUTE
    if stands_in and seat.titular_attendance not in AWAY:
        return Summoned()
    changed = bool(seat.invited_as) and seat.invited_as != LET_GO
    sequence = seat.invitation_sequence + 1 if seat.invited_at else 0
    substitute = next((other.person for other in seats if other.substitute_for == seat.id), "")
    data = {
        **_where(sitting), "seat": seat.role, "room": sitting.room, "video_url": sitting.video_url,
        "cases": sitting.cases, "changed": changed, "titular": seat.titular if stands_in else "",
        "substitute": substitute,
        "deadline": clear_days_before(sitting.held_on, sitting.lead_days).isoformat(),
    }  # fmt: skip
    text = _calendar(sitting, contract, seat, sequence, Method.REQUEST, at=at)
    data["path"] = _declaring(session, sitting, seat, at=at)
    owed = owe_to_person(
        session, seat.person_id, template="summons", occurrence=f"{sitting.id}/{sequence}", data=data, at=at,
        enclosures=(invitation(text),),
    )  # fmt: skip
    queries.record_summons(session, seat.id, said=sitting.said, sequence=sequence, at=at)
    return Summoned(summoned=int(owed and not changed), changed=int(owed and changed))


def _let_go(
    session: Session, sitting: ToSummon, contract: Contract, seat: SeatLine, *, reason: str, at: datetime
) -> Summoned:
    if seat.invited_at is None or seat.invited_as == LET_GO:
        return Summoned()
    sequence = seat.invitation_sequence + 1
    text = _calendar(sitting, contract, seat, sequence, Method.CANCEL, at=at)
    owed = owe_to_person(
        session, seat.person_id, template="summons_cancelled", occurrence=f"{sitting.id}/{sequence}",
        data={**_where(sitting), "reason": reason}, at=at, enclosures=(invitation(text, "annulation.ics"),),
    )  # fmt: skip
    queries.record_summons(session, seat.id, said=LET_GO, sequence=sequence, at=at)
    return Summoned(cancelled=int(owed))


def _let_former_go(session: Session, sitting: ToSummon, contract: Contract, *, at: datetime) -> Summoned:
    """Those summoned whom the contract no longer seats are told so, and leave."""
    committee = next((one for one in contract.committees if one.code == sitting.code), None)
    if committee is None or sitting.cancelled_at is not None:
        return Summoned()
    seated = {seat.person.lower() for seat in committee.members}
    done = Summoned()
    for seat in queries.seats(session, sitting.id):
        if seat.email.lower() not in seated:
            done += _let_go(session, sitting, contract, seat, reason="", at=at)
            queries.unseat(session, seat.id)
    return done


def _remind(session: Session, sitting: ToSummon, seat: SeatLine, *, at: datetime) -> Summoned:
    """Ask who declared nothing, before the packet leaves; who declared, once more when the agenda grew since."""
    packet_on = clear_days_before(sitting.held_on, sitting.lead_days)
    due = local_instant(packet_on - timedelta(days=REMINDED_DAYS), MORNING)
    again = seat.declared_at is not None
    until = local_instant(sitting.held_on, sitting.starts_at) if again else local_instant(packet_on, MORNING)
    summoned_before = seat.invited_at is not None and seat.invited_at < due
    if not (due <= at < until) or not seat.undeclared or not summoned_before or seat.attendance in AWAY:
        return Summoned()
    data = {**_where(sitting), "cases": len(seat.undeclared), "deadline": packet_on.isoformat(), "new": again}
    occurrence = f"{sitting.id}/{sitting.held_on}"
    if seat.declared_at is not None:
        occurrence = f"{occurrence}/{seat.declared_at.isoformat()}"
    if occurrence_known(session, seat.person_id, "interests_reminder", occurrence):
        return Summoned()
    data["path"] = _declaring(session, sitting, seat, at=at)
    owed = owe_to_person(
        session, seat.person_id, template="interests_reminder", occurrence=occurrence, data=data, at=at
    )
    return Summoned(reminded=int(owed))


def _declaring(session: Session, sitting: ToSummon, seat: SeatLine, *, at: datetime) -> str:
    """A link of this member’s own to say what ties them to the cases, until the session begins."""
    begins = local_instant(sitting.held_on, sitting.starts_at)
    guest = links.Guest(person_id=seat.person_id)
    return links.offer(session, guest, Purpose.DECLARE, sitting.id, expires_at=begins, at=at)


def _where(sitting: ToSummon) -> dict[str, object]:
    return {
        "committee": {"name": sitting.name, "held_on": sitting.held_on.isoformat()},
        "starts_at": local_instant(sitting.held_on, sitting.starts_at).isoformat(),
    }


def _calendar(
    sitting: ToSummon, contract: Contract, seat: SeatLine, sequence: int, method: Method, *, at: datetime
) -> str:
    starts_at = local_instant(sitting.held_on, sitting.starts_at)
    sender = contract.sender
    return invitation_text(
        Invitation(
            uid=sitting_uid(sitting.id, sender.email.rpartition("@")[2]), sequence=sequence, stamped_at=at,
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=sitting.duration_minutes),
            summary=sitting.name, description=contract.name, location=sitting.room, video_url=sitting.video_url,
            organiser_name=sender.name, organiser_email=sender.reply_to or sender.email,
            attendees=(Attendee(seat.person, seat.email, _PARTIES.get(SeatRole(seat.role), Party.REQUIRED)),),
        ),
        method,
    )  # fmt: skip
