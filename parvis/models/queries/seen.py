"""What each person has opened, and the version a case had then."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.session import Session, select


def mark_seen(session: Session, person_id: int, case_ids: Sequence[int], *, at: datetime) -> None:
    """Remember that this person has seen these cases as they are now."""
    select(
        session,
        """
        INSERT INTO seen (person_id, case_id, version, at)
        SELECT %(person)s::bigint, id, version, %(at)s::timestamptz FROM cases
         WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id
        ON CONFLICT (person_id, case_id) DO UPDATE SET version = excluded.version, at = excluded.at
         WHERE seen.version <> excluded.version
        """,
        {"person": person_id, "ids": list(case_ids), "at": at},
    )


def mark_unseen(session: Session, person_id: int, case_ids: Sequence[int]) -> None:
    """Make everything in these cases news to this person again."""
    session.exec_driver_sql(
        """
        INSERT INTO seen (person_id, case_id, version, at)
        SELECT %(person)s, id, 0, entered_at FROM cases WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id
        ON CONFLICT (person_id, case_id) DO UPDATE SET version = 0
        """,
        {"person": person_id, "ids": list(case_ids)},
    )
