"""What the clock does to agreements: steps whose day has come, reminders, renewal requests written. Safe to repeat."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import timers
from parvis.models.queries.agreement_pages import never_asked
from parvis.models.queries.agreement_payments import unwritten_years
from parvis.models.queries.timers import Of
from parvis.models.session import Database, Session
from parvis.services import agreement_ledger, agreement_payments
from parvis.services.agreement_writing import CLOCK, decided, prepare, write
from parvis.services.agreements import advance
from parvis.services.deadlines import LIMIT
from parvis.states.agreement_stages import AgreementAction
from parvis.states.calendar import paris_day
from parvis.states.table import MoveRefusedError


@dataclass(frozen=True, slots=True)
class Renewing:
    """What a run did: steps made and refused, letters owed, reminders superseded, requests written, payments due."""

    moved: int = 0
    refused: int = 0
    owed: int = 0
    superseded: int = 0
    requests: int = 0
    payable: int = 0

    def __add__(self, other: "Renewing") -> "Renewing":
        return Renewing(
            self.moved + other.moved, self.refused + other.refused, self.owed + other.owed,
            self.superseded + other.superseded, self.requests + other.requests, self.payable + other.payable,
        )  # fmt: skip


def renew(database: Database, *, at: datetime) -> Renewing:
    """Do all that is due for agreements, one at a time, each in a transaction of its own.

    Steps first, then the payments of the years that have begun, the requests of those in renewal, and the reminders
    that are still true: who has just been written to about a step is not reminded of the one before.
    """
    total = Renewing()
    with database.transaction() as session:
        due = timers.due_subjects(session, at=at, limit=LIMIT, of=Of.AGREEMENTS)
    for agreement_id in (number for number, moves in due.items() if moves):
        with database.transaction() as session:
            total += _make_moves(session, agreement_id, at=at)
    total += _pay_years(database, at=at)
    with database.transaction() as session:
        renewing = never_asked(session, paris_day(at))
    for agreement_id in renewing:
        with database.transaction() as session:
            total += _write_request(session, agreement_id, at=at)
    with database.transaction() as session:
        due = timers.due_subjects(session, at=at, limit=LIMIT, of=Of.AGREEMENTS)
    for agreement_id in due:
        with database.transaction() as session:
            fired = timers.fire_reminders(
                session, [agreement_id], at=at, today=paris_day(at), of=Of.AGREEMENTS
            )
            total += Renewing(owed=fired[0], superseded=fired[1])
    return total


def _make_moves(session: Session, agreement_id: int, *, at: datetime) -> Renewing:
    """Make the steps that are due, then those that became due: a machine that was off for long catches up at once."""
    made, refused = 0, []
    while several := timers.take_due_moves(session, [agreement_id], at=at, of=Of.AGREEMENTS):
        for due in several:
            prepared = prepare(session, agreement_id, at=at, lock=True)
            try:
                move = decided(prepared, AgreementAction(due.action), CLOCK)
            except MoveRefusedError:
                refused.append(due.timer_id)
            else:
                write(session, prepared, move, by=CLOCK, at=at)
                made += 1
    if refused:
        timers.mark_refused(session, refused)
    return Renewing(moved=made, refused=len(refused))


def _pay_years(database: Database, *, at: datetime) -> Renewing:
    """Make due what is to be paid of the years that have begun; write what was confirmed before it was written."""
    with database.transaction() as session:
        unwritten = unwritten_years(session, paris_day(at))
    for agreement_id, number in unwritten:
        with database.transaction() as session:
            known = prepare(session, agreement_id, at=at, lock=True).known
            agreement_payments.make_payments(session, known, number, at=at)
            agreement_ledger.follow_payments(
                session, agreement_id, action="confirm_year", mark=f"year/{number}", by=CLOCK.actor, at=at
            )
    with database.transaction() as session:
        return Renewing(payable=agreement_payments.open_years(session, at=at))


def _write_request(session: Session, agreement_id: int, *, at: datetime) -> Renewing:
    """Write the request of an agreement in renewal, if nothing keeps it from being written."""
    try:
        advance(session, agreement_id, AgreementAction.WRITE_REQUEST, by=CLOCK, at=at)
    except MoveRefusedError:
        return Renewing()
    return Renewing(requests=1)
