"""Letters as people look at them: listed, and read one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.many_contracts import ITS_CASES, is_among
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter of a list. `leaves_at` is when it may leave, or left; `name` is empty for a role nobody has."""

    id: int
    stage: str
    template: str
    recipient: str
    name: str
    address: str
    reference: str | None
    subject: str | None
    owed_at: datetime
    leaves_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str | None

    @property
    def code(self) -> str:
        """How a person names it: `l12`."""
        return f"l{self.id}"


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter written out; texts are None while it is not."""

    line: LetterLine
    text: str | None
    html: str | None
    message_id: str | None
    note: str


_LINES = """
SELECT l.id, l.stage, l.template, l.recipient,
       COALESCE(l.name, CASE WHEN l.recipient = 'applicant' THEN o.name WHEN l.recipient = 'instructor' THEN i.name
                             ELSE COALESCE(p.name, f.name) END, ''),
       COALESCE(l.address, ''), c.reference, l.subject, l.owed_at, COALESCE(l.sent_at, l.not_before), l.sent_at,
       l.attempts, l.last_error, l.body_text, l.body_html, l.message_id, l.note
  FROM letters l
  LEFT JOIN cases c ON c.id = l.case_id
  LEFT JOIN calls k ON k.id = c.call_id
  LEFT JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people i ON i.id = c.instructor_id
  LEFT JOIN people p ON l.recipient = 'person:' || p.id
  LEFT JOIN funders f ON l.recipient = 'funder:' || f.id
"""
_WANTED = """(%(stage)s::text IS NULL OR l.stage = %(stage)s::text)
           AND (%(after)s::bigint IS NULL OR l.id < %(after)s::bigint)"""
# Among many contracts, what is one's own is found first: by its cases, and what is of the contract itself.
_OWN = f"""l.id = ANY(ARRAY(
               SELECT l.id FROM letters l WHERE l.case_id = ANY(ARRAY({ITS_CASES})) AND {_WANTED}
               UNION ALL SELECT l.id FROM letters l WHERE l.contract_id = %(contract)s::bigint AND {_WANTED}
               ORDER BY id DESC LIMIT %(limit)s))"""  # noqa: S608


def list_letters(
    session: Session, *, stage: str | None, case_id: int | None, after_id: int | None, limit: int,
    contract_id: int | None = None,
) -> list[LetterLine]:  # fmt: skip
    """Letters, the newest first: of one stage, case or contract, or of all; `after_id` continues a list."""
    own = _OWN if case_id is None and is_among(session, contract_id) else "true"
    rows = session.exec_driver_sql(
        _LINES
        + f"""
         WHERE {_WANTED}
           AND (%(case)s::bigint IS NULL OR l.case_id = %(case)s::bigint)
           AND (%(contract)s::bigint IS NULL OR COALESCE(l.contract_id, k.contract_id) = %(contract)s::bigint)
           AND {own}
         ORDER BY l.id DESC LIMIT %(limit)s
        """,
        {"stage": stage, "case": case_id, "contract": contract_id, "after": after_id, "limit": limit},
    )
    return [LetterLine(*row[:13]) for row in rows]


def read_letter(session: Session, letter_id: int) -> LetterText | None:
    """One letter."""
    row = session.exec_driver_sql(_LINES + " WHERE l.id = %(id)s", {"id": letter_id}).one_or_none()
    return LetterText(LetterLine(*row[:13]), *row[13:]) if row else None


def owed_by_template(session: Session, case_ids: Sequence[int]) -> dict[str, int]:
    """How many letters these cases owe or sent, by template."""
    rows = session.exec_driver_sql(
        "SELECT template, count(*) FROM letters WHERE case_id = ANY(%(ids)s::bigint[]) GROUP BY template ORDER BY 1",
        {"ids": list(case_ids)},
    )
    return {str(template): int(count) for template, count in rows}
