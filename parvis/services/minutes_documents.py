"""The minutes of closed sessions as Word and PDF documents, kept with their sitting: those owed are not there yet."""

from datetime import datetime

from parvis.documents.minutes_docx import minutes_docx
from parvis.documents.minutes_pages import minutes_pdf
from parvis.models.queries import minutes as queries
from parvis.models.session import Database
from parvis.services import files
from parvis.services.decision_documents import CLERK
from parvis.services.files import Shelf, Subject
from parvis.services.sessions.minutes import parse_minutes
from parvis.states.files import FileKind


def make_owed(database: Database, kept: Shelf, *, at: datetime) -> int:
    """Make the documents of every version of minutes that lacks one; how many versions. Safe to repeat."""
    with database.transaction() as session:
        owed = queries.without_document(session)
    for minutes in owed:
        said = parse_minutes(minutes.content)
        made = {"docx": minutes_docx(said), "pdf": minutes_pdf(said)}
        with database.transaction() as session:
            for ending, content in made.items():
                files.keep_made(
                    session, kept, Subject(committee_id=minutes.committee_id), kind=FileKind.MINUTES,
                    name=f"proces-verbal-{said.code}-{said.held_on}.{ending}", content=content, by=CLERK, at=at,
                    key=f"{minutes.key}/{ending}",
                )  # fmt: skip
    return len(owed)
