"""Closing a session: every decision becomes a move and the minutes are written, in one transaction, or nothing is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import movements, session_room
from parvis.models.queries.agendas import cases as waiting_cases
from parvis.models.queries.agendas import seats
from parvis.models.queries.balances import balances
from parvis.models.queries.session_cases import OnTable, on_table
from parvis.models.session import Session
from parvis.services.advance import Refused, Request, advance_many
from parvis.services.committee_journal import record_event
from parvis.services.sessions.decisions import wrong
from parvis.services.sessions.minutes import keep_minutes
from parvis.services.sessions.room import AlreadyClosedError, Room, enter
from parvis.states.agendas import Placed, Seats, next_of_kind
from parvis.states.calendar import paris_day
from parvis.states.facts import By, Given
from parvis.states.ledger import Account, Kind
from parvis.states.outcomes import ACTIONS, NEEDS_QUORUM, Draft, Outcome
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SittingAction, SittingStage
from parvis.states.stages import Action, CommitteeKind, Opinion, Stage
from parvis.states.table import Reason
from parvis.states.words import Sentence

NOT_DECIDED = Reason(
    "not_decided",
    Sentence(
        "Le comité n’en a rien dit : décider, ajourner ou reporter à la séance suivante.",
        "The committee said nothing of it: decide, defer, or carry it to the next session.",
    ),
)
NO_QUORUM = Sentence(
    "Quorum non atteint pour ce dossier : {present} voix dans la salle, déports déduits, pour {needed} nécessaires. "
    "L’ajourner ou le reporter à la séance suivante.",
    "No quorum for this case: {present} votes in the room, recusals left out, where {needed} are needed. Defer it or "
    "carry it to the next session.",
)
NO_QUORUM_SAID = Sentence(
    "Le quorum n’est pas atteint : ajourner le dossier ou le reporter à la séance suivante.",
    "There is no quorum: defer the case or carry it to the next session.",
)
NO_LATER = Reason(
    "no_later_session",
    Sentence(
        "Aucune séance suivante ne peut le prendre : en prévoir une, ou ajourner le dossier.",
        "No later session can take it: plan one, or defer the case.",
    ),
)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A case that keeps a session from closing, and why."""

    case_id: int
    reference: str
    title: str
    reasons: tuple[Reason, ...]


class ClosingBlockedError(Exception):
    """These cases keep the session from closing. Whoever asked drops their transaction: nothing may be kept of it."""

    def __init__(self, blocked: Sequence[Blocked]) -> None:
        super().__init__(", ".join(one.reference for one in blocked))
        self.blocked = tuple(blocked)


@dataclass(frozen=True, slots=True)
class Closed:
    """A session just closed: how many cases have each outcome, and the version of its minutes."""

    committee_id: int
    outcomes: Mapping[Outcome, int]
    minutes: int


def close(session: Session, committee_id: int, *, by: By, at: datetime) -> Closed:
    """Close a session: make the move of every case on its agenda, and write its minutes. All of it, or nothing.

    Raises:
        AlreadyClosedError: it was closed; by whom and when is said.
        MoveRefusedError: it is not open, or attendance is not recorded.
        ClosingBlockedError: some cases cannot be moved; all of them are named. Drop the transaction.
    """
    room = enter(session, committee_id, at=at, hold=True)
    if room.stage is SittingStage.CLOSED and room.row.closed_at is not None:
        who = session_room.journal_actor(session, committee_id, SittingEvent.CLOSED)
        raise AlreadyClosedError(room.row.closed_at, who)
    room.allow(SittingAction.CLOSE, by)
    table = on_table(session, committee_id)
    waiting = [case for case in table if case.stage == Stage.COMMITTEE]
    if blocked := list(_blocked(room, waiting)):
        raise ClosingBlockedError(blocked)
    before = balances(session, committee_id)
    session_room.write_quorum(session, committee_id, quorate=room.quorate)
    going = _make_moves(session, room, waiting, by=by)
    session_room.write_closed(session, committee_id, at=at)
    number, digest = keep_minutes(session, room, table, before, going, by=by)
    said = _count(waiting)
    record_event(
        session, committee_id, SittingEvent.CLOSED,
        {"outcomes": {str(outcome): count for outcome, count in said.items()}, "quorate": room.quorate,
         "minutes": number, "sha256": digest},
        by=by, at=at,
    )  # fmt: skip
    return Closed(committee_id, said, number)


def what_blocks(room: Room, table: Sequence[OnTable]) -> list[Blocked]:
    """The cases that would keep the session from closing now, as far as can be told without making the moves."""
    return list(_blocked(room, [case for case in table if case.stage == Stage.COMMITTEE]))


def _blocked(room: Room, waiting: Sequence[OnTable]) -> Iterator[Blocked]:
    for case in waiting:
        if reasons := tuple(_reasons(room, case)):
            yield Blocked(case.case_id, case.reference, case.title, reasons)


def _reasons(room: Room, case: OnTable) -> Iterator[Reason]:
    if case.saved is None:
        yield NOT_DECIDED
        return
    draft = case.saved.draft
    if draft.outcome in NEEDS_QUORUM and not room.quorate_for(case.case_id):
        quorum = room.quorum_of(case.case_id)
        said = (
            NO_QUORUM.fill(present=quorum.present, needed=quorum.needed) if quorum.seats else NO_QUORUM_SAID
        )
        yield Reason("quorate", said)
    yield from wrong(room, case, draft)


def _make_moves(session: Session, room: Room, waiting: Sequence[OnTable], *, by: By) -> dict[int, date]:
    """Move every case; the day of the session each carried or recommended case goes to, by case."""
    groups: dict[Outcome, list[OnTable]] = defaultdict(list)
    for case in waiting:
        if case.saved is not None:
            groups[case.saved.draft.outcome].append(case)
    goes = _destinations(session, room, groups)
    blocked: list[Blocked] = []
    _free_changed(session, waiting, by=by, at=room.at)
    for outcome, cases in groups.items():
        for _, together in sorted(_by_destination(outcome, cases, goes).items()):
            requests = [Request(case.case_id, _given(case, goes)) for case in together]
            results = advance_many(session, requests, ACTIONS[outcome], by=by, at=room.at)
            blocked += [
                Blocked(case.case_id, case.reference, case.title, result.reasons)
                for case, result in zip(together, results, strict=True)
                if isinstance(result, Refused)
            ]
    if blocked:
        order = [case.case_id for case in waiting]
        raise ClosingBlockedError(sorted(blocked, key=lambda one: order.index(one.case_id)))
    _tell_other_sittings(session, room, groups, goes, by=by)
    return {case_id: sitting.held_on for case_id, sitting in goes.items()}


def _free_changed(session: Session, cases: Sequence[OnTable], *, by: By, at: datetime) -> None:
    """Release what was reserved and is not what the committee says now, so that its other cases may be given it."""
    kept = movements.reserved(session, [case.case_id for case in cases])
    for case in cases:
        if case.saved is None or case.saved.draft.outcome is Outcome.CARRY:
            continue
        said = case.saved.draft
        given = dict(said.amounts)
        if any(given.get(code) != cents for code, cents in kept.get(case.case_id, {}).items()):
            key = f"release/{case.case_id}/{case.version}/session"
            release = movements.NewMovement(Kind.RELEASE, key, at, by.actor, said.reason, case.case_id)
            movements.give_back(session, case.case_id, release, accounts=(Account.RESERVED,))


def _destinations(
    session: Session, room: Room, groups: Mapping[Outcome, Sequence[OnTable]]
) -> dict[int, Seats]:
    """Where cases go: carried ones to a later session like this one, recommended ones to who decides, if any sits."""
    carried = groups.get(Outcome.CARRY, ())
    advised = [*groups.get(Outcome.RECOMMEND, ()), *groups.get(Outcome.NOT_RECOMMENDED, ())]
    if not carried and not advised:
        return {}
    ahead = [one for one in seats(session, room.row.contract_id, paris_day(room.at)) if _later(one, room)]
    same = [one for one in ahead if one.code == room.row.code]
    placed = _placed(session, carried, same, room.row.kind)
    left = [case for case in carried if case.case_id not in placed]
    placed |= _placed(session, left, ahead, room.row.kind)
    placed |= _placed(session, advised, ahead, CommitteeKind.STEERING)
    if lost := [case for case in carried if case.case_id not in placed]:
        raise ClosingBlockedError(
            [Blocked(case.case_id, case.reference, case.title, (NO_LATER,)) for case in lost]
        )
    by_id = {one.id: one for one in ahead}
    return {case_id: by_id[one.sitting_id] for case_id, one in placed.items()}


def _later(sitting: Seats, room: Room) -> bool:
    return sitting.id != room.row.id and sitting.held_on >= room.row.held_on


def _placed(
    session: Session, cases: Sequence[OnTable], ahead: Sequence[Seats], kind: str
) -> dict[int, Placed]:
    waiting = waiting_cases(session, [case.case_id for case in cases]) if cases else []
    return {one.case_id: one for one in next_of_kind(waiting, ahead, kind)}


def _by_destination(
    outcome: Outcome, cases: Sequence[OnTable], goes: Mapping[int, Seats]
) -> dict[int, list[OnTable]]:
    """Cases moved at once: a carrying names one sitting for all of them."""
    groups: dict[int, list[OnTable]] = defaultdict(list)
    for case in cases:
        groups[goes[case.case_id].id if outcome is Outcome.CARRY else 0].append(case)
    return groups


def _given(case: OnTable, goes: Mapping[int, Seats]) -> Given:
    draft = case.saved.draft if case.saved else Draft(Outcome.DEFER)
    there = goes.get(case.case_id)
    match ACTIONS[draft.outcome]:
        case Action.CARRY:
            return Given(reason=draft.reason, committee_id=there.id if there else None)
        case Action.RECOMMEND:
            opinion = Opinion.FAVOURABLE if draft.outcome is Outcome.RECOMMEND else Opinion.UNFAVOURABLE
            return Given(
                reason=draft.reason, conditions=draft.conditions, amounts=draft.amounts, opinion=opinion,
                next_committee_id=there.id if there else None, next_held_on=there.held_on if there else None,
            )  # fmt: skip
        case _:
            return Given(
                reason=draft.reason, conditions=draft.conditions, amounts=draft.amounts, part_amounts=draft.parts
            )  # fmt: skip


def _tell_other_sittings(
    session: Session, room: Room, groups: Mapping[Outcome, Sequence[OnTable]], goes: Mapping[int, Seats], *, by: By
) -> None:  # fmt: skip
    """Write in the journals of the sittings that take cases over, and in this one's for those carried."""
    for case in groups.get(Outcome.CARRY, ()):
        reason = case.saved.draft.reason if case.saved else ""
        record_event(
            session, room.row.id, SittingEvent.CASE_CARRIED,
            {"case": case.case_id, "to": goes[case.case_id].id, "reason": reason}, by=by, at=room.at,
        )  # fmt: skip
    arriving: dict[int, list[int]] = defaultdict(list)
    for case_id, sitting in goes.items():
        arriving[sitting.id].append(case_id)
    for sitting_id, cases in sorted(arriving.items()):
        record_event(
            session, sitting_id, SittingEvent.AGENDA_FILLED, {"cases": [*sorted(cases)], "from": room.row.id},
            by=by, at=room.at,
        )  # fmt: skip


def _count(waiting: Sequence[OnTable]) -> dict[Outcome, int]:
    said = [case.saved.draft.outcome for case in waiting if case.saved]
    return {outcome: said.count(outcome) for outcome in Outcome if outcome in said}
