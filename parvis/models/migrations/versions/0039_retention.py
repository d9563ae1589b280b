"""What has reached the end of its time: proposed, approved, anonymised; journals may lose words, and nothing else."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE cases ADD COLUMN anonymised_at timestamptz;
ALTER TABLE agreements ADD COLUMN anonymised_at timestamptz;
ALTER TABLE people ADD COLUMN left_on date, ADD COLUMN anonymised_at timestamptz;
UPDATE people SET left_on = (SELECT (max(at) AT TIME ZONE 'Europe/Paris')::date FROM journal) WHERE NOT active;
ALTER TABLE files ADD COLUMN erased_at timestamptz;
CREATE INDEX ix_files_erased ON files (sha256) WHERE erased_at IS NOT NULL;
CREATE TABLE retention_batches (
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract_id bigint NOT NULL,
    kind varchar NOT NULL,
    final varchar NOT NULL,
    months integer NOT NULL,
    source text DEFAULT '' NOT NULL,
    proposed_at timestamptz NOT NULL,
    approved_at timestamptz,
    approved_by text DEFAULT '' NOT NULL,
    visa text DEFAULT '' NOT NULL,
    cancelled_at timestamptz,
    cancelled_by text DEFAULT '' NOT NULL,
    finished_at timestamptz,
    CONSTRAINT pk_retention_batches PRIMARY KEY (id),
    CONSTRAINT fk_retention_batches_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id),
    CONSTRAINT ck_retention_batches_kind CHECK (
        kind IN ('granted', 'refused', 'drafts', 'agreements', 'packets', 'people')),
    CONSTRAINT ck_retention_batches_final CHECK (final IN ('destroyed', 'kept')),
    CONSTRAINT ck_retention_batches_one_answer CHECK (approved_at IS NULL OR cancelled_at IS NULL),
    CONSTRAINT ck_retention_batches_approved_first CHECK (finished_at IS NULL OR approved_at IS NOT NULL)
);
CREATE INDEX ix_retention_batches_open ON retention_batches (contract_id, kind)
    WHERE finished_at IS NULL AND cancelled_at IS NULL;
CREATE TABLE retention_items (
    id bigint GENERATED ALWAYS AS IDENTITY,
    batch_id bigint NOT NULL,
    case_id bigint,
    agreement_id bigint,
    committee_id bigint,
    person_id bigint,
    held_at timestamptz,
    held_by text DEFAULT '' NOT NULL,
    held_reason text DEFAULT '' NOT NULL,
    outcome varchar,
    done_at timestamptz,
    note text DEFAULT '' NOT NULL,
    CONSTRAINT pk_retention_items PRIMARY KEY (id),
    CONSTRAINT fk_retention_items_batch_id FOREIGN KEY (batch_id) REFERENCES retention_batches (id),
    CONSTRAINT fk_retention_items_case_id FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT fk_retention_items_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id),
    CONSTRAINT fk_retention_items_committee_id FOREIGN KEY (committee_id) REFERENCES committees (id),
    CONSTRAINT fk_retention_items_person_id FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT ck_retention_items_one_subject CHECK (
        num_nonnulls(case_id, agreement_id, committee_id, person_id) = 1),
    CONSTRAINT ck_retention_items_held CHECK ((held_at IS NULL) = (held_reason = '')),
    CONSTRAINT ck_retention_items_outcome CHECK (outcome IN ('done', 'left', 'failed'))
);
CREATE INDEX ix_retention_items_batch_id ON retention_items (batch_id);
CREATE INDEX ix_retention_items_case ON retention_items (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX ix_retention_items_waiting ON retention_items (batch_id, id) WHERE outcome IS NULL;
CREATE TABLE data_journal (
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract_id bigint,
    at timestamptz NOT NULL,
    actor varchar NOT NULL,
    role varchar NOT NULL,
    action varchar NOT NULL,
    subject varchar NOT NULL,
    details jsonb DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_data_journal PRIMARY KEY (id),
    CONSTRAINT fk_data_journal_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id)
);
CREATE INDEX ix_data_journal_subject ON data_journal (subject, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON data_journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""
# A line may lose details, each whole; those it keeps stay as they are, and so does everything else, its hash included.
# What vouches for a line that lost some is a later line of its chain (states/redaction.py).
ONLY_LESS = """
CREATE FUNCTION only_less_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{details,request_hash}'::text[]
          IS DISTINCT FROM to_jsonb(OLD) - '{details,request_hash}'::text[]
       OR COALESCE(to_jsonb(NEW) ->> 'request_hash', to_jsonb(OLD) ->> 'request_hash')
          IS DISTINCT FROM to_jsonb(OLD) ->> 'request_hash'
       OR EXISTS (SELECT FROM jsonb_each(NEW.details::jsonb) said
                   WHERE OLD.details::jsonb -> said.key IS DISTINCT FROM said.value) THEN
        RAISE EXCEPTION '% is append-only: a line may lose details, not change', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$
"""
COLUMNS = (
    ("files", "erased_at"),
    ("people", "anonymised_at"),
    ("people", "left_on"),
    ("agreements", "anonymised_at"),
    ("cases", "anonymised_at"),
)
JOURNALS = {
    "journal": "id, case_id, seq, at, actor, role, action, source, target, idempotency_key, hash",
    "agreement_journal": "agreement_id, seq, at, actor, role, action, source, target, idempotency_key, hash",
    "committee_journal": "committee_id, seq, at, actor, role, action, hash",
    "bank_journal": "id, organisation_id, at, actor, role, action",
}


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLES)
    op.execute(ONLY_LESS)
    for table, columns in JOURNALS.items():
        op.get_bind().exec_driver_sql(f"""
            DROP TRIGGER append_only ON {table};
            CREATE TRIGGER append_only BEFORE UPDATE OF {columns} OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
            CREATE TRIGGER only_less_said BEFORE UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION only_less_said();
        """)


def downgrade() -> None:
    """Take back."""
    for table in JOURNALS:
        op.get_bind().exec_driver_sql(f"""
            DROP TRIGGER only_less_said ON {table};
            DROP TRIGGER append_only ON {table};
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
        """)
    op.execute("DROP FUNCTION only_less_said()")
    for table in ("data_journal", "retention_items", "retention_batches"):
        op.drop_table(table)
    op.drop_index("ix_files_erased")
    for table, column in COLUMNS:
        op.drop_column(table, column)
