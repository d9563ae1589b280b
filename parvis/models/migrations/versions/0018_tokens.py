"""Tokens of programs and of calendars; visits made with one."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE api_tokens (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    token_hash BYTEA NOT NULL,
    person_id BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    scopes VARCHAR NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_tokens PRIMARY KEY (id),
    CONSTRAINT uq_api_tokens_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_api_tokens_ends CHECK (expires_at IS NOT NULL OR scopes = 'calendar'),
    CONSTRAINT fk_api_tokens_person_id FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_api_tokens_person_id ON api_tokens (person_id);

ALTER TABLE visits
    ALTER COLUMN session_id DROP NOT NULL,
    ADD COLUMN token_id BIGINT,
    ADD CONSTRAINT fk_visits_token_id FOREIGN KEY (token_id) REFERENCES api_tokens (id),
    ADD CONSTRAINT ck_visits_one_way_in CHECK (num_nonnulls(session_id, token_id) = 1);
"""
DOWN = """
DELETE FROM visits WHERE session_id IS NULL;
ALTER TABLE visits DROP COLUMN token_id, ALTER COLUMN session_id SET NOT NULL;
DROP TABLE api_tokens;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
