"""The cases of a call in the orders of time: old calls stand far from the beginning of what is due."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UP = """
CREATE INDEX ix_cases_call_due ON cases (call_id, COALESCE(due_on, 'infinity'::date), id);
CREATE INDEX ix_cases_call_deposited ON cases (call_id, COALESCE(deposited_on, '-infinity'::date), id);
DROP INDEX ix_cases_call_id;
"""
DOWN = """
CREATE INDEX ix_cases_call_id ON cases (call_id);
DROP INDEX ix_cases_call_due, ix_cases_call_deposited;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
