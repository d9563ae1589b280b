"""Answers of the register of companies and associations."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE sirene_notices (
    siret varchar NOT NULL,
    there boolean DEFAULT false NOT NULL,
    asked_at timestamptz NOT NULL,
    name text DEFAULT '' NOT NULL,
    form text DEFAULT '' NOT NULL,
    ceased boolean DEFAULT false NOT NULL,
    address text DEFAULT '' NOT NULL,
    CONSTRAINT pk_sirene_notices PRIMARY KEY (siret)
);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_table("sirene_notices")
