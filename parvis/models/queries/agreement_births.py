"""What the birth of an agreement needs to know: the case funded, the agreement before, those in the way."""

from dataclasses import dataclass
from datetime import date

from parvis.models.queries.letter_facts import call_document
from parvis.models.session import Session

__all__ = ["FundedCase", "Predecessor", "call_document", "funded_case", "overlapping", "predecessor"]


@dataclass(frozen=True, slots=True)
class FundedCase:
    """A case that may give an agreement."""

    organisation_id: int
    contract_id: int
    call_id: int
    instrument: str
    silent: bool
    instructor_id: int | None
    title: str
    starts_on: date | None


def funded_case(session: Session, case_id: int) -> FundedCase:
    """A case that exists, and what its call leads to."""
    row = session.exec_driver_sql(
        """
        SELECT c.organisation_id, k.contract_id, k.id, k.instrument, k.silent, c.instructor_id, c.title, c.starts_on
          FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(id)s
        """,
        {"id": case_id},
    ).one()
    return FundedCase(*row)


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The agreement another one follows."""

    id: int
    purpose: str
    ends_on: date
    approval_ends_on: date | None
    stage: str


def predecessor(session: Session, case_id: int) -> Predecessor | None:
    """The agreement a case asks to renew: the one it was written for, else the only one its applicant has running.

    The first of them may have ended while the committee was still to decide.

    An applicant who deposits a renewal by itself, with one agreement and no other request for it, renews that one.
    """
    rows = session.exec_driver_sql(
        """
        SELECT a.id, a.purpose, a.ends_on, a.approval_ends_on, a.stage, a.request_case_id = c.id AS written_for
          FROM cases c JOIN calls k ON k.id = c.call_id
          JOIN agreements a ON a.organisation_id = c.organisation_id AND a.contract_id = k.contract_id
           AND (a.stage IN ('active', 'in_renewal', 'ended') AND a.request_case_id = c.id
                OR (a.stage IN ('active', 'in_renewal') AND c.nature = 'renewal' AND NOT EXISTS (
                    SELECT FROM cases r WHERE r.id = a.request_case_id AND r.stage NOT IN ('draft', 'withdrawn'))))
         WHERE c.id = %(id)s ORDER BY written_for DESC NULLS LAST, a.id
        """,
        {"id": case_id},
    ).all()
    if not rows or (len(rows) > 1 and not rows[0][5]):
        return None
    return Predecessor(*rows[0][:5])


def overlapping(
    session: Session, organisation_id: int, purpose: str, starts_on: date, ends_on: date
) -> tuple[str, ...]:
    """The agreements (references) of an organisation for this purpose that run on some of these days."""
    rows = session.exec_driver_sql(
        """
        SELECT reference FROM agreements
         WHERE organisation_id = %(organisation)s AND purpose = %(purpose)s
           AND daterange(starts_on, ends_on + 1) && daterange(%(first)s::date, %(last)s::date + 1) ORDER BY id
        """,
        {"organisation": organisation_id, "purpose": purpose, "first": starts_on, "last": ends_on},
    )
    return tuple(rows.scalars())
