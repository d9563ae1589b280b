"""The floor of a sweep: the same rows settled, moved and owed by one hand-written statement each.

Each takes the share `share` of `of`: several at once divide what is due among them beforehand, and never meet.
"""

REMINDERS = """
WITH settled AS (
    UPDATE timers SET settled_at = %(at)s, outcome = 'fired'
     WHERE id = ANY(ARRAY(
           SELECT id FROM timers WHERE settled_at IS NULL AND due_at <= %(at)s
              AND case_id %% %(of)s = %(share)s FOR UPDATE SKIP LOCKED))
 RETURNING case_id, rule, occurrence, recipient, template, deadline
), owed AS (
    INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before)
    SELECT case_id, rule, occurrence, recipient, template,
           jsonb_build_object('deadline', deadline, 'late', false, 'days_late', 0), %(at)s, %(at)s
      FROM settled
)
SELECT count(*) FROM settled
"""

LAPSES = """
WITH due AS (
    SELECT t.id, t.case_id FROM timers t JOIN cases c ON c.id = t.case_id
     WHERE t.settled_at IS NULL AND t.due_at <= %(at)s AND t.kind = 'move' AND c.id %% %(of)s = %(share)s
       FOR UPDATE SKIP LOCKED
), fired AS (
    UPDATE timers t SET settled_at = %(at)s, outcome = 'fired' FROM due WHERE t.id = due.id
), moved AS (
    UPDATE cases c
       SET stage = 'lapsed', version = c.version + 1, due_on = NULL, late_after = NULL,
           entered_at = %(at)s, entered_version = c.version + 1,
           journal_head = sha256(c.journal_head || convert_to(concat_ws(chr(31), c.id, c.version + 1,
               (extract(epoch FROM %(at)s::timestamptz) * 1000000)::bigint,
               'clock', 'clock', 'lapse', 'incomplete', 'lapsed', '{}'), 'UTF8'))
      FROM due WHERE c.id = due.case_id
 RETURNING c.id, c.version, c.journal_head, c.reply_by
), line AS (
    INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details, hash)
    SELECT id, version, %(at)s, 'clock', 'clock', 'lapse', 'incomplete', 'lapsed', '{}', journal_head FROM moved
), cancelled AS (
    UPDATE timers t SET settled_at = %(at)s, outcome = 'cancelled'
      FROM moved WHERE t.case_id = moved.id AND t.settled_at IS NULL AND t.kind <> 'move'
), owed AS (
    INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before)
    SELECT id, 'lapse', version::text, 'applicant', 'lapsed', jsonb_build_object('reply_by', reply_by), %(at)s, %(at)s
      FROM moved
)
SELECT count(*) FROM moved
"""
