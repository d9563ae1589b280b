"""A task about no case says of which contract it is, so that each contract sees its own."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMN = """
ALTER TABLE tasks ADD COLUMN contract_id bigint,
    ADD CONSTRAINT fk_tasks_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id)
"""
KNOWN = """
UPDATE tasks t
   SET contract_id = COALESCE(
        (SELECT l.contract_id FROM letters l WHERE t.key = 'letter/' || l.id),
        (SELECT m.contract_id FROM committees m WHERE starts_with(t.key, t.kind || ':' || m.id || ':')),
        (SELECT min(id) FROM contracts))
 WHERE t.case_id IS NULL
"""
CHECKED = """
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_about_something CHECK (num_nonnulls(case_id, contract_id) > 0)
"""


def upgrade() -> None:
    """Apply."""
    for statement in (COLUMN, KNOWN, CHECKED):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("ALTER TABLE tasks DROP COLUMN contract_id")
