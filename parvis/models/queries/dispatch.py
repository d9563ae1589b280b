"""Letters on their way: claimed under a lease, settled one by one; the tasks a failure leaves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from parvis.models.queries.letters import Text
from parvis.models.session import Session, fetch_later
from parvis.states.enclosures import Enclosure, of_rows


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
    carried: list[dict[str, str]]

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """What leaves beside the text."""
        return of_rows(self.carried)


_TEXT = [field.name for field in fields(Text)]
_CLAIM = """
WITH texts AS (
    SELECT * FROM json_to_recordset(%(texts)s::json) AS t(
        letter_id bigint, address text, name text, language text, subject text, body_text text, body_html text,
        fingerprint text, message_id text)
), claimed AS (
    UPDATE letters l
       SET stage = 'sending', version = version + 1, attempts = attempts + 1,
           claimed_by = %(by)s, lease_until = %(until)s
     WHERE id = ANY(%(written)s::bigint[]) AND stage = 'owed' AND rendered_at IS NOT NULL
 RETURNING l.*
), written AS (
    UPDATE letters l
       SET stage = 'sending', version = version + 1, attempts = attempts + 1,
           claimed_by = %(by)s, lease_until = %(until)s,
           rendered_at = %(at)s, address = t.address, name = t.name, language = t.language,
           subject = t.subject, body_text = t.body_text, body_html = t.body_html,
           template_fingerprint = t.fingerprint, message_id = t.message_id
      FROM texts t
     WHERE l.id = t.letter_id AND stage = 'owed' AND rendered_at IS NULL
 RETURNING l.*
)
SELECT q.id, q.case_id, message_id, owed_at, address, name, language, subject, body_text, body_html,
       attempts, c.reference, COALESCE(k.contract_id, q.contract_id), q.enclosures
  FROM (SELECT * FROM claimed UNION ALL SELECT * FROM written) q
  LEFT JOIN cases c ON c.id = q.case_id LEFT JOIN calls k ON k.id = c.call_id
 ORDER BY q.not_before, q.id
"""


def claim(
    session: Session, written: Sequence[int], texts: Sequence[Text], *, by: str, at: datetime, lease: timedelta
) -> list[Claimed]:  # fmt: skip
    """Take under a lease letters held by `lock_due`: those written already, and those whose text comes now.

    A text is written once and never again.
    """
    if not written and not texts:
        return []
    rows = session.exec_driver_sql(
        _CLAIM,
        {"at": at, "by": by, "until": at + lease, "written": list(written),
         "texts": json.dumps([{name: getattr(text, name) for name in _TEXT} for text in texts], ensure_ascii=False)},
    )  # fmt: skip
    return [Claimed(*row) for row in rows]


def recover(session: Session, *, at: datetime) -> int:
    """Owe again the letters whose lease has run out: their dispatcher is gone.

    One that ends more than a day ahead was taken by a clock that was wrong, since put right: it has run out as well.
    """
    rows = session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'owed', version = version + 1, claimed_by = NULL, lease_until = NULL
         WHERE id IN (SELECT id FROM letters
                       WHERE stage = 'sending' AND (lease_until <= %(at)s OR lease_until > %(ahead)s)
                         FOR UPDATE SKIP LOCKED)
        """,
        {"at": at, "ahead": at + _LONGER_THAN_ANY_LEASE},
    )
    return rows.rowcount


_LONGER_THAN_ANY_LEASE = timedelta(days=1)
_ACCEPT = """
UPDATE letters SET stage = 'sent', version = version + 1, sent_at = $1::timestamptz, lease_until = NULL,
                   last_error = NULL
 WHERE id = $2::bigint AND stage = 'sending' AND claimed_by = $3::text
RETURNING 1
"""


async def accept(session: Session, letter_id: int, *, by: str, at: datetime) -> bool:
    """Settle a letter the server accepted, while others are prepared; False where `by` does not hold it any more."""
    return bool(await fetch_later(session, _ACCEPT, (at, letter_id, by)))


def settle_known(session: Session, letter_id: int, *, by: str, at: datetime, note: str) -> None:
    """Settle a letter that is known to have left before, without sending it again."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'sent', version = version + 1, sent_at = %(at)s, lease_until = NULL,
                           last_error = NULL, note = %(note)s
         WHERE id = %(id)s AND stage = 'sending' AND claimed_by = %(by)s
        """,
        {"id": letter_id, "by": by, "at": at, "note": note},
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
    title_fr: str, title_en: str, at: datetime, contract_id: int | None = None,
) -> None:  # fmt: skip
    """Open a task, once per key, about a case or, without one, about a contract."""
    session.exec_driver_sql(
        """
        INSERT INTO tasks (key, case_id, contract_id, kind, recipient, title_fr, title_en, opened_at)
        VALUES (%(key)s, %(case_id)s, %(contract)s, %(kind)s, %(recipient)s, %(fr)s, %(en)s, %(at)s)
        ON CONFLICT (key) DO UPDATE SET done_at = NULL
        """,
        {"key": key, "case_id": case_id, "contract": contract_id, "kind": kind, "recipient": recipient,
         "fr": title_fr, "en": title_en, "at": at},
    )  # fmt: skip


def counts(session: Session) -> dict[str, int]:
    """How many letters stand at each stage."""
    rows = session.exec_driver_sql("SELECT stage, count(*) FROM letters GROUP BY stage ORDER BY stage")
    return {row[0]: row[1] for row in rows}
