"""Payments that are late: by case for the task of who answers for them, in all for their letter and what pages say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session
from parvis.states.words import Sentence

KIND, RULE = "payment", "payments-late"

# A payment `p` that is to be made, was due before that day, and is not recorded as made.
LATE = "p.status IN ('due', 'ordered') AND p.amount_cents > 0 AND p.due_on < %(today)s::date"

_KEY = "'payment/' || COALESCE(p.case_id::text, 'agreement/' || p.agreement_id) || '/' || p.due_on"


@dataclass(frozen=True, slots=True)
class LateOnes:
    """The payments of a contract that are late: how many, of how many cases or agreements, their cents, the oldest."""

    payments: int
    cases: int
    total_cents: int
    oldest_on: date | None


def late_ones(session: Session, contract_id: int, *, today: date, calls: Sequence[str] = ()) -> LateOnes:
    """What is late in a contract, or in some of its calls (by code)."""
    row = session.exec_driver_sql(
        f"""
        SELECT count(*), count(DISTINCT {of.SUBJECT}), COALESCE(sum(p.amount_cents), 0)::bigint, min(p.due_on)
          FROM {of.SUBJECTS}
         WHERE {LATE} AND {of.CONTRACT} = %(contract)s
           AND (%(calls)s::text[] = '{{}}' OR k.code = ANY(%(calls)s::text[]))
        """,  # noqa: S608 - the condition above
        {"today": today, "contract": contract_id, "calls": list(calls)},
    ).one()
    return LateOnes(*row)


def contracts(session: Session) -> list[int]:
    """Every contract."""
    return list(session.exec_driver_sql("SELECT id FROM contracts ORDER BY id").scalars())


def open_tasks(session: Session, contract_id: int, title: Sentence, *, today: date, at: datetime) -> int:
    """Open a task for each case or agreement and day that payments are late since, once; how many were opened.

    The title says `{organisation}`, `{reference}` and `{day}`. One that somebody ended stays so.
    """
    return session.exec_driver_sql(
        f"""
        INSERT INTO tasks (key, case_id, contract_id, kind, recipient, title_fr, title_en, opened_at)
        SELECT DISTINCT {_KEY}, c.id, CASE WHEN c.id IS NULL THEN a.contract_id END, '{KIND}', 'manager',
               {_filled("fr", "DD/MM/YYYY")}, {_filled("en", "FMDD FMMonth YYYY")}, %(at)s::timestamptz
          FROM {of.SUBJECTS} JOIN organisations o ON o.id = {of.OWNER}
         WHERE {LATE} AND {of.CONTRACT} = %(contract)s
        ON CONFLICT (key) DO NOTHING
        """,  # noqa: S608 - the conditions above
        {"today": today, "contract": contract_id, "at": at, "fr": title.fr, "en": title.en},
    ).rowcount


def _filled(language: str, day: str) -> str:
    said = f"replace(%({language})s, '{{organisation}}', o.name)"
    return f"replace(replace({said}, '{{reference}}', {of.REFERENCE}), '{{day}}', to_char(p.due_on, '{day}'))"


def finish_tasks(
    session: Session, *, today: date, at: datetime, case_id: int | None = None, agreement_id: int | None = None
) -> int:  # fmt: skip
    """End the tasks about payments, or those of this case or agreement, that are late no more; how many."""
    return session.exec_driver_sql(
        f"""
        UPDATE tasks t SET done_at = %(at)s
         WHERE t.kind = '{KIND}' AND t.done_at IS NULL AND (%(id)s::bigint IS NULL OR t.case_id = %(id)s::bigint)
           AND (%(agreement)s::bigint IS NULL OR t.key LIKE 'payment/agreement/' || %(agreement)s::bigint || '/%%')
           AND NOT EXISTS (
                SELECT FROM payments p
                 WHERE (p.case_id = t.case_id OR t.case_id IS NULL AND p.agreement_id IS NOT NULL)
                   AND {LATE} AND t.key = {_KEY})
        """,  # noqa: S608 - the conditions above
        {"today": today, "at": at, "id": case_id, "agreement": agreement_id},
    ).rowcount


def told_since(session: Session, contract_id: int, *, since: datetime) -> bool:
    """Whether the letter about late payments was owed since then."""
    found = session.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM letters WHERE contract_id = %(id)s AND rule = %(rule)s AND owed_at > %(since)s)",
        {"id": contract_id, "rule": RULE, "since": since},
    )
    return bool(found.scalar_one())


def owe_letter(session: Session, contract_id: int, data: str, *, today: date, at: datetime) -> bool:
    """Owe the manager the letter of the day about late payments; False when it was owed already."""
    result = session.exec_driver_sql(
        """
        INSERT INTO letters (contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
        VALUES (%(contract)s, %(rule)s, %(contract)s || '/' || %(today)s::date, 'manager', 'payments_late', %(data)s,
                %(at)s, %(at)s)
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING RETURNING id
        """,
        {"contract": contract_id, "rule": RULE, "today": today, "data": data, "at": at},
    )
    return result.one_or_none() is not None


REPEAT = timedelta(days=30)
"""How long after its letter late payments are told of again, when none is newly late (as other lateness is)."""
