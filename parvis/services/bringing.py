"""What an action needs to know besides the facts of its case, looked up before the rules decide."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from parvis.models.queries import agendas, effects
from parvis.models.queries.facts import committee_covers, read_grants
from parvis.models.queries.partners import coalitions, joinable, organisation_named
from parvis.models.queries.year_counts import year_counts
from parvis.models.session import Session
from parvis.services import arrivals, renewals
from parvis.services.agreement_birth import birth_of
from parvis.services.report_bringing import owed_reports, payable, released, settled
from parvis.states.agendas import Seats, next_of_kind
from parvis.states.calendar import paris_day
from parvis.states.facts import Facts, Given
from parvis.states.part_grants import agreements_with
from parvis.states.partner_table import ABOUT_PARTNERS
from parvis.states.partners import Part, PartnerState
from parvis.states.stages import Action, CommitteeKind, Stage
from parvis.states.year_counts import AUTHORITIES


def complete(
    session: Session, action: Action, given: dict[int, Given], *, at: datetime
) -> Iterable[tuple[int, Given]]:
    """What persons bring to cases (by id), with what this action alone needs looked up."""
    match action:
        case Action.SCHEDULE | Action.CARRY:
            chosen = next((g.committee_id for g in given.values() if g.committee_id is not None), None)
            covered = committee_covers(session, chosen, list(given)) if chosen is not None else frozenset()
            return [(i, replace(g, committee_covers=i in covered)) for i, g in given.items()]
        case Action.FUND:
            return _decided(session, given)
        case Action() if action in ABOUT_PARTNERS:
            return _about_partners(session, action, given)
        case Action.RECOMMEND | Action.RECOMMEND_AMOUNTS:
            return _recommended(session, action, given, at)
        case Action.SUBMIT | Action.ASK_CONTACT:
            return _at_the_door(session, action, given, at)
        case Action.ASK_OPINIONS:
            asked = effects.funders_to_ask(session, list(given))
            return [(i, replace(g, funder_ids=g.funder_ids or asked.get(i, ()))) for i, g in given.items()]
        case Action() if action in _OF_MONEY:
            return _OF_MONEY[action](session, given)
        case Action.RENEW:
            return renewals.bring(session, given, at=at)
        case _:
            return given.items() if len(given) > 1 else ()


_OF_MONEY: dict[Action, Callable[[Session, dict[int, Given]], Iterable[tuple[int, Given]]]] = {
    Action.ACCEPT_REPORT: settled,
    Action.ACCEPT_INTERIM: released,
    Action.RECORD_PAYMENT: payable,
}


def _about_partners(session: Session, action: Action, given: dict[int, Given]) -> Iterable[tuple[int, Given]]:
    if action == Action.ADD_PARTNER:
        return [(i, _joining(session, i, g)) for i, g in given.items()]
    several = coalitions(session, list(given))
    return [(i, replace(g, coalition=several.get(i))) for i, g in given.items()]


def _joining(session: Session, case_id: int, given: Given) -> Given:
    """Who joins a proposal, with the share that is asked for it; written down at once, if nobody knew it."""
    coalition = joinable(session, case_id)
    if not given.partner_siret:
        return replace(given, coalition=coalition)
    organisation_id, name = organisation_named(session, given.partner_siret, given.partner_name)
    part = Part(organisation_id, given.partner_siret, name, PartnerState.NAMED, given.amounts)
    return replace(given, coalition=coalition, joining=part)


def _at_the_door(
    session: Session, action: Action, given: dict[int, Given], at: datetime
) -> Iterable[tuple[int, Given]]:
    """How drafts fall in their calls, and which reports are late; who is asked for a contact is chosen now."""
    fallen = arrivals.arrivals(session, list(given), at=at)
    chosen = arrivals.officers_for(session, list(given)) if action == Action.ASK_CONTACT else {}
    late = owed_reports(session, list(given), at=at) if action == Action.SUBMIT else {}
    several = coalitions(session, list(given)) if action == Action.SUBMIT else {}
    for case_id, each in given.items():
        officer = each.instructor_id or chosen.get(case_id)
        yield (
            case_id,
            replace(
                each,
                arrival=fallen.get(case_id),
                instructor_id=officer,
                late_reports=late.get(case_id, ()),
                coalition=several.get(case_id),
            ),
        )


def _decided(session: Session, given: dict[int, Given]) -> Iterable[tuple[int, Given]]:
    """Grants with their envelopes, shared between associations, and those of them it takes an agreement with."""
    several = coalitions(session, list(given))
    counts = year_counts(session, list(given), AUTHORITIES)
    for case_id, each in given.items():
        whole = replace(_funded(session, case_id, each), coalition=several.get(case_id))
        yield case_id, replace(whole, agreement_with=agreements_with(whole, counts[case_id]))


def _funded(session: Session, case_id: int, given: Given) -> Given:
    birth = birth_of(session, case_id)
    return replace(
        given, grants=read_grants(session, case_id, given.amounts), overlaps=birth.overlaps if birth else ()
    )


def foreseen(session: Session, facts: Facts, given: Given, *, at: datetime) -> Given:
    """What is known before anybody says anything, so that what blocks a move is told as it will be."""
    case_id = facts.case_id
    if facts.stage != Stage.DRAFT:
        given = replace(given, coalition=coalitions(session, [case_id]).get(case_id))
    match facts.stage:
        case Stage.DRAFT:
            fallen = arrivals.arrivals(session, [case_id], at=at)
            late = owed_reports(session, [case_id], at=at)
            return replace(given, arrival=fallen.get(case_id), late_reports=late.get(case_id, ()))
        case Stage.FUNDED:
            given = dict(payable(session, {case_id: given}))[case_id]
            return replace(given, renewal=renewals.look_up(session, [case_id], at=at).get(case_id))
        case Stage.EVALUATED:
            return replace(given, renewal=renewals.look_up(session, [case_id], at=at).get(case_id))
        case Stage.SUBMITTED if not given.funder_ids:
            asked = effects.funders_to_ask(session, [case_id])
            return replace(given, funder_ids=asked.get(case_id, ()))
        case _:
            return given


def _recommended(
    session: Session, action: Action, given: dict[int, Given], at: datetime
) -> Iterable[tuple[int, Given]]:
    """Where a case goes that a committee recommends: to the next steering committee, unless another is named."""
    unsaid = [case_id for case_id, each in given.items() if each.next_committee_id is None]
    goes = _next_steering(session, unsaid, at) if action is Action.RECOMMEND else {}
    for case_id, each in given.items():
        whole = replace(each, grants=read_grants(session, case_id, each.amounts) if each.amounts else ())
        if sitting := goes.get(case_id):
            whole = replace(whole, next_committee_id=sitting.id, next_held_on=sitting.held_on)
        yield case_id, whole


def _next_steering(session: Session, case_ids: Sequence[int], at: datetime) -> dict[int, Seats]:
    if not case_ids:
        return {}
    ahead = {
        one.id: one
        for one in agendas.seats(session, agendas.contract_of(session, case_ids[0]), paris_day(at))
    }
    waiting = agendas.cases(session, case_ids)
    placed = next_of_kind(waiting, list(ahead.values()), CommitteeKind.STEERING)
    return {one.case_id: ahead[one.sitting_id] for one in placed}
