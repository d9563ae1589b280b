"""The cases of a call in the orders of time, saved views whose columns are in their query, and bulk runs.

Old calls stand far from the beginning of what is due, so that lists walk a call on an index of its own.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UP = """
CREATE INDEX ix_cases_call_due ON cases (call_id, COALESCE(due_on, 'infinity'::date), id);
CREATE INDEX ix_cases_call_deposited ON cases (call_id, COALESCE(deposited_on, '-infinity'::date), id);
DROP INDEX ix_cases_call_id;

ALTER TABLE views DROP COLUMN columns;

CREATE TABLE bulk_runs (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key VARCHAR NOT NULL,
    request_hash VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    given JSONB DEFAULT '{}' NOT NULL,
    query TEXT DEFAULT '' NOT NULL,
    wait_seconds INTEGER NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    withheld_at TIMESTAMP WITH TIME ZONE,
    withheld_by VARCHAR,
    CONSTRAINT pk_bulk_runs PRIMARY KEY (id),
    CONSTRAINT uq_bulk_runs_key UNIQUE (key),
    CONSTRAINT ck_bulk_runs_wait CHECK (wait_seconds >= 0)
);
CREATE TABLE bulk_results (
    run_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    outcome VARCHAR,
    version_after INTEGER,
    stage_after VARCHAR,
    reasons JSONB DEFAULT '[]' NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    withheld VARCHAR,
    CONSTRAINT pk_bulk_results PRIMARY KEY (run_id, case_id),
    CONSTRAINT fk_bulk_results_run_id FOREIGN KEY (run_id) REFERENCES bulk_runs (id) ON DELETE CASCADE,
    CONSTRAINT fk_bulk_results_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT ck_bulk_results_outcome CHECK (outcome IN ('done', 'refused')),
    CONSTRAINT ck_bulk_results_withheld CHECK (withheld IN ('withheld', 'none', 'left', 'moved'))
);
CREATE INDEX ix_bulk_results_waiting ON bulk_results (run_id, case_id) WHERE outcome IS NULL;
CREATE INDEX ix_bulk_results_case_id ON bulk_results (case_id);
"""
DOWN = """
DROP TABLE bulk_results;
DROP TABLE bulk_runs;
ALTER TABLE views ADD COLUMN columns TEXT DEFAULT '' NOT NULL;
CREATE INDEX ix_cases_call_id ON cases (call_id);
DROP INDEX ix_cases_call_due, ix_cases_call_deposited;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
