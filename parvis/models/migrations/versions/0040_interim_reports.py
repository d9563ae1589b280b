"""Interim reports: the day one is due, the day it came; a report that is no longer awaited."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

STATES = "'asked', 'draft', 'received', 'corrections_asked', 'accepted', 'refused'"
REPORTS = """
ALTER TABLE reports DROP CONSTRAINT ck_reports_state, ADD CONSTRAINT ck_reports_state CHECK (state IN ({states}));
DROP INDEX uq_reports_open;
CREATE UNIQUE INDEX uq_reports_open ON reports (case_id, kind) WHERE state NOT IN ({closed});
"""
# What was asked for with a decision before is awaited six months after it, as for those decided from now on.
COLUMNS = """
ALTER TABLE cases ADD COLUMN interim_due_on date, ADD COLUMN interim_received_on date;
UPDATE cases c
   SET interim_due_on = (GREATEST(c.starts_on, c.decided_on, c.entered_at::date) + interval '6 months')::date
  FROM reports r
 WHERE r.case_id = c.id AND r.kind = 'interim' AND r.state = 'asked' AND c.stage = 'funded'
   AND c.report_received_on IS NULL AND NOT c.not_carried_out;
UPDATE reports r SET state = 'waived' FROM cases c
 WHERE r.case_id = c.id AND r.kind = 'interim' AND r.state = 'asked' AND c.interim_due_on IS NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(
        REPORTS.format(states=f"{STATES}, 'waived'", closed="'accepted', 'refused', 'waived'")
    )
    op.get_bind().exec_driver_sql(COLUMNS)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("DELETE FROM reports WHERE state = 'waived'")
    op.get_bind().exec_driver_sql(REPORTS.format(states=STATES, closed="'accepted', 'refused'"))
    op.drop_column("cases", "interim_received_on")
    op.drop_column("cases", "interim_due_on")
