"""Paying the years of an agreement after the first: written once a year is firm, due in it, stopped with it."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.queries import agreement_payments as queries
from parvis.models.queries import late_payments, payments
from parvis.models.queries.agreements import KnownAgreement
from parvis.models.session import Session
from parvis.states.agreement_payments import AMENDMENT, GOOD_REVIEWS, Terms, payees_of, plan_year
from parvis.states.calendar import paris_day
from parvis.states.words import Sentence

REVIEW_TASK = Sentence(
    "Faire la revue de l’année {year} de la convention {reference} ({organisation}), ou l’amender : le reste de ses "
    "versements l’attend.",
    "Review year {year} of agreement {reference} ({organisation}), or amend it: the rest of its payments waits for it.",
)


def make_payments(session: Session, known: KnownAgreement, number: int, *, at: datetime) -> None:
    """Make the payments of a year what its amounts call for, once it is firm; what is paid or ordered stays.

    The first year of an agreement is paid by its case, but for what amendments add; that of one taken over was paid
    elsewhere. Those who share the case share each year in the same proportions. Safe to repeat.
    """
    year = queries.year_to_pay(session, known.facts.agreement_id, number)
    if year is None or not year.firm or (number == 1 and known.case_id is None):
        return
    granted = queries.granted_by_case(session, known.case_id) if known.case_id is not None else {}
    payees = [
        payee
        for funder_id, cents in year.amounts.items()
        for payee in payees_of(funder_id, cents, granted.get(funder_id, {}))
    ]
    settled = {
        (funder_id, who): cents
        for funder_id, each in granted.items()
        for who, cents in each.items()
        if number == 1
    }
    held = queries.held_parts(session, known.facts.agreement_id, number)
    mark = f"{AMENDMENT}-{_amendments(session, known)}"
    plan = plan_year(year.parts, payees, held, settled, mark=mark)
    queries.write_year(session, known.facts.agreement_id, number, plan, _terms(year, at))


def review_payments(session: Session, known: KnownAgreement, number: int, *, at: datetime) -> None:
    """Let the rest of a reviewed year be paid, or keep it, as the review concludes."""
    year = queries.year_to_pay(session, known.facts.agreement_id, number)
    if year is not None:
        queries.fall_due(session, known.facts.agreement_id, number, _terms(year, at))


def stop_payments(session: Session, known: KnownAgreement, *, keeping: Sequence[int]) -> None:
    """Cancel what is not paid of all years but these (by number)."""
    queries.cancel_years(session, known.facts.agreement_id, keeping=keeping)


def record(session: Session, known: KnownAgreement, *, at: datetime) -> None:
    """Record payments of an agreement as made on the day said, under the reference said."""
    given = known.facts.given
    payments.pay(session, known.facts.payable, on=given.on or paris_day(at), reference=given.reason)
    late_payments.finish_tasks(session, today=paris_day(at), at=at, agreement_id=known.facts.agreement_id)


def open_years(session: Session, *, at: datetime) -> int:
    """Make due the payments of the years that have begun; say which years wait for their review. How many payments."""
    today = paris_day(at)
    opened = queries.open_years(session, today)
    queries.ask_for_reviews(session, REVIEW_TASK, today=today, at=at)
    return opened


def _terms(year: queries.YearToPay, at: datetime) -> Terms:
    return Terms(year.starts_on, paris_day(at), year.days, year.review in GOOD_REVIEWS)


def _amendments(session: Session, known: KnownAgreement) -> int:
    """How many amendments there are, the one under way included."""
    return queries.amendments(session, known.facts.agreement_id)
