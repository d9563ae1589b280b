"""Letters on their way: claimed under a lease, settled one by one; the tasks a failure leaves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.session import Session


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
    contract_id: int


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
