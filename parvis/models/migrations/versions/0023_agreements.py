"""Agreements of several years, with their journal; timers, letters and files of theirs; a case that renews another."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

APPEND_ONLY = ("agreement_journal", "anchor_agreement_heads")

UP = r"""
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE cases
    ADD COLUMN renews_id BIGINT,
    ADD CONSTRAINT fk_cases_renews_id FOREIGN KEY (renews_id) REFERENCES cases (id);
CREATE INDEX ix_cases_renews_id ON cases (renews_id) WHERE renews_id IS NOT NULL;
ALTER TABLE anchors ADD COLUMN agreements INTEGER DEFAULT '0' NOT NULL;
ALTER TABLE contracts ADD COLUMN last_agreement INTEGER DEFAULT '0' NOT NULL;

CREATE TABLE agreements (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    purpose VARCHAR NOT NULL,
    reference VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    stage TEXT DEFAULT 'draft' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    journal_head BYTEA DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000'::bytea NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entered_version INTEGER DEFAULT '0' NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    instructor_id BIGINT,
    call_id BIGINT,
    case_id BIGINT,
    renews_id BIGINT,
    request_case_id BIGINT,
    schedule JSONB DEFAULT '[]' NOT NULL,
    known JSONB DEFAULT '{}' NOT NULL,
    signed_on DATE,
    approval_ends_on DATE,
    evaluation_received_on DATE,
    CONSTRAINT pk_agreements PRIMARY KEY (id),
    CONSTRAINT uq_agreements_reference UNIQUE (reference),
    CONSTRAINT ck_agreements_stage CHECK (
        stage IN ('draft', 'active', 'in_renewal', 'renewed', 'ended', 'terminated')),
    CONSTRAINT ck_agreements_days CHECK (ends_on >= starts_on - 1),
    CONSTRAINT no_overlap EXCLUDE USING gist (
        organisation_id WITH =, purpose WITH =, daterange(starts_on, ends_on + 1) WITH &&),
    CONSTRAINT fk_agreements_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_agreements_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    CONSTRAINT fk_agreements_instructor_id FOREIGN KEY (instructor_id) REFERENCES people (id),
    CONSTRAINT fk_agreements_call_id FOREIGN KEY (call_id) REFERENCES calls (id),
    CONSTRAINT fk_agreements_case_id FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT fk_agreements_renews_id FOREIGN KEY (renews_id) REFERENCES agreements (id),
    CONSTRAINT fk_agreements_request_case_id FOREIGN KEY (request_case_id) REFERENCES cases (id)
);
CREATE INDEX ix_agreements_organisation_id ON agreements (organisation_id);
CREATE UNIQUE INDEX uq_agreements_successor ON agreements (renews_id)
    WHERE renews_id IS NOT NULL AND stage <> 'terminated';
CREATE UNIQUE INDEX uq_agreements_case ON agreements (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX ix_agreements_request ON agreements (request_case_id) WHERE request_case_id IS NOT NULL;
CREATE INDEX ix_agreements_stage_end ON agreements (stage, ends_on);

CREATE TABLE agreement_years (
    agreement_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    firm BOOLEAN DEFAULT 'false' NOT NULL,
    reviewed_on DATE,
    review VARCHAR,
    review_note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_agreement_years PRIMARY KEY (agreement_id, number),
    CONSTRAINT ck_agreement_years_review CHECK (review IN ('on_course', 'to_adjust', 'not_on_course')),
    CONSTRAINT fk_agreement_years_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id) ON DELETE CASCADE
);
CREATE TABLE agreement_amounts (
    agreement_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    funder_id BIGINT NOT NULL,
    amount_cents BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_agreement_amounts PRIMARY KEY (agreement_id, number, funder_id),
    CONSTRAINT ck_agreement_amounts_amount CHECK (amount_cents >= 0),
    CONSTRAINT fk_agreement_amounts_year FOREIGN KEY (agreement_id, number)
        REFERENCES agreement_years (agreement_id, number) ON DELETE CASCADE,
    CONSTRAINT fk_agreement_amounts_funder_id FOREIGN KEY (funder_id) REFERENCES funders (id)
);
CREATE TABLE agreement_instalments (
    agreement_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    funder_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    paid_on VARCHAR NOT NULL,
    amount_cents BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_agreement_instalments PRIMARY KEY (agreement_id, number, funder_id, position),
    CONSTRAINT fk_agreement_instalments_amount FOREIGN KEY (agreement_id, number, funder_id)
        REFERENCES agreement_amounts (agreement_id, number, funder_id) ON DELETE CASCADE
);
CREATE TABLE agreement_amendments (
    agreement_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    old_end DATE NOT NULL,
    new_end DATE,
    year INTEGER,
    CONSTRAINT pk_agreement_amendments PRIMARY KEY (agreement_id, number),
    CONSTRAINT fk_agreement_amendments_agreement_id FOREIGN KEY (agreement_id)
        REFERENCES agreements (id) ON DELETE CASCADE
);
CREATE TABLE agreement_journal (
    agreement_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    details TEXT DEFAULT '{}' NOT NULL,
    idempotency_key VARCHAR,
    request_hash VARCHAR,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_agreement_journal PRIMARY KEY (agreement_id, seq),
    CONSTRAINT fk_agreement_journal_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id)
);
CREATE UNIQUE INDEX uq_agreement_journal_key ON agreement_journal (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TABLE anchor_agreement_heads (
    anchor_id BIGINT NOT NULL,
    agreement_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_anchor_agreement_heads PRIMARY KEY (anchor_id, agreement_id),
    CONSTRAINT fk_anchor_agreement_heads_anchor_id FOREIGN KEY (anchor_id) REFERENCES anchors (id),
    CONSTRAINT fk_anchor_agreement_heads_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id)
);

ALTER TABLE timers
    ALTER COLUMN case_id DROP NOT NULL,
    ADD COLUMN agreement_id BIGINT,
    ADD CONSTRAINT fk_timers_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id) ON DELETE CASCADE,
    ADD CONSTRAINT ck_timers_one_subject CHECK (num_nonnulls(case_id, agreement_id) = 1),
    ADD CONSTRAINT uq_timers_agreement_id_rule_occurrence UNIQUE (agreement_id, rule, occurrence);
CREATE INDEX ix_timers_open_agreement ON timers (due_at, agreement_id)
    WHERE settled_at IS NULL AND agreement_id IS NOT NULL;
ALTER TABLE letters
    ADD COLUMN agreement_id BIGINT,
    ADD CONSTRAINT fk_letters_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id);
CREATE INDEX ix_letters_agreement ON letters (agreement_id) WHERE agreement_id IS NOT NULL;
ALTER TABLE files
    DROP CONSTRAINT ck_files_one_subject,
    DROP CONSTRAINT ck_files_kind,
    ADD COLUMN agreement_id BIGINT,
    ADD CONSTRAINT fk_files_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id),
    ADD CONSTRAINT ck_files_one_subject CHECK (num_nonnulls(case_id, committee_id, agreement_id) = 1),
    ADD CONSTRAINT ck_files_kind CHECK (kind IN (
        'attachment', 'decision_letter', 'grant_order', 'agreement', 'amendment', 'packet', 'annex', 'minutes'));
DROP INDEX uq_files_name;
CREATE UNIQUE INDEX uq_files_name ON files (case_id, committee_id, agreement_id, name) NULLS NOT DISTINCT
    WHERE removed_at IS NULL;
CREATE INDEX ix_files_agreement ON files (agreement_id) WHERE removed_at IS NULL AND agreement_id IS NOT NULL;
"""
DOWN = """
DELETE FROM files WHERE agreement_id IS NOT NULL;
DROP INDEX ix_files_agreement, uq_files_name;
ALTER TABLE files
    DROP CONSTRAINT ck_files_one_subject,
    DROP CONSTRAINT ck_files_kind,
    DROP COLUMN agreement_id,
    ADD CONSTRAINT ck_files_one_subject CHECK (num_nonnulls(case_id, committee_id) = 1),
    ADD CONSTRAINT ck_files_kind CHECK (kind IN (
        'attachment', 'decision_letter', 'grant_order', 'agreement', 'packet', 'annex', 'minutes'));
CREATE UNIQUE INDEX uq_files_name ON files (case_id, committee_id, name) NULLS NOT DISTINCT WHERE removed_at IS NULL;
DELETE FROM letters WHERE agreement_id IS NOT NULL;
ALTER TABLE letters DROP COLUMN agreement_id;
DELETE FROM timers WHERE agreement_id IS NOT NULL;
ALTER TABLE timers DROP COLUMN agreement_id, ALTER COLUMN case_id SET NOT NULL;
DROP TABLE anchor_agreement_heads, agreement_journal, agreement_amendments, agreement_instalments, agreement_amounts,
    agreement_years, agreements;
ALTER TABLE anchors DROP COLUMN agreements;
ALTER TABLE contracts DROP COLUMN last_agreement;
ALTER TABLE cases DROP COLUMN renews_id;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
