"""Publications of the essential data of grants."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE publications (
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract_id bigint NOT NULL,
    number integer NOT NULL,
    published_at timestamptz NOT NULL,
    scope varchar NOT NULL,
    schema_version varchar NOT NULL,
    validator varchar NOT NULL,
    rows integer NOT NULL,
    sha256 varchar NOT NULL,
    content text DEFAULT '' NOT NULL,
    changes jsonb DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_publications PRIMARY KEY (id),
    CONSTRAINT uq_publications_contract_id_number UNIQUE (contract_id, number),
    CONSTRAINT fk_publications_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id)
);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLE)


def downgrade() -> None:
    """Take back."""
    op.drop_table("publications")
