"""Every quarter of an hour: the letters that came back, turned into tasks and addresses nothing leaves for."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.bounces import Returned
from parvis.states.words import Sentence

TITLE = Sentence("Lettres revenues", "Letters come back")
DID = Sentence(
    "Messages lus : {read} ; lettres revenues : {returned} ; adresses suspendues : {held} ; sans rapport : {unknown}",
    "Messages read: {read}; letters come back: {returned}; addresses held: {held}; about no letter of ours: {unknown}",
)
READ = Sentence("Messages lus", "Messages read")
RETURNED = Sentence("Lettres revenues", "Letters come back")
HELD = Sentence("Adresses suspendues", "Addresses held")
UNKNOWN = Sentence("Sans rapport", "About no letter of ours")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def read(at: datetime) -> Returned:
    """Take what waits in the mailbox."""
    with desk() as work:
        return jobs.read_bounces(work.database, work.settings, at)


@flow(name="read-bounces")
def read_bounces(at: datetime | None = None) -> Returned:
    """Take the letters that came back, as of `at` (aware); without a mailbox there are none."""
    instant = moment(at)
    with desk() as work:
        done = read(instant)
        work.log(DID, read=done.read, returned=done.returned, held=done.held, unknown=done.unknown)
        work.leave_counts("read-bounces", TITLE, instant, [
            (READ, done.read), (RETURNED, done.returned), (HELD, done.held), (UNKNOWN, done.unknown),
        ])  # fmt: skip
    return done
