"""Interests: who sits, what can be compared with the cases, what was found and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session
from parvis.states.interests import Ground, Member, Party


@dataclass(frozen=True, slots=True)
class InterestLine:
    """What may keep a member from weighing a case of a sitting, and what became of it."""

    id: int
    person_id: int
    person: str
    case_id: int
    reference: str
    title: str
    organisation: str
    ground: str
    detail: str
    status: str
    reason: str
    at: datetime


def members(session: Session, committee_id: int) -> list[Member]:
    """The members of a sitting as they are compared with its cases; funders bring their own names."""
    rows = session.exec_driver_sql(
        """
        SELECT p.id, p.name, p.email, p.address, p.organisations, f.name, a.aliases
          FROM committee_members m
          JOIN people p ON p.id = m.person_id
          LEFT JOIN funders f ON f.id = p.funder_id
          LEFT JOIN LATERAL (
                 SELECT jsonb_path_query_array(k.document, '$.funders[*] ? (@.code == $code).aliases[*]',
                                               jsonb_build_object('code', f.code)) AS aliases
                   FROM contracts k WHERE k.id = p.contract_id) a ON f.id IS NOT NULL
         WHERE m.committee_id = %(id)s ORDER BY p.id
        """,
        {"id": committee_id},
    )
    return [
        Member(
            person_id, name, email, address, (*organisations, *([funder] if funder else []), *(aliases or ()))
        )
        for person_id, name, email, address, organisations, funder, aliases in rows
    ]


def parties(session: Session, committee_id: int) -> dict[int, list[Party]]:
    """By case of the agenda of a sitting, who asks and who takes part; the applicant first, with its contact."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, o.name, o.siret, o.email, o.address,
               CASE WHEN o.id = c.organisation_id THEN COALESCE(c.contact ->> 'name', '') ELSE '' END,
               CASE WHEN o.id = c.organisation_id THEN COALESCE(c.contact ->> 'email', '') ELSE '' END
          FROM agenda_items a
          JOIN cases c ON c.id = a.case_id
          JOIN organisations o ON o.id = c.organisation_id
               OR o.id IN (SELECT organisation_id FROM partners WHERE case_id = c.id)
         WHERE a.committee_id = %(id)s AND a.left_at IS NULL
         ORDER BY c.id, o.id <> c.organisation_id, o.id
        """,
        {"id": committee_id},
    )
    found: dict[int, list[Party]] = {}
    for case_id, *party in rows:
        found.setdefault(case_id, []).append(Party(*party))
    return found


def known_pairs(session: Session, committee_id: int) -> set[tuple[int, int]]:
    """The members and cases of a sitting between which something was found or said already."""
    rows = session.exec_driver_sql(
        """
        SELECT i.person_id, i.case_id FROM interests i
          JOIN agenda_items a ON a.case_id = i.case_id AND a.committee_id = %(id)s
        """,
        {"id": committee_id},
    )
    return {(person_id, case_id) for person_id, case_id in rows}


def propose(
    session: Session, found: Iterable[tuple[int, int, Ground, str]], *, by: str, at: datetime
) -> list[tuple[int, int]]:
    """Write what was found (person, case, ground, detail); the pairs (person, case) that were not known."""
    new = []
    for person_id, case_id, ground, detail in found:
        row = session.exec_driver_sql(
            """
            INSERT INTO interests (person_id, case_id, ground, detail, at, by)
            VALUES (%(person)s, %(case)s, %(ground)s, %(detail)s, %(at)s, %(by)s)
            ON CONFLICT (person_id, case_id) DO NOTHING RETURNING id
            """,
            {"person": person_id, "case": case_id, "ground": ground, "detail": detail, "at": at, "by": by},
        )
        if row.one_or_none() is not None:
            new.append((person_id, case_id))
    return new


def declare(
    session: Session, committee_id: int, person_id: int, interests: Mapping[int, str], *,
    withdrawn: str, by: str, at: datetime,
) -> None:  # fmt: skip
    """Write what a member declares (case → in words), and that the member declared.

    What it declared before about other cases of the sitting is dismissed, with the reason `withdrawn`.
    """
    session.exec_driver_sql(
        """
        UPDATE interests i SET status = 'dismissed', reason = %(withdrawn)s, at = %(at)s, by = %(by)s
          FROM agenda_items a
         WHERE a.committee_id = %(committee)s AND a.case_id = i.case_id AND i.person_id = %(person)s
           AND i.ground = 'declared' AND i.status <> 'dismissed' AND NOT i.case_id = ANY(%(cases)s::bigint[])
        """,
        {"committee": committee_id, "person": person_id, "withdrawn": withdrawn, "at": at, "by": by,
         "cases": list(interests)},
    )  # fmt: skip
    for case_id, detail in interests.items():
        session.exec_driver_sql(
            """
            INSERT INTO interests (person_id, case_id, ground, detail, status, at, by)
            VALUES (%(person)s, %(case)s, 'declared', %(detail)s, 'confirmed', %(at)s, %(by)s)
            ON CONFLICT (person_id, case_id) DO UPDATE
               SET ground = 'declared', detail = excluded.detail, status = 'confirmed', reason = '',
                   at = excluded.at, by = excluded.by
            """,
            {"person": person_id, "case": case_id, "detail": detail, "at": at, "by": by},
        )
    session.exec_driver_sql(
        """
        UPDATE committee_members SET declared_at = %(at)s
         WHERE committee_id = %(committee)s AND person_id = %(person)s
        """,
        {"committee": committee_id, "person": person_id, "at": at},
    )


def of_sitting(session: Session, committee_id: int) -> list[InterestLine]:
    """Every interest between the members and the cases of a sitting, those to confirm first."""
    rows = session.exec_driver_sql(
        """
        SELECT i.id, p.id, p.name, c.id, c.reference, c.title, o.name, i.ground, i.detail, i.status, i.reason, i.at
          FROM agenda_items a
          JOIN interests i ON i.case_id = a.case_id
          JOIN committee_members m ON m.committee_id = a.committee_id AND m.person_id = i.person_id
          JOIN people p ON p.id = i.person_id
          JOIN cases c ON c.id = i.case_id
          JOIN organisations o ON o.id = c.organisation_id
         WHERE a.committee_id = %(id)s AND a.left_at IS NULL
         ORDER BY i.status <> 'proposed', p.name, p.id, c.reference
        """,
        {"id": committee_id},
    )
    return [InterestLine(*row) for row in rows]


def settle(
    session: Session, person_id: int, case_id: int, status: str, *, reason: str, by: str, at: datetime
) -> str | None:
    """Confirm or dismiss an interest; what it was before, None when there is none."""
    row = session.exec_driver_sql(
        """
        WITH before AS (
            SELECT id, status FROM interests WHERE person_id = %(person)s AND case_id = %(case)s FOR UPDATE)
        UPDATE interests i SET status = %(status)s, reason = %(reason)s, at = %(at)s, by = %(by)s
          FROM before WHERE i.id = before.id RETURNING before.status
        """,
        {"person": person_id, "case": case_id, "status": status, "reason": reason, "at": at, "by": by},
    )
    found: str | None = row.scalar_one_or_none()
    return found


@dataclass(frozen=True, slots=True)
class ToWeigh:
    """A case as shown to a member who says whether something keeps them from weighing it.

    `new` when it came on the agenda after they declared.
    """

    case_id: int
    reference: str
    title: str
    organisation: str
    new: bool


def to_weigh(session: Session, committee_id: int, person_id: int) -> list[ToWeigh]:
    """The cases of a sitting that nothing hides from this member, in the order of the agenda."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, o.name, COALESCE(a.added_at > m.declared_at, false)
          FROM agenda_items a
          JOIN cases c ON c.id = a.case_id
          JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN committee_members m ON m.committee_id = a.committee_id AND m.person_id = %(person)s
         WHERE a.committee_id = %(committee)s AND a.left_at IS NULL
           AND NOT EXISTS (SELECT FROM interests i WHERE i.case_id = c.id AND i.person_id = %(person)s
                              AND i.status <> 'dismissed')
         ORDER BY a.position, c.id
        """,
        {"committee": committee_id, "person": person_id},
    )
    return [ToWeigh(*row) for row in rows]
