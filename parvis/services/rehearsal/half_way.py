"""Interim reports in a rehearsal: sent around their day by those who give account, read by their officer."""

from collections.abc import Sequence
from datetime import timedelta

from parvis.models.queries.rehearsal import Seen, look
from parvis.models.session import Session
from parvis.services.rehearsal.agenda import Step, Subject, office_hour, spare_hour_on
from parvis.services.rehearsal.applying import applicant
from parvis.services.rehearsal.proposals import Report
from parvis.services.rehearsal.reporting import write_report
from parvis.services.rehearsal.world import World, by_officer
from parvis.states.calendar import paris_day
from parvis.states.facts import Given
from parvis.states.report_words import ReportKind
from parvis.states.stages import Action, Stage

BEFORE, AFTER = timedelta(days=12), timedelta(days=20)
"""How long before its day a report is sent, or after it by those who are late."""
READING_DAYS = 6
SILENT = frozenset({Report.NEVER, Report.ON_NOTICE, Report.NOT_CARRIED_OUT})


def plan_interim(world: World, case: Seen) -> None:
    """An interim report is awaited: decide when it is sent, or never."""
    conduct = world.applicant_of(case).conduct
    if case.interim_due_on is None or case.interim_received or conduct.report in SILENT:
        return
    late = conduct.report is Report.LATE
    day = case.interim_due_on + AFTER if late else max(paris_day(world.now), case.interim_due_on - BEFORE)
    chance = world.chance(f"interim/{case.external_id}/{case.interim_due_on}")
    world.agenda.plan(spare_hour_on(chance, world.now, day), Step.SEND_INTERIM, case.id)


def send_interim(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Send the interim report; its officer reads it in the days that follow."""
    for case in look(session, [case_id for case_id, _ in subjects]):
        if case.stage != Stage.FUNDED or case.interim_due_on is None or case.interim_received:
            continue
        told = Given(sha256=write_report(world, session, case, ReportKind.INTERIM))
        if world.move(session, Action.RECEIVE_INTERIM, [(case, told)], applicant(case)):
            chance = world.chance(f"interim/{case.external_id}/{case.interim_due_on}")
            world.agenda.plan(office_hour(chance, world.now, READING_DAYS), Step.READ_INTERIM, case.id)


def read_interim(world: World, session: Session, subjects: Sequence[Subject]) -> None:
    """Accept interim reports."""
    received = [case for case in look(session, [case_id for case_id, _ in subjects]) if case.interim_received]
    for officer, cases in by_officer(world, received):
        world.move_all(session, Action.ACCEPT_INTERIM, cases, officer)
