"""Secret addresses sent by letter: who holds one comes in without a password, for one purpose, until it expires."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from parvis.models.queries import access as queries
from parvis.models.queries.access import Link
from parvis.models.session import Session
from parvis.services.secrets import kept, new_secret
from parvis.states.access import ONCE, Purpose

LONGEST_FOLLOW = 300
PATH = "/lien/"
"""Where the web application answers links; the secret follows."""


class Gone(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


class LinkGoneError(Exception):
    """A link opens nothing any more, or never did: `why` says which; `link` is the one that did."""

    def __init__(self, why: Gone, link: Link | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.link = link


@dataclass(frozen=True, slots=True)
class Guest:
    """For whom a link is: a person of a contract, or an organisation that asks. Exactly one of both."""

    person_id: int | None = None
    organisation_id: int | None = None


def offer(
    session: Session, guest: Guest, purpose: Purpose, subject_id: int | None = None, *,
    expires_at: datetime, at: datetime,
) -> str:  # fmt: skip
    """A new link, as the path to put behind the public address: `/lien/…`.

    `subject_id` is what it is about: a sitting for `declare` and `packet`, a case for `case` and `partner`. The
    secret is in the path and nowhere else: keep it in the letter's data only.
    """
    secret = new_secret()
    queries.add_link(
        session, kept(secret), person_id=guest.person_id, organisation_id=guest.organisation_id,
        purpose=purpose, subject_id=subject_id, at=at, expires_at=expires_at,
    )  # fmt: skip
    return PATH + secret


def with_follow(path: str, follow: str) -> str:
    """A link's path that remembers which page was asked for first; `follow` is one of ours, or empty."""
    return f"{path}?{urlencode({'suite': follow})}" if follow and len(follow) <= LONGEST_FOLLOW else path


def look(session: Session, secret: str, *, at: datetime) -> Link:
    """The link of this secret, not used by looking.

    Raises:
        LinkGoneError: there is none, or it expired, or it was used and opens once.
    """
    return _alive(queries.find_link(session, kept(secret)), at)


def consume(session: Session, secret: str, *, at: datetime) -> Link:
    """The link of this secret, used now; one that opens once is used by one caller alone.

    Raises:
        LinkGoneError: as `look`.
    """
    link = _alive(queries.find_link(session, kept(secret), lock=True), at)
    queries.use_link(session, link.id, at=at)
    return link


def _alive(link: Link | None, at: datetime) -> Link:
    if link is None:
        raise LinkGoneError(Gone.UNKNOWN)
    if at >= link.expires_at:
        raise LinkGoneError(Gone.EXPIRED, link)
    if link.used_at is not None and link.purpose in ONCE:
        raise LinkGoneError(Gone.USED, link)
    return link
