"""Where the address of an organisation comes from, and the new one it asks for until that proves to be read."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE organisations
    ADD COLUMN email_source text DEFAULT 'deposit' NOT NULL,
    ADD COLUMN email_at timestamptz;
CREATE TABLE address_changes (
    organisation_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    email varchar NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_address_changes PRIMARY KEY (organisation_id),
    CONSTRAINT uq_address_changes_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_address_changes_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id)
        ON DELETE CASCADE
);
CREATE INDEX ix_address_changes_expires_at ON address_changes (expires_at);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(
        "DROP TABLE address_changes; ALTER TABLE organisations DROP COLUMN email_source, DROP COLUMN email_at"
    )
