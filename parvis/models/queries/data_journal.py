"""The register of what was done to personal data, append-only: what, to whose by an opaque name, never the data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class DataLine:
    """One thing done to personal data, with the name of who did it; empty for the machine's own hands."""

    id: int
    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    details: dict[str, Any]
    actor_name: str


def note_event(
    session: Session, contract_id: int | None, action: str, subject: str, details: Mapping[str, Any], *,
    actor: str, role: str, at: datetime,
) -> None:  # fmt: skip
    """Add a line to the register of what was done to personal data."""
    session.exec_driver_sql(
        """
        INSERT INTO data_journal (contract_id, at, actor, role, action, subject, details)
        VALUES (%(contract)s, %(at)s, %(actor)s, %(role)s, %(action)s, %(subject)s, %(details)s)
        """,
        {"contract": contract_id, "at": at, "actor": actor, "role": role, "action": action, "subject": subject,
         "details": json.dumps(details, ensure_ascii=False)},
    )  # fmt: skip


_LINES = """
SELECT j.id, j.at, j.actor, j.role, j.action, j.subject, j.details, COALESCE(p.name, '')
  FROM data_journal j LEFT JOIN people p ON j.actor = 'person:' || p.id
"""


def latest_events(session: Session, contract_id: int, *, limit: int = 50) -> list[DataLine]:
    """The last lines of the register of a contract, the latest first."""
    rows = select(
        session,
        f"{_LINES} WHERE j.contract_id = %(contract)s ORDER BY j.id DESC LIMIT %(limit)s",
        {"contract": contract_id, "limit": limit},
    )
    return [DataLine(*row) for row in rows]
