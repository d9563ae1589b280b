"""Bank details of organisations, encrypted, confirmed by a second person; their append-only story."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE bank_details (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id bigint NOT NULL,
    sealed bytea NOT NULL,
    masked varchar NOT NULL,
    state text DEFAULT 'asked' NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by varchar NOT NULL,
    decided_at timestamptz,
    decided_by text DEFAULT '' NOT NULL,
    reason text DEFAULT '' NOT NULL,
    CONSTRAINT pk_bank_details PRIMARY KEY (id),
    CONSTRAINT ck_bank_details_state CHECK (state IN ('asked', 'confirmed', 'refused', 'replaced')),
    CONSTRAINT ck_bank_details_two_people CHECK (decided_by <> asked_by OR state <> 'confirmed'),
    CONSTRAINT ck_bank_details_decided CHECK ((state = 'asked') = (decided_at IS NULL)),
    CONSTRAINT fk_bank_details_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id)
);
CREATE UNIQUE INDEX uq_bank_details_asked ON bank_details (organisation_id) WHERE state = 'asked';
CREATE UNIQUE INDEX uq_bank_details_confirmed ON bank_details (organisation_id) WHERE state = 'confirmed';
CREATE INDEX ix_bank_details_organisation ON bank_details (organisation_id, id);
CREATE TABLE bank_journal (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id bigint NOT NULL,
    at timestamptz NOT NULL,
    actor varchar NOT NULL,
    role varchar NOT NULL,
    action varchar NOT NULL,
    details jsonb DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_bank_journal PRIMARY KEY (id),
    CONSTRAINT fk_bank_journal_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id)
);
CREATE INDEX ix_bank_journal_organisation ON bank_journal (organisation_id, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLES)


def downgrade() -> None:
    """Take back."""
    op.drop_table("bank_journal")
    op.drop_table("bank_details")
