"""Ways in: links by letter, sessions, passwords, attempts, visits."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE access_links (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    token_hash BYTEA NOT NULL,
    person_id BIGINT,
    organisation_id BIGINT,
    purpose VARCHAR NOT NULL,
    subject_id BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_access_links PRIMARY KEY (id),
    CONSTRAINT uq_access_links_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_access_links_purpose CHECK (purpose IN ('sign_in', 'declare', 'packet', 'case', 'partner')),
    CONSTRAINT ck_access_links_one_visitor CHECK (num_nonnulls(person_id, organisation_id) = 1),
    CONSTRAINT fk_access_links_person_id FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT fk_access_links_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id)
);
CREATE INDEX ix_access_links_expires_at ON access_links (expires_at);

CREATE TABLE web_sessions (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    token_hash BYTEA NOT NULL,
    person_id BIGINT,
    organisation_id BIGINT,
    browser TEXT DEFAULT '' NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_web_sessions PRIMARY KEY (id),
    CONSTRAINT uq_web_sessions_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_web_sessions_one_visitor CHECK (num_nonnulls(person_id, organisation_id) = 1),
    CONSTRAINT fk_web_sessions_person_id FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT fk_web_sessions_organisation_id FOREIGN KEY (organisation_id) REFERENCES organisations (id)
);
CREATE INDEX ix_web_sessions_person_id ON web_sessions (person_id) WHERE ended_at IS NULL;
CREATE INDEX ix_web_sessions_organisation_id ON web_sessions (organisation_id) WHERE ended_at IS NULL;

CREATE TABLE passwords (
    person_id BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_passwords PRIMARY KEY (person_id),
    CONSTRAINT fk_passwords_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE TABLE attempts (
    bucket VARCHAR NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    count INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_attempts PRIMARY KEY (bucket)
);

CREATE TABLE visits (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    session_id BIGINT NOT NULL,
    method VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    status INTEGER NOT NULL,
    CONSTRAINT pk_visits PRIMARY KEY (id),
    CONSTRAINT fk_visits_session_id FOREIGN KEY (session_id) REFERENCES web_sessions (id)
);
CREATE INDEX ix_visits_at ON visits (at);
"""

TABLES = ("visits", "attempts", "passwords", "web_sessions", "access_links")


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
