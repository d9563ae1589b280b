"""Every morning: the steps of agreements, their renewal requests, their reminders."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from parvis.flows.around import RETRIES, RETRY_DELAYS, desk, moment
from parvis.services import jobs
from parvis.services.agreement_sweeps import Renewing
from parvis.states.words import Sentence

TITLE = Sentence("Conventions et renouvellements", "Agreements and renewals")
DID = Sentence(
    "Étapes franchies : {moved} ; demandes écrites : {requests} ; lettres dues : {owed} ; rappels dépassés : "
    "{superseded} ; versements devenus à faire : {payable} ; refus : {refused}",
    "Steps made: {moved}; requests written: {requests}; letters owed: {owed}; reminders superseded: {superseded}; "
    "payments fallen due: {payable}; refused: {refused}",
)
MOVED = Sentence("Étapes franchies par l’horloge", "Steps made by the clock")
REQUESTS = Sentence("Demandes de renouvellement écrites", "Renewal requests written")
OWED = Sentence("Lettres dues", "Letters owed")
SUPERSEDED = Sentence("Rappels dépassés par un plus récent", "Reminders superseded by a later one")
PAYABLE = Sentence("Versements de l’année devenus à faire", "Payments of the year fallen due")
REFUSED = Sentence("Étapes refusées par la règle", "Steps refused by the rules")


@task(retries=RETRIES, retry_delay_seconds=RETRY_DELAYS, cache_policy=NO_CACHE)
def renew(at: datetime) -> Renewing:
    """Do what is due."""
    with desk() as work:
        return jobs.renew_agreements(work.database, at)


@flow(name="renew-agreements")
def renew_agreements(at: datetime | None = None) -> Renewing:
    """Do what is due for agreements; quiet the second time. `at` (aware) replays an instant."""
    instant = moment(at)
    with desk() as work:
        did = renew(instant)
        work.log(
            DID, moved=did.moved, requests=did.requests, owed=did.owed, superseded=did.superseded,
            payable=did.payable, refused=did.refused,
        )  # fmt: skip
        work.leave_counts(
            "renew-agreements", TITLE, instant,
            [(MOVED, did.moved), (REQUESTS, did.requests), (OWED, did.owed), (SUPERSEDED, did.superseded),
             (PAYABLE, did.payable), (REFUSED, did.refused)],
        )  # fmt: skip
    return did
