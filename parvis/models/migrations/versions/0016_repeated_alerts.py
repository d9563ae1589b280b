"""What is late is said again, as long as nothing moves."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Alerts that stand open repeat at the default pace; what was said once, in a case that waits for nothing more, is open
# again and leaves with the next sweep.
UP = """
ALTER TABLE timers ADD COLUMN repeat_days INTEGER;
UPDATE timers SET repeat_days = 30 WHERE kind = 'escalation' AND settled_at IS NULL;
UPDATE timers t SET repeat_days = 30, occurrence = t.occurrence || '@' || t.deadline, settled_at = NULL, outcome = NULL
  FROM (SELECT DISTINCT ON (t.case_id) t.id
          FROM timers t JOIN cases c ON c.id = t.case_id
         WHERE t.kind = 'escalation' AND t.outcome IN ('fired', 'superseded', 'declined')
           AND c.stage NOT IN ('evaluated', 'ineligible', 'lapsed', 'rejected', 'withdrawn', 'reclaimed')
           AND starts_with(t.occurrence, c.entered_version || '/')
           AND NOT EXISTS (SELECT FROM timers o WHERE o.case_id = c.id AND o.settled_at IS NULL)
         ORDER BY t.case_id, t.due_at DESC, t.id DESC) last
 WHERE t.id = last.id;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("ALTER TABLE timers DROP COLUMN repeat_days")
