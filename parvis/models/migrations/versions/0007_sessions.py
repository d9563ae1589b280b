"""What a session decides, case by case and funder by funder; its minutes; which committee decides for a call."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE calls ADD COLUMN decides TEXT DEFAULT 'steering' NOT NULL;
UPDATE calls SET decides = document ->> 'decides' WHERE document ->> 'decides' IS NOT NULL;
ALTER TABLE calls ADD CONSTRAINT ck_calls_decides CHECK (decides IN ('technical', 'steering'));

CREATE TABLE session_decisions (
    committee_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    outcome VARCHAR NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    conditions TEXT DEFAULT '' NOT NULL,
    votes_for INTEGER,
    votes_against INTEGER,
    abstentions INTEGER,
    version INTEGER NOT NULL,
    saved_by VARCHAR NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_session_decisions PRIMARY KEY (committee_id, case_id),
    CONSTRAINT ck_session_decisions_outcome CHECK
        (outcome IN ('fund', 'reject', 'defer', 'carry', 'recommend', 'not_recommended')),
    CONSTRAINT ck_session_decisions_votes CHECK (votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0
        AND (votes_for IS NULL) = (votes_against IS NULL) AND (votes_for IS NULL) = (abstentions IS NULL)),
    CONSTRAINT fk_session_decisions_committee_id FOREIGN KEY(committee_id) REFERENCES committees (id),
    CONSTRAINT fk_session_decisions_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE INDEX ix_session_decisions_case_id ON session_decisions (case_id);

CREATE TABLE session_amounts (
    committee_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    funder_id BIGINT NOT NULL,
    amount_cents BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_session_amounts PRIMARY KEY (committee_id, case_id, funder_id),
    CONSTRAINT ck_session_amounts_amount CHECK (amount_cents > 0),
    CONSTRAINT fk_session_amounts_decision FOREIGN KEY(committee_id, case_id)
        REFERENCES session_decisions (committee_id, case_id) ON DELETE CASCADE,
    CONSTRAINT fk_session_amounts_funder_id FOREIGN KEY(funder_id) REFERENCES funders (id)
);

CREATE TABLE minutes (
    committee_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    sha256 VARCHAR NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    written_by VARCHAR NOT NULL,
    CONSTRAINT pk_minutes PRIMARY KEY (committee_id, version),
    CONSTRAINT fk_minutes_committee_id FOREIGN KEY(committee_id) REFERENCES committees (id)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON minutes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    for table in ("minutes", "session_amounts", "session_decisions"):
        op.drop_table(table)
    op.drop_column("calls", "decides")
