"""The lists people gave a name to."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class View:
    """A list with a name: `query` as in an address; `owner` is who saved it."""

    id: int
    name: str
    shared: bool
    query: str
    person_id: int
    owner: str


def views_of(session: Session, person_id: int) -> list[View]:
    """A person's own views and those shared in their contract, own ones first, by name."""
    rows = select(
        session,
        """
        SELECT v.id, v.name, v.shared, v.query, v.person_id, p.name
          FROM views v JOIN people p ON p.id = v.person_id
         WHERE v.person_id = %(person)s
            OR (v.shared AND p.active AND p.contract_id = (SELECT contract_id FROM people WHERE id = %(person)s))
         ORDER BY v.person_id <> %(person)s, lower(v.name), v.id
        """,
        {"person": person_id},
    )
    return [View(*row) for row in rows]


def keep_view(
    session: Session, person_id: int, name: str, query: str, *, shared: bool, most: int, at: datetime
) -> int | None:
    """Save a view under a name, in place of one's own of that name; None when one has `most` of them already."""
    row = session.exec_driver_sql(
        """
        INSERT INTO views (person_id, name, shared, query, saved_at)
        SELECT %(person)s, %(name)s::text, %(shared)s, %(query)s, %(at)s
         WHERE (SELECT count(*) FROM views WHERE person_id = %(person)s AND name <> %(name)s::text) < %(most)s
        ON CONFLICT (person_id, name) DO UPDATE
           SET shared = excluded.shared, query = excluded.query, saved_at = excluded.saved_at
        RETURNING id
        """,
        {"person": person_id, "name": name, "shared": shared, "query": query, "most": most, "at": at},
    ).one_or_none()
    return row[0] if row else None


def drop_view(session: Session, person_id: int, view_id: int) -> bool:
    """Forget one's own view; False when one has no such view."""
    gone = session.exec_driver_sql(
        "DELETE FROM views WHERE id = %(id)s AND person_id = %(person)s", {"id": view_id, "person": person_id}
    )
    return gone.rowcount > 0
