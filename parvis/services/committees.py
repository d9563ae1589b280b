"""Committees: which sitting a person means."""

from datetime import date, datetime

from parvis.models.queries import committees as queries
from parvis.models.queries.committees import Sitting
from parvis.models.session import Session
from parvis.services.people import UnknownNameError
from parvis.states.calendar import paris_day


def find_sitting(
    session: Session, code: str, day: date | None, *, at: datetime, contract_id: int | None = None
) -> Sitting:
    """The sitting of a committee on `day`, else its next one from the Paris day of `at` whose agenda is open.

    `code` may say the day as well: `pilotage/2026-12-10`.

    Raises:
        UnknownNameError: there is no such committee, or no such sitting; `known` says which there are.
    """
    if day is None and "/" in code:
        code, day = _with_day(code)
    of_committee = queries.sittings(session, contract_id=contract_id, code=code.lower())
    if not of_committee:
        codes = sorted({sitting.code for sitting in queries.sittings(session, contract_id=contract_id)})
        raise UnknownNameError("committee", code, codes)
    for sitting in of_committee:
        if sitting.held_on == day or (
            day is None and sitting.agenda_open and sitting.held_on >= paris_day(at)
        ):
            return sitting
    known = [f"{sitting.code}/{sitting.held_on}" for sitting in of_committee]
    raise UnknownNameError("committee", f"{code}/{day}" if day else code, known)


def _with_day(typed: str) -> tuple[str, date | None]:
    """A committee and the day said behind a slash; as typed when what follows is no day."""
    code, _, said = typed.partition("/")
    try:
        return code.strip(), date.fromisoformat(said.strip())
    except ValueError:
        return typed, None


def sitting_named(session: Session, typed: str, day: date | None, *, at: datetime) -> Sitting:
    """The sitting of a committee on `day`, else its next one neither held nor cancelled, its agenda open or not.

    Raises:
        UnknownNameError: as `find_sitting`.
    """
    if day is None:
        for sitting in queries.sittings(session, code=typed.lower(), since=paris_day(at)):
            if sitting.held_at is None and sitting.cancelled_at is None:
                return sitting
    return find_sitting(session, typed, day, at=at)
