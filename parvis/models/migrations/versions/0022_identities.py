"""Sign-in by an identity provider: who people are there, who left for it, the token that signs them out."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE identities (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT NOT NULL,
    issuer VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (id),
    CONSTRAINT uq_identities_issuer_subject UNIQUE (issuer, subject),
    CONSTRAINT fk_identities_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX ix_identities_person_id ON identities (person_id);

CREATE TABLE oidc_attempts (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    state_hash BYTEA NOT NULL,
    browser_hash BYTEA NOT NULL,
    nonce VARCHAR NOT NULL,
    verifier VARCHAR NOT NULL,
    follow VARCHAR NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_oidc_attempts PRIMARY KEY (id),
    CONSTRAINT uq_oidc_attempts_state_hash UNIQUE (state_hash)
);
CREATE INDEX ix_oidc_attempts_expires_at ON oidc_attempts (expires_at);

ALTER TABLE web_sessions
    ADD COLUMN identity_id BIGINT,
    ADD COLUMN id_token TEXT,
    ADD CONSTRAINT fk_web_sessions_identity_id FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE SET NULL;
CREATE INDEX ix_web_sessions_identity_id ON web_sessions (identity_id) WHERE identity_id IS NOT NULL;
CREATE INDEX ix_web_sessions_id_token ON web_sessions (expires_at) WHERE id_token IS NOT NULL;
"""
DOWN = """
ALTER TABLE web_sessions DROP COLUMN id_token, DROP COLUMN identity_id;
DROP TABLE oidc_attempts;
DROP TABLE identities;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
