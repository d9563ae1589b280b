"""Planning anew: the open timers of cases and agreements made what their dates and rules say now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import timers
from parvis.models.queries.calls import call_rules
from parvis.models.queries.facts import Known, read_facts
from parvis.models.session import Session
from parvis.services.arrivals import arrivals
from parvis.states.consequences import CallRules
from parvis.states.deadlines import Timer, plan_all
from parvis.states.facts import NOTHING, Given
from parvis.states.stages import Stage


@dataclass(frozen=True, slots=True)
class Replanned:
    """What planning anew changed: timers cancelled, timers written."""

    cancelled: int
    written: int


def replan(session: Session, case_ids: Sequence[int], *, at: datetime) -> Replanned:
    """Make the open timers of these cases what their dates and rules say now.

    What was already sent for a date is not sent again for the same date; a new date starts its reminders anew.
    """
    if not case_ids:
        return Replanned(0, 0)
    known = read_facts(session, list(case_ids), NOTHING, at=at, lock=True)
    drafts = [case_id for case_id, each in known.items() if each.facts.stage == Stage.DRAFT]
    for case_id, arrival in arrivals(session, drafts, at=at).items() if drafts else ():
        facts = known[case_id].facts
        known[case_id] = replace(known[case_id], facts=replace(facts, given=Given(arrival=arrival)))
    plans = [(case_id, _wanted(known[case_id], _rules(session, known[case_id]))) for case_id in sorted(known)]
    return Replanned(*timers.replace_plan(session, plans, at=at))


def replan_call(session: Session, call_id: int, *, at: datetime) -> Replanned:
    """Plan anew every open case of a call, after its rules changed."""
    return replan(session, timers.open_cases_of_call(session, call_id), at=at)


def _wanted(known: Known, rules: CallRules) -> list[Timer]:
    return [] if rules.silent else plan_all(known.facts, rules.times)


def _rules(session: Session, known: Known) -> CallRules:
    return call_rules(session, known.call_id, known.digest)
