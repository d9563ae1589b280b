"""Restorations from a copy, which hold letters back until somebody releases them."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE restorations (
    id bigint GENERATED ALWAYS AS IDENTITY,
    backup_at timestamptz NOT NULL,
    restored_at timestamptz NOT NULL,
    released_at timestamptz,
    released_by text DEFAULT '' NOT NULL,
    CONSTRAINT pk_restorations PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_restorations_held ON restorations ((true)) WHERE released_at IS NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_table("restorations")
