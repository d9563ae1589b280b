"""The address an organisation is written to: where it comes from, another asked for, and all that follows a change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.applicant import OWN_ADDRESS
from parvis.models.session import Session
from parvis.states.access import AddressSource


@dataclass(frozen=True, slots=True)
class Reached:
    """An organisation and how it is reached; without an `email`, its letters have nowhere to go.

    `held` when letters no longer go there because one came back; `contract_id` is that of the last case it asked with.
    """

    id: int
    siret: str
    rna: str | None
    name: str
    email: str
    phone: str
    language: str
    source: str
    since: datetime | None
    held: bool
    contract_id: int


_REACHED = f"""
SELECT o.id, o.siret, o.rna, o.name, w.email, o.phone, o.language, o.email_source, o.email_at,
       EXISTS (SELECT FROM suppressions s WHERE s.address = lower(w.email) AND s.lifted_at IS NULL),
       COALESCE((SELECT k.contract_id FROM cases c JOIN calls k ON k.id = c.call_id
                  WHERE c.organisation_id = o.id ORDER BY c.id DESC LIMIT 1), (SELECT min(id) FROM contracts))
  FROM organisations o CROSS JOIN LATERAL (SELECT {OWN_ADDRESS} AS email) w WHERE o.id = %(id)s
"""  # noqa: S608


def reached(session: Session, organisation_id: int) -> Reached:
    """An organisation and how it is reached."""
    return Reached(*session.exec_driver_sql(_REACHED, {"id": organisation_id}).one())


def hold(session: Session, organisation_id: int) -> Reached:
    """The same, this organisation's alone to change until the commit."""
    session.exec_driver_sql(
        "SELECT FROM organisations WHERE id = %(id)s FOR NO KEY UPDATE", {"id": organisation_id}
    )
    return reached(session, organisation_id)


@dataclass(frozen=True, slots=True)
class AskedAddress:
    """Another address an organisation asks for, until it expires; `used_at` once it counts."""

    organisation_id: int
    name: str
    email: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


def ask(
    session: Session,
    organisation_id: int,
    token_hash: bytes,
    *,
    email: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Keep another address an organisation asks for, in place of the one it asked for before."""
    session.exec_driver_sql(
        """
        INSERT INTO address_changes (organisation_id, token_hash, email, made_at, expires_at)
        VALUES (%(id)s, %(hash)s, %(email)s, %(at)s, %(expires)s)
        ON CONFLICT (organisation_id) DO UPDATE
           SET token_hash = excluded.token_hash, email = excluded.email, made_at = excluded.made_at,
               expires_at = excluded.expires_at, used_at = NULL
        """,
        {"id": organisation_id, "hash": token_hash, "email": email, "at": at, "expires": expires_at},
    )


_ASKED = """
SELECT a.organisation_id, o.name, a.email, a.made_at, a.expires_at, a.used_at
  FROM address_changes a JOIN organisations o ON o.id = a.organisation_id
"""


def asked(session: Session, organisation_id: int, *, at: datetime) -> AskedAddress | None:
    """The address an organisation asks for and that is not proved yet."""
    row = session.exec_driver_sql(
        f"{_ASKED} WHERE a.organisation_id = %(id)s AND a.used_at IS NULL AND a.expires_at > %(at)s",
        {"id": organisation_id, "at": at},
    ).one_or_none()
    return AskedAddress(*row) if row else None


def find(session: Session, token_hash: bytes, *, lock: bool = False) -> AskedAddress | None:
    """The address asked for under this hash; with `lock`, nobody else proves it until the commit."""
    statement = f"{_ASKED} WHERE a.token_hash = %(hash)s"
    row = session.exec_driver_sql(
        f"{statement} FOR UPDATE OF a" if lock else statement, {"hash": token_hash}
    ).one_or_none()
    return AskedAddress(*row) if row else None


def use(session: Session, organisation_id: int, *, at: datetime) -> None:
    """Write that what an organisation asked for counts, or does not any more: its letter opens nothing."""
    session.exec_driver_sql(
        "UPDATE address_changes SET used_at = COALESCE(used_at, %(at)s) WHERE organisation_id = %(id)s",
        {"id": organisation_id, "at": at},
    )


def forget(session: Session, *, before: datetime) -> int:
    """Forget the addresses asked for whose letter had expired before a moment, proved or not; how many."""
    gone = session.exec_driver_sql(
        "DELETE FROM address_changes WHERE expires_at < %(before)s", {"before": before}
    )
    return gone.rowcount


def set_reach(session: Session, organisation_id: int, *, phone: str, language: str) -> None:
    """Call an organisation at this number and write to it in this language from now on."""
    session.exec_driver_sql(
        "UPDATE organisations SET phone = %(phone)s, language = %(language)s WHERE id = %(id)s",
        {"id": organisation_id, "phone": phone, "language": language},
    )


def set_address(
    session: Session, organisation_id: int, old: str, new: str, *, source: AddressSource, at: datetime
) -> None:
    """Write to an organisation at this address from now on, where it takes part as well."""
    session.exec_driver_sql(
        "UPDATE organisations SET email = %(new)s, email_source = %(source)s, email_at = %(at)s WHERE id = %(id)s",
        {"id": organisation_id, "new": new, "source": str(source), "at": at},
    )
    session.exec_driver_sql(
        "UPDATE partners SET email = %(new)s WHERE organisation_id = %(id)s AND lower(email) = lower(%(old)s)",
        {"id": organisation_id, "new": new, "old": old},
    )


@dataclass(frozen=True, slots=True)
class CaseReached:
    """A case of an organisation, of which contract, and whether its contact has the address the organisation had."""

    id: int
    contract_id: int
    contact: bool


def cases_reached(
    session: Session, organisation_id: int, email: str, *, over: Collection[str]
) -> list[CaseReached]:
    """The cases of an organisation under way, or whose contact has this address; `over` are the stages of the others.

    The contact of a draft is the one typed.
    """
    rows = session.exec_driver_sql(
        """
        SELECT id, contract_id, contact FROM (
            SELECT c.id, k.contract_id, c.stage, %(email)s <> '' AND COALESCE(
                       lower(%(email)s) IN (lower(c.contact ->> 'email'),
                                            lower(trim(d.answers #>> '{contact,courriel,0}'))), false) AS contact
              FROM cases c JOIN calls k ON k.id = c.call_id LEFT JOIN drafts d ON d.case_id = c.id
             WHERE c.organisation_id = %(id)s AND c.anonymised_at IS NULL) x
         WHERE contact OR stage <> ALL(%(over)s) ORDER BY id
        """,
        {"id": organisation_id, "email": email, "over": sorted(over)},
    )
    return [CaseReached(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class CaseContact:
    """A case and whom it names as its contact."""

    id: int
    reference: str
    name: str
    phone: str
    email: str


def contacts_under_way(session: Session, organisation_id: int, *, over: Collection[str]) -> list[CaseContact]:
    """The contacts of the cases of an organisation at no stage of `over`, that of the last case first."""
    rows = session.exec_driver_sql(
        """
        SELECT id, reference, contact ->> 'name', COALESCE(contact ->> 'phone', ''), COALESCE(contact ->> 'email', '')
          FROM cases
         WHERE organisation_id = %(id)s AND anonymised_at IS NULL AND stage <> ALL(%(over)s)
           AND contact ->> 'name' <> ''
         ORDER BY id DESC
        """,
        {"id": organisation_id, "over": sorted(over)},
    )
    return [CaseContact(*row) for row in rows]


_WAITING = """
SELECT l.id FROM letters l JOIN cases c ON c.id = l.case_id
 WHERE c.organisation_id = %(id)s AND l.recipient = 'applicant' AND {left}
 UNION ALL SELECT l.id FROM letters l JOIN agreements a ON a.id = l.agreement_id
 WHERE a.organisation_id = %(id)s AND l.recipient = 'applicant' AND {left}
 UNION ALL SELECT l.id FROM letters l JOIN partners p ON p.case_id = l.case_id
 WHERE p.organisation_id = %(id)s AND l.recipient = 'partner:' || p.organisation_id AND {left}
"""
_ANEW = f"""
UPDATE letters SET rendered_at = NULL
 WHERE stage = 'owed' AND id IN ({_WAITING.format(left="l.stage = 'owed' AND l.rendered_at IS NOT NULL")})
"""  # noqa: S608
_AGAIN = f"""
UPDATE letters SET stage = 'owed', version = version + 1, not_before = %(at)s, attempts = 0, rendered_at = NULL,
                   last_error = NULL
 WHERE stage = 'failed' AND id IN ({_WAITING.format(left="l.stage = 'failed' AND l.owed_at > %(since)s")}) RETURNING id
"""  # noqa: S608


def follow(session: Session, organisation_id: int, *, failed_since: datetime, at: datetime) -> int:
    """Write anew, to the address of today, the letters of an organisation that wait or failed lately; how many.

    The tasks of those that failed are done.
    """
    values = {"id": organisation_id, "since": failed_since, "at": at}
    anew, again = session.exec_driver_sql(_ANEW, values), session.exec_driver_sql(_AGAIN, values)
    failed = list(again.scalars())
    session.exec_driver_sql(
        "UPDATE tasks SET done_at = %(at)s WHERE key = ANY(%(keys)s) AND done_at IS NULL",
        {"at": at, "keys": [f"letter/{each}" for each in failed]},
    )
    return anew.rowcount + len(failed)


def shut(session: Session, organisation_id: int, *, at: datetime) -> None:
    """End the sessions of an organisation, and the links sent for it: whoever reads its old mailbox is out.

    A link whose letter has not left goes on: it leaves for the new one.
    """
    session.exec_driver_sql(
        """
        UPDATE web_sessions SET ended_at = %(at)s, id_token = NULL WHERE organisation_id = %(id)s AND ended_at IS NULL
        """,
        {"id": organisation_id, "at": at},
    )
    session.exec_driver_sql(
        """
        DELETE FROM access_links a
         WHERE a.organisation_id = %(id)s AND NOT EXISTS (
               SELECT FROM letters l
                WHERE l.case_id = a.subject_id AND l.recipient = 'partner:' || a.organisation_id AND l.stage = 'owed'
                  AND a.token_hash = sha256(convert_to(replace(l.data ->> 'path', '/lien/', ''), 'UTF8')))
        """,
        {"id": organisation_id},
    )


def other_users(session: Session, organisation_id: int, email: str) -> bool:
    """Whether another organisation is written to at this address."""
    row = session.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM organisations WHERE lower(email) = lower(%(email)s) AND id <> %(id)s)",
        {"email": email, "id": organisation_id},
    )
    return bool(row.scalar_one())
