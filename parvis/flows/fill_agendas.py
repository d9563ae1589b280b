"""Every quarter of an hour: close the agendas that are due, and fill those that are open."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.agendas import Filled
from parvis.states.words import Sentence

TITLE = Sentence("Ordres du jour", "Agendas")
DID = Sentence(
    "Dossiers inscrits : {added}, dont {later} à une séance suivante ; ordres du jour clos : {closed}",
    "Cases added: {added}, {later} of them to a later session; agendas closed: {closed}",
)
ADDED = Sentence("Dossiers inscrits à un ordre du jour", "Cases put on an agenda")
LATER = Sentence("Dont à une séance suivante, faute de place ou de temps", "Of which to a later session")
CLOSED = Sentence("Ordres du jour clos", "Agendas closed")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def fill(at: datetime) -> Filled:
    """Close and fill."""
    with desk() as work:
        return jobs.fill_agendas(work.database, at)


@flow(name="fill-agendas")
def fill_agendas(at: datetime | None = None) -> Filled:
    """Close the agendas due and fill the others. `at` (aware) replays an instant; safe to run twice."""
    instant = moment(at)
    with desk() as work:
        done = fill(instant)
        work.log(DID, added=done.added, later=done.later, closed=done.closed)
        counts = [(ADDED, done.added), (LATER, done.later), (CLOSED, done.closed)]
        work.leave_counts("fill-agendas", TITLE, instant, counts)
    return done
