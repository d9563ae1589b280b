"""How an agreement is born: from a case of a call for agreements that a committee funds, after another or first."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.models.queries import agreement_births as queries
from parvis.models.queries.agreement_births import FundedCase, Predecessor
from parvis.models.queries.agreement_moves import NewAgreement, insert_agreement, write_years
from parvis.models.queries.contracts import contract_by_id
from parvis.models.session import Session
from parvis.services.agreement_writing import CLOCK, decided, prepare, replan, write, write_year_amounts
from parvis.states.agreement_calendar import years_of
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.calendar import agreement_end
from parvis.states.contract import Call, Instrument
from parvis.states.search import bare_words

A = AgreementAction


@dataclass(frozen=True, slots=True)
class Birth:
    """The agreement a case would give: what it follows, what it is for, its days; `overlaps` what is in its way."""

    case: FundedCase
    call: Call
    follows: Predecessor | None
    purpose: str
    starts_on: date
    ends_on: date
    overlaps: tuple[str, ...]


def birth_of(session: Session, case_id: int) -> Birth | None:
    """The agreement a case gives once funded; None when its call is not of agreements, or only takes history over."""
    case = queries.funded_case(session, case_id)
    if case.instrument != Instrument.AGREEMENT or case.silent:
        return None
    call = Call.model_validate(queries.call_document(session, case.call_id))
    follows = queries.predecessor(session, case_id)
    purpose = follows.purpose if follows else purpose_of(case.title)
    starts_on = follows.ends_on + timedelta(days=1) if follows else case.starts_on or date(call.year, 1, 1)
    ends_on = agreement_end(starts_on, call.duration_years)
    overlaps = queries.overlapping(session, case.organisation_id, purpose, starts_on, ends_on)
    return Birth(case, call, follows, purpose, starts_on, ends_on, overlaps)


def purpose_of(title: str) -> str:
    """What an agreement is for, as a code: its title without accents nor signs."""
    return re.sub(r"[^a-z0-9]+", "-", bare_words(title)).strip("-")[:60] or "convention"


def be_born(session: Session, case_id: int, amounts: dict[str, int], *, at: datetime) -> int | None:
    """Write the agreement of a case just funded, with `amounts` (cents by funder code) for its first year.

    The first year is firm, the following ones have the same amounts, indicative. One that follows another is active at
    once, and the other one renewed, unless it ended before the committee decided; a first one waits for its signature
    or its first day. Its id; None without one.
    """
    birth = birth_of(session, case_id)
    if birth is None:
        return None
    case, call = birth.case, birth.call
    rules = contract_by_id(session, case.contract_id).agreements
    agreement_id = insert_agreement(session, NewAgreement(
        contract_id=case.contract_id, organisation_id=case.organisation_id, purpose=birth.purpose, title=case.title,
        starts_on=birth.starts_on, ends_on=birth.ends_on, instructor_id=case.instructor_id, call_id=case.call_id,
        case_id=case_id, renews_id=birth.follows.id if birth.follows else None,
        approval_ends_on=birth.follows.approval_ends_on if birth.follows else None,
        schedule=[{"code": part.code, "share": str(part.share), "on": str(part.on)} for part in call.payment_schedule],
    ), prefix=rules.prefix, at=at)  # fmt: skip
    years = list(enumerate(years_of(birth.starts_on, birth.ends_on), 1))
    write_years(session, agreement_id, [(number, *days) for number, days in years])
    known = prepare(session, agreement_id, at=at, lock=True).known
    for number, _ in years:
        write_year_amounts(session, known, number, amounts)
    prepared = prepare(session, agreement_id, at=at, lock=True)
    if birth.follows is None:
        replan(session, prepared, at=at)
        return agreement_id
    write(session, prepared, decided(prepared, A.ACTIVATE, CLOCK), by=CLOCK, at=at)
    if birth.follows.stage != AgreementStage.ENDED:
        before = prepare(session, birth.follows.id, at=at, lock=True)
        write(session, before, decided(before, A.RENEW, CLOCK), by=CLOCK, at=at)
    return agreement_id
