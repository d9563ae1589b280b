"""Renewal requests: a draft that takes up what is known, of last year's action or of an agreement about to end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from parvis.models.queries import deposits as deposit_queries
from parvis.models.queries import drafts
from parvis.models.queries.agendas import contract_of
from parvis.models.queries.agreement_moves import set_request
from parvis.models.queries.agreement_pages import known_of
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.past_actions import (
    PastAction,
    PastYear,
    past_action,
    renewables,
    take_up,
    thread,
)
from parvis.models.session import Session
from parvis.services.agreement_writing import Prepared
from parvis.services.draft_answers import FUNDER
from parvis.services.draft_partners import PARTNER, SHARE
from parvis.services.imports.deposit import Source
from parvis.services.made import Made
from parvis.services.planning import replan
from parvis.states import cerfa
from parvis.states.calendar import add_months, agreement_end, paris_day
from parvis.states.contract import Call, Contract, Instrument
from parvis.states.facts import By, Given
from parvis.states.fields import plain_amount
from parvis.states.renewal_guards import NOT_OF_AGREEMENT
from parvis.states.renewals import Renewal
from parvis.states.stages import Nature, Stage
from parvis.states.table import Reason

OTHER_SUBSIDIES = "74x"
RENEWABLE = frozenset({Stage.FUNDED, Stage.EVALUATED})
"""Where an action that may be renewed stands."""


def bring(session: Session, given: Mapping[int, Given], *, at: datetime) -> Iterator[tuple[int, Given]]:
    """What is known of the requests that would follow these cases; those nothing keeps from it have their reference."""
    found = look_up(session, list(given), at=at)
    for case_id, each in given.items():
        renewal = found.get(case_id)
        if renewal is not None and renewal.open:
            reference = _next_reference(session, contract_of(session, case_id), renewal.call)
            renewal = replace(renewal, reference=reference)
        yield case_id, replace(each, renewal=renewal)


def look_up(session: Session, case_ids: Sequence[int], *, at: datetime) -> dict[int, Renewal]:
    """What is known of the request that would follow those of these cases that are of funded actions."""
    today, found = paris_day(at), {}
    for each in renewables(session, case_ids, today):
        if each.stage not in RENEWABLE:
            continue
        contract = contract_by_id(session, each.contract_id)
        call = _next_call(contract, each.call_code, each.call_year, each.instrument, today)
        known = Renewal(
            each.call_year + 1, follower=each.follower, awaited=each.awaited_reports,
            of_agreement=each.instrument == Instrument.AGREEMENT,
        )  # fmt: skip
        if call is not None:
            closes_on = call.closing_for(today, Nature.RENEWAL)
            known = replace(known, year=call.year, call=call.code, title=call.title, closes_on=closes_on)
        found[each.case_id] = known
    return found


def carry_on(session: Session, made: Made) -> None:
    """Write the request that renews an action: a draft for the next call, with what is known, one thread with it."""
    renewal = made.given.renewal
    if renewal is None:
        raise LookupError(made.case_id)  # it was brought before the rules decided
    past = past_action(session, made.case_id)
    call = contract_by_id(session, past.contract_id).call(renewal.call)
    ahead = 12 * (call.year - made.rules.year)
    days = [add_months(day, ahead) if day else None for day in (past.starts_on, past.ends_on)]
    past = replace(past, starts_on=days[0], ends_on=days[1])
    _write(session, call, past, renewal.reference, by=made.by, at=made.at)


@dataclass(frozen=True, slots=True)
class Offer:
    """The times of the action a case belongs to, the latest first; whether it may be renewed, and what blocks it.

    `blocked` is None for a case that is not one to renew: not funded, or of an agreement, renewed in its own way.
    """

    thread: tuple[PastYear, ...]
    blocked: tuple[Reason, ...] | None


def offer(session: Session, case_id: int, reasons: Sequence[Reason] | None) -> Offer:
    """What the page of a case says of the years of its action; `reasons` block its renewal, None when it has none."""
    told = tuple(thread(session, case_id))
    if reasons is None or any(reason.code == NOT_OF_AGREEMENT.code for reason in reasons):
        return Offer(told, None)
    return Offer(told, tuple(reasons))


def write_request(session: Session, prepared: Prepared, *, by: By, at: datetime) -> str:
    """Write the request to renew an agreement, for the call that follows it; the reference of its case."""
    known, call = prepared.known, prepared.call
    if call is None:
        raise LookupError(prepared.facts.reference)  # the guard saw to it
    starts_on = prepared.facts.ends_on + timedelta(days=1)
    past = past_action(session, known.case_id) if known.case_id else _from_agreement(session, prepared)
    past = replace(
        past, title=past.title, starts_on=starts_on, ends_on=agreement_end(starts_on, call.duration_years)
    )
    reference = _next_reference(session, past.contract_id, call.code)
    written = _write(session, call, past, reference, by=by.actor, at=at)
    set_request(session, prepared.facts.agreement_id, written)
    return reference


def _next_reference(session: Session, contract_id: int, code: str) -> str:
    call_id, _ = deposit_queries.calls_by_code(session, contract_id)[code]
    return f"{code.upper()}-{deposit_queries.next_numbers(session, call_id, 1):05d}"


def _next_call(contract: Contract, code: str, year: int, instrument: str, today: date) -> Call | None:
    """The call of the same kind for the first year after, among those that take renewals today."""
    calls = [
        call for call in contract.calls
        if call.instrument == instrument and call.year > year and call.code != code and not call.silent
        and Nature.RENEWAL in call.accepts and call.opens_on <= today
        and today <= (call.closing_for(today, Nature.RENEWAL) or date.max)
    ]  # fmt: skip
    return min(calls, key=lambda call: (call.year, call.code), default=None)


def _write(session: Session, call: Call, past: PastAction, reference: str, *, by: str, at: datetime) -> int:
    """Write the request under its reference; the id of its case."""
    call_id, _ = deposit_queries.calls_by_code(session, past.contract_id)[call.code]
    row: dict[str, Any] = {
        "call_id": call_id, "organisation_id": past.organisation_id, "instructor_id": past.instructor_id,
        "reference": reference, "external_id": reference, "source": Source.FORM, "content_hash": "",
        "title": past.title, "summary": "", "nature": Nature.RENEWAL, "requested_cents": 0, "total_cost_cents": 0,
        "contact": {},
    }  # fmt: skip
    case_id = deposit_queries.write_cases(session, [row], at=at)[reference]
    asked = call.documents_for(Nature.RENEWAL)
    documents = [
        {"case_id": case_id, "code": each.code, "label": each.label.fr, "received_at": None} for each in asked
    ]
    deposit_queries.write_children(session, past.contract_id, {"documents": documents})
    drafts.add_draft(session, case_id, _answers(call, past), at=at, by=by)
    kept = [document.code for document in asked if document.still_valid]
    take_up(session, case_id, past.case_id, kept, at=at, by=by)
    replan(session, [case_id], at=at)
    return case_id


def _answers(call: Call, past: PastAction) -> dict[str, dict[str, list[str]]]:
    """What is known, as if it had been typed: the applicant reads it again and corrects it."""
    action = {
        "titre": [past.title], "resume": [past.summary], "qpv": list(past.qpvs), "defis": list(past.challenges),
        "debut": [_day(past.starts_on)], "fin": [_day(past.ends_on)],
        "beneficiaires": [str(past.beneficiaries or "")], "part_qpv": [str(past.qpv_share_percent or "")],
    }  # fmt: skip
    budget = {FUNDER + code: [plain_amount(cents)] for code, cents in past.asked}
    accounts = {(account.side, account.code): account.field for account in cerfa.ACCOUNTS}
    totals: dict[str, int] = {}
    for side, account, cents in past.budget:
        field = accounts.get((side, account))
        if field and not (side == cerfa.PRODUIT and account == cerfa.SUBSIDY):
            totals[field] = totals.get(field, 0) + cents
    other = _subsidies(past) - sum(cents for _, cents in past.asked)
    if other > 0:  # of funders that the contract does not have
        field = accounts[cerfa.PRODUIT, OTHER_SUBSIDIES]
        totals[field] = totals.get(field, 0) + other
    budget |= {field: [plain_amount(cents)] for field, cents in totals.items()}
    contact = {
        "nom": [str(past.contact.get("name") or "")], "courriel": [str(past.contact.get("email") or "")],
        "telephone": [str(past.contact.get("phone") or "")],
    }  # fmt: skip
    answers: dict[str, dict[str, Any]] = {"action": action, "budget": budget, "contact": contact}
    if call.partners_allowed and past.partners:
        answers["partenaires"] = {
            name: [value]
            for row, (siret, cents) in enumerate(past.partners, 1)
            for name, value in ((f"{PARTNER}{row}", siret), (f"{SHARE}{row}", plain_amount(cents)))
        }
    return {
        step: {name: values for name, values in fields.items() if any(values)}
        for step, fields in answers.items()
    }


def _subsidies(past: PastAction) -> int:
    """What all funders were asked for, those of the contract and others, as its budget says."""
    kinds = (cerfa.PRODUIT, cerfa.SUBSIDY)
    return sum(cents for side, account, cents in past.budget if (side, account) == kinds)


def _from_agreement(session: Session, prepared: Prepared) -> PastAction:
    """What is known of an agreement that came with no case: what was imported with it, and the amounts of its years."""
    facts, known = prepared.facts, known_of(session, prepared.facts.agreement_id)
    last = facts.years[-1] if facts.years else None
    return PastAction(
        None, prepared.known.contract_id, prepared.known.organisation_id, known.instructor_id, known.title,
        str(known.document.get("summary") or ""), None, None, known.document.get("beneficiaries"),
        known.document.get("qpv_share_percent"), dict(known.document.get("contact") or {}),
        tuple(known.document.get("qpvs") or ()), tuple(known.document.get("challenges") or ()), (),
        tuple((each.funder, each.amount_cents) for each in (last.amounts if last else ()) if each.amount_cents), (),
    )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
