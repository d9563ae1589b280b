"""Endpoints: registered by a manager, changed, paused, given another secret; each secret is shown once."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import webhooks as queries
from parvis.models.queries.hooked import owe_missed
from parvis.models.queries.tasks import finish_task_of
from parvis.models.queries.webhooks import DeliveryLine, Endpoint
from parvis.models.session import Session
from parvis.services.bank_keys import Ring
from parvis.services.webhooks.calling import Caller, ForbiddenTargetError
from parvis.services.webhooks.signing import new_secret
from parvis.states.facts import By
from parvis.states.webhooks import (
    EVENTS,
    MOST_ENDPOINTS,
    OLD_SECRET_LASTS,
    TEST,
    TYPES,
    EndpointState,
    everything,
)
from parvis.states.words import Sentence

__all__ = ["DeliveryLine", "Endpoint"]

LONGEST_NAME = 80
MOST_SHOWN = 100
NO_NAME = Sentence(
    "Nommer l’outil en {count} signes au plus : ce nom le dit dans les listes et les tâches.",
    "Name the tool in at most {count} signs: lists and tasks call it so.",
)
NO_TYPES = Sentence("Choisir au moins une chose à dire.", "Choose at least one thing to tell.")
UNKNOWN_TYPE = Sentence(
    "« {name} » n’est pas un événement connu : « parvis webhook types » les donne.",
    "“{name}” is no known event: “parvis webhook types” lists them.",
)
TOO_MANY = Sentence(
    "Il y a déjà {count} adresses : en retirer d’abord.",
    "There are {count} addresses already: remove some first.",
)


class EndpointRefusedError(Exception):
    """An endpoint that cannot be: `field` is `name`, `url` or `types`; `sentence` says what is wrong."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(f"{field}: {sentence.en}")
        self.field = field
        self.sentence = sentence


class NoSuchEndpointError(Exception):
    """The contract has no endpoint of this number."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An endpoint just registered. `secret` is shown now, and never again."""

    id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks of an endpoint: its name, its address, the types of event."""

    name: str
    url: str
    types: Collection[str]

    def checked(self, caller: Caller) -> "Wanted":
        """The same, as it is kept.

        Raises:
            EndpointRefusedError: something in it cannot be.
        """
        name = " ".join("".join(char if char.isprintable() else " " for char in self.name).split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise EndpointRefusedError("name", NO_NAME.fill(count=LONGEST_NAME))
        if not self.types:
            raise EndpointRefusedError("types", NO_TYPES)
        for each in sorted(set(self.types) - TYPES):
            raise EndpointRefusedError("types", UNKNOWN_TYPE.fill(name=each[:LONGEST_NAME]))
        try:
            caller.check(self.url)
        except ForbiddenTargetError as refused:
            raise EndpointRefusedError("url", refused.sentence) from None
        return Wanted(name, self.url, in_order(self.types))


def in_order(types: Collection[str]) -> tuple[str, ...]:
    """Types in the order they are listed in; where all about something are asked for, that alone."""
    kept: list[str] = []
    for about, events in EVENTS.items():
        every = everything(about)
        kept += [every] if every in types else [each for each in events if each in types]
    return tuple(kept)


def register(
    session: Session, ring: Ring, contract_id: int, wanted: Wanted, *, by: By, at: datetime
) -> Registered:  # fmt: skip
    """Register an endpoint of a contract; what happens from now on is owed to it.

    Raises:
        EndpointRefusedError: there are too many already.
    """
    if len(queries.endpoints(session, contract_id)) >= MOST_ENDPOINTS:
        raise EndpointRefusedError("name", TOO_MANY.fill(count=MOST_ENDPOINTS))
    made = queries.add(
        session, contract_id, name=wanted.name, url=wanted.url, types_json=json.dumps(wanted.types),
        by=by.actor, at=at,
    )  # fmt: skip
    return Registered(made, _give_secret(session, ring, made, at))


def change(session: Session, contract_id: int | None, endpoint_id: int, wanted: Wanted) -> None:
    """Change the name, the address or the types of an endpoint.

    Raises:
        NoSuchEndpointError: there is none.
    """
    _hold(session, contract_id, endpoint_id)
    queries.change(
        session, endpoint_id, name=wanted.name, url=wanted.url, types_json=json.dumps(wanted.types)
    )


def rotate(session: Session, ring: Ring, contract_id: int | None, endpoint_id: int, *, at: datetime) -> str:
    """Give an endpoint another secret; the one before signs beside it for a day.

    Raises:
        NoSuchEndpointError: there is none.
    """
    _hold(session, contract_id, endpoint_id)
    return _give_secret(session, ring, endpoint_id, at)


def pause(session: Session, contract_id: int | None, endpoint_id: int, *, at: datetime) -> None:
    """Tell an endpoint nothing until it resumes.

    Raises:
        NoSuchEndpointError: there is none.
    """
    if _hold(session, contract_id, endpoint_id).state == EndpointState.ACTIVE:
        queries.set_state(session, endpoint_id, EndpointState.PAUSED, at=at)


def resume(session: Session, contract_id: int | None, endpoint_id: int, *, at: datetime) -> int:
    """Tell an endpoint again, what it missed first; how many events it missed. Its task is done.

    Raises:
        NoSuchEndpointError: there is none.
    """
    if _hold(session, contract_id, endpoint_id).state == EndpointState.ACTIVE:
        return 0
    missed = owe_missed(session, endpoint_id)
    queries.set_state(session, endpoint_id, EndpointState.ACTIVE, at=at)
    queries.owe_again(session, endpoint_id, None, at=at)
    finish_task_of(session, task_of(endpoint_id), at=at)
    return missed


def remove(session: Session, contract_id: int | None, endpoint_id: int, *, at: datetime) -> None:
    """Forget an endpoint, its secrets and what was owed to it.

    Raises:
        NoSuchEndpointError: there is none.
    """
    _hold(session, contract_id, endpoint_id)
    queries.remove(session, endpoint_id)
    finish_task_of(session, task_of(endpoint_id), at=at)


def test(session: Session, contract_id: int | None, endpoint_id: int, *, at: datetime) -> None:
    """Owe an endpoint an event that says nothing but that it is told.

    Raises:
        NoSuchEndpointError: there is none.
    """
    _hold(session, contract_id, endpoint_id)
    queries.owe_test(session, endpoint_id, f"evt_{secrets.token_hex(16)}", TEST, at=at)


def redeliver(
    session: Session, contract_id: int | None, endpoint_id: int, delivery_id: int | None, *, at: datetime
) -> int:  # fmt: skip
    """Owe a delivery again now, or all that did not arrive; how many.

    Raises:
        NoSuchEndpointError: there is none.
    """
    _hold(session, contract_id, endpoint_id)
    return queries.owe_again(session, endpoint_id, delivery_id, at=at)


def one(
    session: Session, contract_id: int | None, endpoint_id: int, *, state: str | None = None, limit: int = MOST_SHOWN
) -> tuple[Endpoint, list[DeliveryLine]]:  # fmt: skip
    """An endpoint and its latest deliveries, those in one state if it is said.

    Raises:
        NoSuchEndpointError: there is none.
    """
    return (
        _hold(session, contract_id, endpoint_id),
        queries.deliveries(session, endpoint_id, state=state, limit=limit),
    )


def task_of(endpoint_id: int) -> str:
    """The key of the task about an endpoint that failed for too long."""
    return f"webhook/{endpoint_id}"


def _hold(session: Session, contract_id: int | None, endpoint_id: int) -> Endpoint:
    found = queries.hold(session, contract_id, endpoint_id) if 0 < endpoint_id < 2**63 else None
    if found is None:
        raise NoSuchEndpointError
    return found


def _give_secret(session: Session, ring: Ring, endpoint_id: int, at: datetime) -> str:
    secret = new_secret()
    queries.add_secret(
        session, endpoint_id, ring.seal_bytes(secret.encode()), at=at, old_lasts=OLD_SECRET_LASTS
    )
    return secret
