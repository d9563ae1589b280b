"""Letters of a contract and of no case are found by it: among many contracts a list begins with its own."""

# offline: index, it is built in seconds at a million letters, of which it holds the few that are of no case

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE INDEX ix_letters_contract ON letters (contract_id, id) WHERE contract_id IS NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP INDEX ix_letters_contract")
