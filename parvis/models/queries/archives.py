"""What an archive keeps of a case beside its rows, files and journal: letters that left, the frame it stood in."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter as its reader got it."""

    sent_at: datetime
    name: str
    address: str
    subject: str
    text: str


def kept_letters(session: Session, case_id: int) -> list[KeptLetter]:
    """The letters of a case that left, oldest first."""
    rows = select(
        session,
        """
        SELECT sent_at, COALESCE(name, ''), COALESCE(address, ''), COALESCE(subject, ''), COALESCE(body_text, '')
          FROM letters WHERE case_id = %(id)s AND stage = 'sent' ORDER BY sent_at, id
        """,
        {"id": case_id},
    )
    return [KeptLetter(*row) for row in rows]


def frame(session: Session, case_id: int) -> tuple[str, str]:
    """The name of the contract a case is of, and its city."""
    [row] = select(
        session,
        """
        SELECT n.name, n.document ->> 'city'
          FROM cases c JOIN calls k ON k.id = c.call_id JOIN contracts n ON n.id = k.contract_id
         WHERE c.id = %(id)s
        """,
        {"id": case_id},
    )
    return row[0], row[1]
