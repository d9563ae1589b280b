"""What finance and the manager do: settle, give notice, reclaim, reopen; and actions never carried out."""

from collections.abc import Sequence

from parvis.models.queries.rehearsal import Seen, look
from parvis.models.session import Session
from parvis.services.rehearsal.agenda import Step, Subject, office_hour, office_hour_on, spare_hour
from parvis.services.rehearsal.proposals import Report
from parvis.services.rehearsal.world import World, by_officer
from parvis.states.calendar import paris_day
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role, Stage

NO_REPORT = "Le compte rendu financier n’est pas arrivé malgré les relances (loi 2000-321, article 10)."
NOT_DONE = "L’association déclare que l’action n’a pas eu lieu."
REPAY = "Subvention non justifiée : reversement de la somme versée."
ATTESTS = 0.6
"""The part of associations which attest it themselves, instead of telling their officer."""
SECOND_CHANCE = "Réexamen à la demande de l’association."
PROTESTS_AGAINST_REFUSAL = 0.1
"""Of the applicants who protest when their case lapses, how many do when it is refused."""


def settle(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Pay the balance of cases whose report is accepted."""
    finance = world.someone(Role.FINANCE)
    accepted = [c for c in _funded(session, subjects) if c.report_accepted]
    if finance is not None:
        owing = [case for case in accepted if not case.balance_settled]
        paid = world.move_all(session, Action.SETTLE_BALANCE, owing, finance)
        for case in [*paid, *(case for case in accepted if case.balance_settled)]:
            days = world.habits.officers.close.draw(world.chance(f"person:{case.instructor_id}"))
            world.plan_work(Step.EVALUATE, case, days)


def plan_payment(world: World, case: Seen) -> None:
    """A grant is notified: finance pays its advance within the delay of the law."""
    chance = world.chance("finance")
    moment = office_hour(chance, world.now, world.habits.finance.pay.draw(chance))
    world.agenda.plan(moment, Step.PAY, case.id)


def pay(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Pay what is due of grants whose report is still to come."""
    finance = world.someone(Role.FINANCE)
    due = [c for c in _funded(session, subjects) if not c.report_accepted and not c.not_carried_out]
    if finance is not None:
        orders = ((case, Given(reason=f"M-{case.id:05d}")) for case in due)
        world.move(session, Action.RECORD_PAYMENT, orders, finance)


def plan_notice(world: World, case: Seen) -> None:
    """A letter says that a report never came: finance is asked for a formal notice."""
    if not case.report_received and case.notice_expires_on is None:
        chance = world.chance("finance")
        moment = office_hour(chance, world.now, world.habits.finance.notice.draw(chance))
        world.agenda.plan(moment, Step.GIVE_NOTICE, case.id)


def give_notice(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Give formal notice; some reports come then, for the others the grant is reclaimed."""
    finance = world.someone(Role.FINANCE)
    late = [c for c in _funded(session, subjects) if not c.report_received and c.notice_expires_on is None]
    if finance is None:
        return
    because = Given(reason=NO_REPORT)
    noticed = world.move(session, Action.GIVE_NOTICE, ((case, because) for case in late), finance)
    for case in look(session, [case.id for case in noticed]):
        chance = world.chance("finance")
        if world.applicant_of(case).conduct.report is Report.ON_NOTICE:
            moment = spare_hour(world.stream_of(case), world.now, chance.randint(4, 24))
            world.agenda.plan(moment, Step.SEND_REPORT, case.id)
        expires = case.notice_expires_on or paris_day(world.now)
        delay = 1 + world.habits.finance.reclaim.draw(chance)
        world.agenda.plan(office_hour_on(chance, world.now, expires, delay), Step.RECLAIM, case.id)


def not_carried_out(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Record that an action did not take place; finance then reclaims the grant."""
    told = [c for c in _funded(session, subjects) if not c.report_received and not c.not_carried_out]
    for officer, cases in by_officer(world, told):
        because = Given(reason=NOT_DONE)
        attested = [case for case in cases if world.stream_of(case).random() < ATTESTS]
        by_hand = [(case, because) for case in cases if case not in attested]
        known = world.move(session, Action.RECORD_NOT_CARRIED_OUT, by_hand, officer)
        for case in attested:
            by = By(f"organisation:{case.organisation_id}", Role.APPLICANT)
            known += world.move(session, Action.ATTEST_NOT_CARRIED_OUT, [(case, because)], by)
        for case in known:
            chance = world.chance("finance")
            moment = office_hour(chance, world.now, world.habits.finance.reclaim.draw(chance))
            world.agenda.plan(moment, Step.RECLAIM, case.id)


def reclaim(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Reclaim the grants of actions not carried out, and of reports that no notice brought."""
    finance = world.someone(Role.FINANCE)
    lost = [c for c in _funded(session, subjects) if not c.report_received and c.id not in world.sent_back]
    if finance is not None:
        because = Given(reason=REPAY)
        world.move(session, Action.RECLAIM, ((case, because) for case in lost), finance)


def plan_protest(world: World, case: Seen) -> None:
    """An applicant learns that its case is closed; a few protest, and the manager reopens the first of them."""
    if not world.applicant_of(case).conduct.protests:
        return
    chance = world.chance("manager")
    if case.stage != Stage.LAPSED and chance.random() >= PROTESTS_AGAINST_REFUSAL:
        return
    moment = office_hour(chance, world.now, world.habits.finance.reopen.draw(chance))
    world.agenda.plan(moment, Step.REOPEN, case.id)


def reopen(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Reopen a case, as long as the manager has not reopened too many."""
    manager = world.someone(Role.MANAGER)
    for case in look(session, [case_id for case_id, _ in subjects]):
        if manager is None or world.tally.reopened >= world.habits.finance.most_reopened:
            return
        if world.move(session, Action.REOPEN, [(case, Given(reason=SECOND_CHANCE))], manager):
            world.tally.reopened += 1
            world.answered_twice.add(case.id)
            if case.stage != Stage.REJECTED:
                world.plan_work(Step.CHECK, case, 4, sure=True)


def _funded(session: Session, subjects: Sequence[Subject]) -> list[Seen]:
    cases = look(session, [case_id for case_id, _ in subjects])
    return [case for case in cases if case.stage == Stage.FUNDED]
