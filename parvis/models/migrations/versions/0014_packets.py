"""Packets of sittings, version after version."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PACKETS = """
CREATE TABLE packets (
    id bigint GENERATED ALWAYS AS IDENTITY,
    committee_id bigint NOT NULL,
    version integer NOT NULL,
    hidden bigint[] NOT NULL,
    content text NOT NULL,
    content_hash bytea NOT NULL,
    pages integer NOT NULL,
    file_id bigint NOT NULL,
    built_at timestamptz NOT NULL,
    CONSTRAINT pk_packets PRIMARY KEY (id),
    CONSTRAINT uq_packets_committee_id_hidden_version UNIQUE (committee_id, hidden, version),
    CONSTRAINT fk_packets_committee_id FOREIGN KEY (committee_id) REFERENCES committees (id),
    CONSTRAINT fk_packets_file_id FOREIGN KEY (file_id) REFERENCES files (id),
    CONSTRAINT ck_packets_numbers CHECK (version > 0 AND pages > 0),
    CONSTRAINT ck_packets_content_hash CHECK (octet_length(content_hash) = 32)
);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(PACKETS)


def downgrade() -> None:
    """Take back."""
    op.drop_table("packets")
