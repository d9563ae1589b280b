"""Which contracts hold the demonstration."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE contracts ADD COLUMN invented boolean DEFAULT 'false' NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER TABLE contracts DROP COLUMN invented")
