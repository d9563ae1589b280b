"""Who may not weigh which case: the one place that packets, pages, files and letters ask.

A person is recused from a case as long as an interest stands between them, proposed or confirmed: a conflict somebody
still has to look at hides the case as well (CGCT L2131-11).
"""

from parvis.models.session import Session

# The case `c` is hidden from the person `%(viewer)s`: for statements that list cases.
HIDDEN = """c.id = ANY(ARRAY(
        SELECT case_id FROM interests WHERE person_id = %(viewer)s::bigint AND status <> 'dismissed'))"""


def recused(session: Session, committee_id: int) -> dict[int, frozenset[int]]:
    """By member of a sitting (id of the person), the cases of its agenda hidden from them; only those recused."""
    rows = session.exec_driver_sql(
        """
        SELECT i.person_id, array_agg(i.case_id)
          FROM agenda_items a
          JOIN interests i ON i.case_id = a.case_id AND i.status <> 'dismissed'
          JOIN committee_members m ON m.committee_id = a.committee_id AND m.person_id = i.person_id
         WHERE a.committee_id = %(committee)s
         GROUP BY i.person_id
        """,
        {"committee": committee_id},
    )
    return {person_id: frozenset(case_ids) for person_id, case_ids in rows}


def may_see(session: Session, person_id: int, case_id: int) -> bool:
    """Whether nothing keeps this person from seeing this case."""
    row = session.exec_driver_sql(
        """
        SELECT NOT EXISTS (SELECT FROM interests
                            WHERE person_id = %(person)s AND case_id = %(case)s AND status <> 'dismissed')
        """,
        {"person": person_id, "case": case_id},
    )
    return bool(row.scalar_one())
