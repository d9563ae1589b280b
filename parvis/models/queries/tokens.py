"""Tokens of programs and of calendars: kept by their hash, found, listed, revoked."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.access import Visitor
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as its person sees it; its secret is not known any more."""

    id: int
    name: str
    scopes: str
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


def add_token(
    session: Session, token_hash: bytes, *,
    person_id: int, name: str, scopes: str, at: datetime, expires_at: datetime | None,
) -> TokenLine:  # fmt: skip
    """Keep a new token by the hash of its secret."""
    row = session.exec_driver_sql(
        f"""
        INSERT INTO api_tokens (token_hash, person_id, name, scopes, made_at, expires_at)
        VALUES (%(hash)s, %(person)s, %(name)s, %(scopes)s, %(at)s, %(expires)s)
        RETURNING {_COLUMNS}
        """,  # noqa: S608 - the text below
        {"hash": token_hash, "person": person_id, "name": name, "scopes": scopes, "at": at, "expires": expires_at},
    )  # fmt: skip
    return TokenLine(*row.one())


_COLUMNS = "id, name, scopes, made_at, expires_at, used_at, revoked_at"

_FOUND = """
UPDATE api_tokens t SET used_at = GREATEST(t.used_at, %(at)s)
  FROM people p
 WHERE p.id = t.person_id AND t.token_hash = %(hash)s AND t.revoked_at IS NULL AND p.active
   AND (t.expires_at IS NULL OR t.expires_at > %(at)s)
RETURNING NULL::bigint, p.id, NULL::bigint, p.contract_id, p.name, p.email, p.role, p.funder_id, p.language, t.id,
          t.scopes
"""


def find_bearer(session: Session, token_hash: bytes, *, at: datetime) -> Visitor | None:
    """The person a token speaks for at `at`, used now; None once it expired, was revoked, or the person left."""
    row = session.exec_driver_sql(_FOUND, {"hash": token_hash, "at": at}).one_or_none()
    return Visitor(*[*row[:10], frozenset(row[10].split())]) if row else None


def list_tokens(session: Session, person_id: int) -> list[TokenLine]:
    """Every token of a person, the latest first."""
    rows = session.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM api_tokens WHERE person_id = %(id)s ORDER BY id DESC",  # noqa: S608 - the text above
        {"id": person_id},
    )
    return [TokenLine(*row) for row in rows]


def revoke_token(session: Session, person_id: int, token_id: int, *, at: datetime) -> bool:
    """End one token of a person; False when they have no such token."""
    row = session.exec_driver_sql(
        """
        UPDATE api_tokens SET revoked_at = COALESCE(revoked_at, %(at)s)
         WHERE id = %(id)s AND person_id = %(person)s RETURNING id
        """,
        {"id": token_id, "person": person_id, "at": at},
    )
    return row.one_or_none() is not None


def revoke_calendars(session: Session, person_id: int, *, at: datetime) -> None:
    """End the addresses of a person's calendar."""
    session.exec_driver_sql(
        """
        UPDATE api_tokens SET revoked_at = %(at)s
         WHERE person_id = %(person)s AND scopes = 'calendar' AND revoked_at IS NULL
        """,
        {"person": person_id, "at": at},
    )
