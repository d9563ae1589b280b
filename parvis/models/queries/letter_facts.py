"""What the documents of a decision say: the case, its applicant, its money, what was decided and where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case as its documents tell it. Amounts in cents."""

    id: int
    contract_id: int
    call_id: int
    call_code: str
    call_title: str
    call_year: int
    reference: str
    external_id: str
    title: str
    summary: str
    nature: str
    deposited_on: date | None
    starts_on: date | None
    ends_on: date | None
    requested_cents: int
    total_cost_cents: int
    report_due_on: date | None
    contact: str
    organisation_id: int
    organisation: str
    siret: str
    rna: str | None
    address: str
    email: str
    officer: str
    officer_email: str
    committee: str
    held_on: date | None
    neighbourhoods: Sequence[str]
    challenges: Sequence[str]


_CASE = """
SELECT c.id, k.contract_id, k.id, k.code, k.title, k.year, c.reference, c.external_id, c.title, c.summary, c.nature,
       c.deposited_on, c.starts_on, c.ends_on, c.requested_cents, c.total_cost_cents, c.report_due_on,
       COALESCE(c.contact ->> 'name', ''), o.id, o.name, o.siret, o.rna, o.address, o.email,
       COALESCE(u.name, ''), COALESCE(u.email, ''), COALESCE(m.name, ''), m.held_on,
       ARRAY(SELECT n.name FROM case_neighbourhoods v JOIN neighbourhoods n ON n.id = v.neighbourhood_id
              WHERE v.case_id = c.id ORDER BY n.code),
       ARRAY(SELECT n.label FROM case_challenges v JOIN challenges n ON n.id = v.challenge_id
              WHERE v.case_id = c.id ORDER BY n.code)
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people u ON u.id = c.instructor_id
  LEFT JOIN committees m ON m.id = COALESCE(%(committee)s::bigint, c.committee_id)
 WHERE c.id = %(id)s
"""


def decided_case(session: Session, case_id: int, committee_id: int | None) -> DecidedCase:
    """A case that exists, with the sitting `committee_id`, else the one it is on the agenda of."""
    return DecidedCase(*session.exec_driver_sql(_CASE, {"id": case_id, "committee": committee_id}).one())


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the journal that decided a case: `details` is what was said with it."""

    case_id: int
    seq: int
    action: str
    at: datetime
    details: str


DECIDING = ("fund", "reject", "defer")


def decisions_without_documents(
    session: Session, *, committee_id: int | None, case_ids: Sequence[int] | None, limit: int
) -> list[Decision]:
    """Decisions taken in a sitting, the oldest first, whose documents are not all made.

    Those of one sitting, of some cases, or of all. A call that is silent (a take-over of history) owes none.
    """
    rows = session.exec_driver_sql(
        """
        SELECT j.case_id, j.seq, j.action, j.at, j.details
          FROM journal j
          JOIN cases c ON c.id = j.case_id
          JOIN calls k ON k.id = c.call_id AND NOT k.silent
         WHERE j.action = ANY(%(actions)s) AND j.source = 'committee'
           AND (%(cases)s::bigint[] IS NULL OR j.case_id = ANY(%(cases)s::bigint[]))
           AND (%(committee)s::bigint IS NULL OR EXISTS (
                SELECT FROM agenda_items a WHERE a.case_id = j.case_id AND a.committee_id = %(committee)s::bigint))
           AND NOT EXISTS (SELECT FROM files f WHERE f.key = 'decided/' || j.case_id || '/' || j.seq)
         ORDER BY j.at, j.id LIMIT %(limit)s
        """,
        {"actions": list(DECIDING), "cases": list(case_ids) if case_ids is not None else None,
         "committee": committee_id, "limit": limit},
    )  # fmt: skip
    return [Decision(*row) for row in rows]


def sitting_of(session: Session, case_id: int, seq: int) -> int | None:
    """The sitting a case was on the agenda of when this line was written: the last that scheduled it before."""
    row = session.exec_driver_sql(
        """
        SELECT (details::jsonb ->> 'committee_id')::bigint FROM journal
         WHERE case_id = %(case)s AND seq < %(seq)s AND details::jsonb ? 'committee_id'
         ORDER BY seq DESC LIMIT 1
        """,
        {"case": case_id, "seq": seq},
    ).one_or_none()
    return int(row[0]) if row and row[0] is not None else None


@dataclass(frozen=True, slots=True)
class FunderGrant:
    """What one funder was asked for and gave to a case, and all it gave to its applicant that year. In cents."""

    funder_id: int
    code: str
    name: str
    kind: str
    requested_cents: int
    granted_cents: int
    year_cents: int


# What the funder `f` gives in the year and contract of the call `k` to one organisation, directly.
_OF_PARTNERS = """COALESCE((SELECT sum((q.granted ->> f.code)::bigint) FROM partners q
                                  WHERE q.case_id = d.id AND q.state = 'confirmed' AND NOT d.sub_granting), 0)"""
_YEAR = f"""(COALESCE((SELECT sum(COALESCE(h.granted_cents, 0) - {_OF_PARTNERS}) FROM fundings h
                           JOIN cases d ON d.id = h.case_id AND d.stage IN ('funded', 'evaluated')
                           JOIN calls l ON l.id = d.call_id
                          WHERE h.funder_id = f.id AND d.organisation_id = {{who}}
                            AND l.year = k.year AND l.contract_id = k.contract_id), 0)
                + COALESCE((SELECT sum((q.granted ->> f.code)::bigint) FROM partners q
                           JOIN cases d ON d.id = q.case_id AND d.stage IN ('funded', 'evaluated')
                            AND NOT d.sub_granting
                           JOIN calls l ON l.id = d.call_id
                          WHERE q.organisation_id = {{who}} AND q.state = 'confirmed'
                            AND l.year = k.year AND l.contract_id = k.contract_id), 0))::bigint"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class PartnerGrants:
    """A partner paid directly, as its own acts name it, and what each funder gives it."""

    organisation_id: int
    organisation: str
    siret: str
    rna: str | None
    address: str
    email: str
    requested_cents: int
    grants: tuple[FunderGrant, ...]


def partner_grants(session: Session, case_id: int) -> list[PartnerGrants]:
    """The partners of a case that are paid directly, each with its own grants; none where the lead is paid for all."""
    rows = session.exec_driver_sql(
        f"""
        SELECT o.id, o.name, o.siret, o.rna, o.address, o.email, p.requested_cents, f.id, f.code, f.name, f.kind,
               COALESCE((p.shares ->> f.code)::bigint, 0), (p.granted ->> f.code)::bigint, {_YEAR.format(who="o.id")}
          FROM partners p
          JOIN organisations o ON o.id = p.organisation_id
          JOIN cases c ON c.id = p.case_id AND NOT c.sub_granting
          JOIN calls k ON k.id = c.call_id
          JOIN fundings g ON g.case_id = c.id
          JOIN funders f ON f.id = g.funder_id AND p.granted ? f.code
         WHERE p.case_id = %(id)s AND p.state = 'confirmed' ORDER BY o.id, f.id
        """,  # noqa: S608 - the text above
        {"id": case_id},
    )
    found: dict[int, PartnerGrants] = {}
    for row in rows:
        before = found.get(row[0])
        grants = (*(before.grants if before else ()), FunderGrant(*row[7:]))
        found[row[0]] = (
            replace(before, grants=grants)
            if before
            else PartnerGrants(row[0], row[1], row[2], row[3], row[4], row[5], row[6], grants)
        )
    return list(found.values())


def grants_of(session: Session, case_id: int) -> list[FunderGrant]:
    """The funders of a case, the one that gives most first.

    What a funder gives in the year is counted over all the cases of the applicant in calls of the same year and
    contract that are funded or were (loi 2000-321 art. 10: by association and authority), its shares as a partner
    included; what goes to the partners of its own cases is theirs.
    """
    rows = session.exec_driver_sql(
        f"""
        SELECT f.id, f.code, f.name, f.kind, g.requested_cents, COALESCE(g.granted_cents, 0),
               {_YEAR.format(who="c.organisation_id")}
          FROM fundings g
          JOIN funders f ON f.id = g.funder_id
          JOIN cases c ON c.id = g.case_id
          JOIN calls k ON k.id = c.call_id
         WHERE g.case_id = %(id)s ORDER BY COALESCE(g.granted_cents, 0) DESC, f.id
        """,  # noqa: S608 - the text above
        {"id": case_id},
    )
    return [FunderGrant(*row) for row in rows]


def call_document(session: Session, call_id: int) -> dict[str, Any]:
    """The rules of a call as its contract file said them."""
    row = session.exec_driver_sql("SELECT document FROM calls WHERE id = %(id)s", {"id": call_id})
    return dict(row.scalar_one())
