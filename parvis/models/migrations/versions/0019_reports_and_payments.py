"""Payments of grants, reports of actions; those of cases funded before are written by the schedule of their call."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id bigint NOT NULL,
    funder_id bigint NOT NULL,
    partner_id bigint,
    position integer NOT NULL,
    instalment varchar NOT NULL,
    condition varchar NOT NULL,
    amount_cents bigint DEFAULT 0 NOT NULL,
    due_on date,
    status text DEFAULT 'planned' NOT NULL,
    paid_on date,
    reference text DEFAULT '' NOT NULL,
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT uq_payments_instalment UNIQUE NULLS NOT DISTINCT (case_id, funder_id, partner_id, instalment),
    CONSTRAINT ck_payments_condition CHECK (condition IN ('notification', 'interim_report', 'report')),
    CONSTRAINT ck_payments_status CHECK (status IN ('planned', 'due', 'ordered', 'paid', 'cancelled')),
    CONSTRAINT ck_payments_amount CHECK (amount_cents >= 0 OR instalment = 'repayment'),
    CONSTRAINT ck_payments_paid CHECK ((status = 'paid') = (paid_on IS NOT NULL)),
    CONSTRAINT fk_payments_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_payments_funder_id FOREIGN KEY (funder_id) REFERENCES funders (id),
    CONSTRAINT fk_payments_partner_id FOREIGN KEY (partner_id) REFERENCES organisations (id)
);
CREATE INDEX ix_payments_funder_id ON payments (funder_id);
CREATE INDEX ix_payments_due ON payments (due_on) WHERE status IN ('due', 'ordered');
CREATE TABLE reports (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id bigint NOT NULL,
    kind text DEFAULT 'final' NOT NULL,
    way varchar,
    state text DEFAULT 'asked' NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    answers jsonb DEFAULT '{}' NOT NULL,
    saved_at timestamptz,
    saved_by text DEFAULT '' NOT NULL,
    received_at timestamptz,
    received_by text DEFAULT '' NOT NULL,
    spent_cents bigint,
    people integer,
    qpv_share_percent integer,
    corrections text DEFAULT '' NOT NULL,
    corrections_by date,
    settled_at timestamptz,
    settled_by text DEFAULT '' NOT NULL,
    CONSTRAINT pk_reports PRIMARY KEY (id),
    CONSTRAINT ck_reports_kind CHECK (kind IN ('interim', 'final')),
    CONSTRAINT ck_reports_way CHECK (way IN ('report', 'not_carried_out', 'change_of_dates')),
    CONSTRAINT ck_reports_state CHECK (
        state IN ('asked', 'draft', 'received', 'corrections_asked', 'accepted', 'refused')
    ),
    CONSTRAINT ck_reports_indicators CHECK (people >= 0 AND qpv_share_percent BETWEEN 0 AND 100),
    CONSTRAINT fk_reports_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE INDEX ix_reports_case ON reports (case_id);
CREATE UNIQUE INDEX uq_reports_open ON reports (case_id, kind) WHERE state NOT IN ('accepted', 'refused');
CREATE TABLE report_lines (
    report_id bigint NOT NULL,
    position integer NOT NULL,
    side varchar NOT NULL,
    account varchar NOT NULL,
    label text DEFAULT '' NOT NULL,
    planned_cents bigint DEFAULT 0 NOT NULL,
    done_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_report_lines PRIMARY KEY (report_id, position),
    CONSTRAINT ck_report_lines_side CHECK (side IN ('charge', 'produit')),
    CONSTRAINT fk_report_lines_report_id FOREIGN KEY (report_id) REFERENCES reports (id) ON DELETE CASCADE
);
"""
# A running total is rounded, as in states/payments.py. A schedule that was not said is four fifths, then one.
PAYMENTS = """
INSERT INTO payments (case_id, funder_id, position, instalment, condition, amount_cents, due_on, status, paid_on)
SELECT case_id, funder_id, place, code, "on", until - COALESCE(lag(until) OVER one, 0), due_on, status,
       CASE WHEN status = 'paid' THEN entered_on END
  FROM (SELECT c.id AS case_id, g.funder_id, p.place, p.part ->> 'code' AS code, p.part ->> 'on' AS "on",
               round(g.granted_cents * sum((p.part ->> 'share')::numeric) OVER (
                   PARTITION BY c.id, g.funder_id ORDER BY p.place))::bigint AS until,
               (c.entered_at AT TIME ZONE 'Europe/Paris')::date AS entered_on,
               CASE WHEN p.part ->> 'on' = 'notification' OR c.report_accepted
                    THEN (c.entered_at AT TIME ZONE 'Europe/Paris')::date + 60 END AS due_on,
               CASE WHEN c.stage = 'evaluated' OR c.balance_settled THEN 'paid'
                    WHEN c.stage = 'reclaimed' THEN 'cancelled'
                    WHEN p.part ->> 'on' = 'notification' OR c.report_accepted THEN 'due'
                    ELSE 'planned' END AS status
          FROM cases c
          JOIN calls k ON k.id = c.call_id
          JOIN fundings g ON g.case_id = c.id AND g.granted_cents > 0
          CROSS JOIN LATERAL jsonb_array_elements(COALESCE(k.document -> 'payment_schedule',
              '[{"code": "advance", "share": "0.8", "on": "notification"},
                {"code": "balance", "share": "0.2", "on": "report"}]')) WITH ORDINALITY AS p(part, place)
         WHERE c.stage IN ('funded', 'evaluated', 'reclaimed')) AS planned
WINDOW one AS (PARTITION BY case_id, funder_id ORDER BY place);
"""
REPORTS = """
INSERT INTO reports (case_id, way, state, received_at)
SELECT id, CASE WHEN not_carried_out THEN 'not_carried_out' WHEN report_received_on IS NOT NULL THEN 'report' END,
       CASE WHEN report_accepted THEN 'accepted' WHEN not_carried_out OR report_received_on IS NOT NULL THEN 'received'
            ELSE 'asked' END,
       report_received_on::timestamp AT TIME ZONE 'Europe/Paris'
  FROM cases WHERE stage IN ('funded', 'evaluated', 'reclaimed');
"""


def upgrade() -> None:
    """Apply."""
    for statements in (TABLES, PAYMENTS, REPORTS):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    """Take back."""
    for table in ("report_lines", "reports", "payments"):
        op.drop_table(table)
