"""Moving an agreement of several years: the only writer of its stage. Facts read and held, decided on, written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from parvis.models.queries import agreement_moves as writing
from parvis.models.queries import timers
from parvis.models.queries.agreements import KnownAgreement, funder_names, open_agreements, read_agreements
from parvis.models.queries.contracts import contract_by_id
from parvis.models.session import Session
from parvis.services import agreement_ledger, agreement_payments
from parvis.states.agreement_calendar import Door, years_of
from parvis.states.agreement_consequences import consequences, given_amounts
from parvis.states.agreement_deadlines import plan, steps
from parvis.states.agreement_facts import NOTHING_SAID, AgreementFacts, AgreementGiven
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.agreement_table import AGREEMENTS
from parvis.states.contract import Call, Contract, Instrument
from parvis.states.facts import By
from parvis.states.payments import split
from parvis.states.stages import Nature, Role
from parvis.states.table import Move, decide

CLOCK = By("clock", Role.CLOCK)
A = AgreementAction
PAID_FOR = frozenset({A.CONFIRM_YEAR, A.AMEND, A.RECORD_PAYMENT, A.TERMINATE})
"""What changes what is paid of the years of an agreement: the ledger follows."""


class AgreementNotFoundError(Exception):
    """There is no such agreement."""


@dataclass(frozen=True, slots=True)
class AgreementMoved:
    """What became of an agreement: where it stands and its version now; `replayed` when served before."""

    agreement_id: int
    stage: AgreementStage
    version: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """An agreement ready to be decided on: what is known of it, the contract that rules it, the call that follows."""

    known: KnownAgreement
    contract: Contract
    call: Call | None

    @property
    def facts(self) -> AgreementFacts:
        """Its facts."""
        return self.known.facts


def prepare(
    session: Session, agreement_id: int, given: AgreementGiven = NOTHING_SAID, *, at: datetime, lock: bool
) -> Prepared:
    """An agreement with all its rules need; with `lock`, held until the commit.

    Raises:
        AgreementNotFoundError: there is none.
    """
    known = read_agreements(session, [agreement_id], given, at=at, lock=lock).get(agreement_id)
    if known is None:
        raise AgreementNotFoundError(agreement_id)
    contract = contract_by_id(session, known.contract_id)
    facts = known.facts
    call = renewal_call(contract, facts.ends_on)
    facts = replace(
        facts,
        door=door_of(call),
        renewal_opens_on=steps(facts, contract.agreements).opens_on,
        renewal_call=call.title if call else "",
        call_opens_on=call.opens_on if call else None,
        call_closes_on=call.closing_for(facts.today, Nature.RENEWAL) if call else None,
    )
    return Prepared(replace(known, facts=facts), contract, call)


def door_of(call: Call | None) -> Door | None:
    """When the call of a renewal opens, and its first closing after that."""
    return Door(call.opens_on, call.closing_for(call.opens_on, Nature.RENEWAL)) if call else None


def renewal_call(contract: Contract, ends_on: date) -> Call | None:
    """The call a renewal of an agreement would be in: of agreements, for the year after its end."""
    year = (ends_on + timedelta(days=1)).year
    calls = (call for call in contract.calls if call.instrument == Instrument.AGREEMENT)
    return next((call for call in calls if call.year == year and Nature.RENEWAL in call.accepts), None)


def decided(
    prepared: Prepared, action: AgreementAction, by: By, expected_version: int | None = None
) -> Move[AgreementFacts]:
    """The row that applies.

    Raises:
        MoveRefusedError, StaleVersionError: as `decide`.
    """
    return decide(AGREEMENTS, prepared.facts, action, by.role, expected_version)


def write(
    session: Session, prepared: Prepared, move: Move[AgreementFacts], *,
    by: By, at: datetime, key: str | None = None, request: str | None = None,
) -> AgreementMoved:  # fmt: skip
    """Write a move that was decided, with all it adds, in the caller's transaction."""
    known, facts = prepared.known, prepared.facts
    names = funder_names(session, known.contract_id)
    outcome = consequences(move, facts, prepared.contract.agreements, names)
    target = AgreementStage(move.target or facts.stage)
    version = writing.write_agreement_move(
        session, known, str(move.action), str(target), outcome, by=by, at=at, key=key, request=request
    )
    _add(session, prepared, AgreementAction(move.action), names, by=by, at=at)
    if move.action in PAID_FOR:
        agreement_ledger.follow_payments(
            session, facts.agreement_id, action=str(move.action), mark=str(version), by=by.actor, at=at,
            reason=facts.given.reason,
        )  # fmt: skip
    return AgreementMoved(facts.agreement_id, target, version)


def replan(session: Session, prepared: Prepared, *, at: datetime) -> bool:
    """Make its open timers what its facts say now; whether anything changed."""
    planned = plan(prepared.facts, prepared.contract.agreements)
    changed = timers.replace_plan(
        session, [(prepared.facts.agreement_id, planned)], at=at, of=timers.Of.AGREEMENTS
    )
    return any(changed)


def replan_agreements(session: Session, contract_id: int, *, at: datetime) -> int:
    """Plan anew every agreement of a contract that is not over, after its rules changed; how many changed.

    What was already sent for a date is not sent again for the same date; a new date starts its reminders anew.
    """
    ids = open_agreements(session, contract_id)
    return sum(replan(session, prepare(session, each, at=at, lock=True), at=at) for each in ids)


def fingerprint(agreement_id: int, action: AgreementAction, by: By, given: AgreementGiven) -> str:
    """What tells a request from any other made with the same idempotency key."""
    said = json.dumps(["agreement", agreement_id, action, by.actor, repr(given)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def write_year_amounts(
    session: Session, known: KnownAgreement, number: int, amounts: Mapping[str, int]
) -> None:
    """Write what funders (by code) give in a year, in cents, and the instalments that sum to it."""
    shares = [Decimal(str(part["share"])) for part in known.schedule]
    instalments = [
        (funder, position, str(part["code"]), str(part["on"]), cents)
        for funder, total in amounts.items()
        for position, (part, cents) in enumerate(
            zip(known.schedule, split(total, shares), strict=True), start=1
        )
    ]
    writing.write_amounts(session, known.facts.agreement_id, number, amounts, instalments)


def _add(
    session: Session, prepared: Prepared, action: AgreementAction, names: Mapping[str, str], *,
    by: By, at: datetime,
) -> None:  # fmt: skip
    """What some moves write beside the agreement's own row."""
    known, facts, given = prepared.known, prepared.facts, prepared.facts.given
    number = given.year or 0
    match action:
        case A.CONFIRM_YEAR:
            amounts = {each.funder: each.amount_cents for each in given_amounts(facts, names)}
            write_year_amounts(session, known, number, amounts)
            writing.set_firm(session, facts.agreement_id, number)
            agreement_payments.make_payments(session, known, number, at=at)
        case A.REVIEW_YEAR:
            writing.write_review(
                session, facts.agreement_id, number, given.result, given.reason, on=given.on or facts.today
            )
            agreement_payments.review_payments(session, known, number, at=at)
        case A.RECORD_PAYMENT:
            agreement_payments.record(session, known, at=at)
        case A.AMEND:
            _amend(session, known, by=by, at=at)
        case A.TERMINATE:
            _shorten(session, known)
        case _:
            pass


def _amend(session: Session, known: KnownAgreement, *, by: By, at: datetime) -> None:
    facts, given = known.facts, known.facts.given
    writing.insert_amendment(
        session, facts.agreement_id, facts.amendments + 1, reason=given.reason, old_end=facts.ends_on,
        new_end=given.new_end, year=given.year if given.amounts else None, by=by, at=at,
    )  # fmt: skip
    if given.new_end is not None:
        years = list(enumerate(years_of(facts.starts_on, given.new_end), 1))
        writing.write_years(session, facts.agreement_id, [(number, *days) for number, days in years])
        agreement_payments.stop_payments(session, known, keeping=[number for number, _ in years])
    if given.amounts and given.year is not None:
        write_year_amounts(session, known, given.year, dict(given.amounts))
        agreement_payments.make_payments(session, known, given.year, at=at)


def _shorten(session: Session, known: KnownAgreement) -> None:
    """The years of an agreement that was ended early: those that ran."""
    facts = known.facts
    if facts.stage == AgreementStage.DRAFT:
        return
    last = facts.given.on or facts.today
    whole = [year.number for year in facts.years if year.ends_on <= last]
    agreement_payments.stop_payments(session, known, keeping=whole)
    years = list(enumerate(years_of(facts.starts_on, min(last, facts.ends_on)), 1))
    writing.write_years(session, facts.agreement_id, [(number, *days) for number, days in years])
