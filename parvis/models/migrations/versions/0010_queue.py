"""The queue of cases: dates to sort by, words to search, what was seen, saved views, and the indexes lists walk.

Cases that are there get their dates from their timers, and their words.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The dates of the cases there are, from their timers, as they were worked out when this was written.
REFRESH_ALL = """
UPDATE cases c SET due_on = d.due_on, late_after = d.late_after
  FROM (SELECT c.id, min(t.deadline) AS due_on,
               min(t.deadline) FILTER (WHERE t.kind = 'escalation') AS late_after
          FROM cases c LEFT JOIN timers t ON t.case_id = c.id
           AND (t.settled_at IS NULL OR (t.kind = 'escalation' AND t.outcome <> 'cancelled'
                AND starts_with(t.occurrence, c.entered_version || '/'))) AND NOT starts_with(t.rule, 'opinion:')
           AND c.stage NOT IN ('evaluated', 'ineligible', 'lapsed', 'rejected', 'withdrawn', 'reclaimed')
           AND NOT (starts_with(t.rule, 'check') AND c.eligibility_checked)
           AND NOT (starts_with(t.rule, 'report') AND (c.report_received_on IS NOT NULL OR c.not_carried_out))
         GROUP BY c.id) d
 WHERE d.id = c.id AND (c.due_on, c.late_after) IS DISTINCT FROM (d.due_on, d.late_after)
"""
UP = r"""
CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE cases ADD COLUMN due_on DATE, ADD COLUMN late_after DATE;

CREATE TABLE case_words (
    case_id BIGINT NOT NULL,
    words TEXT NOT NULL,
    CONSTRAINT pk_case_words PRIMARY KEY (case_id),
    CONSTRAINT fk_case_words_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE TABLE seen (
    person_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_seen PRIMARY KEY (person_id, case_id),
    CONSTRAINT fk_seen_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT fk_seen_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE TABLE views (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    shared BOOLEAN DEFAULT 'false' NOT NULL,
    query TEXT DEFAULT '' NOT NULL,
    columns TEXT DEFAULT '' NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_views PRIMARY KEY (id),
    CONSTRAINT uq_views_person_id_name UNIQUE (person_id, name),
    CONSTRAINT fk_views_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);

-- Without case, accents and signs: as parvis/states/search.py does with what is searched.
CREATE FUNCTION bare_words(said TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ' ' || btrim(regexp_replace(
    replace(replace(replace(translate(
        regexp_replace(normalize(COALESCE(said, ''), NFKD), '[\u0300-\u036f]', '', 'g'),
        'ABCDEFGHIJKLMNOPQRSTUVWXYZŒÆ', 'abcdefghijklmnopqrstuvwxyzœæ'), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
    '[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g')) || ' ';

CREATE FUNCTION write_case_words() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_words (case_id, words)
    SELECT c.id, bare_words(concat_ws(' ', c.reference, c.external_id, c.title, o.name, o.siret))
      FROM cases c JOIN organisations o ON o.id = c.organisation_id
     WHERE CASE TG_TABLE_NAME WHEN 'cases' THEN c.id = NEW.id ELSE c.organisation_id = NEW.id END
    ON CONFLICT (case_id) DO UPDATE SET words = excluded.words WHERE case_words.words <> excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER words AFTER INSERT OR UPDATE OF reference, external_id, title, organisation_id ON cases
    FOR EACH ROW EXECUTE FUNCTION write_case_words();
CREATE TRIGGER words AFTER UPDATE OF name, siret ON organisations
    FOR EACH ROW WHEN ((OLD.name, OLD.siret) IS DISTINCT FROM (NEW.name, NEW.siret))
    EXECUTE FUNCTION write_case_words();

INSERT INTO case_words (case_id, words)
SELECT c.id, bare_words(concat_ws(' ', c.reference, c.external_id, c.title, o.name, o.siret))
  FROM cases c JOIN organisations o ON o.id = c.organisation_id;
"""

INDEXES = """
CREATE INDEX ix_case_words ON case_words USING gin (words gin_trgm_ops);
CREATE INDEX ix_cases_wave_id ON cases (wave_id);
CREATE INDEX ix_cases_due ON cases (stage, COALESCE(due_on, 'infinity'::date), id);
CREATE INDEX ix_cases_deposited ON cases (stage, COALESCE(deposited_on, '-infinity'::date), id);
CREATE INDEX ix_cases_requested ON cases (stage, requested_cents, id);
CREATE INDEX ix_cases_reference ON cases (stage, reference);
CREATE INDEX ix_cases_score ON cases (stage, COALESCE(score, -1), id);
CREATE INDEX ix_case_neighbourhoods_cases ON case_neighbourhoods (neighbourhood_id, case_id);
CREATE INDEX ix_case_challenges_cases ON case_challenges (challenge_id, case_id);
CREATE INDEX ix_fundings_cases ON fundings (funder_id, case_id);
CREATE INDEX ix_fundings_awaited ON fundings (funder_id, case_id)
    WHERE opinion_asked_at IS NOT NULL AND opinion IS NULL;
DROP INDEX ix_fundings_funder_id;
"""

DOWN = """
CREATE INDEX ix_fundings_funder_id ON fundings (funder_id);
DROP INDEX ix_fundings_awaited, ix_fundings_cases, ix_case_challenges_cases, ix_case_neighbourhoods_cases,
           ix_cases_score, ix_cases_reference, ix_cases_requested, ix_cases_deposited, ix_cases_due, ix_cases_wave_id;
DROP TRIGGER words ON organisations;
DROP TRIGGER words ON cases;
DROP FUNCTION write_case_words;
DROP FUNCTION bare_words;
DROP TABLE views;
DROP TABLE seen;
DROP TABLE case_words;
ALTER TABLE cases DROP COLUMN late_after, DROP COLUMN due_on;
"""


def upgrade() -> None:
    """Apply."""
    bind = op.get_bind()
    for statements in (UP, REFRESH_ALL, INDEXES):
        bind.exec_driver_sql(statements)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
