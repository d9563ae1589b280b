"""Every night: forget what has expired, verify the journal, anchor its heads; tend tables that are cut in parts."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, Desk, desk, moment
from parvis.services import jobs, parts
from parvis.services.jobs import Watched
from parvis.services.journal import Anchored, Verification
from parvis.states.words import Sentence

TITLE = Sentence("Journal", "Journal")
VERIFIED = Sentence(
    "Lignes vérifiées : {lines} ; dossiers : {cases} ; séances : {sittings} ; conventions : {agreements} ; "
    "ancres comparées : {anchors}",
    "Lines verified: {lines}; cases: {cases}; sessions: {sittings}; agreements: {agreements}; "
    "anchors compared: {anchors}",
)
ANCHORED = Sentence("Ancre {number} : racine {root}", "Anchor {number}: root {root}")
LINES = Sentence("Lignes vérifiées", "Lines verified")
CASES = Sentence("Dossiers vérifiés", "Cases verified")
SITTINGS = Sentence("Séances vérifiées", "Sessions verified")
AGREEMENTS = Sentence("Conventions vérifiées", "Agreements verified")
ANCHORS = Sentence("Ancres comparées", "Anchors compared")
FAULT = Sentence("Première anomalie", "First fault")
FORGOTTEN = Sentence(
    "Demandes d’espace expirées, oubliées : {count}", "Expired requests for a space, forgotten: {count}"
)
TENDED = Sentence(
    "Parties du journal et des lettres recomptées", "Parts of the journal and of letters counted again"
)
NONE = Sentence("aucune", "none")
UNPROTECTED = Sentence("Protections absentes de la base", "Protections the database lacks")
LAST = Sentence("Dernière ancre", "Last anchor")
ROOT = Sentence("Racine", "Root")
VALUE = Sentence("Valeur", "Value")


class JournalNotSoundError(Exception):
    """The journal was changed behind the application, or could be unseen; nothing was anchored."""


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def verify() -> Verification:
    """Verify every line."""
    with desk() as work:
        return jobs.verify_journal(work.database, work.settings.anchors)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def anchor(at: datetime) -> Anchored:
    """Anchor the heads."""
    with desk() as work:
        return jobs.anchor_journal(work.database, work.settings.anchors, at)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def forget(at: datetime) -> int:
    """Forget what nobody can use any more."""
    with desk() as work:
        return jobs.forget_expired(work.database, at)


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def tend() -> bool:
    """Count again what cut tables are planned by."""
    with desk() as work:
        return parts.tend(work.database)


@flow(name="watch-journal")
def watch_journal(at: datetime | None = None) -> Watched:
    """Verify the journal and, when it is sound and not empty, anchor it as of `at` (aware); forget what has expired."""
    instant = moment(at)
    with desk() as work:
        work.log(FORGOTTEN, count=forget(instant))
        if tend():
            work.log(TENDED)
        verified = verify()
        work.log(
            VERIFIED, lines=verified.lines, cases=verified.cases, sittings=verified.sittings,
            agreements=verified.agreements, anchors=verified.anchors,
        )  # fmt: skip
        anchored = anchor(instant) if verified.sound and verified.lines else None
        if anchored:
            work.log(ANCHORED, number=anchored.number, root=anchored.root.hex())
        work.leave_table("watch-journal", TITLE, instant, _rows(work, verified, anchored))
        if not verified.sound:
            raise JournalNotSoundError(_fault(work, verified))
    return Watched(verified, anchored)


def _rows(work: Desk, verified: Verification, anchored: Anchored | None) -> list[dict[str, str | int]]:
    told: list[tuple[Sentence, str | int]] = [
        (LINES, verified.lines),
        (CASES, verified.cases),
        (SITTINGS, verified.sittings),
        (AGREEMENTS, verified.agreements),
        (ANCHORS, verified.anchors),
        (FAULT, work.say(verified.fault.sentence) if verified.fault else work.say(NONE)),
        (UNPROTECTED, ", ".join(verified.unprotected) or work.say(NONE)),
    ]
    if anchored:
        told += [(LAST, anchored.number), (ROOT, anchored.root.hex())]
    return [{work.say(TITLE): work.say(label), work.say(VALUE): value} for label, value in told]


def _fault(work: Desk, verified: Verification) -> str:
    return work.say(verified.fault.sentence) if verified.fault else ", ".join(verified.unprotected)
