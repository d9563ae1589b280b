"""Every month: the essential data of grants, checked against the official schema, then published."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.open_data.publishing import InvalidDataError, NoSiretError, Published
from parvis.states.words import Sentence

TITLE = Sentence("Données ouvertes", "Open data")
CONTRACT = Sentence("Contrat", "Contract")
NUMBER = Sentence("Publication en vigueur", "Publication in force")
ROWS = Sentence("Lignes", "Lines")
ADDED = Sentence("Ajoutées", "Added")
CHANGED = Sentence("Modifiées", "Changed")
REMOVED = Sentence("Retirées", "Removed")
DID = Sentence(
    "{contract} : {rows} lignes ; ajoutées : {added}, modifiées : {changed}, retirées : {removed}",
    "{contract}: {rows} lines; added: {added}, changed: {changed}, removed: {removed}",
)


class NothingPublishedError(Exception):
    """What is to be published cannot be; the reason says what to do. The publication before stays."""


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def publish(at: datetime) -> tuple[Published, ...] | Sentence:
    """Publish every contract; or why not, which no other try would change."""
    with desk() as work:
        try:
            return jobs.publish_open_data(work.database, at)
        except (NoSiretError, InvalidDataError) as refused:
            return refused.sentence


@flow(name="publish-open-data")
def publish_open_data(at: datetime | None = None) -> tuple[Published, ...]:
    """Publish the essential data of grants as of `at` (aware); what has not changed is not published again."""
    instant = moment(at)
    with desk() as work:
        made = publish(instant)
        if isinstance(made, Sentence):
            raise NothingPublishedError(work.say(made))
        for each in made:
            work.log(
                DID, contract=each.contract, rows=each.rows, added=len(each.changes.added),
                changed=len(each.changes.changed), removed=len(each.changes.removed),
            )  # fmt: skip
        work.leave_table("publish-open-data", TITLE, instant, [
            {
                work.say(CONTRACT): each.contract, work.say(NUMBER): each.number or 0, work.say(ROWS): each.rows,
                work.say(ADDED): len(each.changes.added), work.say(CHANGED): len(each.changes.changed),
                work.say(REMOVED): len(each.changes.removed),
            }
            for each in made
        ])  # fmt: skip
    return made
