"""The journal of each sitting, append-only as that of cases, and its heads in the anchors."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("committee_journal", "anchor_committee_heads")

UP = """
ALTER TABLE committees ADD COLUMN journal_seq INTEGER DEFAULT '0' NOT NULL;
ALTER TABLE committees ADD COLUMN journal_head BYTEA
    DEFAULT '\\x0000000000000000000000000000000000000000000000000000000000000000'::bytea NOT NULL;
ALTER TABLE anchors ADD COLUMN sittings INTEGER DEFAULT '0' NOT NULL;

CREATE TABLE committee_journal (
    committee_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    details TEXT DEFAULT '{}' NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_committee_journal PRIMARY KEY (committee_id, seq),
    CONSTRAINT fk_committee_journal_committee_id FOREIGN KEY(committee_id) REFERENCES committees (id)
);

CREATE TABLE anchor_committee_heads (
    anchor_id BIGINT NOT NULL,
    committee_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_anchor_committee_heads PRIMARY KEY (anchor_id, committee_id),
    CONSTRAINT fk_anchor_committee_heads_anchor_id FOREIGN KEY(anchor_id) REFERENCES anchors (id),
    CONSTRAINT fk_anchor_committee_heads_committee_id FOREIGN KEY(committee_id) REFERENCES committees (id)
);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("anchors", "sittings")
    op.drop_column("committees", "journal_head")
    op.drop_column("committees", "journal_seq")
