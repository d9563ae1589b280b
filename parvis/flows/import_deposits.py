"""Every hour: import the files of the watched folder."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, Desk, desk, moment
from parvis.services import jobs
from parvis.services.inbox import Arrival
from parvis.services.jobs import Imported
from parvis.states.words import Sentence

TITLE = Sentence("Dépôts du dossier surveillé", "Deposits of the watched folder")
DID = Sentence(
    "Fichiers lus : {files} ; refusés : {refused} ; dossiers créés : {created} ; déjà connus : {known}",
    "Files read: {files}; refused: {refused}; cases created: {created}; known already: {known}",
)
FILE = Sentence("Fichier", "File")
RESULT = Sentence("Résultat", "Result")
CREATED = Sentence("Dossiers créés", "Cases created")
KNOWN = Sentence("Déjà connus", "Known already")
ERRORS = Sentence("Erreurs", "Errors")
ACCEPTED, REFUSED = Sentence("accepté", "accepted"), Sentence("refusé", "refused")
NOTHING = Sentence("Aucun fichier à importer", "No file to import")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def take_in(at: datetime) -> Imported:
    """Import the files of the watched folder, each whole or not at all."""
    with desk() as work:
        settings = work.settings
        return jobs.import_deposits(work.database, settings.inbox, at, language=settings.language)


@flow(name="import-deposits")
def import_deposits(at: datetime | None = None) -> Imported:
    """Import the watched folder as of `at` (aware); a file refused is put aside with its reasons, the others go on."""
    instant = moment(at)
    with desk() as work:
        imported = take_in(instant)
        work.log(
            DID, files=len(imported.arrivals), created=imported.created, known=imported.known,
            refused=imported.refused,
        )  # fmt: skip
        rows = [_row(work, arrival) for arrival in imported.arrivals]
        work.leave_table("import-deposits", TITLE, instant, rows or [{work.say(RESULT): work.say(NOTHING)}])
    return imported


def _row(work: Desk, arrival: Arrival) -> dict[str, str | int]:
    received = arrival.received
    return {
        work.say(FILE): arrival.name,
        work.say(RESULT): work.say(ACCEPTED if arrival.accepted else REFUSED),
        work.say(CREATED): len(received.created) if received else 0,
        work.say(KNOWN): received.known if received else 0,
        work.say(ERRORS): len(arrival.problems),
    }
