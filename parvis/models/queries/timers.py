"""Timers: which are due, firing reminders as a set, writing a plan anew."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum

from parvis.models.queries import due_dates
from parvis.models.session import Session, fetch
from parvis.states.deadlines import Timer, working_days_after


class Of(Enum):
    """Whose timers: the table their subjects are in, and the column that points at it."""

    CASES = ("cases", "case_id")
    AGREEMENTS = ("agreements", "agreement_id")

    def fill(self, statement: str, **more: str) -> str:
        """A statement about the timers of these subjects."""
        return statement.format(table=self.value[0], key=self.value[1], **more)


_DUE = """
SELECT {key}, kind = 'move' FROM timers
 WHERE settled_at IS NULL AND due_at <= $1::timestamptz AND {key} IS NOT NULL ORDER BY due_at LIMIT $2::bigint
"""
DUE = Of.CASES.fill(_DUE)


def due_subjects(session: Session, *, at: datetime, limit: int, of: Of = Of.CASES) -> dict[int, bool]:
    """Subjects with an open timer due at or before `at`, the longest due first, and whether one may be a move.

    Reads at most `limit` timers, what is due and nothing else.
    """
    rows = fetch(session, of.fill(_DUE), (at, limit))
    cut = len(rows) == limit  # one may have a move among the timers not read
    due: dict[int, bool] = {}
    for subject_id, moves in rows:
        due[subject_id] = cut or moves or due.get(subject_id, False)
    return due


@dataclass(frozen=True, slots=True)
class DueMove:
    """A move the clock has to make."""

    timer_id: int
    subject_id: int
    action: str


_TAKE = """
WITH held AS MATERIALIZED (
    SELECT c.id FROM {table} c
     WHERE c.id IN (SELECT {key} FROM timers
                     WHERE settled_at IS NULL AND due_at <= %(at)s AND kind = 'move'
                       AND {key} = ANY(%(ids)s::bigint[]))
     ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE timers t SET settled_at = %(at)s, outcome = 'fired' FROM held
 WHERE t.{key} = held.id AND t.settled_at IS NULL AND t.due_at <= %(at)s AND t.kind = 'move'
RETURNING t.id, t.{key}, t.action
"""


def take_due_moves(
    session: Session, subject_ids: Sequence[int], *, at: datetime, of: Of = Of.CASES
) -> list[DueMove]:
    """Settle as fired, and return, the due moves of these subjects; those somebody holds are left for later."""
    rows = session.exec_driver_sql(of.fill(_TAKE), {"at": at, "ids": list(subject_ids)})
    return sorted((DueMove(*row) for row in rows), key=lambda due: due.timer_id)


def mark_refused(session: Session, timer_ids: Sequence[int]) -> None:
    """Say that the table refused the moves of these timers."""
    session.exec_driver_sql(
        "UPDATE timers SET outcome = 'refused' WHERE id = ANY(%(ids)s)", {"ids": list(timer_ids)}
    )


# What repeats is planned anew when it is settled, whether its letter left or not: nothing is said once and never again.
# `$4` holds the working day of each number of days from today; the hour is the one it had in Paris.
AGAIN = """
    INSERT INTO timers ({key}, rule, occurrence, kind, period, template, recipient, deadline, due_at, repeat_days)
    SELECT {key}, rule, split_part(occurrence, '@', 1) || '@' || ({days}::date[])[repeat_days], kind, period,
           template, recipient, deadline,
           (({days}::date[])[repeat_days] + (due_at AT TIME ZONE 'Europe/Paris')::time) AT TIME ZONE 'Europe/Paris',
           repeat_days
      FROM settled WHERE repeat_days IS NOT NULL
    ON CONFLICT ({key}, rule, occurrence) DO UPDATE SET settled_at = NULL, outcome = NULL
     WHERE timers.outcome = 'cancelled'
"""

# The `ANY` stands twice so that a batch reads what is due in it and nothing else. A timer is found again by its
# place (`ctid`), which costs less than its number and misses one that somebody put off meanwhile, as it should.
_FIRING = """
WITH held AS MATERIALIZED (
    SELECT id FROM {table} WHERE id = ANY($1::bigint[]) FOR NO KEY UPDATE SKIP LOCKED
), due AS MATERIALIZED (
    SELECT t.ctid AS tid, COALESCE(t.expires_at <= $2::timestamptz, false) AS expired,
           row_number() OVER (
               PARTITION BY t.{key}, t.recipient
               ORDER BY COALESCE(t.expires_at <= $2::timestamptz, false), t.due_at DESC, t.id DESC) AS place
      FROM timers t JOIN held ON held.id = t.{key}
     WHERE t.{key} = ANY($1::bigint[]) AND t.settled_at IS NULL AND t.due_at <= $2::timestamptz
       AND t.kind <> 'move'
), settled AS (
    UPDATE timers t
       SET settled_at = $2::timestamptz,
           outcome = CASE WHEN due.place = 1 AND NOT due.expired THEN 'fired' ELSE 'superseded' END
      FROM due WHERE t.ctid = due.tid AND t.settled_at IS NULL
 RETURNING t.{key}, t.rule, t.occurrence, t.kind, t.period, t.recipient, t.template, t.deadline, t.due_at,
           t.repeat_days, t.outcome
), again AS ({again}), owed AS (
    INSERT INTO letters ({key}, contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
    SELECT {key}, {contract}, rule, {occurrence}, recipient, template,
           jsonb_build_object('deadline', deadline, 'late', $3::date > deadline,
                              'days_late', GREATEST($3::date - deadline, 0)),
           $2::timestamptz, $2::timestamptz
      FROM settled WHERE outcome = 'fired'
    ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
)
SELECT count(*) FILTER (WHERE outcome = 'fired'), count(*) FILTER (WHERE outcome = 'superseded') FROM settled
"""
AGREEMENT_OCCURRENCE = "'agreement/' || agreement_id || '/' || occurrence"
# A letter has one key for all subjects: the case, or nothing and the agreement in the occurrence.
_FIRE = {
    Of.CASES: Of.CASES.fill(
        _FIRING, again=Of.CASES.fill(AGAIN, days="$4"), occurrence="occurrence", contract="NULL"
    ),
    Of.AGREEMENTS: Of.AGREEMENTS.fill(
        _FIRING,
        again=Of.AGREEMENTS.fill(AGAIN, days="$4"),
        occurrence=AGREEMENT_OCCURRENCE,
        contract="(SELECT contract_id FROM agreements a WHERE a.id = agreement_id)",
    ),
}


def fire_reminders(
    session: Session, subject_ids: Sequence[int], *, at: datetime, today: date, of: Of = Of.CASES
) -> tuple[int, int]:
    """Fire the due reminders and escalations of these subjects: letters owed, timers superseded.

    Per subject and recipient only the latest due one owes a letter; one that warns of a date already passed never does.
    What repeats is planned for its next day, counted from today: a sweep after a long silence plans one, not many.
    """
    [(owed, superseded)] = fetch(session, _FIRE[of], (_array(subject_ids), at, today, days_after(today)))
    return owed, superseded


def days_after(today: date) -> str:
    """The `date[]` that `AGAIN` counts in."""
    return _array(working_days_after(today))


def _array(values: Iterable[int | date]) -> str:
    """An array as text: for thousands of numbers, five times faster than a list."""
    return "{" + ",".join(map(str, values)) + "}"


_REPLAN = """
WITH wanted AS (
    SELECT * FROM json_to_recordset(%(timers)s::json) AS w(
        subject_id bigint, rule text, occurrence text, kind text, period text, action text, template text,
        recipient text, deadline date, due_at timestamptz, expires_at timestamptz, repeat_days int)
), cancelled AS (
    UPDATE timers t SET settled_at = %(at)s, outcome = 'cancelled'
     WHERE t.{key} = ANY(%(ids)s::bigint[]) AND t.settled_at IS NULL
       AND NOT EXISTS (SELECT FROM wanted w
                        WHERE w.subject_id = t.{key} AND w.rule = t.rule
                          AND w.occurrence = split_part(t.occurrence, '@', 1))
       AND NOT (t.due_at <= %(at)s AND EXISTS (
                SELECT FROM wanted w
                 WHERE w.subject_id = t.{key} AND w.occurrence = split_part(t.occurrence, '@', 1)))
 RETURNING 1
), written AS (
    INSERT INTO timers ({key}, rule, occurrence, kind, period, action, template, recipient,
                        deadline, due_at, expires_at, repeat_days)
    SELECT * FROM wanted
    ON CONFLICT ({key}, rule, occurrence) DO UPDATE
       SET settled_at = NULL, outcome = NULL, due_at = excluded.due_at, expires_at = excluded.expires_at,
           repeat_days = excluded.repeat_days
     WHERE timers.outcome = 'cancelled'
        OR (timers.settled_at IS NULL AND timers.note = '' AND (timers.due_at, timers.repeat_days)
            IS DISTINCT FROM (excluded.due_at, excluded.repeat_days))
 RETURNING 1
), paced AS (
    UPDATE timers t SET repeat_days = w.repeat_days FROM wanted w
     WHERE t.{key} = w.subject_id AND t.rule = w.rule AND t.settled_at IS NULL AND t.occurrence <> w.occurrence
       AND split_part(t.occurrence, '@', 1) = w.occurrence AND t.repeat_days IS DISTINCT FROM w.repeat_days
)
SELECT (SELECT count(*) FROM cancelled), (SELECT count(*) FROM written)
"""


def replace_plan(
    session: Session, plans: Sequence[tuple[int, Sequence[Timer]]], *, at: datetime, of: Of = Of.CASES
) -> tuple[int, int]:
    """Make the open timers of these subjects what their plans say: how many were cancelled, and written.

    A timer already fired, superseded or declined for the same deadline is never opened again; one that is due for
    a deadline that stands is left to the next sweep.
    """
    rows = [{"subject_id": subject_id, **asdict(timer)} for subject_id, timers in plans for timer in timers]
    row = session.exec_driver_sql(
        of.fill(_REPLAN),
        {"ids": [subject_id for subject_id, _ in plans], "timers": json.dumps(rows, default=str), "at": at},
    ).one()
    if of is Of.CASES:
        due_dates.refresh(session, [subject_id for subject_id, _ in plans])
    return row[0], row[1]


def open_cases_of_call(session: Session, call_id: int) -> list[int]:
    """Cases of a call that somebody still has to look after."""
    rows = session.exec_driver_sql(
        """
        SELECT id FROM cases
         WHERE call_id = %(call_id)s
           AND stage NOT IN ('evaluated', 'ineligible', 'lapsed', 'rejected', 'withdrawn', 'reclaimed')
         ORDER BY id
        """,
        {"call_id": call_id},
    )
    return list(rows.scalars())
