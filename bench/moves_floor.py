"""The floor of a move: the same rows in one hand-written statement, values known beforehand and nothing checked."""

from bench.ground import MOVED
from parvis.states.journal import micros

VERSION = 7  # of the model case


def statement(case_id: str) -> str:
    """What `advance` writes for this move of the model case, for the case a driver writes `case_id`.

    A timer of the stage ends, two begin, and nobody is written to.
    """
    return f"""
WITH moved AS (
    UPDATE cases
       SET stage = 'instructed', version = version + 1,
           due_on = '2026-08-03', late_after = '2026-08-07', entered_at = '{MOVED}', entered_version = version + 1,
           journal_head = sha256(journal_head || convert_to(concat_ws(chr(31), id, version + 1, {micros(MOVED)},
               'person:1', 'instructor', 'instruct', 'submitted', 'instructed', '{{}}'), 'UTF8'))
     WHERE id = {case_id} AND stage = 'submitted' AND version = {VERSION}
 RETURNING id, version, journal_head
), line AS (
    INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details, hash)
    SELECT id, version, '{MOVED}', 'person:1', 'instructor', 'instruct', 'submitted', 'instructed', '{{}}',
           journal_head
      FROM moved
), cancelled AS (
    UPDATE timers SET settled_at = '{MOVED}', outcome = 'cancelled'
      FROM moved WHERE case_id = moved.id AND settled_at IS NULL AND period = 'stage'
), planned AS (
    INSERT INTO timers (case_id, rule, occurrence, kind, period, template, recipient, deadline, due_at,
                        repeat_days)
    SELECT moved.id, 'schedule-late:' || name, '8/2026-08-07', 'escalation', 'stage', 'stage_late', name,
           '2026-08-07', '2026-08-10 06:00:00+00', 30
      FROM moved, (VALUES ('instructor'), ('manager')) AS r(name)
)
SELECT id, version FROM moved
"""
