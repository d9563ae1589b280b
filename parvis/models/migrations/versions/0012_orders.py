"""The orders of lists, each with an index of its own; within a stage, those in which its cases stand far apart."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UP = """
DROP INDEX ix_cases_due, ix_cases_deposited, ix_cases_requested, ix_cases_reference, ix_cases_score;
CREATE INDEX ix_cases_due ON cases (COALESCE(due_on, 'infinity'::date), id);
CREATE INDEX ix_cases_stage_due ON cases (stage, COALESCE(due_on, 'infinity'::date), id);
CREATE INDEX ix_cases_deposited ON cases (COALESCE(deposited_on, '-infinity'::date), id);
CREATE INDEX ix_cases_stage_deposited ON cases (stage, COALESCE(deposited_on, '-infinity'::date), id);
CREATE INDEX ix_cases_stage_reference ON cases (stage, reference);
CREATE INDEX ix_cases_requested ON cases (requested_cents, id);
CREATE INDEX ix_cases_score ON cases (COALESCE(score, -1), id);
"""
DOWN = """
DROP INDEX ix_cases_due, ix_cases_stage_due, ix_cases_deposited, ix_cases_stage_deposited, ix_cases_stage_reference,
           ix_cases_requested, ix_cases_score;
CREATE INDEX ix_cases_due ON cases (stage, COALESCE(due_on, 'infinity'::date), id);
CREATE INDEX ix_cases_deposited ON cases (stage, COALESCE(deposited_on, '-infinity'::date), id);
CREATE INDEX ix_cases_requested ON cases (stage, requested_cents, id);
CREATE INDEX ix_cases_reference ON cases (stage, reference);
CREATE INDEX ix_cases_score ON cases (stage, COALESCE(score, -1), id);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
