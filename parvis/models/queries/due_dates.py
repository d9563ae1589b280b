"""The two dates of a case that lists are sorted and searched by: its nearest deadline, and the one that makes it late.

They follow from its timers, and stand on its row because a list of a million cases cannot look them up. Every writer
of timers keeps them: a move in its own statement, a new plan by `refresh`. Firing a timer changes neither.
"""

from collections.abc import Sequence

from parvis.models.session import Session
from parvis.states.deadlines import Timer

OPINION = "opinion:"  # a funder's own date: `cases.opinions_due_at`

# A timer `t` that still measures its case `c`: open, or an escalation of this visit to the stage that fired.
STANDS = f"""(t.settled_at IS NULL OR (t.kind = 'escalation' AND t.outcome <> 'cancelled'
        AND starts_with(t.occurrence, c.entered_version || '/')
        AND (NOT starts_with(t.rule, 'report-interim') OR CASE WHEN starts_with(t.rule, 'report-interim-read')
             THEN c.interim_received_on IS NOT NULL
             ELSE c.interim_received_on IS NULL AND t.deadline = c.interim_due_on END)))
    AND NOT starts_with(t.rule, '{OPINION}')"""

_REFRESH = f"""
UPDATE cases c SET due_on = d.due_on, late_after = d.late_after
  FROM (SELECT c.id, min(t.deadline) AS due_on,
               min(t.deadline) FILTER (WHERE t.kind = 'escalation') AS late_after
          FROM cases c LEFT JOIN timers t ON t.case_id = c.id AND {STANDS}
           AND c.stage NOT IN ('evaluated', 'ineligible', 'lapsed', 'rejected', 'withdrawn', 'reclaimed')
           AND NOT (starts_with(t.rule, 'check') AND c.eligibility_checked)
           AND NOT (starts_with(t.rule, 'report') AND (c.report_received_on IS NOT NULL OR c.not_carried_out))
         WHERE c.id = ANY(%(ids)s::bigint[])
         GROUP BY c.id) d
 WHERE d.id = c.id AND (c.due_on, c.late_after) IS DISTINCT FROM (d.due_on, d.late_after)
"""  # noqa: S608 - the condition above


def is_measured(timer: Timer) -> bool:
    """Whether a timer counts for the dates of its case."""
    return not timer.rule.startswith(OPINION)


def refresh(session: Session, case_ids: Sequence[int]) -> int:
    """Write the dates of these cases again from their timers; how many changed."""
    return session.exec_driver_sql(_REFRESH, {"ids": list(case_ids)}).rowcount
