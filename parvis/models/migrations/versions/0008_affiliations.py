"""What a person belongs to, so that conflicts of interest can be proposed; how long a sitting lasts."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        "ALTER TABLE people ADD COLUMN organisations jsonb DEFAULT '[]' NOT NULL,"
        " ADD COLUMN address text DEFAULT '' NOT NULL"
    )
    op.execute("ALTER TABLE committees ADD COLUMN duration_minutes integer DEFAULT 180 NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER TABLE committees DROP COLUMN duration_minutes")
    op.execute("ALTER TABLE people DROP COLUMN organisations, DROP COLUMN address")
