"""What the invented people of a rehearsal see of agreements before they act, and what its report counts of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class SeenAgreement:
    """An agreement as somebody at work sees it; `request_id` is the case that asks to renew it."""

    id: int
    reference: str
    stage: str
    siret: str
    organisation_id: int
    instructor_id: int | None
    starts_on: date
    ends_on: date
    entered_at: datetime
    signed_on: date | None
    approval_ends_on: date | None
    evaluation_received_on: date | None
    request_id: int | None
    request: str | None
    request_stage: str | None


_SEEN = """
SELECT a.id, a.reference, a.stage, o.siret, a.organisation_id, a.instructor_id, a.starts_on, a.ends_on, a.entered_at,
       a.signed_on, a.approval_ends_on, a.evaluation_received_on, a.request_case_id, r.reference, r.stage
  FROM agreements a JOIN organisations o ON o.id = a.organisation_id LEFT JOIN cases r ON r.id = a.request_case_id
"""


def look_agreements(session: Session, agreement_ids: Sequence[int]) -> list[SeenAgreement]:
    """These agreements as they stand, in the order of their ids."""
    if not agreement_ids:
        return []
    rows = session.exec_driver_sql(
        _SEEN + " WHERE a.id = ANY(%(ids)s) ORDER BY a.id", {"ids": list(agreement_ids)}
    )
    return [SeenAgreement(*row) for row in rows]


def running_agreements(session: Session, siret: str) -> list[SeenAgreement]:
    """The agreements of an organisation that run now, the first to end coming first."""
    rows = session.exec_driver_sql(
        _SEEN + " WHERE o.siret = %(siret)s AND a.stage IN ('active', 'in_renewal') ORDER BY a.ends_on, a.id",
        {"siret": siret},
    )
    return [SeenAgreement(*row) for row in rows]


def by_stage(session: Session) -> list[tuple[str, int]]:
    """How many agreements stand at each stage."""
    rows = session.exec_driver_sql("SELECT stage, count(*) FROM agreements GROUP BY 1 ORDER BY 1")
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Succession:
    """How agreements follow one another: taken over at first, asked again, followed at once or after a gap.

    `followed_late` are those of the followed that had ended when the committee decided on the next one.
    `overlaps` are pairs of one organisation and purpose that share a day; `stuck` those in care, and requests begun,
    that nothing recalls, and those whose last day passed long before `on`; `overdue` their timers due before `at` and
    not settled.
    """

    taken_over: int
    evaluated: int
    asked: int
    followed: int
    followed_late: int
    gaps: int
    overlaps: int
    reviewed: int
    confirmed: int
    amended: int
    stuck: int
    overdue: int


def succession(session: Session, *, on: date, at: datetime) -> Succession:
    """How the agreements of a database follow one another."""
    row = session.exec_driver_sql(
        """
        SELECT (SELECT count(*) FROM agreements WHERE case_id IS NULL),
               (SELECT count(*) FROM agreements WHERE evaluation_received_on IS NOT NULL),
               (SELECT count(*) FROM agreements a JOIN cases c ON c.id = a.request_case_id WHERE c.stage <> 'draft'),
               (SELECT count(*) FROM agreements n JOIN agreements a ON a.id = n.renews_id
                 WHERE n.starts_on = a.ends_on + 1),
               (SELECT count(*) FROM agreements n JOIN agreements a ON a.id = n.renews_id
                 WHERE n.starts_on = a.ends_on + 1 AND a.stage = 'ended'),
               (SELECT count(*) FROM agreements n JOIN agreements a ON a.id = n.renews_id
                 WHERE n.starts_on <> a.ends_on + 1),
               (SELECT count(*) FROM agreements a JOIN agreements b
                    ON b.id > a.id AND b.organisation_id = a.organisation_id AND b.purpose = a.purpose
                   AND daterange(a.starts_on, a.ends_on + 1) && daterange(b.starts_on, b.ends_on + 1)),
               (SELECT count(*) FROM agreement_years WHERE reviewed_on IS NOT NULL),
               (SELECT count(*) FROM agreement_journal WHERE action = 'confirm_year'),
               (SELECT count(*) FROM agreement_amendments),
               (SELECT count(*) FROM agreements a WHERE a.stage IN ('draft', 'active', 'in_renewal')
                   AND (a.ends_on < %(on)s::date - 7
                        OR NOT EXISTS (SELECT FROM timers WHERE agreement_id = a.id AND settled_at IS NULL)))
               + (SELECT count(*) FROM cases c WHERE c.stage = 'draft'
                     AND NOT EXISTS (SELECT FROM timers WHERE case_id = c.id AND settled_at IS NULL)),
               (SELECT count(*) FROM timers
                 WHERE agreement_id IS NOT NULL AND settled_at IS NULL AND due_at <= %(at)s)
        """,
        {"on": on, "at": at},
    ).one()
    return Succession(*row)


@dataclass(frozen=True, slots=True)
class ReportCount:
    """The final reports of what was funded: those due by a day and what became of them, those to come.

    `awaited` did not come and were asked for again; `unasked` did not come, or will not, and nobody was told.
    """

    due: int
    in_time: int
    late: int
    accepted: int
    not_carried_out: int
    reclaimed: int
    awaited: int
    to_come: int
    unasked: int


def reports(session: Session, *, on: date) -> ReportCount:
    """What became of the reports due by the day `on`, and of the others."""
    row = session.exec_driver_sql(
        """
        WITH owed AS (
            SELECT c.stage, c.report_due_on <= %(on)s AS due, c.report_received_on AS received,
                   c.report_due_on AS due_on, c.report_accepted AS accepted, c.not_carried_out AS undone,
                   c.notice_expires_on IS NOT NULL OR EXISTS (
                       SELECT FROM letters l WHERE l.case_id = c.id AND l.template LIKE 'report%%') AS asked,
                   EXISTS (SELECT FROM timers t WHERE t.case_id = c.id AND t.settled_at IS NULL
                              AND t.template LIKE 'report%%') AS planned
              FROM cases c WHERE c.stage IN ('funded', 'evaluated', 'reclaimed') AND c.report_due_on IS NOT NULL
        ), open AS (
            SELECT * FROM owed WHERE stage = 'funded' AND received IS NULL AND NOT undone)
        SELECT count(*) FILTER (WHERE due), count(*) FILTER (WHERE received <= due_on),
               count(*) FILTER (WHERE received > due_on), count(*) FILTER (WHERE accepted AND NOT undone),
               count(*) FILTER (WHERE undone),
               count(*) FILTER (WHERE stage = 'reclaimed' AND received IS NULL AND NOT undone),
               (SELECT count(*) FROM open WHERE due AND asked), (SELECT count(*) FROM open WHERE NOT due AND planned),
               (SELECT count(*) FROM open WHERE CASE WHEN due THEN NOT asked ELSE NOT planned END)
               + (SELECT count(*) FROM cases WHERE stage = 'funded' AND report_due_on IS NULL)
          FROM owed
        """,
        {"on": on},
    ).one()
    return ReportCount(*row)
