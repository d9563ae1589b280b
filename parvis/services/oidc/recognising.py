"""From whom the provider vouches for to a person of the contract: known by identity, the first time by address."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import identities as queries
from parvis.models.queries.access import find_person
from parvis.models.queries.notices import owe_to_person
from parvis.models.session import Session
from parvis.services.oidc.client import Client
from parvis.services.oidc.failing import SignInFailedError, Why
from parvis.services.oidc.tokens import Known
from parvis.states import fields


@dataclass(frozen=True, slots=True)
class Recognised:
    """The person, and the identity they came with."""

    person_id: int
    identity_id: int


def recognise(session: Session, client: Client, known: Known, *, at: datetime) -> Recognised:
    """The active person of this identity; the first time, the one who has its address. Nobody is ever created.

    Whoever an identity is linked to is written to.

    Raises:
        SignInFailedError: `inactive`, `no_email`, `unverified_email`, `nobody`.
    """
    found = queries.lock_identity(session, client.issuer, known.subject)
    if found is not None:
        if not found.active:
            raise SignInFailedError(Why.INACTIVE)
        queries.see_identity(session, found.id, email=_address(known.email), at=at)
        return Recognised(found.person_id, found.id)
    email = _vouched_for(client, known)
    person = find_person(session, email)
    if person is None:
        raise SignInFailedError(Why.NOBODY, email=email)
    identity_id, person_id = queries.add_identity(
        session, person.person_id, issuer=client.issuer, subject=known.subject, email=email, at=at
    )
    data = {"path": "/mon-compte", "provider": client.name, "email": email}
    owe_to_person(
        session, person_id, template="identity_linked", occurrence=f"identity:{identity_id}", data=data, at=at
    )
    return Recognised(person_id, identity_id)


def _vouched_for(client: Client, known: Known) -> str:
    email = _address(known.email)
    if not email:
        raise SignInFailedError(Why.NO_EMAIL)
    if known.email_verified is False or (known.email_verified is None and not client.trust_email):
        raise SignInFailedError(Why.UNVERIFIED_EMAIL, email=email)
    return email


def _address(said: str) -> str:
    """The address in the form ours have; empty when it is none."""
    try:
        return fields.email(said)
    except fields.FieldError:
        return ""
