"""Lots of payment orders: numbered, kept as they left, a payment in one at a time."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE payment_lots (
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract_id bigint NOT NULL,
    number integer NOT NULL,
    key varchar NOT NULL,
    made_at timestamptz NOT NULL,
    made_by varchar NOT NULL,
    sealed bytea NOT NULL,
    cancelled_at timestamptz,
    cancelled_by text DEFAULT '' NOT NULL,
    cancel_reason text DEFAULT '' NOT NULL,
    CONSTRAINT pk_payment_lots PRIMARY KEY (id),
    CONSTRAINT uq_payment_lots_contract_id_number UNIQUE (contract_id, number),
    CONSTRAINT uq_payment_lots_key UNIQUE (key),
    CONSTRAINT ck_payment_lots_cancelled CHECK ((cancelled_at IS NULL) = (cancel_reason = '')),
    CONSTRAINT fk_payment_lots_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id)
);
CREATE TABLE payment_orders (
    lot_id bigint NOT NULL,
    position integer NOT NULL,
    payment_id bigint NOT NULL,
    bank_id bigint NOT NULL,
    amount_cents bigint DEFAULT 0 NOT NULL,
    void boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_payment_orders PRIMARY KEY (lot_id, position),
    CONSTRAINT fk_payment_orders_lot_id FOREIGN KEY (lot_id) REFERENCES payment_lots (id),
    CONSTRAINT fk_payment_orders_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
    CONSTRAINT fk_payment_orders_bank_id FOREIGN KEY (bank_id) REFERENCES bank_details (id)
);
CREATE UNIQUE INDEX uq_payment_orders_payment ON payment_orders (payment_id) WHERE NOT void;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLES)


def downgrade() -> None:
    """Take back."""
    op.drop_table("payment_orders")
    op.drop_table("payment_lots")
