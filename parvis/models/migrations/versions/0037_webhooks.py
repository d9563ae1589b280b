"""Webhooks: endpoints, their sealed secrets, what is owed to them."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhook_endpoints (
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract_id bigint NOT NULL,
    name varchar NOT NULL,
    url varchar NOT NULL,
    types jsonb NOT NULL,
    state text DEFAULT 'active' NOT NULL,
    failing_since timestamptz,
    stopped_at timestamptz,
    made_at timestamptz NOT NULL,
    made_by varchar NOT NULL,
    CONSTRAINT pk_webhook_endpoints PRIMARY KEY (id),
    CONSTRAINT ck_webhook_endpoints_state CHECK (state IN ('active', 'paused', 'disabled')),
    CONSTRAINT fk_webhook_endpoints_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id)
);
CREATE INDEX ix_webhook_endpoints_active ON webhook_endpoints (contract_id) WHERE state = 'active';
CREATE TABLE webhook_secrets (
    id bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id bigint NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamptz NOT NULL,
    ends_at timestamptz,
    CONSTRAINT pk_webhook_secrets PRIMARY KEY (id),
    CONSTRAINT fk_webhook_secrets_endpoint_id FOREIGN KEY (endpoint_id)
        REFERENCES webhook_endpoints (id) ON DELETE CASCADE
);
CREATE INDEX ix_webhook_secrets_endpoint_id ON webhook_secrets (endpoint_id);
CREATE TABLE webhook_deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id bigint NOT NULL,
    event_id varchar NOT NULL,
    type varchar NOT NULL,
    happened_at timestamptz NOT NULL,
    data jsonb DEFAULT '{}' NOT NULL,
    state text DEFAULT 'owed' NOT NULL,
    not_before timestamptz NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    claimed_by text DEFAULT '' NOT NULL,
    lease_until timestamptz,
    tried_at timestamptz,
    status integer DEFAULT 0 NOT NULL,
    answer text DEFAULT '' NOT NULL,
    CONSTRAINT pk_webhook_deliveries PRIMARY KEY (id),
    CONSTRAINT uq_webhook_deliveries_endpoint_id_event_id UNIQUE (endpoint_id, event_id),
    CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('owed', 'sending', 'delivered', 'failed'))
);
CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (not_before, id) WHERE state = 'owed';
CREATE INDEX ix_webhook_deliveries_lease ON webhook_deliveries (lease_until) WHERE state = 'sending';
CREATE INDEX ix_webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TABLES)


def downgrade() -> None:
    """Take back."""
    for table in ("webhook_deliveries", "webhook_secrets", "webhook_endpoints"):
        op.drop_table(table)
