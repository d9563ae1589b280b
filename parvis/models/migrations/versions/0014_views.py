"""The columns of a saved view are in its query, as in an address."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE views DROP COLUMN columns")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER TABLE views ADD COLUMN columns TEXT DEFAULT '' NOT NULL")
