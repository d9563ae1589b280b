"""Filling agendas: every case that waits goes to the next sitting with room for it, by itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import agendas as queries
from parvis.models.session import Database, Session
from parvis.services.advance import Advanced, Request, advance_many
from parvis.services.agendas import CLOCK, close_due
from parvis.services.committee_journal import record_event
from parvis.states.agendas import Placed, next_of_kind, place
from parvis.states.calendar import paris_day
from parvis.states.facts import Given
from parvis.states.sitting_events import SittingEvent
from parvis.states.stages import Action
from parvis.states.words import Sentence

ROUNDS = 5

RECOMMENDED = Sentence(
    "Le comité technique a donné son avis ; la séance du {held_on} est la première qui puisse décider.",
    "The technical committee gave its advice; the session of {held_on} is the first that can decide.",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a run over the agendas did: agendas closed, cases put on one, those put on a later one than theirs."""

    closed: int = 0
    added: int = 0
    later: int = 0

    def __add__(self, other: "Filled") -> "Filled":
        return Filled(self.closed + other.closed, self.added + other.added, self.later + other.later)


def fill(database: Database, *, at: datetime) -> Filled:
    """Close the agendas whose time has come, then put every instructed case on the next agenda with room for it.

    Cases recommended while no deciding sitting was planned come first. A transaction per sitting; two runs at once put
    no case twice and no sitting over its capacity.
    """
    total = Filled(closed=close_due(database, at=at))
    with database.transaction() as session:
        contracts = queries.contract_ids(session)
    for contract_id in contracts:
        total += _take_recommended(database, contract_id, at)
        for _ in range(ROUNDS):
            done = _round(database, contract_id, at)
            total += done
            if not done.added:
                break
    return total


def _round(database: Database, contract_id: int, at: datetime) -> Filled:
    with database.transaction() as session:
        sittings = queries.seats(session, contract_id, paris_day(at))
        placed = place(queries.waiting(session, contract_id), sittings)
        chosen: dict[int, list[Placed]] = defaultdict(list)
        for one in placed:
            chosen[one.sitting_id].append(one)
    return _seat_all(database, chosen, Action.SCHEDULE, at)


def _take_recommended(database: Database, contract_id: int, at: datetime) -> Filled:
    """Give the cases that wait for a deciding sitting the next one that covers them."""
    chosen: dict[int, list[Placed]] = defaultdict(list)
    with database.transaction() as session:
        waiting = queries.recommended(session, contract_id)
        days = {
            one.id: one for one in (queries.seats(session, contract_id, paris_day(at)) if waiting else ())
        }
        for kind in sorted({case.decides for case in waiting}):
            of_kind = [case for case in waiting if case.decides == kind]
            for one in next_of_kind(of_kind, list(days.values()), kind):
                planned = RECOMMENDED.fill(held_on=days[one.sitting_id].held_on)
                chosen[one.sitting_id].append(replace(one, reason=one.reason or planned))
    return _seat_all(database, chosen, Action.CARRY, at)


def _seat_all(
    database: Database, chosen: Mapping[int, Sequence[Placed]], action: Action, at: datetime
) -> Filled:
    done = Filled()
    for sitting_id, cases in chosen.items():
        with database.transaction() as session:
            done += _seat(session, sitting_id, cases, action, at=at)
    return done


def _seat(
    session: Session, sitting_id: int, placed: Sequence[Placed], action: Action, *, at: datetime
) -> Filled:
    sitting = queries.hold_sitting(session, sitting_id)
    room = len(placed) if sitting.capacity is None else max(0, sitting.capacity - sitting.taken)
    requests = [
        Request(one.case_id, Given(committee_id=sitting_id, reason=one.reason.fr if one.reason else ""))
        for one in placed[:room]
    ]
    if not requests or not sitting.agenda_open:
        return Filled()
    results = advance_many(session, requests, action, by=CLOCK, at=at)
    added = {result.case_id for result in results if isinstance(result, Advanced)}
    if not added:
        return Filled()
    later = [one for one in placed if one.case_id in added and one.instead_of is not None]
    record_event(
        session, sitting_id, SittingEvent.AGENDA_FILLED,
        {"cases": [*sorted(added)],
         "instead_of": [[one.case_id, one.instead_of, one.reason.fr if one.reason else ""] for one in later],
         **({"recommended": True} if action is Action.CARRY else {})},
        by=CLOCK, at=at,
    )  # fmt: skip
    return Filled(added=len(added), later=len(later))
