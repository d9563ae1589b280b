"""Who may come in: links by letter, passwords, open sessions, how often somebody tried, what was looked at."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    identity,
    instant,
    number,
    one_of,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.access import Purpose

_ONE_VISITOR = "num_nonnulls(person_id, organisation_id) = 1"


class AccessLink(Row, table=True):
    """A secret address sent by letter to one person, or to one organisation; only the hash of its secret is kept."""

    __tablename__ = "access_links"
    __table_args__ = (
        one_of("purpose", Purpose),
        CheckConstraint(_ONE_VISITOR, name="one_visitor"),
        Index("ix_access_links_expires_at", "expires_at"),
    )

    id: int = identity()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: int | None = optional_reference("people")
    organisation_id: int | None = optional_reference("organisations")
    purpose: str
    subject_id: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    made_at: Any = instant()
    expires_at: Any = instant()
    used_at: Any = optional_instant()


class Identity(Row, table=True):
    """Who a person is for an identity provider: its name, and the name it gives them for us."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index("ix_identities_person_id", "person_id"),
    )

    id: int = identity()
    person_id: int = reference("people", cascade=True)
    issuer: str
    subject: str
    email: str = text()
    linked_at: Any = instant()
    seen_at: Any = instant()


class OidcAttempt(Row, table=True):
    """Somebody who left for their identity provider and may come back once, in the same browser."""

    __tablename__ = "oidc_attempts"
    __table_args__ = (Index("ix_oidc_attempts_expires_at", "expires_at"),)

    id: int = identity()
    state_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    browser_hash: bytes = Field(sa_type=LargeBinary)
    nonce: str
    verifier: str
    follow: str
    made_at: Any = instant()
    expires_at: Any = instant()
    used_at: Any = optional_instant()


class WebSession(Row, table=True):
    """Somebody signed in on one browser, until it expires or is ended.

    With an identity, the id_token signs them out at the provider as well; it goes when the session ends.
    """

    __tablename__ = "web_sessions"
    __table_args__ = (
        CheckConstraint(_ONE_VISITOR, name="one_visitor"),
        Index("ix_web_sessions_person_id", "person_id", postgresql_where=sql("ended_at IS NULL")),
        Index("ix_web_sessions_organisation_id", "organisation_id", postgresql_where=sql("ended_at IS NULL")),
        Index("ix_web_sessions_identity_id", "identity_id", postgresql_where=sql("identity_id IS NOT NULL")),
        Index("ix_web_sessions_id_token", "expires_at", postgresql_where=sql("id_token IS NOT NULL")),
    )

    id: int = identity()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: int | None = optional_reference("people")
    organisation_id: int | None = optional_reference("organisations")
    identity_id: int | None = optional_reference("identities", forgets=True)
    id_token: str | None = Field(default=None, sa_type=Text, nullable=True)
    browser: str = text()
    made_at: Any = instant()
    seen_at: Any = instant()
    expires_at: Any = instant()
    ended_at: Any = optional_instant()


class Password(Row, table=True):
    """The password of a person, as argon2 keeps it; who has none enters by letter."""

    __tablename__ = "passwords"

    person_id: int = reference("people", cascade=True, primary_key=True)
    hash: str
    set_at: Any = instant()


class Attempts(Row, table=True):
    """How often something was tried in a stretch of time, shared by every process that answers."""

    __tablename__ = "attempts"

    bucket: str = Field(primary_key=True)
    since: Any = instant()
    count: int = number()


class ApiToken(Row, table=True):
    """What a program shows to act for a person, or what their calendar's address hides; only its hash is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        CheckConstraint("expires_at IS NOT NULL OR scopes = 'calendar'", name="ends"),
        Index("ix_api_tokens_person_id", "person_id"),
    )

    id: int = identity()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: int = reference("people")
    name: str
    scopes: str
    made_at: Any = instant()
    expires_at: Any = optional_instant()
    used_at: Any = optional_instant()
    revoked_at: Any = optional_instant()


class Visit(Row, table=True):
    """One page, file or answer given to somebody signed in: who, when, what, and how it ended (CNIL 2021-122)."""

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("num_nonnulls(session_id, token_id) = 1", name="one_way_in"),
        Index("ix_visits_at", "at"),
    )

    id: int = identity()
    at: Any = instant()
    session_id: int | None = optional_reference("web_sessions")
    token_id: int | None = optional_reference("api_tokens")
    method: str
    path: str
    status: int
