"""The officer a new action meets before it is submitted, and organisations known as schools."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CONTACTS = """
ALTER TABLE cases ADD COLUMN contact_asked_on date, ADD COLUMN contacted_on date;
ALTER TABLE organisations ADD COLUMN school boolean DEFAULT false NOT NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(CONTACTS)


def downgrade() -> None:
    """Take back."""
    op.drop_column("organisations", "school")
    op.drop_column("cases", "contacted_on")
    op.drop_column("cases", "contact_asked_on")
