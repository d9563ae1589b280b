"""Démarche numérique: how far it was read, what could not be taken in, files to fetch, things to do there."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE demarche_syncs (
    call_id bigint NOT NULL,
    since timestamptz,
    begun_at timestamptz,
    cursor text DEFAULT '' NOT NULL,
    deleted_cursor text DEFAULT '' NOT NULL,
    finished_at timestamptz,
    writes_from timestamptz,
    CONSTRAINT pk_demarche_syncs PRIMARY KEY (call_id),
    CONSTRAINT fk_demarche_syncs_call_id FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE
);
CREATE TABLE demarche_refusals (
    call_id bigint NOT NULL,
    number bigint NOT NULL,
    problems jsonb DEFAULT '{}' NOT NULL,
    refused_at timestamptz NOT NULL,
    CONSTRAINT pk_demarche_refusals PRIMARY KEY (call_id, number),
    CONSTRAINT fk_demarche_refusals_call_id FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE
);
CREATE TABLE demarche_files (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id bigint NOT NULL,
    champ varchar NOT NULL,
    document text DEFAULT '' NOT NULL,
    filename varchar NOT NULL,
    checksum text DEFAULT '' NOT NULL,
    byte_size bigint DEFAULT 0 NOT NULL,
    url text DEFAULT '' NOT NULL,
    state text DEFAULT 'owed' NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    problem text DEFAULT '' NOT NULL,
    owed_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT pk_demarche_files PRIMARY KEY (id),
    CONSTRAINT uq_demarche_files_case_id_champ_filename_checksum UNIQUE (case_id, champ, filename, checksum),
    CONSTRAINT fk_demarche_files_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT ck_demarche_files_state CHECK (state IN ('owed', 'kept', 'refused'))
);
CREATE INDEX ix_demarche_files_owed ON demarche_files (case_id) WHERE state = 'owed';
CREATE TABLE demarche_orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id bigint NOT NULL,
    seq integer NOT NULL,
    kind varchar NOT NULL,
    state text DEFAULT 'owed' NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    problem text DEFAULT '' NOT NULL,
    not_before timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT pk_demarche_orders PRIMARY KEY (id),
    CONSTRAINT uq_demarche_orders_case_id_seq UNIQUE (case_id, seq),
    CONSTRAINT fk_demarche_orders_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT ck_demarche_orders_kind CHECK (kind IN ('examine', 'accept', 'refuse', 'close', 'message')),
    CONSTRAINT ck_demarche_orders_state CHECK (state IN ('owed', 'done', 'failed'))
);
CREATE INDEX ix_demarche_orders_owed ON demarche_orders (not_before) WHERE state = 'owed';
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLES)


def downgrade() -> None:
    """Take back."""
    for table in ("demarche_orders", "demarche_files", "demarche_refusals", "demarche_syncs"):
        op.drop_table(table)
