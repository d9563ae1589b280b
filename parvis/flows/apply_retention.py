"""Every night: anonymise what was approved, erase traces past their time, propose what is at the end of its own."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, Desk, desk, moment
from parvis.services.retention import applying
from parvis.services.retention.applying import Retained
from parvis.states.retention import KIND_WORDS
from parvis.states.words import Sentence

TITLE = Sentence("Conservation des données", "Retention of data")
DID = Sentence(
    "Anonymisés : {done}, laissés : {left}, en échec : {failed} ; lots proposés : {proposed} ; traces : {traces}",
    "Anonymised: {done}, left: {left}, failed: {failed}; batches proposed: {proposed}; traces erased: {traces}",
)
DONE = Sentence("Anonymisés", "Anonymised")
LEFT = Sentence("Laissés, plus au terme de leur durée", "Left, not at the end of their time any more")
FAILED = Sentence("En échec, repris au prochain passage", "Failed, taken up by the next run")
FILES = Sentence("Contenus de fichiers effacés du disque", "Contents of files erased from the disk")
PROPOSED = Sentence("Proposé : {kind}", "Proposed: {kind}")
ERASED = Sentence("Effacé : {kind}", "Erased: {kind}")


class SomeNotAnonymisedError(Exception):
    """The journal of some of what was approved is not sound; nothing of it was erased."""


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def apply(at: datetime) -> Retained:
    """Do it all; what a run before did is done."""
    with desk() as work:
        return applying.apply_retention(work.database, work.settings, at)


@flow(name="apply-retention")
def apply_retention(at: datetime | None = None) -> Retained:
    """Apply the retention rules as of `at` (aware): nothing but traces goes that nobody approved. Safe to run twice."""
    instant = moment(at)
    with desk() as work:
        made = apply(instant)
        done = made.done
        traces = sum(each.count for each in made.purged)
        work.log(
            DID,
            done=done.done,
            left=done.left,
            failed=done.failed,
            proposed=len(made.proposed),
            traces=traces,
        )
        work.leave_counts("apply-retention", TITLE, instant, _counts(work, made))
        if done.failed:
            raise SomeNotAnonymisedError(str(done.failed))
    return made


def _counts(work: Desk, made: Retained) -> list[tuple[Sentence, int]]:
    counts = [
        (DONE, made.done.done),
        (LEFT, made.done.left),
        (FAILED, made.done.failed),
        (FILES, made.done.files),
    ]
    counts += [(PROPOSED.fill(kind=work.say(KIND_WORDS[each.kind])), each.items) for each in made.proposed]
    counts += [(ERASED.fill(kind=work.say(KIND_WORDS[each.trace])), each.count) for each in made.purged]
    return counts
