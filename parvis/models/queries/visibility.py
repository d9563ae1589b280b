"""Whether there is such a case, file or sitting for whoever asks: one that is hidden is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.models.queries.cases import Found
from parvis.models.queries.queue_filters import asked
from parvis.models.session import Session, read, select
from parvis.states.queue import Filter, Viewer

_CASE = """
SELECT c.id, k.contract_id, c.reference, c.stage, c.version
  FROM cases c JOIN calls k ON k.id = c.call_id
 WHERE c.reference = upper(%(reference)s) AND {condition}
"""


def case_seen(session: Session, reference: str, viewer: Viewer, *, today: date) -> Found | None:
    """The case of this reference, where this viewer may see it."""
    seen = asked(Filter(), viewer, today=today)
    rows = select(
        session, _CASE.format(condition=seen.condition), {**seen.parameters, "reference": reference}
    )
    return Found(*rows[0]) if rows else None


def cases_seen(session: Session, ids: Sequence[int], viewer: Viewer, *, today: date) -> list[int]:
    """Those of these cases that this viewer may see, in the order of their numbers."""
    seen = asked(Filter(), viewer, today=today)
    statement = (
        f"SELECT c.id FROM cases c WHERE c.id = ANY(%(ids)s::bigint[]) AND {seen.condition} ORDER BY c.id"  # noqa: S608
    )
    return [row[0] for row in read(session, statement, {**seen.parameters, "ids": list(ids)})]


def case_of_applicant(session: Session, reference: str, organisation_id: int) -> Found | None:
    """The case of this reference, where this organisation asks or takes part."""
    row = session.exec_driver_sql(
        """
        SELECT c.id, k.contract_id, c.reference, c.stage, c.version
          FROM cases c JOIN calls k ON k.id = c.call_id
         WHERE c.reference = upper(%(reference)s)
           AND (c.organisation_id = %(organisation)s
                OR EXISTS (SELECT FROM partners p WHERE p.case_id = c.id AND p.organisation_id = %(organisation)s))
        """,
        {"reference": reference, "organisation": organisation_id},
    ).one_or_none()
    return Found(*row) if row else None


def leads(session: Session, case_id: int, organisation_id: int) -> bool:
    """Whether this organisation is the one that asks in a case, and not a partner."""
    row = session.exec_driver_sql(
        "SELECT organisation_id = %(organisation)s FROM cases WHERE id = %(id)s",
        {"id": case_id, "organisation": organisation_id},
    )
    return bool(row.scalar_one())


def organisation_seen(session: Session, organisation_id: int, contract_id: int) -> bool:
    """Whether this organisation asks, or takes part, in a case of this contract, or has an agreement of it."""
    row = session.exec_driver_sql(
        """
        SELECT EXISTS (SELECT FROM cases c JOIN calls k ON k.id = c.call_id
                        WHERE c.organisation_id = %(organisation)s AND k.contract_id = %(contract)s)
            OR EXISTS (SELECT FROM partners p JOIN cases c ON c.id = p.case_id JOIN calls k ON k.id = c.call_id
                        WHERE p.organisation_id = %(organisation)s AND k.contract_id = %(contract)s)
            OR EXISTS (SELECT FROM agreements
                        WHERE organisation_id = %(organisation)s AND contract_id = %(contract)s)
        """,
        {"organisation": organisation_id, "contract": contract_id},
    )
    return bool(row.scalar_one())


_OF_CONTRACT = {
    "l": """SELECT FROM letters x LEFT JOIN cases c ON c.id = x.case_id LEFT JOIN calls k ON k.id = c.call_id
             WHERE x.id = %(id)s AND COALESCE(x.contract_id, k.contract_id) = %(contract)s""",
    "r": """SELECT FROM timers x LEFT JOIN cases c ON c.id = x.case_id LEFT JOIN calls k ON k.id = c.call_id
              LEFT JOIN agreements a ON a.id = x.agreement_id
             WHERE x.id = %(id)s AND COALESCE(k.contract_id, a.contract_id) = %(contract)s""",
    "task": """SELECT FROM tasks x LEFT JOIN cases c ON c.id = x.case_id LEFT JOIN calls k ON k.id = c.call_id
                WHERE x.id = %(id)s AND COALESCE(x.contract_id, k.contract_id) = %(contract)s""",
}  # fmt: skip


def is_of_contract(session: Session, kind: str, identity: int, contract_id: int) -> bool:
    """Whether there is a letter (`l`), a reminder (`r`) or a task of this number about this contract."""
    return bool(select(session, _OF_CONTRACT[kind], {"id": identity, "contract": contract_id}))


@dataclass(frozen=True, slots=True)
class SeenSitting:
    """A sitting somebody may look at; `member` when they sit there."""

    id: int
    contract_id: int
    version: int
    member: bool


def sitting_seen(session: Session, sitting_id: int, person_id: int, contract_id: int) -> SeenSitting | None:
    """The sitting of this number in this contract, and whether this person sits there."""
    row = session.exec_driver_sql(
        """
        SELECT m.id, m.contract_id, m.version,
               EXISTS (SELECT FROM committee_members p WHERE p.committee_id = m.id AND p.person_id = %(person)s)
          FROM committees m WHERE m.id = %(id)s AND m.contract_id = %(contract)s
        """,
        {"id": sitting_id, "person": person_id, "contract": contract_id},
    ).one_or_none()
    return SeenSitting(*row) if row else None
