"""What committees and their secretary do: members declare, sit, decide within the envelopes; the session is closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from parvis.models.queries.committees import Sitting, sittings
from parvis.models.queries.rehearsal import look
from parvis.models.queries.session_cases import OnTable, advice, on_table
from parvis.models.session import Session, savepoint
from parvis.services import interests
from parvis.services.rehearsal.agenda import Step, Subject, office_hour
from parvis.services.rehearsal.granting import Purses, amounts_for, enough, purses_of
from parvis.services.rehearsal.world import World
from parvis.services.sessions import closing, decisions, room
from parvis.services.sessions.closing import ClosingBlockedError
from parvis.services.sessions.room import Room
from parvis.states.calendar import clear_days_before, local_instant, paris_day
from parvis.states.contract import Committee, Contract
from parvis.states.facts import By
from parvis.states.outcomes import NEEDS_QUORUM, Draft, Outcome, Votes
from parvis.states.quorum import Attendance, Member
from parvis.states.stages import CommitteeKind, Role, Stage

MORNING = time(7, 0)
WEEK = timedelta(days=7)
SOON = timedelta(minutes=15)
AHEAD = timedelta(days=90)
"""How long before its day a sitting is prepared, at most: those of the weeks after the end are prepared too."""

NO_QUORUM = "Le quorum n’était pas atteint ; le dossier sera présenté à une séance suivante."
TO_BE_PRECISE = "Le comité demande des précisions sur le budget et les partenaires."
NO_TIME = "Le temps a manqué pour examiner ce dossier."
TOO_LOW = "L’action répond trop peu aux critères de l’appel."
NO_MONEY = "Les crédits disponibles ne permettent pas de soutenir l’action."
CONDITIONS = (
    "Mentionner le soutien des financeurs ; rendre compte du nombre d’habitants des quartiers touchés."
)
SITS_THERE = "Siège au conseil d’administration de l’association."


def plan_sittings(world: World, session: Session, last: date) -> None:
    """Plan, until the day `last`, the secretariat's mornings, the members' declarations, and every session.

    The jobs of the secretariat run on the days agendas close and summons leave, and every week.
    """
    monday = paris_day(world.now) - timedelta(days=paris_day(world.now).weekday())
    while (monday := monday + WEEK) <= last:
        world.agenda.plan(local_instant(monday, MORNING), Step.PREPARE, 0)
    for sitting in sittings(session, contract_id=world.contract_id, since=paris_day(world.now)):
        if sitting.held_on > last + AHEAD or sitting.held_at is not None:
            continue
        committee = committee_of(world.contract, sitting)
        closes = clear_days_before(sitting.held_on, committee.lead_days)
        summoned = clear_days_before(sitting.held_on, committee.summons_days)
        for morning in (closes, summoned):
            world.agenda.plan(max(world.now, local_instant(morning, MORNING)), Step.PREPARE, 0)
        world.agenda.plan(max(world.now, local_instant(closes, MORNING) + SOON), Step.PACKET, sitting.id)
        declared = max(local_instant(summoned, MORNING), world.now)
        world.agenda.plan(office_hour(world.chance("members"), declared, 1), Step.DECLARE, sitting.id)
        hour = time(world.habits.committees.hour, 0)
        world.agenda.plan(local_instant(sitting.held_on, hour), Step.HOLD, sitting.id)


def committee_of(contract: Contract, sitting: Sitting) -> Committee:
    """The committee a sitting is one of."""
    return next(committee for committee in contract.committees if committee.code == sitting.code)


def declare(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Members say which cases they have an interest in; a few say nothing."""
    habits, chance = world.habits.committees, world.chance("members")
    for sitting in _sittings(world, session, subjects):
        for member in room.enter(session, sitting.id, at=world.now).members:
            cases = interests.cases_to_weigh(session, sitting.id, member.person_id)
            if chance.random() >= habits.declares or not cases:
                continue
            found = {chance.choice(cases).case_id: SITS_THERE} if chance.random() < habits.interested else {}
            who = By(f"person:{member.person_id}", Role.MEMBER)
            interests.declare(session, sitting.id, member.person_id, found, by=who, at=world.now)


def hold_sessions(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Sit: members come or not, the committee speaks of each case; the session is closed in the next days."""
    habits, chance, secretary = (
        world.habits.committees,
        world.chance("secretary"),
        world.someone(Role.SECRETARY),
    )
    for sitting in _sittings(world, session, subjects):
        if not sitting.cases or secretary is None:
            continue
        good_day = chance.random() < habits.quorum
        room.open_session(session, sitting.id, by=secretary, at=world.now, quorate=good_day)
        members = room.enter(session, sitting.id, at=world.now).members
        came = _attendance(members, chance, habits.comes if good_day else habits.comes_badly)
        sat = room.attend(session, sitting.id, came, by=secretary, at=world.now)
        _speak(world, session, sat, secretary)
        world.agenda.plan(office_hour(chance, world.now, habits.record.draw(chance)), Step.DECIDE, sitting.id)


def _attendance(members: Sequence[Member], chance: Random, comes: float) -> dict[int, Attendance]:
    """Who came; a substitute comes for a titular who does not, and is not asked otherwise."""
    came: dict[int, Attendance] = {}
    away: set[int] = set()
    for member in members:
        if member.substitute_for is None:
            present = chance.random() < comes
            absent = Attendance.EXCUSED if chance.random() < 0.7 else Attendance.ABSENT
            came[member.person_id] = Attendance.PRESENT if present else absent
            away |= set() if present else {member.id}
    for member in members:
        if member.substitute_for in away and chance.random() < comes:
            came[member.person_id] = Attendance.PRESENT
    return came


@dataclass(slots=True)
class _Talk:
    """A session under way: who is in the room, what was advised, what envelopes still allow, by call."""

    world: World
    session: Session
    room: Room
    advised: dict[int, Draft]
    cases: tuple[int, ...]
    purses: dict[str, Purses] = field(default_factory=dict)

    def purse(self, case: OnTable) -> Purses:
        if case.call not in self.purses:
            self.purses[case.call] = purses_of(
                self.world, self.session, case.call, self.cases, held_on=self.room.row.held_on
            )
        return self.purses[case.call]


def _speak(world: World, session: Session, sat: Room, secretary: By) -> None:
    """Say something of each case, the best assessed first, and keep it."""
    table = [case for case in on_table(session, sat.row.id) if case.stage == Stage.COMMITTEE]
    scores = {case.id: case.score or 0 for case in look(session, [case.case_id for case in table])}
    advised = {case_id: draft for case_id, (_, draft) in advice(session, sat.row.id).items()}
    talk = _Talk(world, session, sat, advised, tuple(case.case_id for case in table))
    drafts = {
        case.case_id: _said(talk, case, scores[case.case_id])
        for case in sorted(table, key=lambda case: (-scores[case.case_id], case.case_id))
    }
    in_order = {case.case_id: drafts[case.case_id] for case in table}
    decisions.save_block(session, sat.row.id, in_order, by=secretary, at=world.now)


def _said(talk: _Talk, case: OnTable, score: int) -> Draft:
    habits, chance = talk.world.habits.committees, talk.world.chance("secretary")
    if not talk.room.quorate_for(case.case_id):
        return Draft(Outcome.DEFER, reason=NO_QUORUM)
    if chance.random() < habits.forgets:
        return Draft(Outcome.CARRY, reason=NO_TIME)
    if chance.random() < habits.defers:
        return Draft(Outcome.DEFER, reason=TO_BE_PRECISE)
    draft = _weighed(talk, case, score)
    return Draft(draft.outcome, draft.amounts, draft.reason, draft.conditions, _votes(talk, case, draft))


def _weighed(talk: _Talk, case: OnTable, score: int) -> Draft:
    """What the committee makes of a case: the technical one advises, the one that decides mostly follows."""
    habits, advised = talk.world.habits.committees, talk.advised.get(case.case_id)
    decides = talk.room.row.kind == case.decides
    yes, no = (Outcome.FUND, Outcome.REJECT) if decides else (Outcome.RECOMMEND, Outcome.NOT_RECOMMENDED)
    if decides and advised is not None and advised.outcome is Outcome.NOT_RECOMMENDED:
        return Draft(no, reason=advised.reason)
    if score < habits.lowest_score:
        return Draft(no, reason=TOO_LOW)
    purse = talk.purse(case)
    amounts = amounts_for(
        case.case_id, case.asks, dict(advised.amounts) if decides and advised else None, purse
    )
    if not enough(amounts, case.asks, habits.lowest_part):
        return Draft(no, reason=NO_MONEY)
    purse.spend(case.case_id, amounts)
    return Draft(yes, amounts, conditions=CONDITIONS)


def _votes(talk: _Talk, case: OnTable, draft: Draft) -> Votes | None:
    """A steering committee votes; hardly anybody is against."""
    voters = talk.room.voting(case.case_id, case.decides).voters
    if not voters or talk.room.row.kind != CommitteeKind.STEERING or draft.outcome not in NEEDS_QUORUM:
        return None
    chance = talk.world.chance("secretary")
    against = sum(chance.random() < 0.04 for _ in range((voters - 1) // 2))
    return Votes(voters - against, against)


def close_sessions(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Close the sessions; what cannot be done after all is put off."""
    secretary = world.someone(Role.SECRETARY)
    for sitting in _sittings(world, session, subjects):
        if secretary is not None:
            _close(world, session, sitting.id, secretary)
            world.agenda.plan(world.now + SOON, Step.PREPARE, 0)


def _close(world: World, session: Session, sitting_id: int, secretary: By) -> None:
    try:
        with savepoint(session):
            closing.close(session, sitting_id, by=secretary, at=world.now)
    except ClosingBlockedError as blocked:
        put_off = {one.case_id: Draft(Outcome.DEFER, reason=NO_TIME) for one in blocked.blocked}
        decisions.save_block(session, sitting_id, put_off, by=secretary, at=world.now)
        closing.close(session, sitting_id, by=secretary, at=world.now)


def _sittings(world: World, session: Session, subjects: Sequence[Subject]) -> list[Sitting]:
    wanted = {sitting_id for sitting_id, _ in subjects}
    return [one for one in sittings(session, contract_id=world.contract_id) if one.id in wanted]
