"""A kind of document more: recovery orders."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BEFORE = (
    "'attachment', 'decision_letter', 'grant_order', 'agreement', 'amendment', 'packet', 'annex', 'minutes'"
)
KINDS = (
    "ALTER TABLE files DROP CONSTRAINT ck_files_kind, ADD CONSTRAINT ck_files_kind CHECK (kind IN ({kinds}))"
)


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(KINDS.format(kinds=f"{BEFORE}, 'recovery_order'"))


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("DELETE FROM files WHERE kind = 'recovery_order'")
    op.get_bind().exec_driver_sql(KINDS.format(kinds=BEFORE))
