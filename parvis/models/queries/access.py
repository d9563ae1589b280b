"""Links, sessions, passwords, attempts and visits: the rows of who comes in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.session import Session, fetch


@dataclass(frozen=True, slots=True)
class Link:
    """A link by its secret: for whom, for what, until when; `used_at` once it was used."""

    id: int
    person_id: int | None
    organisation_id: int | None
    purpose: str
    subject_id: int | None
    expires_at: datetime
    used_at: datetime | None


def add_link(
    session: Session, token_hash: bytes, *,
    person_id: int | None, organisation_id: int | None, purpose: str, subject_id: int | None,
    at: datetime, expires_at: datetime,
) -> None:  # fmt: skip
    """Keep a new link by the hash of its secret."""
    session.exec_driver_sql(
        """
        INSERT INTO access_links (token_hash, person_id, organisation_id, purpose, subject_id, made_at, expires_at)
        VALUES (%(hash)s, %(person)s, %(organisation)s, %(purpose)s, %(subject)s, %(at)s, %(expires)s)
        """,
        {"hash": token_hash, "person": person_id, "organisation": organisation_id, "purpose": purpose,
         "subject": subject_id, "at": at, "expires": expires_at},
    )  # fmt: skip


def find_link(session: Session, token_hash: bytes, *, lock: bool = False) -> Link | None:
    """The link of this hash; with `lock`, nobody else uses it until the commit."""
    statement = f"{_LINK} FOR UPDATE" if lock else _LINK
    row = session.exec_driver_sql(statement, {"hash": token_hash}).one_or_none()
    return Link(*row) if row else None


_LINK = """
SELECT id, person_id, organisation_id, purpose, subject_id, expires_at, used_at FROM access_links
 WHERE token_hash = %(hash)s
"""


def use_link(session: Session, link_id: int, *, at: datetime) -> None:
    """Write that a link was used, the first time."""
    session.exec_driver_sql(
        "UPDATE access_links SET used_at = COALESCE(used_at, %(at)s) WHERE id = %(id)s",
        {"id": link_id, "at": at},
    )


def add_session(
    session: Session, token_hash: bytes, *,
    person_id: int | None, organisation_id: int | None, browser: str, at: datetime, lasts: timedelta,
    identity_id: int | None = None, id_token: str | None = None,
) -> None:  # fmt: skip
    """Keep a new session by the hash of its secret."""
    session.exec_driver_sql(
        """
        INSERT INTO web_sessions (token_hash, person_id, organisation_id, identity_id, id_token, browser, made_at,
                                  seen_at, expires_at)
        VALUES (%(hash)s, %(person)s, %(organisation)s, %(identity)s, %(id_token)s, %(browser)s, %(at)s, %(at)s,
                %(expires)s)
        """,
        {"hash": token_hash, "person": person_id, "organisation": organisation_id, "identity": identity_id,
         "id_token": id_token, "browser": browser, "at": at, "expires": at + lasts},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in: a person of a contract in their role, or an organisation that asks (role `applicant`).

    A program that acts for a person has no session but a token, and does no more than its `scopes` (None: all).
    """

    session_id: int | None
    person_id: int | None
    organisation_id: int | None
    contract_id: int | None
    name: str
    email: str
    role: str
    funder_id: int | None
    language: str
    token_id: int | None = None
    scopes: frozenset[str] | None = None

    @property
    def actor(self) -> str:
        """The opaque id the journal keeps."""
        if self.person_id is not None:
            return f"person:{self.person_id}"
        return f"organisation:{self.organisation_id}"


_VISITOR = """
WITH found AS (
    SELECT w.id, w.person_id, w.organisation_id, p.contract_id, COALESCE(p.name, o.name),
           COALESCE(p.email, o.email), COALESCE(p.role, 'applicant'), p.funder_id, COALESCE(p.language, o.language),
           w.seen_at
      FROM web_sessions w
      LEFT JOIN people p ON p.id = w.person_id
      LEFT JOIN organisations o ON o.id = w.organisation_id
     WHERE w.token_hash = $1::bytea AND w.ended_at IS NULL AND w.expires_at > $2::timestamptz
       AND w.seen_at > $3::timestamptz AND COALESCE(p.active, true)
), noted AS (
    UPDATE web_sessions s SET seen_at = GREATEST(s.seen_at, $2::timestamptz)
      FROM found WHERE s.id = found.id AND found.seen_at <= $4::timestamptz
)
SELECT * FROM found
"""
_NOTED = timedelta(minutes=1)
"""How late `seen_at` may be: to write it for every page would wait for the disk each time, and for the other pages."""


def find_visitor(session: Session, token_hash: bytes, *, at: datetime, idles: timedelta) -> Visitor | None:
    """Who is signed in with this secret at `at`, seen now; None once it expired, idled or was ended."""
    rows = fetch(session, _VISITOR, (token_hash, at, at - idles, at - _NOTED))
    return Visitor(*rows[0][:-1]) if rows else None


def end_session(session: Session, session_id: int, *, at: datetime) -> None:
    """End one session."""
    session.exec_driver_sql(
        "UPDATE web_sessions SET ended_at = %(at)s, id_token = NULL WHERE id = %(id)s AND ended_at IS NULL",
        {"id": session_id, "at": at},
    )


def end_all_sessions(session: Session, person_id: int, *, at: datetime) -> int:
    """End every session of a person; how many were open."""
    ended = session.exec_driver_sql(
        """
        UPDATE web_sessions SET ended_at = %(at)s, id_token = NULL
         WHERE person_id = %(id)s AND ended_at IS NULL AND expires_at > %(at)s RETURNING id
        """,
        {"id": person_id, "at": at},
    )
    return len(ended.all())


@dataclass(frozen=True, slots=True)
class Known:
    """A person who may sign in, and their password if they have one."""

    person_id: int
    name: str
    role: str
    contract_id: int
    password: str | None


def find_person(session: Session, email: str) -> Known | None:
    """The active person of this address, letter case apart."""
    row = session.exec_driver_sql(
        """
        SELECT p.id, p.name, p.role, p.contract_id, w.hash FROM people p LEFT JOIN passwords w ON w.person_id = p.id
         WHERE p.active AND lower(p.email) = lower(%(email)s) ORDER BY p.id LIMIT 1
        """,
        {"email": email},
    ).one_or_none()
    return Known(*row) if row else None


def set_password(session: Session, person_id: int, hashed: str, *, at: datetime) -> None:
    """Keep the password of a person."""
    session.exec_driver_sql(
        """
        INSERT INTO passwords (person_id, hash, set_at) VALUES (%(id)s, %(hash)s, %(at)s)
        ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at
        """,
        {"id": person_id, "hash": hashed, "at": at},
    )


def drop_password(session: Session, person_id: int) -> None:
    """Keep no password of a person any more."""
    session.exec_driver_sql("DELETE FROM passwords WHERE person_id = %(id)s", {"id": person_id})


def count_attempt(session: Session, bucket: str, *, at: datetime, window: timedelta) -> int:
    """Count one more attempt of `bucket`; how many there were in the window it belongs to, this one included."""
    row = session.exec_driver_sql(
        """
        INSERT INTO attempts AS a (bucket, since, count) VALUES (%(bucket)s, %(at)s, 1)
        ON CONFLICT (bucket) DO UPDATE
           SET count = CASE WHEN a.since > %(start)s THEN a.count + 1 ELSE 1 END,
               since = CASE WHEN a.since > %(start)s THEN a.since ELSE excluded.since END
        RETURNING count
        """,
        {"bucket": bucket, "at": at, "start": at - window},
    )
    return int(row.scalar_one())


def add_visit(
    session: Session, visitor: Visitor, *, method: str, path: str, status: int, at: datetime
) -> None:
    """Write one line of the log of access; alone in its transaction, it does not wait for the disk."""
    fetch(session, _VISIT, (at, visitor.session_id, visitor.token_id, method, path, status))


_VISIT = """
WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS said)
INSERT INTO visits (at, session_id, token_id, method, path, status)
SELECT $1::timestamptz, $2::bigint, $3::bigint, $4::text, $5::text, $6::int FROM soon WHERE said = 'off' RETURNING 1
"""


def people_to_sign_in(session: Session) -> list[tuple[int, str, str, str, str | None]]:
    """Every active person: id, name, address, role, name of their funder; by role then name, for a demonstration."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.name, p.email, p.role, f.name FROM people p LEFT JOIN funders f ON f.id = p.funder_id
         WHERE p.active ORDER BY p.role, p.id
        """
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the contract and how they come in: last seen when, on how many browsers now."""

    id: int
    name: str
    email: str
    role: str
    funder: str | None
    active: bool
    seen_at: datetime | None
    open_sessions: int
    has_password: bool


def list_people(session: Session, contract_id: int, *, at: datetime, idles: timedelta) -> list[PersonLine]:
    """The people of a contract, those still active first, by role and name."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.name, p.email, p.role, f.name, p.active, w.seen_at, COALESCE(w.open, 0), k.person_id IS NOT NULL
          FROM people p
          LEFT JOIN funders f ON f.id = p.funder_id
          LEFT JOIN passwords k ON k.person_id = p.id
          LEFT JOIN (SELECT person_id, max(seen_at) AS seen_at,
                            count(*) FILTER (WHERE ended_at IS NULL AND expires_at > %(at)s AND seen_at > %(idle)s)
                                AS open
                       FROM web_sessions WHERE person_id IS NOT NULL GROUP BY 1) w ON w.person_id = p.id
         WHERE p.contract_id = %(contract)s ORDER BY p.active DESC, p.role, p.name, p.id
        """,
        {"contract": contract_id, "at": at, "idle": at - idles},
    )
    return [PersonLine(*row) for row in rows]


def person_address(session: Session, contract_id: int, person_id: int) -> str | None:
    """The address of an active person of this contract; None when there is no such person."""
    row = session.exec_driver_sql(
        "SELECT email FROM people WHERE id = %(id)s AND contract_id = %(contract)s AND active",
        {"id": person_id, "contract": contract_id},
    )
    found: str | None = row.scalar_one_or_none()
    return found
