"""What a committee says of the parts of associations in a coordinated proposal, where it is not pro rata."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(
        "ALTER TABLE session_decisions ADD COLUMN parts jsonb DEFAULT '{}' NOT NULL"
    )


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("ALTER TABLE session_decisions DROP COLUMN parts")
