"""A closing tried and taken back: what it would do, with how many letters, or what keeps it from being done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from parvis.models.queries.letter_lists import owed_by_template
from parvis.models.queries.session_cases import on_table
from parvis.models.session import Database, Session
from parvis.services.sessions.closing import Blocked, ClosingBlockedError, close
from parvis.states.facts import By
from parvis.states.outcomes import Outcome
from parvis.states.table import MoveRefusedError, Reason


@dataclass(frozen=True, slots=True)
class Trial:
    """What closing a session now would do: cases by outcome, letters by template; or nothing, and why."""

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Reason, ...] = ()
    blocked: tuple[Blocked, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether nothing keeps the session from closing."""
        return not self.refused and not self.blocked


class _TakenBackError(Exception):
    """The end of a trial: its transaction is dropped."""


def try_closing(database: Database, committee_id: int, *, by: By, at: datetime) -> Trial:
    """Close a session and take it all back: the very rules that will be applied say what would happen.

    Raises:
        AlreadyClosedError: it was closed.
    """
    trial = Trial()
    try:
        with database.transaction() as session:
            trial = _close(session, committee_id, by=by, at=at)
            _take_back()
    except _TakenBackError:
        return trial
    except MoveRefusedError as refusal:
        return Trial(refused=refusal.reasons)
    except ClosingBlockedError as error:
        return Trial(blocked=error.blocked)


def _close(session: Session, committee_id: int, *, by: By, at: datetime) -> Trial:
    cases = [case.case_id for case in on_table(session, committee_id)]
    before = owed_by_template(session, cases)
    closed = close(session, committee_id, by=by, at=at)
    after = owed_by_template(session, cases)
    owed = {name: count - before.get(name, 0) for name, count in after.items()}
    return Trial(closed.outcomes, {name: count for name, count in owed.items() if count})


def _take_back() -> NoReturn:
    raise _TakenBackError
