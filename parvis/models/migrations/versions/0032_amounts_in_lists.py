"""The cases of a call by their amount, and those of a stage and an officer between two amounts.

The officers of a contract are few: where a list names none, PostgreSQL skips from one to the next.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

UP = """
DROP INDEX ix_cases_stage_instructor;
CREATE INDEX ix_cases_stage_instructor ON cases (stage, instructor_id, requested_cents, id);
CREATE INDEX ix_cases_call_requested ON cases (call_id, requested_cents, id);
"""
DOWN = """
DROP INDEX ix_cases_call_requested;
DROP INDEX ix_cases_stage_instructor;
CREATE INDEX ix_cases_stage_instructor ON cases (stage, instructor_id);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
