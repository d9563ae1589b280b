"""Facts for the proofs of the table of agreements: for each guard, what makes it hold and what makes it fail."""

from dataclasses import replace
from datetime import date

from parvis.states.agreement_facts import AgreementFacts, Year, YearAmount
from parvis.states.agreement_stages import AgreementStage
from tests.states.changes import (
    NOON,
    REASON,
    TODAY,
    TOMORROW,
    YESTERDAY,
    Examples,
    brings,
    known,
    one,
    together,
)


def agreement_at(stage: str) -> AgreementFacts:
    """An agreement at `stage` at noon on 30 June 2026, of which nothing is known but its stage."""
    return AgreementFacts(1, AgreementStage(stage), 7, NOON)


YEARS = (
    Year(1, date(2026, 1, 1), date(2026, 12, 31), firm=True),
    Year(2, date(2027, 1, 1), TOMORROW, firm=False),
)

PAID = (
    replace(YEARS[0], kept=(YearAmount("etat", "État", 100),)),
    replace(YEARS[1], kept=(YearAmount("ville", "Ville", 1),)),
)

AGREEMENT_EXAMPLES: dict[str, Examples] = {
    "granted": one(known(granted=True), known(granted=False)),
    "in_force": Examples(
        (
            known(starts_on=TODAY, renews=False, signed_on=None),
            known(starts_on=TOMORROW, renews=True),
            known(starts_on=TOMORROW, signed_on=TODAY),
        ),
        (known(starts_on=TOMORROW), known(starts_on=TOMORROW, signed_on=TOMORROW)),
    ),
    "renewal_time": Examples(
        (known(renewal_opens_on=TODAY), known(renewal_opens_on=YESTERDAY)),
        (known(renewal_opens_on=TOMORROW), known(renewal_opens_on=None)),
    ),
    "not_over": one(known(ends_on=TODAY), known(ends_on=YESTERDAY)),
    "over": Examples((known(ends_on=YESTERDAY),), (known(ends_on=TODAY), known(ends_on=TOMORROW))),
    "followed": one(known(successor="CONV-00002"), known(successor="")),
    "no_request": Examples(
        (known(request=""), known(request="CONVENTIONS-2027-00004", request_closed=True)),
        (known(request="CONVENTIONS-2027-00004", request_closed=False),),
    ),
    "never_asked": one(known(request=""), known(request="CONVENTIONS-2027-00004", request_closed=True)),
    "reports_in": one(known(awaited_reports=()), known(awaited_reports=("ANNUEL-2025-00031",))),
    "call_takes_renewal": Examples(
        (
            known(renewal_call="Conventions", call_opens_on=TODAY, call_closes_on=TODAY),
            known(renewal_call="Conventions", call_opens_on=YESTERDAY, call_closes_on=None),
        ),
        (
            known(renewal_call=""),
            known(renewal_call="Conventions", call_opens_on=TOMORROW, call_closes_on=None),
            known(renewal_call="Conventions", call_opens_on=None, call_closes_on=YESTERDAY),
        ),
    ),
    "signed_by_now": Examples(
        (brings(on=TODAY), brings(on=YESTERDAY)), (brings(on=TOMORROW), brings(on=None))
    ),
    "document_brought": one(brings(document="convention.pdf"), brings(document="")),
    "amendment_made": Examples(
        (
            brings(amendment=None),
            together(known(amendments=2), brings(amendment=1)),
            together(known(amendments=2), brings(amendment=2)),
        ),
        (
            together(known(amendments=2), brings(amendment=3)),
            together(known(amendments=2), brings(amendment=0)),
        ),
    ),
    "signed_if_said": Examples((brings(on=None), brings(on=TODAY)), (brings(on=TOMORROW),)),
    "reason_given": REASON,
    "ends_within": Examples(
        (
            brings(on=None),
            together(known(starts_on=TODAY, ends_on=TODAY), brings(on=TODAY)),
        ),
        (
            together(known(starts_on=TODAY, ends_on=TOMORROW), brings(on=YESTERDAY)),
            together(known(starts_on=YESTERDAY, ends_on=TODAY), brings(on=TOMORROW)),
        ),
    ),
    "year_named": Examples(
        (together(known(years=YEARS), brings(year=2)),),
        (
            together(known(years=YEARS), brings(year=3)),
            together(known(years=YEARS), brings(year=None)),
            together(known(years=()), brings(year=1)),
        ),
    ),
    "year_indicative": one(
        together(known(years=YEARS), brings(year=2)), together(known(years=YEARS), brings(year=1))
    ),
    "reviewed": Examples(
        (brings(result="on_course", on=TODAY), brings(result="to_adjust", on=None)),
        (brings(result=""), brings(result="peut-être"), brings(result="on_course", on=TOMORROW)),
    ),
    "approval_dated": Examples(
        (together(known(starts_on=TODAY), brings(on=TODAY)),),
        (brings(on=None), together(known(starts_on=TODAY), brings(on=YESTERDAY))),
    ),
    "changes_something": Examples(
        (
            together(known(ends_on=TODAY), brings(new_end=TOMORROW)),
            together(known(years=YEARS), brings(year=1, amounts=(("etat", 1),))),
        ),
        (
            brings(new_end=None, year=None, amounts=()),
            together(known(ends_on=TODAY), brings(new_end=TODAY)),
            together(known(years=YEARS), brings(new_end=None, year=3, amounts=(("etat", 1),))),
            together(known(years=YEARS), brings(new_end=None, year=1, amounts=())),
        ),
    ),
    "year_kept": Examples(
        (
            brings(new_end=None, year=None, amounts=()),
            together(known(years=YEARS), brings(year=2, amounts=(("etat", 1),))),
            together(known(starts_on=TODAY), brings(new_end=TODAY, year=1, amounts=(("etat", 1),))),
        ),
        (
            together(known(years=YEARS), brings(year=3, amounts=(("etat", 1),))),
            together(
                known(starts_on=TODAY, years=YEARS), brings(new_end=TODAY, year=2, amounts=(("etat", 1),))
            ),
            together(known(years=YEARS), brings(year=None, amounts=(("etat", 1),))),
        ),
    ),
    "end_ahead": Examples(
        (
            together(known(starts_on=YESTERDAY, ends_on=TOMORROW), brings(new_end=TODAY)),
            together(known(overlaps=("CONV-00002",)), brings(new_end=None)),
        ),
        (
            brings(new_end=YESTERDAY),
            together(known(overlaps=("CONV-00002",)), brings(new_end=TOMORROW)),
            together(known(starts_on=TOMORROW), brings(new_end=TODAY)),
        ),
    ),
    "year_begun": Examples(
        (together(known(years=YEARS), brings(year=1)), brings(year=None)),
        (together(known(years=YEARS), brings(year=2)),),
    ),
    "payment_due": Examples(
        (
            together(known(payable=(4, 5)), brings(payment_ids=())),
            together(known(payable=(4,)), brings(payment_ids=(4,))),
        ),
        (known(payable=()), together(known(payable=(4,)), brings(payment_ids=(4, 5)))),
    ),
    "paid_by_now": Examples((brings(on=TODAY), brings(on=None)), (brings(on=TOMORROW),)),
    "paid_kept": Examples(
        (
            known(years=()),
            together(known(years=PAID), brings(new_end=None, year=1, amounts=(("etat", 100), ("ville", 1)))),
            together(known(years=PAID), brings(new_end=None, year=None, amounts=())),
        ),
        (
            together(known(starts_on=TODAY, years=PAID), brings(new_end=TODAY)),
            together(known(years=PAID), brings(new_end=None, year=1, amounts=(("etat", 99),))),
            together(known(years=PAID), brings(new_end=None, year=1, amounts=(("ville", 500),))),
        ),
    ),
}
