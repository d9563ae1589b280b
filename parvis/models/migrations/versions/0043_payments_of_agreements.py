"""Payments have a second subject, a year of an agreement; movements of money say which agreement they are about."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE payments
    ALTER COLUMN case_id DROP NOT NULL,
    ADD COLUMN agreement_id bigint,
    ADD COLUMN year integer,
    ADD CONSTRAINT fk_payments_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id) ON DELETE CASCADE,
    ADD CONSTRAINT ck_payments_subject CHECK (
        num_nonnulls(case_id, agreement_id) = 1 AND (agreement_id IS NULL) = (year IS NULL)),
    DROP CONSTRAINT uq_payments_instalment,
    ADD CONSTRAINT uq_payments_instalment
        UNIQUE NULLS NOT DISTINCT (case_id, agreement_id, year, funder_id, partner_id, instalment);
CREATE INDEX ix_payments_agreement ON payments (agreement_id, year) WHERE agreement_id IS NOT NULL;
ALTER TABLE movements
    ADD COLUMN agreement_id bigint,
    ADD CONSTRAINT fk_movements_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreements (id);
CREATE INDEX ix_movements_agreement ON movements (agreement_id) WHERE agreement_id IS NOT NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(
        """
        ALTER TABLE movements DROP COLUMN agreement_id;
        DELETE FROM payment_orders WHERE payment_id IN (SELECT id FROM payments WHERE agreement_id IS NOT NULL);
        DELETE FROM payments WHERE agreement_id IS NOT NULL;
        ALTER TABLE payments
            DROP CONSTRAINT uq_payments_instalment,
            DROP COLUMN agreement_id,
            DROP COLUMN year,
            ALTER COLUMN case_id SET NOT NULL,
            ADD CONSTRAINT uq_payments_instalment
                UNIQUE NULLS NOT DISTINCT (case_id, funder_id, partner_id, instalment);
        """
    )
