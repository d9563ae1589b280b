"""Every minute: write and send the letters whose time has come."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.notifications.trouble import told
from parvis.services import jobs, wiring
from parvis.services.outbox import Sent
from parvis.states.words import Sentence

TITLE = Sentence("Lettres", "Letters")
DID = Sentence(
    "Lettres écrites : {written} ; parties : {accepted} ; remises à plus tard : {deferred} ; refusées : {refused}",
    "Letters written: {written}; sent: {accepted}; put off: {deferred}; refused: {refused}",
)
WRITTEN = Sentence("Lettres écrites", "Letters written")
DIGESTED = Sentence("Gardées pour le récapitulatif du matin", "Kept for the morning digest")
UNWRITABLE = Sentence("Impossibles à écrire (une tâche le dit)", "Impossible to write (a task says so)")
ACCEPTED = Sentence("Parties", "Sent")
DEFERRED = Sentence("Remises à plus tard par le serveur", "Put off by the server")
REFUSED = Sentence("Refusées pour toujours (une tâche le dit)", "Refused for good (a task says so)")
KNOWN = Sentence("Déjà parties avant une restauration", "Already sent before a restoration")
RECOVERED = Sentence("Reprises d’un envoi interrompu", "Taken up from an interrupted run")


class MailServerAwayError(Exception):
    """The server could not be reached; every letter is still owed and leaves with a later run."""


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def dispatch(at: datetime) -> Sent:
    """Empty the outbox. An instant already past is taken as now: a lease has to last from now on."""
    clock = jobs.running_clock(max(at, wiring.now()))
    with desk() as work:
        return jobs.send_letters(work.database, work.settings, clock, by=wiring.whoami())


@flow(name="send-letters")
def send_letters(at: datetime | None = None) -> Sent:
    """Write and send what is due. `at` (aware) sends ahead what is due until then; safe to run twice."""
    instant = moment(at)
    with desk() as work:
        sent = dispatch(instant)
        work.log(
            DID,
            written=sent.wrote.written,
            accepted=sent.accepted,
            deferred=sent.deferred,
            refused=sent.refused,
        )
        work.leave_counts(
            "send-letters", TITLE, instant,
            [(WRITTEN, sent.wrote.written), (DIGESTED, sent.wrote.digested), (UNWRITABLE, sent.wrote.failed),
             (ACCEPTED, sent.accepted), (DEFERRED, sent.deferred), (REFUSED, sent.refused),
             (RECOVERED, sent.recovered), (KNOWN, sent.known)],
        )  # fmt: skip
        if sent.unreachable:
            raise MailServerAwayError(work.say(told(sent.unreachable)))
    return sent
