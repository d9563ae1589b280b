"""Envelopes are a tree; their ledger is double-entry, and their amounts follow it, whoever writes."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = """
CREATE TEMPORARY TABLE ledger_before ON COMMIT DROP AS SELECT * FROM ledger;
CREATE TEMPORARY TABLE totals_before ON COMMIT DROP AS SELECT id, total_cents FROM envelopes;
DROP TABLE ledger;
CREATE TABLE movements (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind varchar NOT NULL,
    at timestamptz NOT NULL,
    actor text DEFAULT '' NOT NULL,
    reason text DEFAULT '' NOT NULL,
    case_id bigint,
    key varchar NOT NULL,
    CONSTRAINT pk_movements PRIMARY KEY (id),
    CONSTRAINT uq_movements_key UNIQUE (key),
    CONSTRAINT ck_movements_kind CHECK (
        kind IN ('open', 'adjust', 'transfer', 'reserve', 'post', 'release', 'pay', 'reclaim')),
    CONSTRAINT fk_movements_case_id FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX ix_movements_case_id ON movements (case_id);
CREATE TABLE ledger (
    movement_id bigint NOT NULL,
    envelope_id bigint NOT NULL,
    account varchar NOT NULL,
    amount_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (movement_id, envelope_id, account),
    CONSTRAINT ck_ledger_account CHECK (
        account IN ('initial', 'transferred', 'available', 'reserved', 'committed', 'paid')),
    CONSTRAINT fk_ledger_movement_id FOREIGN KEY (movement_id) REFERENCES movements (id),
    CONSTRAINT fk_ledger_envelope_id FOREIGN KEY (envelope_id) REFERENCES envelopes (id)
);
CREATE INDEX ix_ledger_envelope_id ON ledger (envelope_id);
ALTER TABLE envelopes DROP COLUMN total_cents;
ALTER TABLE envelopes
    ADD COLUMN parent_id bigint,
    ADD COLUMN initial_cents bigint DEFAULT 0 NOT NULL,
    ADD COLUMN transferred_cents bigint DEFAULT 0 NOT NULL,
    ADD COLUMN reserved_cents bigint DEFAULT 0 NOT NULL,
    ADD COLUMN paid_cents bigint DEFAULT 0 NOT NULL,
    ADD COLUMN total_cents bigint NOT NULL GENERATED ALWAYS AS (initial_cents + transferred_cents) STORED,
    ADD COLUMN available_cents bigint NOT NULL GENERATED ALWAYS AS (
        initial_cents + transferred_cents - reserved_cents - committed_cents) STORED;
UPDATE envelopes SET committed_cents = 0;
ALTER TABLE envelopes
    ADD CONSTRAINT fk_envelopes_parent_id FOREIGN KEY (parent_id) REFERENCES envelopes (id),
    ADD CONSTRAINT ck_envelopes_amounts CHECK (
        initial_cents >= 0 AND reserved_cents >= 0 AND paid_cents >= 0 AND committed_cents >= paid_cents),
    ADD CONSTRAINT ck_envelopes_never_over CHECK (
        reserved_cents + committed_cents <= initial_cents + transferred_cents),
    ADD CONSTRAINT ck_envelopes_tree CHECK (
        parent_id IS NULL OR neighbourhood_id IS NOT NULL OR challenge_id IS NOT NULL);
CREATE INDEX ix_envelopes_parent_id ON envelopes (parent_id);
ALTER TABLE fundings
    ADD COLUMN envelope_id bigint,
    ADD CONSTRAINT fk_fundings_envelope_id FOREIGN KEY (envelope_id) REFERENCES envelopes (id);
"""
# The amounts of envelopes are what their lines add up to, because nothing else writes them.
TRIGGERS = """
CREATE FUNCTION follow_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written GROUP BY movement_id, envelope_id HAVING sum(amount_cents) <> 0) THEN
        RAISE EXCEPTION 'the lines of a movement do not add up to nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balanced', TABLE = 'ledger';
    END IF;
    UPDATE envelopes e
       SET initial_cents = e.initial_cents - w.initial, transferred_cents = e.transferred_cents - w.transferred,
           reserved_cents = e.reserved_cents + w.reserved, committed_cents = e.committed_cents + w.committed,
           paid_cents = e.paid_cents + w.paid
      FROM (SELECT envelope_id,
                   COALESCE(sum(amount_cents) FILTER (WHERE account = 'initial'), 0) AS initial,
                   COALESCE(sum(amount_cents) FILTER (WHERE account = 'transferred'), 0) AS transferred,
                   COALESCE(sum(amount_cents) FILTER (WHERE account = 'reserved'), 0) AS reserved,
                   COALESCE(sum(amount_cents) FILTER (WHERE account IN ('committed', 'paid')), 0) AS committed,
                   COALESCE(sum(amount_cents) FILTER (WHERE account = 'paid'), 0) AS paid
              FROM written GROUP BY 1) w
     WHERE e.id = w.envelope_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER follow_ledger AFTER INSERT ON ledger REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION follow_ledger();
CREATE FUNCTION refuse_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the amounts of an envelope follow its ledger: write a movement'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'follows_ledger', TABLE = 'envelopes';
END
$$;
CREATE TRIGGER opened_empty BEFORE INSERT ON envelopes FOR EACH ROW
    WHEN ((NEW.initial_cents, NEW.transferred_cents, NEW.reserved_cents, NEW.committed_cents, NEW.paid_cents)
          <> (0, 0, 0, 0, 0))
    EXECUTE FUNCTION refuse_amounts();
CREATE TRIGGER follows_ledger BEFORE UPDATE ON envelopes FOR EACH ROW
    WHEN (pg_trigger_depth() = 0
          AND (NEW.initial_cents, NEW.transferred_cents, NEW.reserved_cents, NEW.committed_cents, NEW.paid_cents)
          <> (OLD.initial_cents, OLD.transferred_cents, OLD.reserved_cents, OLD.committed_cents, OLD.paid_cents))
    EXECUTE FUNCTION refuse_amounts();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON movements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""
# The key of an old line ends with the version of its case: the journal says who acted.
LINES = """
INSERT INTO movements (kind, at, actor, reason, key)
SELECT 'open', LEAST(k.opens_on::timestamp AT TIME ZONE 'Europe/Paris', (SELECT min(at) FROM ledger_before)),
       'contract', '', 'open/' || e.id
  FROM envelopes e JOIN calls k ON k.id = e.call_id ORDER BY e.id;
INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
SELECT m.id, t.id, x.account, x.sign * t.total_cents
  FROM totals_before t JOIN movements m ON m.key = 'open/' || t.id
 CROSS JOIN (VALUES ('initial', -1), ('available', 1)) AS x(account, sign);
INSERT INTO movements (kind, at, actor, reason, case_id, key)
SELECT CASE WHEN b.amount_cents < 0 THEN 'reclaim' ELSE 'post' END, b.at, COALESCE(j.actor, ''), '', b.case_id, b.key
  FROM ledger_before b
  LEFT JOIN journal j ON j.case_id = b.case_id AND j.seq::text = split_part(b.key, '/', 3)
 ORDER BY b.id;
INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
SELECT m.id, b.envelope_id, x.account, x.sign * b.amount_cents
  FROM ledger_before b JOIN movements m ON m.key = b.key
 CROSS JOIN (VALUES ('available', -1), ('committed', 1)) AS x(account, sign);
UPDATE fundings g SET envelope_id = b.envelope_id
  FROM ledger_before b JOIN envelopes e ON e.id = b.envelope_id
 WHERE b.case_id = g.case_id AND e.funder_id = g.funder_id AND b.amount_cents > 0;
UPDATE envelopes e SET parent_id = g.id FROM envelopes g
 WHERE g.funder_id = e.funder_id AND g.call_id = e.call_id AND g.year = e.year
   AND g.neighbourhood_id IS NULL AND g.challenge_id IS NULL
   AND (e.neighbourhood_id IS NOT NULL OR e.challenge_id IS NOT NULL);
INSERT INTO movements (kind, at, actor, reason, case_id, key)
SELECT 'pay', p.paid_on::timestamp AT TIME ZONE 'Europe/Paris', '', '', p.case_id, 'pay/' || p.id
  FROM payments p JOIN fundings g USING (case_id, funder_id) JOIN cases c ON c.id = p.case_id
 WHERE p.status = 'paid' AND p.amount_cents > 0 AND g.envelope_id IS NOT NULL AND c.stage <> 'reclaimed'
 ORDER BY p.id;
INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
SELECT m.id, g.envelope_id, x.account, x.sign * p.amount_cents
  FROM payments p JOIN fundings g USING (case_id, funder_id) JOIN movements m ON m.key = 'pay/' || p.id
 CROSS JOIN (VALUES ('committed', -1), ('paid', 1)) AS x(account, sign);
"""
BACK = """
CREATE TEMPORARY TABLE lines ON COMMIT DROP AS
SELECT l.envelope_id, m.case_id, m.at, sum(l.amount_cents)::bigint AS amount_cents,
       CASE WHEN sum(l.amount_cents) < 0 THEN 'release' ELSE 'commit' END AS reason,
       m.key || '/' || l.envelope_id AS key
  FROM ledger l JOIN movements m ON m.id = l.movement_id JOIN envelopes e ON e.id = l.envelope_id
 WHERE l.account IN ('committed', 'paid')
 GROUP BY l.envelope_id, m.id HAVING sum(l.amount_cents) <> 0;
CREATE TEMPORARY TABLE totals ON COMMIT DROP AS SELECT id, total_cents, committed_cents FROM envelopes;
DROP TABLE ledger;
DROP TABLE movements;
DROP TRIGGER opened_empty ON envelopes;
DROP TRIGGER follows_ledger ON envelopes;
DROP FUNCTION follow_ledger();
DROP FUNCTION refuse_amounts();
ALTER TABLE fundings DROP COLUMN envelope_id;
ALTER TABLE envelopes
    DROP COLUMN total_cents, DROP COLUMN available_cents, DROP COLUMN parent_id,
    DROP COLUMN initial_cents, DROP COLUMN transferred_cents, DROP COLUMN reserved_cents, DROP COLUMN paid_cents;
ALTER TABLE envelopes ADD COLUMN total_cents bigint DEFAULT 0 NOT NULL;
UPDATE envelopes SET total_cents = t.total_cents FROM totals t WHERE t.id = envelopes.id;
ALTER TABLE envelopes ADD CONSTRAINT ck_envelopes_never_over CHECK (committed_cents BETWEEN 0 AND total_cents);
CREATE TABLE ledger (
    id bigint GENERATED ALWAYS AS IDENTITY,
    envelope_id bigint NOT NULL,
    case_id bigint,
    at timestamptz NOT NULL,
    amount_cents bigint DEFAULT 0 NOT NULL,
    reason text DEFAULT '' NOT NULL,
    key varchar NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT fk_ledger_envelope_id FOREIGN KEY (envelope_id) REFERENCES envelopes (id),
    CONSTRAINT fk_ledger_case_id FOREIGN KEY (case_id) REFERENCES cases (id),
    CONSTRAINT uq_ledger_key UNIQUE (key)
);
CREATE INDEX ix_ledger_envelope_id ON ledger (envelope_id);
INSERT INTO ledger (envelope_id, case_id, at, amount_cents, reason, key)
SELECT envelope_id, case_id, at, amount_cents, reason, key FROM lines;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""


def upgrade() -> None:
    """Apply."""
    for statements in (TABLES, TRIGGERS, LINES):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(BACK)
