"""Addresses that letters came back from."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE suppressions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    address varchar NOT NULL,
    letter_id bigint,
    contract_id bigint,
    status varchar NOT NULL,
    said text DEFAULT '' NOT NULL,
    since timestamptz NOT NULL,
    lifted_at timestamptz,
    lifted_by text DEFAULT '' NOT NULL,
    CONSTRAINT pk_suppressions PRIMARY KEY (id),
    CONSTRAINT fk_suppressions_letter_id FOREIGN KEY (letter_id) REFERENCES letters (id),
    CONSTRAINT fk_suppressions_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id)
);
CREATE UNIQUE INDEX uq_suppressions_held ON suppressions (address) WHERE lifted_at IS NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_table("suppressions")
