"""What a draft meets at the door of its call: the wave that takes it, what it misses, the officer to see first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from parvis.models.queries import arrivals as queries
from parvis.models.queries.arrivals import AtTheDoor, Officer
from parvis.models.queries.contracts import contract_by_id
from parvis.models.session import Session
from parvis.states.arrivals import Arrival, Kind, arrive
from parvis.states.calendar import paris_day
from parvis.states.contract import Call, Contract
from parvis.states.stages import Nature

MOST_OFFICERS = 3
"""How many officers are named to whoever has to meet one."""


def arrivals(session: Session, case_ids: Sequence[int], *, at: datetime) -> dict[int, Arrival]:
    """How each of these cases that is a draft would fall in its call, were it submitted now."""
    doors = queries.at_the_door(session, case_ids)
    contracts = {each: contract_by_id(session, each) for each in {door.contract_id for door in doors}}
    return {door.case_id: _arrival(session, door, contracts[door.contract_id], at) for door in doors}


def officers_for(session: Session, case_ids: Sequence[int]) -> Mapping[int, int]:
    """By draft, the officer it is given to when its applicant asks for one: who has it, else the least loaded."""
    chosen = {}
    for door in queries.at_the_door(session, case_ids):
        able = _able(session, door)
        if door.instructor_id is not None:
            chosen[door.case_id] = door.instructor_id
        elif able:
            chosen[door.case_id] = min(able, key=lambda each: (each.load, each.id)).id
    return chosen


def _arrival(session: Session, door: AtTheDoor, contract: Contract, at: datetime) -> Arrival:
    call = queries.whole_call(session, door.call_id, door.digest)
    nature = Nature(door.nature)
    school = door.school or contract.is_school(door.siret)
    begun_on = paris_day(door.entered_at) if door.typed else None
    day = door.deposited_on or paris_day(at)
    fallen = arrive(call, day, Kind(nature, school, begun_on))
    if not fallen.open and (found := queries.next_opening(session, door.call_id, nature, day)):
        fallen = replace(fallen, next_title=found[0], next_opens_on=found[1])
    return (
        replace(fallen, contact_first=True, officers=_named(session, door))
        if _met_first(door, call)
        else fallen
    )


def _met_first(door: AtTheDoor, call: Call) -> bool:
    """Whether an officer has to be met: a new action typed here. What comes by a file was spoken of before."""
    return door.typed and door.nature == Nature.NEW and call.eligibility.contact_officer_first


def _named(session: Session, door: AtTheDoor) -> tuple[str, ...]:
    able = _able(session, door)
    mine = [each for each in able if each.id == door.instructor_id]
    return tuple(f"{each.name} ({each.email})" for each in (mine or able)[:MOST_OFFICERS])


def _able(session: Session, door: AtTheDoor) -> list[Officer]:
    """The officers in charge of the neighbourhoods a draft names, or of all; the one who has it whatever they cover."""
    contract = contract_by_id(session, door.contract_id)
    areas = {person.email: frozenset(person.neighbourhoods) for person in contract.people}
    everyone = queries.officers(session, door.contract_id)
    named = frozenset(door.qpvs)

    def covers(each: Officer) -> bool:
        area = areas.get(each.email, frozenset())
        return each.id == door.instructor_id or not area or not named or bool(area & named)

    return [each for each in everyone if covers(each)] or everyone
