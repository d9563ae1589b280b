"""Webhooks: what other software may be told of, where endpoints and deliveries stand, when one is tried again. Pure."""

import hashlib
from datetime import timedelta
from enum import StrEnum

from parvis.states import agreement_stages
from parvis.states.sitting_events import EVENT_WORDS
from parvis.states.stages import ACTION_WORDS
from parvis.states.words import Sentence

PAYLOAD_VERSION = 1
"""The version of what is sent; it changes when a field changes its meaning or goes away, not when one is added."""
TEST = "webhook.test"
LEASE = timedelta(minutes=2)
MOST_ENDPOINTS = 20
DISABLED_AFTER = timedelta(days=5)
"""An endpoint that answered nothing good for so long is told nothing more, until a manager says so."""
KEPT_FOR = timedelta(days=30)
"""How long a delivery that arrived, or was given up, stays on the page."""
OLD_SECRET_LASTS = timedelta(days=1)
"""How long the secret of before a rotation still signs, beside the new one."""


class EndpointState(StrEnum):
    """Whether an endpoint is told: it is, a manager paused it, or it failed for too long."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    """Where a delivery stands. One that failed was tried for days, or its endpoint said it is gone."""

    OWED = "owed"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


ENDPOINT_WORDS: dict[str, Sentence] = {
    EndpointState.ACTIVE: Sentence("en service", "in use"),
    EndpointState.PAUSED: Sentence("en pause", "paused"),
    EndpointState.DISABLED: Sentence("arrêté après échecs", "stopped after failures"),
}
DELIVERY_WORDS: dict[str, Sentence] = {
    DeliveryState.OWED: Sentence("à envoyer", "to be sent"),
    DeliveryState.SENDING: Sentence("en cours", "on its way"),
    DeliveryState.DELIVERED: Sentence("reçu", "delivered"),
    DeliveryState.FAILED: Sentence("abandonné", "given up"),
}


class About(StrEnum):
    """Whose journal an event is of: the first half of its type."""

    CASE = "case"
    AGREEMENT = "agreement"
    SITTING = "sitting"


ABOUT_WORDS: dict[str, Sentence] = {
    About.CASE: Sentence("Dossiers", "Cases"),
    About.AGREEMENT: Sentence("Conventions", "Agreements"),
    About.SITTING: Sentence("Séances", "Sessions"),
}


def everything(about: About) -> str:
    """The type that stands for all that happens to these: `case.*`."""
    return f"{about}.*"


EVENTS: dict[About, dict[str, Sentence]] = {
    About.CASE: {f"case.{action}": words for action, words in ACTION_WORDS.items()},
    About.AGREEMENT: {
        f"agreement.{action}": words for action, words in agreement_stages.ACTION_WORDS.items()
    },
    About.SITTING: {f"sitting.{event}": words for event, words in EVENT_WORDS.items()},
}
"""Every type of event, by what it is about: an action or an event of that journal, in the words people read."""
TYPES = frozenset(name for events in EVENTS.values() for name in events) | frozenset(map(everything, About))
"""What an endpoint may ask to be told of."""

WAITS = (60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""Seconds before the second try, the third…: about three days in all. After the last, a delivery is given up."""


def wait_seconds(attempt: int, key: str) -> int | None:
    """Seconds before the try that follows `attempt` (1 for the first); None when there is none.

    Up to a fifth is added, drawn from `key`, so that what failed together does not come back together.
    """
    if attempt > len(WAITS):
        return None
    steady = WAITS[attempt - 1]
    drawn = int.from_bytes(hashlib.sha256(f"{key}\n{attempt}".encode()).digest()[:4], "big") / 2**32
    return steady + int(steady * drawn / 5)
