"""Every ten minutes: the letters, orders and agreements that decisions call for, and the minutes of closed sessions."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.jobs import Papers
from parvis.states.words import Sentence

TITLE = Sentence("Documents des décisions", "Documents of decisions")
DID = Sentence(
    "Décisions : {decisions} ; documents établis : {documents}, dont procès-verbaux : {minutes}",
    "Decisions: {decisions}; documents made: {documents}, of which minutes: {minutes}",
)
DECISIONS = Sentence("Décisions dont les documents manquaient", "Decisions whose documents were missing")
DOCUMENTS = Sentence("Documents établis", "Documents made")
MINUTES = Sentence("Dont procès-verbaux", "Of which minutes")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def write(at: datetime) -> Papers:
    """Make what is missing."""
    with desk() as work:
        return jobs.write_papers(work.database, work.settings, at)


@flow(name="write-papers")
def write_papers(at: datetime | None = None) -> Papers:
    """Make the documents owed and not there yet; quiet the second time. `at` (aware) replays an instant."""
    instant = moment(at)
    with desk() as work:
        made = write(instant)
        work.log(DID, decisions=made.decisions, documents=made.documents, minutes=made.minutes)
        work.leave_counts(
            "write-papers", TITLE, instant,
            [(DECISIONS, made.decisions), (DOCUMENTS, made.documents), (MINUTES, made.minutes)],
        )  # fmt: skip
    return made
