"""The first tables, as the code declares them until the first release fixes them here."""

from alembic import op

from parvis.models.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Take back."""
    metadata.drop_all(op.get_bind())
