"""Partners of coordinated proposals: shares, own part, signature; those known before stay confirmed."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PARTNERS = """
ALTER TABLE partners
    ADD COLUMN shares jsonb DEFAULT '{}' NOT NULL,
    ADD COLUMN granted jsonb DEFAULT '{}' NOT NULL,
    ADD COLUMN state text DEFAULT 'named' NOT NULL,
    ADD COLUMN email text DEFAULT '' NOT NULL,
    ADD COLUMN answers jsonb DEFAULT '{}' NOT NULL,
    ADD COLUMN invited_at timestamptz,
    ADD COLUMN answered_at timestamptz,
    ADD COLUMN signed_by text DEFAULT '' NOT NULL;
ALTER TABLE cases ADD COLUMN partners_due_on date, ADD COLUMN sub_granting boolean DEFAULT false NOT NULL;
"""
KNOWN_BEFORE = "UPDATE partners SET state = 'confirmed', signed_by = '—'"
CHECKED = """
ALTER TABLE partners
    ADD CONSTRAINT ck_partners_state CHECK (state IN ('named', 'invited', 'confirmed', 'declined', 'withdrawn')),
    ADD CONSTRAINT ck_partners_signed CHECK ((state = 'confirmed') <= (signed_by <> ''));
CREATE INDEX ix_partners_organisation_id ON partners (organisation_id);
"""


def upgrade() -> None:
    """Apply."""
    for statements in (PARTNERS, KNOWN_BEFORE, CHECKED):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_partners_organisation_id", "partners")
    op.get_bind().exec_driver_sql(
        """
        ALTER TABLE cases DROP COLUMN sub_granting, DROP COLUMN partners_due_on;
        ALTER TABLE partners DROP COLUMN signed_by, DROP COLUMN answered_at, DROP COLUMN invited_at,
            DROP COLUMN answers, DROP COLUMN email, DROP COLUMN state, DROP COLUMN granted, DROP COLUMN shares;
        """
    )
