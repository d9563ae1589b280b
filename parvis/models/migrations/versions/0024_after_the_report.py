"""What is asked of a report, dates asked for anew, and the evaluation of an action, on its case."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE cases
    ADD COLUMN corrections_due_on date,
    ADD COLUMN new_dates_asked_on date,
    ADD COLUMN new_starts_on date,
    ADD COLUMN new_ends_on date,
    ADD COLUMN evaluation jsonb DEFAULT '{}' NOT NULL,
    ADD COLUMN evaluation_score integer,
    ADD COLUMN conclusion text DEFAULT '' NOT NULL;
"""
COLUMNS = (
    "corrections_due_on", "new_dates_asked_on", "new_starts_on", "new_ends_on", "evaluation", "evaluation_score",
    "conclusion",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    for column in COLUMNS:
        op.drop_column("cases", column)
