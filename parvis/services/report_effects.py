"""What the moves that follow a decision write beside their own rows: reports and payments."""

from collections.abc import Callable
from datetime import date, timedelta

from parvis.models.queries import late_payments, movements, payments, reports
from parvis.models.session import Session
from parvis.services.made import Made
from parvis.states.calendar import paris_day
from parvis.states.ledger import Account, Kind
from parvis.states.payments import due_on
from parvis.states.report_words import ReportKind, ReportState, Way
from parvis.states.stages import Action


def _mark(session: Session, made: Made, state: ReportState, way: Way | None = None) -> None:
    reports.mark(session, made.case_id, state, at=made.at, by=made.by, way=way)


def _receive(session: Session, made: Made) -> None:
    _mark(session, made, ReportState.RECEIVED, Way.REPORT)
    waive_interim(session, made)


def waive_interim(session: Session, made: Made) -> None:
    """Nothing is awaited of an interim report any more."""
    _mark_interim(session, made, ReportState.WAIVED)


def _mark_interim(session: Session, made: Made, state: ReportState, way: Way | None = None) -> None:
    reports.mark(session, made.case_id, state, at=made.at, by=made.by, way=way, kind=ReportKind.INTERIM)


def _ask_interim(session: Session, made: Made) -> None:
    reports.ask_interim(session, made.case_id)


def _receive_interim(session: Session, made: Made) -> None:
    _ask_interim(session, made)
    _mark_interim(session, made, ReportState.RECEIVED, Way.REPORT)


def _correct_interim(session: Session, made: Made) -> None:
    reports.mark(
        session, made.case_id, ReportState.CORRECTIONS_ASKED, at=made.at, by=made.by, corrections=made.given.reason,
        corrections_by=_corrections_by(made), kind=ReportKind.INTERIM,
    )  # fmt: skip


def _accept_interim(session: Session, made: Made) -> None:
    _settle_interim(session, made, ReportState.ACCEPTED)
    last = due_on(paris_day(made.at), made.rules.times.payment_days)
    payments.release_interim(session, made.case_id, due_on=last)


def _waive_interim(session: Session, made: Made) -> None:
    _settle_interim(session, made, ReportState.WAIVED)


def _settle_interim(session: Session, made: Made, state: ReportState) -> None:
    """The report is settled; the one of the year after is asked for, where the action lasts."""
    _mark_interim(session, made, state)
    reports.ask_interim(session, made.case_id)


def _corrections_by(made: Made) -> date:
    return made.given.due_on or paris_day(made.at) + timedelta(days=made.rules.times.corrections_days)


def _ask_corrections(session: Session, made: Made) -> None:
    reports.mark(
        session, made.case_id, ReportState.CORRECTIONS_ASKED, at=made.at, by=made.by, corrections=made.given.reason,
        corrections_by=_corrections_by(made),
    )  # fmt: skip


def _accept(session: Session, made: Made) -> None:
    _mark(session, made, ReportState.ACCEPTED)
    if made.given.settlement is not None:
        last = due_on(paris_day(made.at), made.rules.times.payment_days)
        payments.settle_payments(session, made.case_id, made.given.settlement, due_on=last)


def _not_carried_out(session: Session, made: Made) -> None:
    _mark(session, made, ReportState.ACCEPTED, Way.NOT_CARRIED_OUT)
    _mark_interim(session, made, ReportState.WAIVED)
    payments.cancel_unpaid(session, made.case_id)


def _ask_new_dates(session: Session, made: Made) -> None:
    _mark(session, made, ReportState.RECEIVED, Way.CHANGE_OF_DATES)


def _grant_new_dates(session: Session, made: Made) -> None:
    _answer(session, made, ReportState.ACCEPTED)


def _refuse_new_dates(session: Session, made: Made) -> None:
    _answer(session, made, ReportState.REFUSED)


def _answer(session: Session, made: Made, state: ReportState) -> None:
    """The request for other dates is settled, and the report is awaited again."""
    _mark(session, made, state)
    reports.ask_reports(session, made.case_id, [ReportKind.FINAL])


def _pay(session: Session, made: Made) -> None:
    on = made.given.paid_on or paris_day(made.at)
    payments.pay(session, made.given.paying, on=on, reference=made.given.reason)
    movements.pay_grants(session, made.case_id, actor=made.by, at=made.at)
    late_payments.finish_tasks(session, today=paris_day(made.at), at=made.at, case_id=made.case_id)
    if made.given.nothing_left:
        _release_rest(session, made)


def _pay_all(session: Session, made: Made) -> None:
    payments.pay_all(session, made.case_id, on=paris_day(made.at))
    late_payments.finish_tasks(session, today=paris_day(made.at), at=made.at, case_id=made.case_id)
    movements.pay_grants(session, made.case_id, actor=made.by, at=made.at)
    _release_rest(session, made)


def _release_rest(session: Session, made: Made) -> None:
    """Once all is settled, what was decided and will not be paid is available again."""
    said = movements.NewMovement(
        Kind.RELEASE, f"release/{made.case_id}/{made.version}", made.at, made.by, case_id=made.case_id
    )
    movements.give_back(session, made.case_id, said, accounts=(Account.COMMITTED,))


REPORT_EFFECTS: dict[Action, Callable[[Session, Made], None]] = {
    Action.RECEIVE_REPORT: _receive,
    Action.ASK_CORRECTIONS: _ask_corrections,
    Action.ACCEPT_REPORT: _accept,
    Action.RECORD_NOT_CARRIED_OUT: _not_carried_out,
    Action.ATTEST_NOT_CARRIED_OUT: _not_carried_out,
    Action.ASK_NEW_DATES: _ask_new_dates,
    Action.GRANT_NEW_DATES: _grant_new_dates,
    Action.REFUSE_NEW_DATES: _refuse_new_dates,
    Action.ASK_INTERIM: _ask_interim,
    Action.RECEIVE_INTERIM: _receive_interim,
    Action.CORRECT_INTERIM: _correct_interim,
    Action.ACCEPT_INTERIM: _accept_interim,
    Action.WAIVE_INTERIM: _waive_interim,
    Action.RECORD_PAYMENT: _pay,
    Action.SETTLE_BALANCE: _pay_all,
}
