"""Who asks: organisations by what is known of them, spaces asked for, the cases of one organisation, their letters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session
from parvis.states.contract import Call


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation, the address its letters go to (empty: none is known) and the contract it last asked."""

    id: int
    siret: str
    name: str
    email: str
    language: str
    contract_id: int


_CONTACT = """(SELECT c.contact ->> 'email' FROM cases c
                  WHERE c.organisation_id = o.id AND {which} ORDER BY c.id DESC LIMIT 1)"""
OWN_ADDRESS = f"""COALESCE(NULLIF(o.email, ''), {_CONTACT.format(which="c.contact ->> 'email' <> ''")}, '')"""
"""Where the letters of an organisation `o` go: to its own address, else to the contact of its last case."""
_THIS_ADDRESS = f"""CASE WHEN lower(o.email) = lower(%(email)s) THEN o.email
            ELSE {_CONTACT.format(which="lower(c.contact ->> 'email') = lower(%(email)s)")} END"""
_KNOWN = """
SELECT o.id, o.siret, o.name, {address}, o.language,
       COALESCE((SELECT k.contract_id FROM cases c JOIN calls k ON k.id = c.call_id
                  WHERE c.organisation_id = o.id ORDER BY c.id DESC LIMIT 1), (SELECT min(id) FROM contracts))
  FROM organisations o
"""
_OF_ADDRESS = """
 WHERE (SELECT count(*) FROM contracts) > 0 AND o.id IN (
       SELECT id FROM organisations WHERE lower(email) = lower(%(email)s)
       UNION SELECT organisation_id FROM cases WHERE lower(contact ->> 'email') = lower(%(email)s))
 ORDER BY o.id LIMIT %(most)s
"""


def organisations_of_address(session: Session, email: str, *, most: int) -> list[KnownOrganisation]:
    """The organisations this address speaks for: their own, or the contact's of one of their cases.

    Their `email` is this address, as it was given to us and not as it is typed now.
    """
    statement = _KNOWN.format(address=_THIS_ADDRESS) + _OF_ADDRESS
    rows = session.exec_driver_sql(
        statement,
        {"email": email, "most": most},
    )
    return [KnownOrganisation(*row) for row in rows]


def organisation_of_siret(session: Session, siret: str) -> KnownOrganisation | None:
    """The organisation of this SIRET."""
    statement = _KNOWN.format(address=OWN_ADDRESS) + " WHERE o.siret = %(siret)s"
    row = session.exec_driver_sql(statement, {"siret": siret}).one_or_none()
    return KnownOrganisation(*row) if row else None


def organisation_by_id(session: Session, organisation_id: int) -> KnownOrganisation | None:
    """The organisation of this number."""
    statement = _KNOWN.format(address=OWN_ADDRESS) + " WHERE o.id = %(id)s"
    row = session.exec_driver_sql(statement, {"id": organisation_id}).one_or_none()
    return KnownOrganisation(*row) if row else None


def add_organisation(
    session: Session, siret: str, name: str, email: str, language: str, *, at: datetime
) -> int | None:  # fmt: skip
    """Write an organisation nobody knew, whose address was read; None when somebody wrote it first."""
    row = session.exec_driver_sql(
        """
        INSERT INTO organisations (siret, name, email, language, email_source, email_at)
        VALUES (%(siret)s, %(name)s, %(email)s, %(language)s, 'space', %(at)s)
        ON CONFLICT (siret) DO NOTHING RETURNING id
        """,
        {"siret": siret, "name": name, "email": email, "language": language, "at": at},
    ).one_or_none()
    return int(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class AskedSpace:
    """A space asked for: it opens once, until it expires."""

    id: int
    siret: str
    name: str
    email: str
    language: str
    expires_at: datetime
    used_at: datetime | None


def add_sign_up(
    session: Session, token_hash: bytes, *,
    siret: str, name: str, email: str, language: str, at: datetime, expires_at: datetime,
) -> None:  # fmt: skip
    """Keep a space asked for, by the hash of its secret."""
    session.exec_driver_sql(
        """
        INSERT INTO sign_ups (token_hash, siret, name, email, language, made_at, expires_at)
        VALUES (%(hash)s, %(siret)s, %(name)s, %(email)s, %(language)s, %(at)s, %(expires)s)
        """,
        {"hash": token_hash, "siret": siret, "name": name, "email": email, "language": language, "at": at,
         "expires": expires_at},
    )  # fmt: skip


def find_sign_up(session: Session, token_hash: bytes, *, lock: bool = False) -> AskedSpace | None:
    """The space asked for under this hash; with `lock`, nobody else opens it until the commit."""
    statement = "SELECT id, siret, name, email, language, expires_at, used_at FROM sign_ups WHERE token_hash = %(hash)s"
    row = session.exec_driver_sql(
        f"{statement} FOR UPDATE" if lock else statement, {"hash": token_hash}
    ).one_or_none()
    return AskedSpace(*row) if row else None


def forget_sign_ups(session: Session, *, before: datetime) -> int:
    """Forget the spaces asked for whose secret had expired before a moment, opened or not; how many."""
    gone = session.exec_driver_sql("DELETE FROM sign_ups WHERE expires_at < %(before)s", {"before": before})
    return gone.rowcount


def use_sign_up(session: Session, sign_up_id: int, *, at: datetime) -> None:
    """Write that a space was opened."""
    session.exec_driver_sql(
        "UPDATE sign_ups SET used_at = %(at)s WHERE id = %(id)s", {"id": sign_up_id, "at": at}
    )


def first_contract(session: Session) -> int | None:
    """The contract whose service writes to organisations nobody knows yet; None when there is none."""
    found: int | None = session.exec_driver_sql("SELECT min(id) FROM contracts").scalar_one()
    return found


def owe_to_address(
    session: Session, contract_id: int, *, template: str, occurrence: str, data: Mapping[str, object], at: datetime
) -> None:  # fmt: skip
    """Owe a letter to the address, name and language that `data` says (`email`, `name`, `language`)."""
    session.exec_driver_sql(
        """
        INSERT INTO letters (contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
        VALUES (%(contract)s, %(template)s, %(occurrence)s, 'address', %(template)s, %(data)s, %(at)s, %(at)s)
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
        """,
        {"contract": contract_id, "template": template, "occurrence": occurrence, "at": at,
         "data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of an organisation, as its list shows it; `lead` names who asks when this one only takes part."""

    id: int
    reference: str
    title: str
    call_title: str
    stage: str
    requested_cents: int
    granted_cents: int | None
    lead: str | None
    awaited: int
    reply_by: date | None
    closes_on: date | None
    report_due_on: date | None
    report_received_on: date | None
    interim_due_on: date | None


def own_cases(session: Session, organisation_id: int, *, limit: int) -> list[OwnCase]:
    """The cases an organisation asks for or takes part in, the latest first; drafts of others are not shown."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, k.title, c.stage, c.requested_cents,
               (SELECT sum(granted_cents)::bigint FROM fundings WHERE case_id = c.id),
               CASE WHEN c.organisation_id <> %(id)s THEN o.name END,
               (SELECT count(*) FROM documents d
                 WHERE d.case_id = c.id AND d.requested_at IS NOT NULL AND d.received_at IS NULL),
               c.reply_by, k.closes_on, COALESCE(c.corrections_due_on, c.report_due_on),
               COALESCE(c.report_received_on, c.new_dates_asked_on,
                        CASE WHEN c.not_carried_out THEN c.report_due_on END),
               CASE WHEN c.interim_received_on IS NULL THEN c.interim_due_on END
          FROM cases c JOIN calls k ON k.id = c.call_id JOIN organisations o ON o.id = c.organisation_id
         WHERE (c.organisation_id = %(id)s AND (c.stage <> 'draft' OR c.anonymised_at IS NULL))
            OR (c.stage <> 'draft' AND EXISTS (
                SELECT FROM partners p WHERE p.case_id = c.id AND p.organisation_id = %(id)s))
         ORDER BY c.id DESC LIMIT %(limit)s
        """,
        {"id": organisation_id, "limit": limit},
    )
    return [OwnCase(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """A letter the applicant was sent."""

    sent_at: datetime
    subject: str
    text: str


def received_letters(session: Session, case_id: int) -> list[ReceivedLetter]:
    """The letters a case's applicant was sent, the latest first."""
    rows = session.exec_driver_sql(
        """
        SELECT sent_at, subject, body_text FROM letters
         WHERE case_id = %(id)s AND recipient = 'applicant' AND stage = 'sent' ORDER BY sent_at DESC, id DESC
        """,
        {"id": case_id},
    )
    return [ReceivedLetter(*row) for row in rows]


def reference_of(session: Session, case_id: int) -> str | None:
    """The reference of a case."""
    found: str | None = session.exec_driver_sql(
        "SELECT reference FROM cases WHERE id = %(id)s", {"id": case_id}
    ).scalar_one_or_none()
    return found


def call_of_case(session: Session, case_id: int) -> Call:
    """The call a case answers, with all its rules."""
    document = session.exec_driver_sql(
        "SELECT k.document FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(id)s", {"id": case_id}
    ).scalar_one()
    return Call.model_validate(document)


def organisations_to_sign_in(session: Session, *, most: int) -> list[tuple[int, str]]:
    """Organisations with cases, those with the most open ones first: id and name, for a demonstration."""
    rows = session.exec_driver_sql(
        """
        SELECT o.id, o.name FROM organisations o JOIN cases c ON c.organisation_id = o.id
         GROUP BY o.id ORDER BY count(DISTINCT c.stage) DESC, count(*) DESC, o.id LIMIT %(most)s
        """,
        {"most": most},
    )
    return [(row[0], row[1]) for row in rows]
