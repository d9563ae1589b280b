"""Notes of the staff on a case, with every text they held."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE notes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by BIGINT NOT NULL,
    CONSTRAINT pk_notes PRIMARY KEY (id),
    CONSTRAINT uq_notes_key UNIQUE (key),
    CONSTRAINT fk_notes_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_notes_made_by FOREIGN KEY (made_by) REFERENCES people (id)
);
CREATE INDEX ix_notes_case_id ON notes (case_id);

CREATE TABLE note_texts (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    note_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL DEFAULT '',
    writer VARCHAR NOT NULL,
    rank INTEGER NOT NULL DEFAULT 0,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    saved_by BIGINT NOT NULL,
    aside BOOLEAN NOT NULL DEFAULT false,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_note_texts PRIMARY KEY (id),
    CONSTRAINT fk_note_texts_note_id FOREIGN KEY (note_id) REFERENCES notes (id) ON DELETE CASCADE,
    CONSTRAINT fk_note_texts_saved_by FOREIGN KEY (saved_by) REFERENCES people (id)
);
CREATE INDEX ix_note_texts_note_id ON note_texts (note_id, id);
CREATE UNIQUE INDEX uq_note_texts_version ON note_texts (note_id, version) WHERE NOT aside;
"""
DOWN = "DROP TABLE note_texts; DROP TABLE notes;"


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
