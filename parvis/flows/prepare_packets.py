"""Every day at six: build the packets of the sittings to come, again where something changed."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, fail_if_any, gathered, moment
from parvis.services import jobs
from parvis.services.jobs import Prepared
from parvis.states.words import Sentence

TITLE = Sentence("Dossiers de séance", "Packets")
DID = Sentence(
    "Séances : {sittings} ; exemplaires établis : {built}, inchangés : {unchanged} ; lettres dues : {letters}",
    "Sessions: {sittings}; copies built: {built}, unchanged: {unchanged}; letters owed: {letters}",
)
SITTINGS = Sentence("Séances dont le dossier est dû", "Sessions whose packet is due")
BUILT = Sentence("Exemplaires établis", "Copies built")
UNCHANGED = Sentence("Exemplaires inchangés", "Copies unchanged")
LETTERS = Sentence("Lettres dues aux membres", "Letters owed to members")
FAILED = Sentence(
    "Séances en échec, reprises au prochain passage", "Sessions failed, taken up by the next run"
)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def due(at: datetime) -> list[int]:
    """Close the agendas that are due, and find the sittings to prepare."""
    with desk() as work:
        return jobs.packets_due(work.database, at)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def prepare(committee_id: int, at: datetime) -> Prepared:
    """Build the packet of one sitting."""
    with desk() as work:
        return jobs.prepare_packet(work.database, work.settings, committee_id, at)


@flow(name="prepare-packets", task_runner=ThreadPoolTaskRunner(max_workers=1))  # type: ignore[arg-type]
def prepare_packets(at: datetime | None = None) -> Prepared:
    """Build what changed of every packet due. `at` (aware) replays an instant; safe to run twice."""
    instant = moment(at)
    with desk() as work:
        sittings = due(instant)
        done, failures = gathered([prepare.submit(sitting, instant) for sitting in sittings])
        total = sum(done, start=Prepared())
        work.log(
            DID, sittings=len(sittings), built=total.built, unchanged=total.unchanged, letters=total.letters
        )
        work.leave_counts(
            "prepare-packets", TITLE, instant,
            [(SITTINGS, len(sittings)), (BUILT, total.built), (UNCHANGED, total.unchanged), (LETTERS, total.letters),
             (FAILED, len(failures))],
        )  # fmt: skip
    fail_if_any(failures, len(sittings))
    return total
