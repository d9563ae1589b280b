"""Working days at 07:30: owe each instructor and funder one mail with what waits for them."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.digests import Digested
from parvis.states.words import Sentence

TITLE = Sentence("Récapitulatif du matin", "Morning digest")
DID = Sentence(
    "Personnes prévenues : {people} ; lettres rassemblées : {letters}",
    "People written to: {people}; letters gathered: {letters}",
)
PEOPLE = Sentence("Personnes à qui un récapitulatif est dû", "People a digest is owed to")
LETTERS = Sentence("Lettres rassemblées", "Letters gathered")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def digest(at: datetime) -> Digested:
    """Owe the digests of the day; those owed already stay as they are."""
    with desk() as work:
        return jobs.morning_digest(work.database, at)


@flow(name="morning-digest")
def morning_digest(at: datetime | None = None) -> Digested:
    """Owe the digests of the Paris day of `at` (aware); quiet outside working hours, and the second time."""
    instant = moment(at)
    with desk() as work:
        digested = digest(instant)
        work.log(DID, people=digested.people, letters=digested.letters)
        work.leave_counts(
            "morning-digest", TITLE, instant, [(PEOPLE, digested.people), (LETTERS, digested.letters)]
        )
    return digested
