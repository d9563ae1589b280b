"""What a case holds that the next one of the same action takes up; the thread of cases over the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session, select, select_among
from parvis.states.contract.instruction import LAST_REPORT


@dataclass(frozen=True, slots=True)
class PastAction:
    """A case as its renewal takes it up. Amounts in cents: of the budget by side and account, asked by funder code."""

    case_id: int | None
    contract_id: int
    organisation_id: int
    instructor_id: int | None
    title: str
    summary: str
    starts_on: date | None
    ends_on: date | None
    beneficiaries: int | None
    qpv_share_percent: int | None
    contact: dict[str, Any]
    qpvs: tuple[str, ...]
    challenges: tuple[str, ...]
    budget: tuple[tuple[str, str, int], ...]
    asked: tuple[tuple[str, int], ...]
    partners: tuple[tuple[str, int], ...]


_PAST = """
SELECT c.id, k.contract_id, c.organisation_id, c.instructor_id, c.title, c.summary, c.starts_on, c.ends_on,
       c.beneficiaries, c.qpv_share_percent, c.contact,
       ARRAY(SELECT n.code FROM case_neighbourhoods v JOIN neighbourhoods n ON n.id = v.neighbourhood_id
              WHERE v.case_id = c.id ORDER BY n.code),
       ARRAY(SELECT n.code FROM case_challenges v JOIN challenges n ON n.id = v.challenge_id
              WHERE v.case_id = c.id ORDER BY n.code),
       COALESCE((SELECT json_agg(json_build_array(side, account, amount_cents) ORDER BY position)
                   FROM budget_lines WHERE case_id = c.id), '[]'),
       COALESCE((SELECT json_agg(json_build_array(f.code, x.cents) ORDER BY f.id)
                   FROM fundings g JOIN funders f ON f.id = g.funder_id
                  CROSS JOIN LATERAL (
                       SELECT CASE WHEN EXISTS (SELECT FROM budget_lines WHERE case_id = c.id) THEN g.requested_cents
                                   ELSE COALESCE(g.granted_cents, g.requested_cents) END) x(cents)
                  WHERE g.case_id = c.id AND x.cents > 0), '[]'),
       COALESCE((SELECT json_agg(json_build_array(o.siret, p.requested_cents) ORDER BY o.siret)
                   FROM partners p JOIN organisations o ON o.id = p.organisation_id WHERE p.case_id = c.id), '[]')
  FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = %(id)s
"""


def past_action(session: Session, case_id: int) -> PastAction:
    """A case that exists, as its renewal takes it up.

    With a budget, what funders were asked for, so that it opens balanced; without, what each gave, or was asked for.
    """
    *plain, qpvs, challenges, budget, asked, partners = session.exec_driver_sql(_PAST, {"id": case_id}).one()
    lists = (tuple(tuple(line) for line in each) for each in (budget, asked, partners))
    return PastAction(*(*plain, tuple(qpvs), tuple(challenges), *lists))


@dataclass(frozen=True, slots=True)
class Renewable:
    """What decides whether a case may be renewed: where it stands, its call, what is awaited, what follows it."""

    case_id: int
    reference: str
    stage: str
    call_code: str
    call_year: int
    instrument: str
    contract_id: int
    organisation_id: int
    awaited_reports: tuple[str, ...]
    follower: str


def renewables(session: Session, case_ids: Sequence[int], today: date) -> list[Renewable]:
    """What decides whether these cases may be renewed, in the order of their ids.

    A draft or a request already there for the same action is its follower, unless it was withdrawn.
    """
    rows = select_among(
        session,
        """
        SELECT c.id, c.reference, c.stage, k.code, k.year, k.instrument, k.contract_id, c.organisation_id,
               ARRAY(SELECT d.reference FROM cases d JOIN calls l ON l.id = d.call_id AND l.contract_id = k.contract_id
                      WHERE d.organisation_id = c.organisation_id AND d.stage = 'funded'
                        AND d.report_due_on <= %(today)s AND d.report_received_on IS NULL AND NOT d.not_carried_out
                      ORDER BY d.reference),
               COALESCE((SELECT n.reference FROM cases n WHERE n.renews_id = c.id AND n.stage <> 'withdrawn'
                          ORDER BY n.id LIMIT 1), '')
          FROM cases c JOIN calls k ON k.id = c.call_id WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id
        """,
        case_ids,
        {"today": today},
    )
    return [Renewable(*(*row[:8], tuple(row[8]), row[9])) for row in rows]


def followers(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """By case, the reference of the one that renews it, where there is one that was not withdrawn."""
    rows = session.exec_driver_sql(
        "SELECT renews_id, reference FROM cases"
        " WHERE renews_id = ANY(%(ids)s::bigint[]) AND stage <> 'withdrawn' ORDER BY id DESC",
        {"ids": list(case_ids)},
    )
    return {row[0]: row[1] for row in rows}


def funded_of_call(session: Session, code: str) -> dict[int, str]:
    """The funded actions of the calls of this code, by id; their references."""
    rows = session.exec_driver_sql(
        "SELECT c.id, c.reference FROM cases c JOIN calls k ON k.id = c.call_id"
        " WHERE k.code = %(code)s AND c.stage IN ('funded', 'evaluated') ORDER BY c.id",
        {"code": code},
    )
    return {row[0]: row[1] for row in rows}


def take_up(
    session: Session, case_id: int, before: int | None, codes: list[str], *, at: datetime, by: str
) -> None:
    """Say which case this one renews, and take up from it the documents of these codes that it received.

    The report of the action before is not asked for again where it was handed in here.
    """
    session.exec_driver_sql(
        "UPDATE cases SET renews_id = %(before)s WHERE id = %(id)s", {"id": case_id, "before": before}
    )
    session.exec_driver_sql(
        """
        UPDATE documents d SET received_at = p.received_at
          FROM documents p
         WHERE d.case_id = %(id)s AND p.case_id = %(before)s AND p.code = d.code AND d.code = ANY(%(codes)s)
           AND p.received_at IS NOT NULL
        """,
        {"id": case_id, "before": before, "codes": codes},
    )
    session.exec_driver_sql(
        """
        UPDATE documents d SET received_at = (p.report_received_on + time '12:00') AT TIME ZONE 'Europe/Paris'
          FROM cases p
         WHERE d.case_id = %(id)s AND p.id = %(before)s AND d.code = %(report)s AND p.report_received_on IS NOT NULL
        """,
        {"id": case_id, "before": before, "report": LAST_REPORT},
    )
    session.exec_driver_sql(
        """
        INSERT INTO files (case_id, kind, document_code, name, media_type, size, sha256, added_at, added_by)
        SELECT %(id)s, kind, document_code, name, media_type, size, sha256, %(at)s, %(by)s
          FROM files
         WHERE case_id = %(before)s AND document_code = ANY(%(codes)s) AND removed_at IS NULL AND kind = 'attachment'
         ORDER BY id
        """,
        {"id": case_id, "before": before, "codes": codes, "at": at, "by": by},
    )


@dataclass(frozen=True, slots=True)
class PastYear:
    """One time of an action in the thread of its years. Amounts in cents."""

    case_id: int
    reference: str
    year: int
    call_title: str
    stage: str
    decided_on: date | None
    requested_cents: int
    granted_cents: int | None
    report_received_on: date | None
    report_accepted: bool
    paid_cents: int


def thread(session: Session, case_id: int) -> list[PastYear]:
    """Every time of the action a case belongs to, the latest first, the case included."""
    rows = select(
        session,
        """
        WITH RECURSIVE first AS (
            SELECT id, renews_id FROM cases WHERE id = %(id)s
            UNION SELECT c.id, c.renews_id FROM cases c JOIN first f ON c.id = f.renews_id
        ), whole AS (
            SELECT id FROM first WHERE renews_id IS NULL
            UNION SELECT c.id FROM cases c JOIN whole w ON c.renews_id = w.id
        )
        SELECT c.id, c.reference, k.year, k.title, c.stage, c.decided_on, c.requested_cents,
               (SELECT sum(g.granted_cents)::bigint FROM fundings g WHERE g.case_id = c.id),
               c.report_received_on, c.report_accepted,
               (SELECT COALESCE(sum(p.amount_cents), 0)::bigint FROM payments p
                 WHERE p.case_id = c.id AND p.status = 'paid')
          FROM whole w JOIN cases c ON c.id = w.id JOIN calls k ON k.id = c.call_id
         ORDER BY k.year DESC, c.id DESC
        """,
        {"id": case_id},
    )
    return [PastYear(*row) for row in rows]
