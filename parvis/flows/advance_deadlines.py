"""Every ten minutes: fire the timers that are due."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, fail_if_any, gathered, moment
from parvis.services import jobs
from parvis.services.deadlines import Fired
from parvis.states.words import Sentence

TITLE = Sentence("Échéances", "Deadlines")
FOUND = Sentence("Dossiers avec une échéance à jouer : {cases}", "Cases with something due: {cases}")
DID = Sentence(
    "Étapes franchies : {moved} ; lettres dues : {owed} ; rappels dépassés : {superseded} ; refus : {refused}",
    "Moves made: {moved}; letters owed: {owed}; reminders superseded: {superseded}; refused: {refused}",
)
DUE = Sentence("Dossiers avec une échéance à jouer", "Cases with something due")
MOVED = Sentence("Étapes franchies par l’horloge", "Moves made by the clock")
OWED = Sentence("Lettres dues", "Letters owed")
SUPERSEDED = Sentence("Rappels dépassés par un plus récent", "Reminders superseded by a later one")
REFUSED = Sentence("Étapes refusées par la règle", "Moves refused by the rules")
FAILED = Sentence("Lots en échec, repris au prochain passage", "Batches failed, taken up by the next run")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def fire(case_ids: list[int], at: datetime) -> Fired:
    """Fire what is due of one batch of cases."""
    with desk() as work:
        return jobs.fire_deadlines(work.database, case_ids, at)


@flow(name="advance-deadlines", task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
def advance_deadlines(at: datetime | None = None) -> Fired:
    """Fire every due timer. `at` (aware) replays an instant; safe to run twice."""
    instant = moment(at)
    with desk() as work:
        batches = jobs.due_batches(work.database, instant)
        cases = sum(map(len, batches))
        work.log(FOUND, cases=cases)
        done, failures = gathered([fire.submit(batch, instant) for batch in batches])
        total = sum(done, start=Fired())
        work.log(DID, moved=total.moved, owed=total.owed, superseded=total.superseded, refused=total.refused)
        work.leave_counts(
            "advance-deadlines", TITLE, instant,
            [(DUE, cases), (MOVED, total.moved), (OWED, total.owed), (SUPERSEDED, total.superseded),
             (REFUSED, total.refused), (FAILED, len(failures))],
        )  # fmt: skip
    fail_if_any(failures, len(batches))
    return total
