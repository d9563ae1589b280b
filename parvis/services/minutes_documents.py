"""The minutes of closed sessions as Word documents, kept with their sitting: those owed are the ones not there."""

from datetime import datetime

from parvis.documents.minutes_docx import minutes_docx
from parvis.models.queries import minutes as queries
from parvis.models.session import Database
from parvis.services import files
from parvis.services.decision_documents import CLERK
from parvis.services.files import Shelf, Subject
from parvis.services.sessions.minutes import parse_minutes
from parvis.states.files import FileKind


def make_owed(database: Database, kept: Shelf, *, at: datetime) -> int:
    """Make the document of every version of minutes that lacks it; how many were made. Safe to repeat."""
    with database.transaction() as session:
        owed = queries.without_document(session)
    for minutes in owed:
        said = parse_minutes(minutes.content)
        with database.transaction() as session:
            files.keep_made(
                session, kept, Subject(committee_id=minutes.committee_id), kind=FileKind.MINUTES,
                name=f"proces-verbal-{said.code}-{said.held_on}.docx", content=minutes_docx(said), by=CLERK, at=at,
                key=minutes.key,
            )  # fmt: skip
    return len(owed)
