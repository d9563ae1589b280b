"""What a letter carries beside its text."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE letters ADD COLUMN enclosures jsonb DEFAULT '[]' NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER TABLE letters DROP COLUMN enclosures")
