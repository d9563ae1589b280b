"""Renewal requests: a draft that takes up what is known, of last year's action or of an agreement about to end."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from parvis.models.queries import deposits as deposit_queries
from parvis.models.queries import drafts
from parvis.models.queries.agreement_moves import set_request
from parvis.models.queries.agreement_pages import known_of
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.past_actions import (
    PastAction,
    PastYear,
    Renewable,
    past_action,
    renewable,
    take_up,
    thread,
)
from parvis.models.session import Session
from parvis.services import deadlines
from parvis.services.agreement_writing import Prepared
from parvis.services.draft_answers import FUNDER
from parvis.services.draft_partners import PARTNER, SHARE
from parvis.services.imports.deposit import Source
from parvis.states import cerfa
from parvis.states.calendar import add_months, agreement_end, paris_day
from parvis.states.contract import Call, Contract, Instrument
from parvis.states.facts import By
from parvis.states.fields import plain_amount
from parvis.states.stages import Nature, Stage
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Sentence

RENEW = "renew_case"

NOT_FUNDED = Sentence(
    "Seule une action financée se reconduit : ce dossier ne l’est pas.",
    "Only a funded action is renewed: this case is not.",
)
FOLLOWED = Sentence(
    "Cette action est déjà reconduite, au dossier {follower} : le compléter là.",
    "This action is renewed already, as case {follower}: complete it there.",
)
REPORTS = Sentence(
    "Bilans attendus avant toute nouvelle demande : {awaited_reports}. Les recevoir d’abord.",
    "Reports due before any new request: {awaited_reports}. Receive them first.",
)
NO_CALL = Sentence(
    "Aucun appel ne reçoit de reconduction pour {year} aujourd’hui : en ouvrir un dans le fichier du contrat.",
    "No call takes a renewal for {year} today: open one in the contract file.",
)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A renewal request just written: its case, its reference, the last day to submit it."""

    case_id: int
    reference: str
    closes_on: date | None


def carry_on(session: Session, case_id: int, *, by: By, at: datetime) -> Renewed:
    """Renew last year's action in one go: a draft for the next year, with all that is known, one thread with it.

    Raises:
        MoveRefusedError: not funded, renewed already, reports awaited, or no call takes it; each reason is told.
        LookupError: there is no such case.
    """
    found = renewable(session, case_id, paris_day(at), lock=True)
    if found is None:
        raise LookupError(case_id)
    call, reasons = _checked(session, found, paris_day(at))
    if reasons or call is None:
        raise MoveRefusedError(RENEW, tuple(reasons))
    past = past_action(session, case_id)
    ahead = 12 * (call.year - found.call_year)
    days = [add_months(day, ahead) if day else None for day in (past.starts_on, past.ends_on)]
    return _write(session, call, replace(past, starts_on=days[0], ends_on=days[1]), by=by, at=at)


@dataclass(frozen=True, slots=True)
class Offer:
    """The times of the action a case belongs to, the latest first; whether it may be renewed, and what blocks it.

    `blocked` is None for a case that is not one to renew: not funded, or of an agreement, renewed in its own way.
    """

    thread: tuple[PastYear, ...]
    blocked: tuple[Reason, ...] | None


def offer(session: Session, case_id: int, *, at: datetime) -> Offer:
    """What the page of a case says of the years of its action."""
    found = renewable(session, case_id, paris_day(at))
    told = tuple(thread(session, case_id))
    renewed = found is not None and found.stage in (Stage.FUNDED, Stage.EVALUATED)
    if found is None or not renewed or found.instrument == Instrument.AGREEMENT:
        return Offer(told, None)
    return Offer(told, tuple(_checked(session, found, paris_day(at))[1]))


def _checked(session: Session, found: Renewable, today: date) -> tuple[Call | None, list[Reason]]:
    """The call a renewal of this case would be in, and all that blocks it."""
    contract = contract_by_id(session, found.contract_id)
    call = _next_call(contract, found.call_code, found.call_year, found.instrument, today)
    reasons = []
    if found.stage not in (Stage.FUNDED, Stage.EVALUATED):
        reasons.append(Reason("not_funded", NOT_FUNDED))
    if found.follower:
        reasons.append(Reason("renewed_already", FOLLOWED.fill(follower=found.follower)))
    if found.awaited_reports:
        reasons.append(Reason("reports_in", REPORTS.fill(awaited_reports=found.awaited_reports)))
    if call is None:
        reasons.append(Reason("call_takes_renewal", NO_CALL.fill(year=found.call_year + 1)))
    return call, reasons


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
    written = _write(session, call, past, by=by, at=at)
    set_request(session, prepared.facts.agreement_id, written.case_id)
    return written.reference


def _next_call(contract: Contract, code: str, year: int, instrument: str, today: date) -> Call | None:
    """The call of the same kind for the first year after, among those that take renewals today."""
    calls = [
        call for call in contract.calls
        if call.instrument == instrument and call.year > year and call.code != code and not call.silent
        and Nature.RENEWAL in call.accepts and call.opens_on <= today
        and today <= (call.closing_for(today, Nature.RENEWAL) or date.max)
    ]  # fmt: skip
    return min(calls, key=lambda call: (call.year, call.code), default=None)


def _write(session: Session, call: Call, past: PastAction, *, by: By, at: datetime) -> Renewed:
    call_id, _ = deposit_queries.calls_by_code(session, past.contract_id)[call.code]
    number = deposit_queries.next_numbers(session, call_id, 1)
    reference = f"{call.code.upper()}-{number:05d}"
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
    drafts.add_draft(session, case_id, _answers(call, past), at=at, by=by.actor)
    kept = [document.code for document in asked if document.still_valid]
    take_up(session, case_id, past.case_id, kept, at=at, by=by.actor)
    deadlines.replan(session, [case_id], at=at)
    return Renewed(case_id, reference, call.closing_for(paris_day(at), Nature.RENEWAL))


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
