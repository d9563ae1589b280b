"""Every two minutes: tell other software what happened, by webhooks."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs, wiring
from parvis.services.webhooks.delivering import Delivered
from parvis.services.webhooks.delivering import deliver_webhooks as send
from parvis.states.words import Sentence

TITLE = Sentence("Webhooks", "Webhooks")
DID = Sentence(
    "Événements reçus : {delivered} ; remis à plus tard : {deferred} ; abandonnés : {failed} ; adresses "
    "arrêtées : {stopped}",
    "Events delivered: {delivered}; put off: {deferred}; given up: {failed}; endpoints stopped: {stopped}",
)
DELIVERED = Sentence("Reçus", "Delivered")
DEFERRED = Sentence("Remis à plus tard", "Put off")
NOT_TRIED = Sentence("Pas essayés, l’adresse étant absente", "Not tried, their endpoint being away")
FAILED = Sentence("Abandonnés", "Given up")
STOPPED = Sentence("Adresses arrêtées (une tâche le dit)", "Endpoints stopped (a task says so)")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def deliver(at: datetime) -> Delivered:
    """Send what is owed. An instant already past is taken as now: leases and signatures count from now on."""
    clock = jobs.running_clock(max(at, wiring.now()))
    with desk() as work:
        return send(work.database, work.settings, clock, by=wiring.whoami())


@flow(name="deliver-webhooks")
def deliver_webhooks(at: datetime | None = None) -> Delivered:
    """Send what is due. `at` (aware) sends ahead what is due until then; safe to run twice."""
    instant = moment(at)
    with desk() as work:
        done = deliver(instant)
        work.log(
            DID, delivered=done.delivered, deferred=done.deferred, failed=done.failed, stopped=done.stopped
        )
        work.leave_counts("deliver-webhooks", TITLE, instant, [
            (DELIVERED, done.delivered), (DEFERRED, done.deferred), (NOT_TRIED, done.not_tried),
            (FAILED, done.failed), (STOPPED, done.stopped),
        ])  # fmt: skip
    return done
