"""Every quarter of an hour: close the agendas that are due, fill the others, propose recusals, summon the members."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.filling import Filled
from parvis.services.summons import Summoned
from parvis.states.words import Sentence

TITLE = Sentence("Ordres du jour", "Agendas")
DID = Sentence(
    "Dossiers inscrits : {added}, dont {later} à une séance suivante ; ordres du jour clos : {closed} ; "
    "conflits proposés : {conflicts} ; convocations : {summoned}",
    "Cases added: {added}, {later} of them to a later session; agendas closed: {closed}; "
    "conflicts proposed: {conflicts}; summons: {summoned}",
)
ADDED = Sentence("Dossiers inscrits à un ordre du jour", "Cases put on an agenda")
LATER = Sentence("Dont à une séance suivante, faute de place ou de temps", "Of which to a later session")
CLOSED = Sentence("Ordres du jour clos", "Agendas closed")
CONFLICTS = Sentence("Conflits d’intérêts proposés", "Conflicts of interest proposed")
SUMMONED = Sentence("Convocations", "Summons")
CHANGED = Sentence("Changements de séance annoncés", "Changes of a session told")
CANCELLED = Sentence("Annulations annoncées", "Cancellations told")
REMINDED = Sentence("Rappels de déclarer ses intérêts", "Reminders to declare interests")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def fill(at: datetime) -> Filled:
    """Close and fill."""
    with desk() as work:
        return jobs.fill_agendas(work.database, at)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def find_conflicts(at: datetime) -> int:
    """Propose recusals."""
    with desk() as work:
        return jobs.find_conflicts(work.database, at)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def summon(at: datetime) -> Summoned:
    """Owe the letters to members."""
    with desk() as work:
        return jobs.summon_members(work.database, at)


@flow(name="fill-agendas")
def fill_agendas(at: datetime | None = None) -> Filled:
    """Close the agendas due, fill the others, then see to their members. `at` (aware) replays an instant."""
    instant = moment(at)
    with desk() as work:
        done, conflicts, summoned = fill(instant), find_conflicts(instant), summon(instant)
        work.log(
            DID, added=done.added, later=done.later, closed=done.closed, conflicts=conflicts,
            summoned=summoned.summoned,
        )  # fmt: skip
        work.leave_counts(
            "fill-agendas", TITLE, instant,
            [(ADDED, done.added), (LATER, done.later), (CLOSED, done.closed), (CONFLICTS, conflicts),
             (SUMMONED, summoned.summoned), (CHANGED, summoned.changed), (CANCELLED, summoned.cancelled),
             (REMINDED, summoned.reminded)],
        )  # fmt: skip
    return done
