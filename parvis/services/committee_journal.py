"""The journal of a sitting: the one way in for whoever does something to a committee."""

from collections.abc import Mapping
from datetime import datetime

from parvis.models.queries import committee_journal as queries
from parvis.models.session import Session
from parvis.states.details import Plain
from parvis.states.facts import By
from parvis.states.journal import Event
from parvis.states.sitting_events import SittingEvent


def record_event(
    session: Session, committee_id: int, action: SittingEvent, details: Mapping[str, Plain], *, by: By, at: datetime
) -> Event:  # fmt: skip
    """Write in the journal of a sitting what was just done to it, in the transaction that does it.

    `details` are plain JSON values; names of people do not belong there, their ids do.
    """
    return queries.append(session, committee_id, action, details, by=by, at=at)
