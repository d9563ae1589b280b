"""What organisations type here: drafts, and spaces asked for."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APPLICANTS = """
CREATE TABLE drafts (
    case_id bigint NOT NULL,
    answers jsonb DEFAULT '{}' NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by varchar NOT NULL,
    CONSTRAINT pk_drafts PRIMARY KEY (case_id),
    CONSTRAINT fk_drafts_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE TABLE sign_ups (
    id bigint GENERATED ALWAYS AS IDENTITY,
    token_hash bytea NOT NULL,
    siret varchar NOT NULL,
    name varchar NOT NULL,
    email varchar NOT NULL,
    language text DEFAULT 'fr' NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_sign_ups PRIMARY KEY (id),
    CONSTRAINT uq_sign_ups_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_sign_ups_expires_at ON sign_ups (expires_at);
CREATE INDEX ix_cases_contact ON cases (lower(contact ->> 'email'));
CREATE INDEX ix_organisations_email ON organisations (lower(email));
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(APPLICANTS)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_organisations_email", "organisations")
    op.drop_index("ix_cases_contact", "cases")
    op.drop_table("sign_ups")
    op.drop_table("drafts")
