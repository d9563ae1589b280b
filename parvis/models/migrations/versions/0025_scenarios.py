"""Programmings drawn up before a sitting."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE scenarios (
    id bigint GENERATED ALWAYS AS IDENTITY,
    committee_id bigint NOT NULL,
    name varchar NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    solved boolean DEFAULT false NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by varchar NOT NULL,
    sent_at timestamptz,
    CONSTRAINT pk_scenarios PRIMARY KEY (id),
    CONSTRAINT uq_scenarios_name UNIQUE (committee_id, name),
    CONSTRAINT fk_scenarios_committee_id FOREIGN KEY (committee_id) REFERENCES committees (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_scenarios_sent ON scenarios (committee_id) WHERE sent_at IS NOT NULL;
CREATE TABLE scenario_amounts (
    scenario_id bigint NOT NULL,
    case_id bigint NOT NULL,
    funder_id bigint NOT NULL,
    amount_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_scenario_amounts PRIMARY KEY (scenario_id, case_id, funder_id),
    CONSTRAINT ck_scenario_amounts_amount CHECK (amount_cents > 0),
    CONSTRAINT fk_scenario_amounts_scenario_id FOREIGN KEY (scenario_id) REFERENCES scenarios (id) ON DELETE CASCADE,
    CONSTRAINT fk_scenario_amounts_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_scenario_amounts_funder_id FOREIGN KEY (funder_id) REFERENCES funders (id)
);
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("DROP TABLE scenario_amounts; DROP TABLE scenarios;")
