"""The outbox: letters to write, to claim, to settle; previews; tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parvis.models.session import Session

ADDRESSES = """
    LEFT JOIN people i ON l.recipient = 'instructor' AND i.id = c.instructor_id AND i.active
    LEFT JOIN funders f ON l.recipient = 'funder:' || f.id
    LEFT JOIN LATERAL (
        SELECT p.* FROM people p
         WHERE p.active AND p.contract_id = COALESCE(k.contract_id, l.contract_id) AND CASE
               WHEN l.recipient LIKE 'person:%%' THEN p.id = substr(l.recipient, 8)::bigint
               WHEN l.recipient = 'instructor' THEN i.id IS NULL AND p.role = 'manager'
               WHEN l.recipient LIKE 'funder:%%' THEN p.funder_id = f.id AND p.role = 'funder'
               ELSE p.role = l.recipient END
         ORDER BY p.id LIMIT 1) p ON l.recipient <> 'applicant' AND i.id IS NULL
"""

_UNWRITTEN = f"""
SELECT l.id, l.case_id, l.rule, l.occurrence, l.recipient, l.template, l.data, l.owed_at, l.attempts,
       CASE WHEN l.recipient = 'applicant' THEN o.email ELSE COALESCE(i.email, p.email, f.email, '') END AS address,
       CASE WHEN l.recipient = 'applicant' THEN o.name ELSE COALESCE(i.name, p.name, f.name, '') END AS name,
       CASE WHEN l.recipient = 'applicant' THEN o.language
            ELSE COALESCE(i.language, p.language, 'fr') END AS language,
       CASE WHEN l.recipient IN ('applicant') OR l.template = 'digest' THEN false
            ELSE COALESCE(i.delivery, p.delivery, 'immediate') = 'digest' END AS digest,
       c.reference, c.title, c.summary, c.stage, c.requested_cents, c.starts_on, c.ends_on, c.deposited_on,
       c.entered_at, o.name AS organisation, k.code AS call_code, k.title AS call_title,
       COALESCE(k.contract_id, l.contract_id) AS contract_id,
       COALESCE(u.name, '') AS officer_name, COALESCE(u.email, '') AS officer_email,
       m.name AS committee_name, m.held_on AS committee_held_on, c.report_due_on
  FROM letters l
  LEFT JOIN cases c ON c.id = l.case_id
  LEFT JOIN calls k ON k.id = c.call_id
  LEFT JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people u ON u.id = c.instructor_id
  LEFT JOIN committees m ON m.id = c.committee_id
{ADDRESSES}
"""


def lock_unwritten(session: Session, *, at: datetime, limit: int) -> list[Mapping[str, Any]]:
    """Owed letters whose time has come and whose text is not written yet, held until the commit."""
    rows = session.exec_driver_sql(
        _UNWRITTEN
        + """
         WHERE l.id IN (
             SELECT id FROM letters WHERE stage = 'owed' AND NOT digest AND not_before <= %(at)s AND rendered_at IS NULL
              ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
         ORDER BY l.id
        """,
        {"at": at, "limit": limit},
    )
    return [row._mapping for row in rows]  # noqa: SLF001


def one_unwritten(session: Session, letter_id: int) -> Mapping[str, Any] | None:
    """What the text of one letter is made from, written already or not."""
    row = session.exec_driver_sql(_UNWRITTEN + " WHERE l.id = %(id)s", {"id": letter_id}).one_or_none()
    return row._mapping if row else None  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a letter, written once."""

    letter_id: int
    address: str
    name: str
    language: str
    subject: str
    body_text: str
    body_html: str
    fingerprint: str
    message_id: str


def write_texts(session: Session, texts: Sequence[Text], *, at: datetime) -> None:
    """Keep the text of letters; each is only ever written once."""
    if not texts:
        return
    columns = zip(*((t.letter_id, t.address, t.name, t.language, t.subject, t.body_text, t.body_html,
                     t.fingerprint, t.message_id) for t in texts), strict=True)  # fmt: skip
    ids, *rest = (list(column) for column in columns)
    session.exec_driver_sql(
        """
        UPDATE letters l
           SET rendered_at = %(at)s, address = t.address, name = t.name, language = t.language,
               subject = t.subject, body_text = t.body_text, body_html = t.body_html,
               template_fingerprint = t.fingerprint, message_id = t.message_id
          FROM unnest(%(ids)s::bigint[], %(a)s::text[], %(n)s::text[], %(l)s::text[], %(s)s::text[],
                      %(t)s::text[], %(h)s::text[], %(f)s::text[], %(m)s::text[])
            AS t(id, address, name, language, subject, body_text, body_html, fingerprint, message_id)
         WHERE l.id = t.id AND l.rendered_at IS NULL
        """,
        {"at": at, "ids": ids, **dict(zip("anlsthfm", rest, strict=True))},
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in the hands of a dispatcher, ready to be assembled."""

    letter_id: int
    case_id: int | None
    message_id: str
    owed_at: datetime
    address: str
    name: str
    language: str
    subject: str
    body_text: str
    body_html: str
    attempts: int
    reference: str | None
    contract_id: int | None


def claim(session: Session, *, by: str, at: datetime, lease: timedelta, limit: int) -> list[Claimed]:
    """Take written letters whose time has come, oldest first, under a lease.

    Letters whose lease has run out (their dispatcher was killed) are taken as well.
    """
    rows = session.exec_driver_sql(
        """
        WITH chosen AS MATERIALIZED (
            SELECT id FROM letters
             WHERE stage = 'owed' AND NOT digest AND not_before <= %(at)s AND rendered_at IS NOT NULL
             ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ), claimed AS (
            UPDATE letters l
               SET stage = 'sending', version = version + 1, attempts = attempts + 1,
                   claimed_by = %(by)s, lease_until = %(until)s
              FROM chosen WHERE l.id = chosen.id
         RETURNING l.id, l.case_id, l.message_id, l.owed_at, l.address, l.name, l.language, l.subject,
                   l.body_text, l.body_html, l.attempts, l.contract_id
        )
        SELECT q.id, q.case_id, message_id, owed_at, address, name, language, subject, body_text, body_html,
               attempts, c.reference, COALESCE(k.contract_id, q.contract_id)
          FROM claimed q LEFT JOIN cases c ON c.id = q.case_id LEFT JOIN calls k ON k.id = c.call_id
         ORDER BY q.id
        """,
        {"at": at, "by": by, "until": at + lease, "limit": limit},
    )
    return [Claimed(*row) for row in rows]


def recover(session: Session, *, at: datetime) -> int:
    """Owe again the letters whose lease has run out: their dispatcher is gone."""
    rows = session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'owed', version = version + 1, claimed_by = NULL, lease_until = NULL
         WHERE id IN (SELECT id FROM letters WHERE stage = 'sending' AND lease_until <= %(at)s
                       FOR UPDATE SKIP LOCKED)
        """,
        {"at": at},
    )
    return rows.rowcount


def accept(session: Session, letter_id: int, *, by: str, at: datetime) -> None:
    """Settle a letter the server accepted."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'sent', version = version + 1, sent_at = %(at)s, lease_until = NULL,
                           last_error = NULL
         WHERE id = %(id)s AND stage = 'sending' AND claimed_by = %(by)s
        """,
        {"id": letter_id, "by": by, "at": at},
    )


def retry(session: Session, letter_id: int, *, by: str, not_before: datetime, error: str) -> None:
    """Owe a letter again, later."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'owed', version = version + 1, not_before = %(not_before)s,
                           lease_until = NULL, claimed_by = NULL, last_error = %(error)s
         WHERE id = %(id)s AND stage = 'sending' AND claimed_by = %(by)s
        """,
        {"id": letter_id, "by": by, "not_before": not_before, "error": error},
    )


def refuse(session: Session, letter_id: int, *, error: str) -> None:
    """Settle a letter that cannot be delivered; whoever asked for it has to hear of it."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'failed', version = version + 1, lease_until = NULL, claimed_by = NULL,
                           last_error = %(error)s
         WHERE id = %(id)s AND stage IN ('owed', 'sending')
        """,
        {"id": letter_id, "error": error},
    )


def open_task(
    session: Session, *, key: str, case_id: int | None, kind: str, recipient: str,
    title_fr: str, title_en: str, at: datetime,
) -> None:  # fmt: skip
    """Open a task, once per key."""
    session.exec_driver_sql(
        """
        INSERT INTO tasks (key, case_id, kind, recipient, title_fr, title_en, opened_at)
        VALUES (%(key)s, %(case_id)s, %(kind)s, %(recipient)s, %(fr)s, %(en)s, %(at)s)
        ON CONFLICT (key) DO UPDATE SET done_at = NULL
        """,
        {"key": key, "case_id": case_id, "kind": kind, "recipient": recipient,
         "fr": title_fr, "en": title_en, "at": at},
    )  # fmt: skip


def counts(session: Session) -> dict[str, int]:
    """How many letters stand at each stage."""
    rows = session.exec_driver_sql("SELECT stage, count(*) FROM letters GROUP BY stage ORDER BY stage")
    return {row[0]: row[1] for row in rows}


def keep_for_digest(session: Session, letter_ids: Sequence[int]) -> None:
    """Leave these letters to the morning digest of their recipient."""
    session.exec_driver_sql("UPDATE letters SET digest = true WHERE id = ANY(%(ids)s)", {"ids": list(letter_ids)})


def gather_for_digest(session: Session, letter_ids: Iterable[int]) -> None:
    """Settle letters that leave inside a digest."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'gathered', version = version + 1
         WHERE id = ANY(%(ids)s) AND stage = 'owed'
        """,
        {"ids": list(letter_ids)},
    )
