"""The figures of agreements of several years, once a rehearsal is over."""

from dataclasses import asdict
from datetime import date

from parvis.models.queries import rehearsal_agreements as queries
from parvis.models.session import Session
from parvis.services.jobs import MORNING
from parvis.services.rehearsal.figures import AgreementCount
from parvis.states.agreement_stages import AgreementStage
from parvis.states.calendar import local_instant, previous_working_day


def count_agreements(session: Session, last: date) -> AgreementCount | None:
    """How many agreements stand where, and how they follow one another; None when there is none.

    What is due is what the last morning played should have done.
    """
    standing = dict(queries.by_stage(session))
    if not standing:
        return None
    morning = local_instant(previous_working_day(last), MORNING)
    found = queries.succession(session, on=last, at=morning)
    at_the_end = tuple((str(stage), standing[stage]) for stage in AgreementStage if stage in standing)
    return AgreementCount(at_the_end=at_the_end, **asdict(found))
