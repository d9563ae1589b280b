"""Agreements as people read them: lists, one with all it holds, its story."""

from dataclasses import dataclass
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class KnownOf:
    """What was imported with an agreement, for its renewal to take up."""

    title: str
    instructor_id: int | None
    document: dict[str, Any]


def known_of(session: Session, agreement_id: int) -> KnownOf:
    """What is known of an agreement that exists beside its rules."""
    row = session.exec_driver_sql(
        "SELECT title, instructor_id, known FROM agreements WHERE id = %(id)s", {"id": agreement_id}
    ).one()
    return KnownOf(*row)


def agreements_at(session: Session, stage: str) -> list[int]:
    """The agreements that stand at a stage, those that end first coming first."""
    rows = session.exec_driver_sql(
        "SELECT id FROM agreements WHERE stage = %(stage)s ORDER BY ends_on, id", {"stage": stage}
    )
    return list(rows.scalars())
