"""What other platforms say of the cases that were deposited on them."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE portal_cases (
    case_id bigint NOT NULL,
    source varchar NOT NULL,
    status text DEFAULT '' NOT NULL,
    content_hash varchar NOT NULL,
    said jsonb DEFAULT '{}' NOT NULL,
    differs jsonb DEFAULT '{}' NOT NULL,
    kept jsonb DEFAULT '{}' NOT NULL,
    told_at timestamptz NOT NULL,
    CONSTRAINT pk_portal_cases PRIMARY KEY (case_id),
    CONSTRAINT fk_portal_cases_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_table("portal_cases")
