"""Every hour: the dossiers of Démarche numérique that changed, and what is owed there."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, Desk, desk, fail_if_any, moment
from parvis.services.demarches.jobs import CallFollowed
from parvis.services.demarches.jobs import follow_demarches as follow
from parvis.states.words import Sentence

TITLE = Sentence("Dossiers de Démarche numérique", "Dossiers of Démarche numérique")
DID = Sentence(
    "{call} : lus {read}, créés {created}, mis à jour {updated}, refusés {refused}",
    "{call}: read {read}, created {created}, updated {updated}, refused {refused}",
)
CALL = Sentence("Appel", "Call")
READ = Sentence("Lus", "Read")
CREATED = Sentence("Créés", "Created")
UPDATED = Sentence("Mis à jour", "Updated")
DIFFERING = Sentence("À comparer", "To compare")
REFUSED = Sentence("Refusés", "Refused")
FILES = Sentence("Fichiers gardés", "Files kept")
TOLD = Sentence("Faits là-bas", "Done there")
STOPPED = Sentence("Arrêt", "Stopped")
NOTHING = Sentence("Aucun appel ne nomme de démarche", "No call names a form")
NO_TOKEN = Sentence(
    "Aucun jeton n’est réglé (PARVIS_DEMARCHE_TOKEN)", "No token is set (PARVIS_DEMARCHE_TOKEN)"
)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def read(at: datetime) -> list[CallFollowed]:
    """Read every form, then tell what is owed there."""
    with desk() as work:
        return follow(work.database, work.settings, at)


@flow(name="follow-demarches")
def follow_demarches(at: datetime | None = None) -> list[CallFollowed]:
    """Read the forms as of `at` (aware); without a form, or without a token, there is nothing to do."""
    instant = moment(at)
    with desk() as work:
        if work.settings.demarche_token is None:
            work.leave_table("follow-demarches", TITLE, instant, [{work.say(STOPPED): work.say(NO_TOKEN)}])
            return []
        done = read(instant)
        rows = [_row(work, each) for each in done]
        work.leave_table("follow-demarches", TITLE, instant, rows or [{work.say(STOPPED): work.say(NOTHING)}])
    fail_if_any([each.round.stopped for each in done if each.round.stopped], len(done))
    return done


def _row(work: Desk, each: CallFollowed) -> dict[str, str | int]:
    one = each.round
    work.log(
        DID,
        call=one.call,
        read=one.read,
        created=len(one.created),
        updated=len(one.updated),
        refused=len(one.refused),
    )
    return {
        work.say(CALL): one.call, work.say(READ): one.read, work.say(CREATED): len(one.created),
        work.say(UPDATED): len(one.updated), work.say(DIFFERING): len(one.diverging),
        work.say(REFUSED): len(one.refused), work.say(FILES): one.files.kept, work.say(TOLD): each.told.done,
        work.say(STOPPED): one.stopped.sentence.say(work.settings.language) if one.stopped else "",
    }  # fmt: skip
