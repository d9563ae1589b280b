"""What each person has opened, and the version a case had then."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.session import Session, select_among


def mark_seen(session: Session, person_id: int, case_ids: Sequence[int], *, at: datetime) -> None:
    """Remember that this person has seen these cases as they are now.

    Alone in its transaction, it does not wait for the disk, and writes nothing for whoever has seen them already.
    """
    select_among(
        session,
        """
        WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS said)
        INSERT INTO seen (person_id, case_id, version, at)
        SELECT %(person)s::bigint, c.id, c.version, %(at)s::timestamptz FROM cases c, soon
         WHERE c.id = ANY(%(ids)s::bigint[]) AND soon.said = 'off'
           AND NOT EXISTS (SELECT FROM seen s WHERE s.person_id = %(person)s::bigint AND s.case_id = c.id
                              AND s.version = c.version)
         ORDER BY c.id
        ON CONFLICT (person_id, case_id) DO UPDATE SET version = excluded.version, at = excluded.at
        """,
        case_ids,
        {"person": person_id, "at": at},
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
