"""The cash of grants by month and funder: what is planned, what was paid, what came back."""

from dataclasses import dataclass
from datetime import date

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session

_PLANNED_ON = """COALESCE(p.due_on, CASE WHEN p.status = 'planned' THEN 60 + COALESCE(
           CASE p.condition WHEN 'interim_report' THEN c.interim_due_on END, c.report_due_on,
           (SELECT y.ends_on FROM agreement_years y
             WHERE y.agreement_id = p.agreement_id AND y.number = p.year)) END)"""


@dataclass(frozen=True, slots=True)
class CashLine:
    """One funder in one month (its first day; None for what has no day yet), in cents."""

    month: date | None
    funder: str
    planned_cents: int
    paid_cents: int
    back_cents: int


def cash(session: Session, contract_id: int, year: int) -> list[CashLine]:
    """The months of a year, and what has no day yet.

    What waits for a report is planned for when it is paid at the latest: the day of the report, then sixty days; what
    waits for the review of a year of an agreement, sixty days after that year.
    """
    rows = session.exec_driver_sql(
        f"""
        WITH told AS (
            SELECT p.amount_cents, p.status, p.paid_on, f.name AS funder, {_PLANNED_ON} AS planned_on
              FROM {of.SUBJECTS}
              JOIN funders f ON f.id = p.funder_id
             WHERE {of.CONTRACT} = %(contract)s AND p.status <> 'cancelled'
        ), lines AS (
            SELECT planned_on AS day, funder, amount_cents AS planned, 0 AS paid, 0 AS back
              FROM told WHERE amount_cents > 0
             UNION ALL
            SELECT paid_on, funder, 0, amount_cents, 0 FROM told WHERE status = 'paid' AND amount_cents > 0
             UNION ALL
            SELECT paid_on, funder, 0, 0, -amount_cents FROM told WHERE status = 'paid' AND amount_cents < 0
        )
        SELECT date_trunc('month', day)::date, funder, sum(planned)::bigint, sum(paid)::bigint, sum(back)::bigint
          FROM lines WHERE day IS NULL OR extract(year FROM day) = %(year)s
         GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2
        """,  # noqa: S608 - the fragments above
        {"contract": contract_id, "year": year},
    )
    return [CashLine(*row) for row in rows]


def years(session: Session, contract_id: int) -> list[int]:
    """The years in which something is to be paid, or was."""
    rows = session.exec_driver_sql(
        f"""
        SELECT DISTINCT extract(year FROM d.day)::int
          FROM {of.SUBJECTS}
         CROSS JOIN LATERAL (VALUES ({_PLANNED_ON}), (p.paid_on)) AS d(day)
         WHERE {of.CONTRACT} = %(contract)s AND p.status <> 'cancelled' AND d.day IS NOT NULL ORDER BY 1
        """,  # noqa: S608 - the fragments above
        {"contract": contract_id},
    )
    return [row[0] for row in rows]
