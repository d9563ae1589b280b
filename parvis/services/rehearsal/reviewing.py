"""What happens each year to agreements in a rehearsal: reviewed, the next year confirmed, paid, amended, approved."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from random import Random

from parvis.models.queries.agreement_payments import payable
from parvis.models.queries.rehearsal_agreements import SeenAgreement, look_agreements
from parvis.models.session import Session
from parvis.services import agreements
from parvis.services.rehearsal.agenda import Step, Subject, office_hour, office_hour_on
from parvis.services.rehearsal.agreement_acts import RUNNING, advance, numbers, officer_of, stream_of
from parvis.services.rehearsal.money import rounded
from parvis.services.rehearsal.world import World
from parvis.states.agreement_facts import AgreementGiven, Year
from parvis.states.agreement_stages import AgreementAction, Review
from parvis.states.calendar import agreement_end, paris_day
from parvis.states.stages import Role

APPROVED_YEARS = 4
LESS = (85, 97)
"""What a year that is cut keeps of its amounts, in percent."""

NOTES = {
    Review.ON_COURSE: "Engagements tenus ; la fréquentation progresse.",
    Review.TO_ADJUST: "Le projet jeunesse est à revoir avec les habitants.",
}
LESS_MONEY = "Crédits réduits : les montants de l’année sont revus avec le centre."


def plan_review(world: World, agreement: SeenAgreement) -> None:
    """An officer is reminded of a review, and mostly holds it."""
    habits, chance = world.habits.agreements, world.chance(f"person:{agreement.instructor_id}")
    if chance.random() >= habits.forgets_review:
        moment = office_hour(chance, world.now, habits.review.draw(chance))
        world.agenda.plan(moment, Step.REVIEW_YEAR, agreement.id)


def review(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Hold the review of the year under way; the manager then confirms the next one."""
    habits, manager = world.habits.agreements, world.chance("manager")
    for one in look_agreements(session, numbers(subjects)):
        officer, years = officer_of(world, one), _years(world, session, one)
        today = paris_day(world.now)
        year = next((each for each in years if each.reviewed_on is None and each.starts_on <= today), None)
        if one.stage not in RUNNING or officer is None or year is None:
            continue
        chance = world.chance(officer.actor)
        result = Review.TO_ADJUST if chance.random() < habits.to_adjust else Review.ON_COURSE
        given = AgreementGiven(year=year.number, result=result, reason=NOTES[result])
        if not advance(world, session, one, AgreementAction.REVIEW_YEAR, officer, given=given):
            continue
        _plan_payment(world, one, year)
        if any(each.number == year.number + 1 and not each.firm for each in years):
            moment = office_hour(manager, world.now, habits.confirm.draw(manager))
            world.agenda.plan(moment, Step.CONFIRM_YEAR, one.id, year.number + 1)
        elif result is Review.TO_ADJUST and manager.random() < habits.amends:
            moment = office_hour(manager, world.now, habits.confirm.draw(manager))
            world.agenda.plan(moment, Step.AMEND, one.id, year.number)


def confirm_year(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Make the amounts of a year firm: those that were indicative, or a little less."""
    habits, manager = world.habits.agreements, world.someone(Role.MANAGER)
    for agreement_id, number in subjects:
        for one in look_agreements(session, [agreement_id]):
            chance, year = world.chance("manager"), _year(_years(world, session, one), number)
            if one.stage not in RUNNING or manager is None or year is None:
                continue
            amounts = _less(chance, year) if chance.random() < habits.cut else ()
            given = AgreementGiven(year=number, amounts=amounts)
            confirmed = advance(world, session, one, AgreementAction.CONFIRM_YEAR, manager, given=given)
            if confirmed:
                _plan_payment(world, one, year)
            if confirmed and chance.random() < habits.to_adjust * habits.amends:
                moment = office_hour(chance, world.now, habits.confirm.draw(chance))
                world.agenda.plan(moment, Step.AMEND, one.id, number)


def _plan_payment(world: World, agreement: SeenAgreement, year: Year) -> None:
    """Something of a year is to be paid: finance does so within the delay of the law."""
    if year.number > 1:
        chance = world.chance("finance")
        days = 1 + world.habits.finance.pay.draw(chance)
        moment = office_hour_on(chance, world.now, year.starts_on, days)
        world.agenda.plan(moment, Step.PAY_YEAR, agreement.id, year.number)


def pay_year(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Pay what is due of a year of an agreement, if anything is."""
    finance = world.someone(Role.FINANCE)
    for agreement_id, number in subjects:
        given = AgreementGiven(year=number, reason=f"M-C{agreement_id:04d}-{number}")
        for one in look_agreements(session, [agreement_id]):
            if finance is not None and payable(session, one.id, year=number):
                advance(world, session, one, AgreementAction.RECORD_PAYMENT, finance, given=given)


def amend(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Amend the amounts of a year."""
    manager = world.someone(Role.MANAGER)
    for agreement_id, number in subjects:
        for one in look_agreements(session, [agreement_id]):
            year = _year(_years(world, session, one), number)
            if one.stage in RUNNING and manager is not None and year is not None and year.amounts:
                amounts = _less(world.chance("manager"), year)
                given = AgreementGiven(year=number, amounts=amounts, reason=LESS_MONEY)
                advance(world, session, one, AgreementAction.AMEND, manager, given=given)


def plan_approval(world: World, agreement: SeenAgreement) -> None:
    """A centre is told that its approval ends: the CAF answers in the months that follow."""
    if agreement.id not in world.approval_asked:
        world.approval_asked.add(agreement.id)
        chance = stream_of(world, agreement)
        days = world.habits.agreements.approval.draw(chance)
        world.agenda.plan(office_hour(chance, world.now, days * 5 // 7), Step.RECORD_APPROVAL, agreement.id)


def record_approval(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Record the new approval, for four years from the end of the one before."""
    for one in look_agreements(session, numbers(subjects)):
        officer, before = officer_of(world, one), one.approval_ends_on
        world.approval_asked.discard(one.id)
        if one.stage in RUNNING and officer is not None and before is not None:
            given = AgreementGiven(on=agreement_end(before + timedelta(days=1), APPROVED_YEARS))
            advance(world, session, one, AgreementAction.RECORD_APPROVAL, officer, given=given)


def _years(world: World, session: Session, agreement: SeenAgreement) -> tuple[Year, ...]:
    return agreements.prepare(session, agreement.id, at=world.now, lock=False).facts.years


def _year(years: Iterable[Year], number: int) -> Year | None:
    return next((year for year in years if year.number == number), None)


def _less(chance: Random, year: Year) -> tuple[tuple[str, int], ...]:
    part = chance.randint(*LESS)
    return tuple(
        (each.funder, rounded(each.amount_cents * part / 100, 50_00))
        for each in year.amounts
        if each.amount_cents
    )
