"""The payments of the years of agreements: what a year calls for, written, made due, cancelled, paid."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from parvis.models.session import Session
from parvis.states.agreement_payments import HeldPart, Part, Terms, YearPlan
from parvis.states.words import Sentence

DAYS = "COALESCE((k.document #>> '{times,payment_days}')::int, 60)"
"""The days a call `k` leaves to pay; those of the law where no call is known."""
WAITS = "p.condition IN ('interim_report', 'report')"
"""A payment `p` of a year that waits for the review of its year."""


@dataclass(frozen=True, slots=True)
class YearToPay:
    """A year of an agreement and what its payments follow from; amounts in cents by funder (id)."""

    starts_on: date
    firm: bool
    review: str | None
    days: int
    parts: tuple[Part, ...]
    amounts: dict[int, int]


def year_to_pay(session: Session, agreement_id: int, number: int) -> YearToPay | None:
    """What the payments of a year follow from; None when the agreement has no such year (any more)."""
    row = session.exec_driver_sql(
        f"""
        SELECT y.starts_on, y.firm, y.review, {DAYS}, a.schedule
          FROM agreements a JOIN agreement_years y ON y.agreement_id = a.id AND y.number = %(number)s
          LEFT JOIN calls k ON k.id = a.call_id
         WHERE a.id = %(id)s
        """,  # noqa: S608 - the fragment above
        {"id": agreement_id, "number": number},
    ).one_or_none()
    if row is None:
        return None
    starts_on, firm, review, days, schedule = row
    parts = tuple(Part(each["code"], each["on"], Decimal(str(each["share"]))) for each in schedule)
    amounts = session.exec_driver_sql(
        "SELECT funder_id, amount_cents FROM agreement_amounts"
        " WHERE agreement_id = %(id)s AND number = %(number)s ORDER BY funder_id",
        {"id": agreement_id, "number": number},
    )
    return YearToPay(starts_on, firm, review, days, parts, {each[0]: each[1] for each in amounts})


def granted_by_case(session: Session, case_id: int) -> dict[int, dict[int | None, int]]:
    """By funder (id) and who is paid, the lead being None, what the case of an agreement was granted, in cents."""
    rows = session.exec_driver_sql(
        """
        WITH part AS (
            SELECT f.id AS funder_id, p.organisation_id, s.value::bigint AS cents
              FROM cases c JOIN calls k ON k.id = c.call_id JOIN partners p ON p.case_id = c.id
             CROSS JOIN jsonb_each_text(p.granted) AS s(code, value)
              JOIN funders f ON f.contract_id = k.contract_id AND f.code = s.code
             WHERE c.id = %(id)s AND p.state NOT IN ('declined', 'withdrawn') AND NOT c.sub_granting
               AND NOT COALESCE((k.document ->> 'pays_through_lead')::boolean, false)
        )
        SELECT funder_id, NULL::bigint AS who,
               granted_cents - COALESCE((SELECT sum(cents) FROM part x WHERE x.funder_id = g.funder_id), 0)::bigint
          FROM fundings g WHERE case_id = %(id)s AND granted_cents > 0
         UNION ALL SELECT funder_id, organisation_id, cents FROM part WHERE cents > 0
         ORDER BY 1, 2 NULLS FIRST
        """,
        {"id": case_id},
    )
    found: dict[int, dict[int | None, int]] = {}
    for funder_id, who, cents in rows:
        found.setdefault(funder_id, {})[who] = cents
    return found


def held_parts(session: Session, agreement_id: int, number: int) -> list[HeldPart]:
    """The payments of a year as they stand, nobody else's to change until the commit."""
    rows = session.exec_driver_sql(
        """
        SELECT id, funder_id, partner_id, instalment, amount_cents, status FROM payments
         WHERE agreement_id = %(id)s AND year = %(number)s ORDER BY id FOR UPDATE
        """,
        {"id": agreement_id, "number": number},
    )
    return [HeldPart(*row) for row in rows]


def write_year(session: Session, agreement_id: int, number: int, plan: YearPlan, terms: Terms) -> None:
    """Make the payments of a year those of this plan."""
    session.exec_driver_sql(
        """
        UPDATE payments p
           SET amount_cents = CASE WHEN s.cents > 0 THEN s.cents ELSE p.amount_cents END,
               status = CASE WHEN s.cents = 0 THEN 'cancelled' WHEN p.status = 'cancelled' THEN 'planned'
                             ELSE p.status END,
               due_on = CASE WHEN s.cents > 0 THEN p.due_on END
          FROM unnest(%(ids)s::bigint[], %(cents)s::bigint[]) AS s(id, cents) WHERE p.id = s.id
        """,
        {"ids": [i for i, _ in plan.kept], "cents": [cents for _, cents in plan.kept]},
    )
    session.exec_driver_sql(
        """
        INSERT INTO payments (agreement_id, year, funder_id, partner_id, position, instalment, condition, amount_cents)
        SELECT %(id)s, %(number)s, n.funder_id, n.partner_id, n.position, n.instalment, n.condition, n.cents
          FROM json_to_recordset(%(rows)s::json) AS n(
               funder_id bigint, partner_id bigint, position int, instalment text, condition text, cents bigint)
        ON CONFLICT ON CONSTRAINT uq_payments_instalment DO NOTHING
        """,
        {"id": agreement_id, "number": number, "rows": json.dumps([
            {"funder_id": one.funder_id, "partner_id": one.partner_id, "position": one.position,
             "instalment": one.instalment, "condition": one.condition, "cents": one.cents} for one in plan.new
        ])},
    )  # fmt: skip
    fall_due(session, agreement_id, number, terms)


def fall_due(session: Session, agreement_id: int, number: int, terms: Terms) -> None:
    """Say of each payment of a year that is not made where it stands: its day stays once it is due."""
    for condition in ("notification", "interim_report", "report"):
        status, day = terms.of(condition)
        session.exec_driver_sql(
            """
            UPDATE payments SET due_on = CASE WHEN status = 'due' AND %(status)s = 'due' THEN due_on ELSE %(day)s END,
                                status = %(status)s
             WHERE agreement_id = %(id)s AND year = %(number)s AND condition = %(condition)s
               AND status IN ('planned', 'due')
            """,
            {"id": agreement_id, "number": number, "condition": condition, "status": str(status), "day": day},
        )


def cancel_years(session: Session, agreement_id: int, *, keeping: Sequence[int]) -> None:
    """Cancel what is not paid of all years but these."""
    session.exec_driver_sql(
        "UPDATE payments SET status = 'cancelled', due_on = NULL WHERE agreement_id = %(id)s"
        " AND year <> ALL(%(numbers)s::int[]) AND status IN ('planned', 'due', 'ordered')",
        {"id": agreement_id, "numbers": list(keeping)},
    )


def payable(
    session: Session, agreement_id: int, *, year: int | None, ids: Sequence[int] = ()
) -> tuple[int, ...]:
    """The payments of an agreement that can be made: of these, or of this year, or all."""
    rows = session.exec_driver_sql(
        """
        SELECT id FROM payments
         WHERE agreement_id = %(id)s AND status IN ('due', 'ordered')
           AND (%(year)s::int IS NULL OR year = %(year)s::int)
           AND (%(ids)s::bigint[] = '{}' OR id = ANY(%(ids)s::bigint[])) ORDER BY id
        """,
        {"id": agreement_id, "year": year, "ids": list(ids)},
    )
    return tuple(rows.scalars())


def open_years(session: Session, today: date) -> int:
    """Make due what waited for the first day of its year only; how many payments."""
    return session.exec_driver_sql(
        """
        UPDATE payments p SET status = 'due' FROM agreement_years y
         WHERE p.agreement_id = y.agreement_id AND p.year = y.number AND y.firm AND y.starts_on <= %(today)s
           AND p.status = 'planned' AND p.condition = 'notification'
        """,
        {"today": today},
    ).rowcount


def unwritten_years(session: Session, today: date) -> list[tuple[int, int]]:
    """The years (agreement, number) that are firm, not over and have no payments: confirmed before there were any."""
    rows = session.exec_driver_sql(
        """
        SELECT y.agreement_id, y.number FROM agreement_years y JOIN agreements a ON a.id = y.agreement_id
         WHERE y.firm AND y.number > 1 AND y.ends_on >= %(today)s AND a.stage IN ('active', 'in_renewal', 'renewed')
           AND EXISTS (SELECT FROM agreement_amounts m WHERE m.agreement_id = y.agreement_id AND m.number = y.number
                          AND m.amount_cents > 0)
           AND NOT EXISTS (SELECT FROM payments p WHERE p.agreement_id = y.agreement_id AND p.year = y.number)
         ORDER BY 1, 2
        """,
        {"today": today},
    )
    return [(row[0], row[1]) for row in rows]


KIND = "agreement_review"
_LEFT = f"""
SELECT DISTINCT '{KIND}/' || p.agreement_id || '/' || p.year AS key, p.agreement_id, p.year
  FROM payments p JOIN agreement_years y ON y.agreement_id = p.agreement_id AND y.number = p.year
 WHERE p.status = 'planned' AND {WAITS} AND y.ends_on < %(today)s
"""  # noqa: S608 - the fragments above


def ask_for_reviews(session: Session, title: Sentence, *, today: date, at: datetime) -> int:
    """Open a task for each year that is over and whose last payments wait for its review; end those that wait no more.

    The title says `{year}`, `{reference}` and `{organisation}`. How many were opened.
    """
    session.exec_driver_sql(
        f"UPDATE tasks SET done_at = %(at)s WHERE kind = '{KIND}' AND done_at IS NULL"  # noqa: S608
        f" AND key NOT IN (SELECT key FROM ({_LEFT}) AS l)",
        {"today": today, "at": at},
    )
    filled = "replace(replace(replace(%({0})s, '{{year}}', l.year::text), '{{reference}}', a.reference),"
    filled += " '{{organisation}}', o.name)"
    return session.exec_driver_sql(
        f"""
        INSERT INTO tasks (key, contract_id, kind, recipient, title_fr, title_en, opened_at)
        SELECT l.key, a.contract_id, '{KIND}', 'manager', {filled.format("fr")}, {filled.format("en")}, %(at)s
          FROM ({_LEFT}) AS l JOIN agreements a ON a.id = l.agreement_id
          JOIN organisations o ON o.id = a.organisation_id
        ON CONFLICT (key) DO NOTHING
        """,  # noqa: S608 - the fragments above
        {"today": today, "at": at, "fr": title.fr, "en": title.en},
    ).rowcount


@dataclass(frozen=True, slots=True)
class YearPayment:
    """One instalment of a year, all funders and payees together, as it stands; in cents."""

    year: int
    instalment: str
    condition: str
    status: str
    amount_cents: int
    due_on: date | None
    paid_on: date | None


def payments_of(session: Session, agreement_id: int) -> list[YearPayment]:
    """The payments of the years of an agreement, in the order they are made; what is cancelled is left out."""
    rows = session.exec_driver_sql(
        """
        SELECT year, instalment, min(condition), status, sum(amount_cents)::bigint, min(due_on), max(paid_on)
          FROM payments WHERE agreement_id = %(id)s AND status <> 'cancelled'
         GROUP BY year, position, instalment, status ORDER BY year, position, instalment, status
        """,
        {"id": agreement_id},
    )
    return [YearPayment(*row) for row in rows]


def kept_of_years(
    session: Session, agreement_ids: Sequence[int]
) -> dict[tuple[int, int], tuple[tuple[str, str, int], ...]]:
    """By agreement and year, what funders (code, name) paid or ordered of it, or granted with its case, in cents."""
    rows = session.exec_driver_sql(
        """
        SELECT x.id, x.year, f.code, f.name, sum(x.cents)::bigint FROM (
            SELECT agreement_id AS id, year, funder_id, amount_cents AS cents FROM payments
             WHERE agreement_id = ANY(%(ids)s::bigint[]) AND status IN ('ordered', 'paid')
             UNION ALL
            SELECT a.id, 1, g.funder_id, g.granted_cents FROM agreements a JOIN fundings g ON g.case_id = a.case_id
             WHERE a.id = ANY(%(ids)s::bigint[]) AND g.granted_cents > 0) AS x
          JOIN funders f ON f.id = x.funder_id
         GROUP BY x.id, x.year, f.id ORDER BY x.id, x.year, f.id
        """,
        {"ids": list(agreement_ids)},
    )
    found: dict[tuple[int, int], tuple[tuple[str, str, int], ...]] = {}
    for agreement_id, year, *kept in rows:
        known = found.get((agreement_id, year), ())
        found[agreement_id, year] = (*known, (kept[0], kept[1], kept[2]))
    return found


def amendments(session: Session, agreement_id: int) -> int:
    """How many amendments an agreement has."""
    row = session.exec_driver_sql(
        "SELECT count(*) FROM agreement_amendments WHERE agreement_id = %(id)s", {"id": agreement_id}
    )
    return int(row.scalar_one())
