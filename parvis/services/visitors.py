"""Who is signed in: by a link, by a password; sessions that end; how often somebody may try."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from parvis.models.queries import access as queries
from parvis.models.queries.access import Visitor
from parvis.models.queries.notices import owe_to_person
from parvis.models.session import Session
from parvis.services import links
from parvis.services.links import Guest
from parvis.services.secrets import kept, new_secret
from parvis.states.access import SESSION_IDLES, SESSION_LASTS, SIGN_IN_LASTS, Purpose
from parvis.states.words import Sentence

__all__ = [
    "Guest", "OpenedBy", "TooManyAttemptsError", "Visitor", "WeakPasswordError", "ask_for_link", "check_password",
    "limit", "remove_password", "set_password", "sign_in", "sign_out", "who",
]  # fmt: skip

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
WINDOW = timedelta(minutes=15)
MOST_FROM_ONE_PLACE = 30
MOST_FOR_ONE_ADDRESS = 6
MOST_BY_PROVIDER = 120
"""Attempts from one place that a provider checks for us: a town hall may be one place."""
_LONGEST_BROWSER = 300

TOO_SHORT = Sentence(
    "Ce mot de passe est trop court : en choisir un d’au moins {count} signes.",
    "This password is too short: choose one of at least {count} signs.",
)
TOO_LONG = Sentence(
    "Ce mot de passe est trop long : {count} signes au plus.",
    "This password is too long: at most {count} signs.",
)

_HASHER = PasswordHasher()


class TooManyAttemptsError(Exception):
    """Somebody tried too often; trying again after `minutes` is right."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


class WeakPasswordError(Exception):
    """A password nobody should have; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def limit(session: Session, what: str, *, most: int, at: datetime) -> None:
    """Count one more attempt of `what` (a place, an address); commit it even when this refuses.

    Raises:
        TooManyAttemptsError: there were more than `most` in the last quarter of an hour.
    """
    if queries.count_attempt(session, what, at=at, window=WINDOW) > most:
        raise TooManyAttemptsError(int(WINDOW.total_seconds() // 60))


def ask_for_link(session: Session, email: str, *, at: datetime, follow: str = "") -> bool:
    """Owe a person the letter that signs them in; False for an address nobody has. Say the same either way.

    `follow` is the page of ours they asked for, to go on to once in.
    Organisations that ask have theirs: `services/applicants.py`.
    """
    person = queries.find_person(session, email.strip())
    if person is None:
        return False
    expires = at + SIGN_IN_LASTS
    path = links.offer(session, Guest(person.person_id), Purpose.SIGN_IN, expires_at=expires, at=at)
    data = {"path": links.with_follow(path, follow), "minutes": int(SIGN_IN_LASTS.total_seconds() // 60)}
    return owe_to_person(
        session, person.person_id, template="sign_in", occurrence=at.isoformat(), data=data, at=at
    )


def check_password(session: Session, email: str, password: str) -> Guest | None:
    """The person of this address when the password is theirs; None otherwise, after as long."""
    person = queries.find_person(session, email.strip())
    known, nobody = person is not None and person.password is not None, _nobody()
    try:
        _HASHER.verify(person.password if person and person.password else nobody, password)
    except (VerificationError, InvalidHashError):
        return None
    return Guest(person.person_id) if person and known else None


@cache
def _nobody() -> str:
    """What an unknown address is compared with, so that it takes as long as a known one; made for the first of all."""
    return _HASHER.hash(new_secret())


def set_password(session: Session, person_id: int, password: str, *, at: datetime) -> None:
    """Give a person a password; whoever was signed in as them is signed out.

    Raises:
        WeakPasswordError: it is too short or too long.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPasswordError(TOO_SHORT.fill(count=SHORTEST_PASSWORD))
    if len(password) > LONGEST_PASSWORD:
        raise WeakPasswordError(TOO_LONG.fill(count=LONGEST_PASSWORD))
    queries.set_password(session, person_id, _HASHER.hash(password), at=at)
    queries.end_all_sessions(session, person_id, at=at)


def remove_password(session: Session, person_id: int, *, at: datetime) -> None:
    """Leave a person without a password; whoever was signed in as them is signed out."""
    queries.drop_password(session, person_id)
    queries.end_all_sessions(session, person_id, at=at)


@dataclass(frozen=True, slots=True)
class OpenedBy:
    """The identity a session is opened with, and the token that ends it at its provider as well."""

    identity_id: int
    id_token: str = field(repr=False)


def sign_in(
    session: Session, guest: Guest, *, browser: str, at: datetime, opened_by: OpenedBy | None = None
) -> str:
    """A new session; its secret, for the cookie."""
    secret = new_secret()
    queries.add_session(
        session, kept(secret), person_id=guest.person_id, organisation_id=guest.organisation_id,
        browser=browser[:_LONGEST_BROWSER], at=at, lasts=SESSION_LASTS,
        identity_id=opened_by.identity_id if opened_by else None,
        id_token=opened_by.id_token if opened_by else None,
    )  # fmt: skip
    return secret


def who(session: Session, secret: str, *, at: datetime) -> Visitor | None:
    """Who holds this secret; None once the session expired, idled or was ended."""
    return queries.find_visitor(session, kept(secret), at=at, idles=SESSION_IDLES)


def sign_out(session: Session, visitor: Visitor, *, at: datetime) -> None:
    """End the session of a visitor."""
    if visitor.session_id is not None:
        queries.end_session(session, visitor.session_id, at=at)
