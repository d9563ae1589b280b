"""How one applicant will behave, drawn from the habits of all."""

from random import Random

from parvis.services.rehearsal.habits import ApplicantHabits, Delay
from parvis.services.rehearsal.proposals import Answer, Conduct, Door, Report
from parvis.states.contract import Call
from parvis.states.stages import Nature

LATE_ANSWER = Delay(2, 6, 20)
"""Days after the reply date, for those who answer too late."""


def draw_conduct(chance: Random, call: Call, nature: Nature, door: Door, habits: ApplicantHabits) -> Conduct:
    """How an applicant of this call, nature and door will behave."""
    answer = _answer(chance, habits)
    report = _report(chance, habits)
    return Conduct(
        eligible=chance.random() >= habits.not_eligible,
        lacks=_lacks(chance, call, nature, door, habits),
        answer=answer,
        answer_days=(LATE_ANSWER if answer is Answer.LATE else habits.answer).draw(chance),
        part_first=chance.random() < habits.sends_part_first,
        more_time=chance.random() < habits.asks_for_more_time,
        protests=chance.random() < habits.protests,
        withdraws_after=habits.withdraws_after.draw(chance) if chance.random() < habits.withdraws else None,
        address_refused=chance.random() < habits.address_refused,
        report=report,
        report_days=_report_delay(report, habits).draw(chance),
    )


def _lacks(
    chance: Random, call: Call, nature: Nature, door: Door, habits: ApplicantHabits
) -> tuple[str, ...]:
    """Documents missing at first; the portal transmits a case only with all of them."""
    asked = [document.code for document in call.documents_for(nature)]
    if door is Door.PORTAL or not asked or chance.random() >= habits.incomplete:
        return ()
    missing = set(chance.sample(asked, chance.randint(1, min(habits.most_missing, len(asked)))))
    return tuple(code for code in asked if code in missing)


def _answer(chance: Random, habits: ApplicantHabits) -> Answer:
    drawn = chance.random()
    for kind, share in (
        (Answer.LATE, habits.answers_late),
        (Answer.WHEN_REMINDED, habits.answers_when_reminded),
        (Answer.NEVER, habits.never_answers),
    ):
        if drawn < share:
            return kind
        drawn -= share
    return Answer.IN_TIME


def _report(chance: Random, habits: ApplicantHabits) -> Report:
    drawn = chance.random()
    for kind, share in (
        (Report.EARLY, habits.report_early),
        (Report.LATE, habits.report_late),
        (Report.ON_NOTICE, habits.report_on_notice),
        (Report.NEVER, habits.report_never),
        (Report.NOT_CARRIED_OUT, habits.not_carried_out),
    ):
        if drawn < share:
            return kind
        drawn -= share
    return Report.IN_TIME


def _report_delay(report: Report, habits: ApplicantHabits) -> Delay:
    match report:
        case Report.EARLY | Report.NOT_CARRIED_OUT:
            return habits.report_after_action
        case Report.IN_TIME:
            return habits.report_before_due
        case _:
            return habits.report_after_due
