"""Who people are for an identity provider, those who left for it, and the token that signs them out there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who left for the provider: what has to come back with them, and the page of ours to end on."""

    id: int
    browser_hash: bytes
    nonce: str
    verifier: str
    follow: str
    expires_at: datetime
    used_at: datetime | None


def add_attempt(
    session: Session, state_hash: bytes, browser_hash: bytes, *,
    nonce: str, verifier: str, follow: str, at: datetime, expires_at: datetime,
) -> None:  # fmt: skip
    """Keep a new attempt by the hashes of its secrets; those that expired yesterday go."""
    session.exec_driver_sql(
        "DELETE FROM oidc_attempts WHERE expires_at < %(before)s", {"before": at - timedelta(days=1)}
    )
    session.exec_driver_sql(
        """
        INSERT INTO oidc_attempts (state_hash, browser_hash, nonce, verifier, follow, made_at, expires_at)
        VALUES (%(state)s, %(browser)s, %(nonce)s, %(verifier)s, %(follow)s, %(at)s, %(expires)s)
        """,
        {"state": state_hash, "browser": browser_hash, "nonce": nonce, "verifier": verifier, "follow": follow,
         "at": at, "expires": expires_at},
    )  # fmt: skip


def lock_attempt(session: Session, state_hash: bytes) -> Attempt | None:
    """The attempt of this state; nobody else uses it until the commit."""
    row = session.exec_driver_sql(
        """
        SELECT id, browser_hash, nonce, verifier, follow, expires_at, used_at FROM oidc_attempts
         WHERE state_hash = %(state)s FOR UPDATE
        """,
        {"state": state_hash},
    ).one_or_none()
    return Attempt(*row) if row else None


def use_attempt(session: Session, attempt_id: int, *, at: datetime) -> None:
    """Write that an attempt was used; its secrets are of no more use and go."""
    session.exec_driver_sql(
        "UPDATE oidc_attempts SET used_at = %(at)s, nonce = '', verifier = '' WHERE id = %(id)s",
        {"id": attempt_id, "at": at},
    )


@dataclass(frozen=True, slots=True)
class Found:
    """An identity we know, and whether its person is still in the contract."""

    id: int
    person_id: int
    active: bool


def lock_identity(session: Session, issuer: str, subject: str) -> Found | None:
    """The identity of this name; nobody unlinks it until the commit."""
    row = session.exec_driver_sql(
        """
        SELECT i.id, i.person_id, p.active FROM identities i JOIN people p ON p.id = i.person_id
         WHERE i.issuer = %(issuer)s AND i.subject = %(subject)s FOR UPDATE OF i
        """,
        {"issuer": issuer, "subject": subject},
    ).one_or_none()
    return Found(*row) if row else None


def add_identity(
    session: Session, person_id: int, *, issuer: str, subject: str, email: str, at: datetime
) -> tuple[int, int]:
    """Link an identity to a person; its id and theirs. One that was linked meanwhile stays whose it is."""
    row = session.exec_driver_sql(
        """
        INSERT INTO identities AS i (person_id, issuer, subject, email, linked_at, seen_at)
        VALUES (%(person)s, %(issuer)s, %(subject)s, %(email)s, %(at)s, %(at)s)
        ON CONFLICT (issuer, subject) DO UPDATE SET seen_at = excluded.seen_at RETURNING i.id, i.person_id
        """,
        {"person": person_id, "issuer": issuer, "subject": subject, "email": email, "at": at},
    ).one()
    return int(row[0]), int(row[1])


def see_identity(session: Session, identity_id: int, *, email: str, at: datetime) -> None:
    """Write that somebody came with this identity, and the address the provider gives them now, if any."""
    session.exec_driver_sql(
        """
        UPDATE identities SET seen_at = GREATEST(seen_at, %(at)s), email = COALESCE(NULLIF(%(email)s, ''), email)
         WHERE id = %(id)s
        """,
        {"id": identity_id, "email": email, "at": at},
    )


def logout_token(session: Session, session_id: int, issuer: str) -> str | None:
    """The id_token that signs this session out at this provider; None for one it did not open."""
    row = session.exec_driver_sql(
        """
        SELECT w.id_token FROM web_sessions w JOIN identities i ON i.id = w.identity_id
         WHERE w.id = %(id)s AND i.issuer = %(issuer)s
        """,
        {"id": session_id, "issuer": issuer},
    )
    found: str | None = row.scalar_one_or_none()
    return found


def forget_tokens(session: Session, *, at: datetime) -> None:
    """Drop the id_tokens of sessions that expired."""
    session.exec_driver_sql(
        "UPDATE web_sessions SET id_token = NULL WHERE id_token IS NOT NULL AND expires_at <= %(at)s",
        {"at": at},
    )


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """An identity linked to a person: whose word it is, the address it came with, since when, last used when."""

    id: int
    issuer: str
    subject: str
    email: str
    linked_at: datetime
    seen_at: datetime


def identities_of(session: Session, person_id: int) -> list[IdentityLine]:
    """The identities of a person, the last used first."""
    rows = session.exec_driver_sql(
        """
        SELECT id, issuer, subject, email, linked_at, seen_at FROM identities WHERE person_id = %(id)s
         ORDER BY seen_at DESC, id
        """,
        {"id": person_id},
    )
    return [IdentityLine(*row) for row in rows]


def unlink(session: Session, person_id: int, identity_id: int, *, at: datetime) -> bool:
    """Unlink an identity of a person and end the sessions it opened; False when they have no such identity."""
    found = session.exec_driver_sql(
        "SELECT id FROM identities WHERE id = %(id)s AND person_id = %(person)s FOR UPDATE",
        {"id": identity_id, "person": person_id},
    ).one_or_none()
    if found is None:
        return False
    session.exec_driver_sql(
        """
        UPDATE web_sessions SET ended_at = COALESCE(ended_at, %(at)s), id_token = NULL WHERE identity_id = %(id)s
        """,
        {"id": identity_id, "at": at},
    )
    session.exec_driver_sql("DELETE FROM identities WHERE id = %(id)s", {"id": identity_id})
    return True
