"""Correcting who somebody is and how they are reached, everywhere an address stands; letters not gone yet follow."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from parvis.models.queries.moves import details_text
from parvis.models.session import Session
from parvis.states.facts import By
from parvis.states.journal import Line, link
from parvis.states.redaction import RECTIFY

TYPED = {"name": "nom", "email": "courriel", "phone": "telephone"}
"""What the form of a draft calls the fields of its contact."""


def is_taken(session: Session, ids: Sequence[int], email: str) -> bool:
    """Whether somebody else of the contracts of these people has this address."""
    row = session.exec_driver_sql(
        """
        SELECT EXISTS (SELECT FROM people o JOIN people p ON p.contract_id = o.contract_id AND p.id = ANY(%(ids)s)
                        WHERE o.email = %(email)s AND o.id <> ALL(%(ids)s))
        """,
        {"ids": list(ids), "email": email},
    )
    return bool(row.scalar_one())


def rectify_people(session: Session, ids: Sequence[int], *, name: str | None, email: str | None) -> None:
    """Correct people of the contract."""
    session.exec_driver_sql(
        """
        UPDATE people SET name = COALESCE(%(name)s, name), email = COALESCE(%(email)s, email)
         WHERE id = ANY(%(ids)s)
        """,
        {"name": name, "email": email, "ids": list(ids)},
    )


def rectify_organisations(
    session: Session, ids: Sequence[int], old: str, *, email: str | None, phone: str | None, at: datetime
) -> list[int]:
    """Correct the organisations an address reaches, and the parts they have in proposals of others; which."""
    rows = session.exec_driver_sql(
        """
        UPDATE organisations
           SET email = COALESCE(%(email)s, email), phone = COALESCE(%(phone)s, phone),
               email_source = CASE WHEN %(email)s::text IS NULL THEN email_source ELSE 'service' END,
               email_at = CASE WHEN %(email)s::text IS NULL THEN email_at ELSE %(at)s END
         WHERE id = ANY(%(ids)s) AND lower(email) = %(old)s RETURNING id
        """,
        {"email": email, "phone": phone, "old": old, "ids": list(ids), "at": at},
    )
    session.exec_driver_sql(
        """
        UPDATE partners SET email = COALESCE(%(email)s, email)
         WHERE organisation_id = ANY(%(ids)s) AND lower(email) = %(old)s
        """,
        {"email": email, "old": old, "ids": list(ids)},
    )
    return sorted(rows.scalars())


def rectify_contacts(session: Session, ids: Sequence[int], said: Mapping[str, str]) -> None:
    """Correct fields of the contact of cases; one that is a draft still has none, but what is typed in it."""
    session.exec_driver_sql(
        "UPDATE cases SET contact = contact || %(said)s::jsonb WHERE id = ANY(%(ids)s) AND contact <> '{}'",
        {"said": json.dumps(said), "ids": list(ids)},
    )


def rectify_typed(session: Session, ids: Sequence[int], old: str, said: Mapping[str, str]) -> None:
    """Correct the contact in the answers typed here, of drafts as of what was submitted since."""
    typed = {TYPED[field]: [value] for field, value in said.items()}
    session.exec_driver_sql(
        """
        UPDATE drafts SET answers = jsonb_set(answers, '{contact}', answers -> 'contact' || %(typed)s::jsonb)
         WHERE case_id = ANY(%(ids)s) AND lower(trim(answers #>> '{contact,courriel,0}')) = %(old)s
        """,
        {"typed": json.dumps(typed), "ids": list(ids), "old": old},
    )


def follow(session: Session, old: str, new: str) -> int:
    """Send to the new address the letters written for the old one that have not left; how many."""
    moved = session.exec_driver_sql(
        """
        UPDATE letters SET address = %(new)s, stage = CASE WHEN stage = 'failed' THEN 'owed' ELSE stage END,
               attempts = CASE WHEN stage = 'failed' THEN 0 ELSE attempts END,
               last_error = CASE WHEN stage = 'failed' THEN NULL ELSE last_error END
         WHERE stage IN ('owed', 'failed') AND lower(address) = %(old)s
        """,
        {"new": new, "old": old},
    )
    return moved.rowcount


def note_on_case(
    session: Session, case_id: int, fields: Sequence[str], *, by: By, at: datetime, reason: str = ""
) -> None:  # fmt: skip
    """Add the line that says which fields of the contact of a case were corrected, and why; its stage stays."""
    version, head, stage = session.exec_driver_sql(
        "SELECT version, journal_head, stage FROM cases WHERE id = %(id)s FOR NO KEY UPDATE", {"id": case_id}
    ).one()
    text = details_text({"codes": list(fields), **({"reason": reason} if reason else {})})
    line = Line(case_id, version + 1, at, by.actor, by.role, RECTIFY, stage, stage, text)
    session.exec_driver_sql(
        """
        WITH added AS (
            INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details, hash)
            VALUES (%(id)s, %(seq)s, %(at)s, %(actor)s, %(role)s, %(action)s, %(stage)s, %(stage)s, %(details)s,
                    %(hash)s)
            RETURNING seq, hash)
        UPDATE cases SET version = added.seq, journal_head = added.hash FROM added WHERE id = %(id)s
        """,
        {"id": case_id, "seq": line.seq, "at": at, "actor": by.actor, "role": by.role, "action": RECTIFY,
         "stage": stage, "details": text, "hash": link(head, line)},
    )  # fmt: skip
