"""Stored files of cases and sittings."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILES = """
CREATE TABLE files (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id bigint,
    committee_id bigint,
    kind varchar NOT NULL,
    document_code varchar,
    name varchar NOT NULL,
    media_type varchar NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    key varchar,
    added_at timestamptz NOT NULL,
    added_by varchar NOT NULL,
    removed_at timestamptz,
    signed_on date,
    CONSTRAINT pk_files PRIMARY KEY (id),
    CONSTRAINT fk_files_case_id FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT fk_files_committee_id FOREIGN KEY (committee_id) REFERENCES committees (id),
    CONSTRAINT uq_files_key UNIQUE (key),
    CONSTRAINT ck_files_kind CHECK (
        kind IN ('attachment', 'decision_letter', 'grant_order', 'agreement', 'packet', 'annex', 'minutes')
    ),
    CONSTRAINT ck_files_media_type CHECK (
        media_type IN (
            'application/pdf', 'image/png', 'image/jpeg',
            'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
            'application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.spreadsheet',
            'text/plain'
        )
    ),
    CONSTRAINT ck_files_one_subject CHECK (num_nonnulls(case_id, committee_id) = 1),
    CONSTRAINT ck_files_content CHECK (size > 0 AND octet_length(sha256) = 32)
);
CREATE INDEX ix_files_case ON files (case_id) WHERE removed_at IS NULL;
CREATE INDEX ix_files_committee ON files (committee_id) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX uq_files_name ON files (case_id, committee_id, name) NULLS NOT DISTINCT
    WHERE removed_at IS NULL;
CREATE INDEX ix_files_sha256 ON files (sha256);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(FILES)


def downgrade() -> None:
    """Take back."""
    op.drop_table("files")
