"""The first tables, as the first release fixes them; the statements are in the SQL file beside."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).with_suffix(".sql")
TABLES = (
    "timers", "tasks", "portal_events", "partners", "letters", "ledger", "journal", "fundings",
    "documents", "case_neighbourhoods", "case_challenges", "budget_lines", "anchor_heads", "cases",
    "waves", "people", "letter_templates", "envelopes", "committee_neighbourhoods",
    "neighbourhoods", "funders", "committees", "challenges", "calls", "organisations", "contracts",
    "anchors",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(STATEMENTS.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
