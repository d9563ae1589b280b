-- The first tables, fixed at the first release; read by 0001_the_first_tables.py.

CREATE TABLE anchors (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    cases INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    root BYTEA NOT NULL,
    CONSTRAINT pk_anchors PRIMARY KEY (id)
);

CREATE TABLE contracts (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    document JSONB DEFAULT '{}' NOT NULL,
    digest VARCHAR NOT NULL,
    CONSTRAINT pk_contracts PRIMARY KEY (id),
    CONSTRAINT uq_contracts_code UNIQUE (code)
);

CREATE TABLE organisations (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    siret VARCHAR NOT NULL,
    rna VARCHAR,
    name TEXT DEFAULT '' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    language TEXT DEFAULT 'fr' NOT NULL,
    CONSTRAINT pk_organisations PRIMARY KEY (id),
    CONSTRAINT uq_organisations_siret UNIQUE (siret)
);

CREATE TABLE calls (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    instrument VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    opens_on DATE NOT NULL,
    closes_on DATE,
    silent BOOLEAN DEFAULT 'false' NOT NULL,
    document JSONB DEFAULT '{}' NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    last_number INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_calls PRIMARY KEY (id),
    CONSTRAINT uq_calls_contract_id_code UNIQUE (contract_id, code),
    CONSTRAINT ck_calls_instrument CHECK (instrument IN ('agreement', 'annual', 'specific')),
    CONSTRAINT fk_calls_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
);

CREATE TABLE challenges (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    CONSTRAINT pk_challenges PRIMARY KEY (id),
    CONSTRAINT uq_challenges_contract_id_code UNIQUE (contract_id, code),
    CONSTRAINT fk_challenges_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
);

CREATE TABLE committees (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    held_on DATE NOT NULL,
    covers_all BOOLEAN DEFAULT 'false' NOT NULL,
    capacity INTEGER,
    agenda_open BOOLEAN DEFAULT 'true' NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE,
    quorate BOOLEAN DEFAULT 'false' NOT NULL,
    recusals_recorded BOOLEAN DEFAULT 'false' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_committees PRIMARY KEY (id),
    CONSTRAINT uq_committees_contract_id_code_held_on UNIQUE (contract_id, code, held_on),
    CONSTRAINT ck_committees_kind CHECK (kind IN ('technical', 'steering')),
    CONSTRAINT fk_committees_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
);

CREATE TABLE funders (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind TEXT DEFAULT 'other' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    asks_opinion BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_funders PRIMARY KEY (id),
    CONSTRAINT uq_funders_contract_id_code UNIQUE (contract_id, code),
    CONSTRAINT fk_funders_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
);

CREATE TABLE neighbourhoods (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    commune TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_neighbourhoods PRIMARY KEY (id),
    CONSTRAINT uq_neighbourhoods_contract_id_code UNIQUE (contract_id, code),
    CONSTRAINT fk_neighbourhoods_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id)
);

CREATE TABLE committee_neighbourhoods (
    committee_id BIGINT NOT NULL,
    neighbourhood_id BIGINT NOT NULL,
    CONSTRAINT pk_committee_neighbourhoods PRIMARY KEY (committee_id, neighbourhood_id),
    CONSTRAINT fk_committee_neighbourhoods_committee_id FOREIGN KEY(committee_id) REFERENCES committees (id) ON DELETE CASCADE,
    CONSTRAINT fk_committee_neighbourhoods_neighbourhood_id FOREIGN KEY(neighbourhood_id) REFERENCES neighbourhoods (id)
);

CREATE TABLE envelopes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    funder_id BIGINT NOT NULL,
    call_id BIGINT NOT NULL,
    year INTEGER NOT NULL,
    neighbourhood_id BIGINT,
    challenge_id BIGINT,
    total_cents BIGINT DEFAULT '0' NOT NULL,
    committed_cents BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_envelopes PRIMARY KEY (id),
    CONSTRAINT uq_envelopes_scope UNIQUE NULLS NOT DISTINCT (funder_id, call_id, year, neighbourhood_id, challenge_id),
    CONSTRAINT ck_envelopes_never_over CHECK (committed_cents BETWEEN 0 AND total_cents),
    CONSTRAINT fk_envelopes_funder_id FOREIGN KEY(funder_id) REFERENCES funders (id),
    CONSTRAINT fk_envelopes_call_id FOREIGN KEY(call_id) REFERENCES calls (id),
    CONSTRAINT fk_envelopes_neighbourhood_id FOREIGN KEY(neighbourhood_id) REFERENCES neighbourhoods (id),
    CONSTRAINT fk_envelopes_challenge_id FOREIGN KEY(challenge_id) REFERENCES challenges (id)
);

CREATE TABLE letter_templates (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    call_id BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    body_text TEXT DEFAULT '' NOT NULL,
    body_html TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_letter_templates PRIMARY KEY (id),
    CONSTRAINT uq_letter_templates_call_id_name_language UNIQUE (call_id, name, language),
    CONSTRAINT fk_letter_templates_call_id FOREIGN KEY(call_id) REFERENCES calls (id)
);

CREATE TABLE people (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    contract_id BIGINT NOT NULL,
    email VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    funder_id BIGINT,
    language TEXT DEFAULT 'fr' NOT NULL,
    delivery TEXT DEFAULT 'immediate' NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (id),
    CONSTRAINT uq_people_contract_id_email UNIQUE (contract_id, email),
    CONSTRAINT ck_people_role CHECK (role IN (
        'applicant', 'instructor', 'funder', 'member', 'secretary', 'manager', 'finance', 'administrator',
        'importer', 'clock', 'dispatcher')),
    CONSTRAINT ck_people_delivery CHECK (delivery IN ('immediate', 'digest')),
    CONSTRAINT fk_people_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_people_funder_id FOREIGN KEY(funder_id) REFERENCES funders (id)
);

CREATE INDEX ix_people_funder_id ON people (funder_id);

CREATE TABLE waves (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    call_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    closes_new_on DATE NOT NULL,
    closes_renewal_on DATE NOT NULL,
    decides_on DATE,
    CONSTRAINT pk_waves PRIMARY KEY (id),
    CONSTRAINT uq_waves_call_id_code UNIQUE (call_id, code),
    CONSTRAINT fk_waves_call_id FOREIGN KEY(call_id) REFERENCES calls (id)
);

CREATE TABLE cases (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    call_id BIGINT NOT NULL,
    wave_id BIGINT,
    organisation_id BIGINT NOT NULL,
    instructor_id BIGINT,
    reference VARCHAR NOT NULL,
    external_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    stage TEXT DEFAULT 'draft' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    journal_head BYTEA DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000'::bytea NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entered_version INTEGER DEFAULT '0' NOT NULL,
    title VARCHAR NOT NULL,
    summary TEXT DEFAULT '' NOT NULL,
    nature TEXT DEFAULT 'new' NOT NULL,
    starts_on DATE,
    ends_on DATE,
    requested_cents BIGINT DEFAULT '0' NOT NULL,
    total_cost_cents BIGINT DEFAULT '0' NOT NULL,
    beneficiaries INTEGER,
    qpv_share_percent INTEGER,
    contact JSONB DEFAULT '{}' NOT NULL,
    deposited_on DATE,
    eligibility_checked BOOLEAN DEFAULT 'false' NOT NULL,
    score INTEGER,
    assessment JSONB DEFAULT '{}' NOT NULL,
    opinions_due_at TIMESTAMP WITH TIME ZONE,
    reply_by DATE,
    clock_started_on DATE,
    clock_paused_on DATE,
    clock_paused_days INTEGER DEFAULT '0' NOT NULL,
    committee_id BIGINT,
    decided_on DATE,
    report_due_on DATE,
    report_received_on DATE,
    report_accepted BOOLEAN DEFAULT 'false' NOT NULL,
    balance_settled BOOLEAN DEFAULT 'false' NOT NULL,
    notice_expires_on DATE,
    not_carried_out BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_cases PRIMARY KEY (id),
    CONSTRAINT uq_cases_call_id_external_id UNIQUE (call_id, external_id),
    CONSTRAINT ck_cases_stage CHECK (stage IN (
        'draft', 'submitted', 'incomplete', 'instructed', 'committee', 'funded', 'evaluated', 'ineligible',
        'lapsed', 'rejected', 'withdrawn', 'reclaimed')),
    CONSTRAINT ck_cases_nature CHECK (nature IN ('new', 'renewal')),
    CONSTRAINT ck_cases_amounts CHECK (requested_cents >= 0 AND total_cost_cents >= 0),
    CONSTRAINT fk_cases_call_id FOREIGN KEY(call_id) REFERENCES calls (id),
    CONSTRAINT fk_cases_wave_id FOREIGN KEY(wave_id) REFERENCES waves (id),
    CONSTRAINT fk_cases_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT fk_cases_instructor_id FOREIGN KEY(instructor_id) REFERENCES people (id),
    CONSTRAINT uq_cases_reference UNIQUE (reference),
    CONSTRAINT fk_cases_committee_id FOREIGN KEY(committee_id) REFERENCES committees (id)
);

CREATE INDEX ix_cases_call_id ON cases (call_id);

CREATE INDEX ix_cases_committee_id ON cases (committee_id);

CREATE INDEX ix_cases_organisation_id ON cases (organisation_id);

CREATE INDEX ix_cases_stage_instructor ON cases (stage, instructor_id);

CREATE TABLE anchor_heads (
    anchor_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_anchor_heads PRIMARY KEY (anchor_id, case_id),
    CONSTRAINT fk_anchor_heads_anchor_id FOREIGN KEY(anchor_id) REFERENCES anchors (id),
    CONSTRAINT fk_anchor_heads_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE budget_lines (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    side VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    label TEXT DEFAULT '' NOT NULL,
    amount_cents BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_budget_lines PRIMARY KEY (id),
    CONSTRAINT ck_budget_lines_side CHECK (side IN ('charge', 'produit')),
    CONSTRAINT fk_budget_lines_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);

CREATE INDEX ix_budget_lines_case_id ON budget_lines (case_id);

CREATE TABLE case_challenges (
    case_id BIGINT NOT NULL,
    challenge_id BIGINT NOT NULL,
    CONSTRAINT pk_case_challenges PRIMARY KEY (case_id, challenge_id),
    CONSTRAINT fk_case_challenges_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_case_challenges_challenge_id FOREIGN KEY(challenge_id) REFERENCES challenges (id)
);

CREATE TABLE case_neighbourhoods (
    case_id BIGINT NOT NULL,
    neighbourhood_id BIGINT NOT NULL,
    CONSTRAINT pk_case_neighbourhoods PRIMARY KEY (case_id, neighbourhood_id),
    CONSTRAINT fk_case_neighbourhoods_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_case_neighbourhoods_neighbourhood_id FOREIGN KEY(neighbourhood_id) REFERENCES neighbourhoods (id)
);

CREATE TABLE documents (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    required BOOLEAN DEFAULT 'true' NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_documents PRIMARY KEY (id),
    CONSTRAINT uq_documents_case_id_code UNIQUE (case_id, code),
    CONSTRAINT fk_documents_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);

CREATE TABLE fundings (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    funder_id BIGINT NOT NULL,
    requested_cents BIGINT DEFAULT '0' NOT NULL,
    opinion_asked_at TIMESTAMP WITH TIME ZONE,
    opinion VARCHAR,
    opinion_at TIMESTAMP WITH TIME ZONE,
    opinion_comment TEXT DEFAULT '' NOT NULL,
    proposed_cents BIGINT,
    granted_cents BIGINT,
    portal TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_fundings PRIMARY KEY (id),
    CONSTRAINT uq_fundings_case_id_funder_id UNIQUE (case_id, funder_id),
    CONSTRAINT ck_fundings_opinion CHECK (opinion IN ('favourable', 'reserved', 'unfavourable')),
    CONSTRAINT ck_fundings_amounts CHECK (requested_cents >= 0 AND proposed_cents >= 0 AND granted_cents >= 0),
    CONSTRAINT fk_fundings_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_fundings_funder_id FOREIGN KEY(funder_id) REFERENCES funders (id)
);

CREATE INDEX ix_fundings_funder_id ON fundings (funder_id);

CREATE TABLE journal (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    details TEXT DEFAULT '{}' NOT NULL,
    idempotency_key VARCHAR,
    request_hash VARCHAR,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (id),
    CONSTRAINT uq_journal_case_id_seq UNIQUE (case_id, seq),
    CONSTRAINT fk_journal_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE UNIQUE INDEX uq_journal_idempotency_key ON journal (idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE ledger (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    envelope_id BIGINT NOT NULL,
    case_id BIGINT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    amount_cents BIGINT DEFAULT '0' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    key VARCHAR NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT fk_ledger_envelope_id FOREIGN KEY(envelope_id) REFERENCES envelopes (id),
    CONSTRAINT fk_ledger_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT uq_ledger_key UNIQUE (key)
);

CREATE INDEX ix_ledger_envelope_id ON ledger (envelope_id);

CREATE TABLE letters (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT,
    contract_id BIGINT,
    rule VARCHAR NOT NULL,
    occurrence VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    template VARCHAR NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    owed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    stage TEXT DEFAULT 'owed' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    digest BOOLEAN DEFAULT 'false' NOT NULL,
    rendered_at TIMESTAMP WITH TIME ZONE,
    address VARCHAR,
    name VARCHAR,
    language VARCHAR,
    subject VARCHAR,
    body_text VARCHAR,
    body_html VARCHAR,
    template_fingerprint VARCHAR,
    message_id VARCHAR,
    attempts INTEGER DEFAULT '0' NOT NULL,
    claimed_by VARCHAR,
    lease_until TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    last_error VARCHAR,
    note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_letters PRIMARY KEY (id),
    CONSTRAINT uq_letters_case_id_rule_occurrence_recipient UNIQUE NULLS NOT DISTINCT (case_id, rule, occurrence, recipient),
    CONSTRAINT ck_letters_stage CHECK (stage IN ('owed', 'sending', 'sent', 'failed', 'gathered', 'dropped')),
    CONSTRAINT ck_letters_rendered_before_sending CHECK (stage NOT IN ('sending', 'sent') OR rendered_at IS NOT NULL),
    CONSTRAINT fk_letters_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT fk_letters_contract_id FOREIGN KEY(contract_id) REFERENCES contracts (id),
    CONSTRAINT uq_letters_message_id UNIQUE (message_id)
);

CREATE INDEX ix_letters_case ON letters (case_id);

CREATE INDEX ix_letters_digest ON letters (id) WHERE stage = 'owed' AND digest;

CREATE INDEX ix_letters_failed ON letters (id) WHERE stage = 'failed';

CREATE INDEX ix_letters_owed ON letters (not_before, id) WHERE stage = 'owed' AND NOT digest;

CREATE INDEX ix_letters_sending ON letters (lease_until) WHERE stage = 'sending';

CREATE TABLE partners (
    case_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    requested_cents BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_partners PRIMARY KEY (case_id, organisation_id),
    CONSTRAINT fk_partners_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT fk_partners_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);

CREATE TABLE portal_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    by TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_portal_events PRIMARY KEY (id),
    CONSTRAINT uq_portal_events_case_id_position UNIQUE (case_id, position),
    CONSTRAINT fk_portal_events_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);

CREATE TABLE tasks (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key VARCHAR NOT NULL,
    case_id BIGINT,
    kind VARCHAR NOT NULL,
    recipient TEXT DEFAULT 'instructor' NOT NULL,
    title_fr VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_tasks PRIMARY KEY (id),
    CONSTRAINT uq_tasks_key UNIQUE (key),
    CONSTRAINT fk_tasks_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_tasks_open ON tasks (case_id) WHERE done_at IS NULL;

CREATE TABLE timers (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    occurrence VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    period TEXT DEFAULT 'stage' NOT NULL,
    action VARCHAR,
    template VARCHAR,
    recipient VARCHAR,
    deadline DATE,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    settled_at TIMESTAMP WITH TIME ZONE,
    outcome VARCHAR,
    note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_timers PRIMARY KEY (id),
    CONSTRAINT uq_timers_case_id_rule_occurrence UNIQUE (case_id, rule, occurrence),
    CONSTRAINT ck_timers_kind CHECK (kind IN ('move', 'reminder', 'escalation')),
    CONSTRAINT ck_timers_outcome CHECK (outcome IN ('fired', 'superseded', 'cancelled', 'declined', 'refused')),
    CONSTRAINT ck_timers_period CHECK (period IN ('stage', 'clock')),
    CONSTRAINT fk_timers_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);

CREATE INDEX ix_timers_open_case ON timers (case_id) WHERE settled_at IS NULL;

CREATE INDEX ix_timers_open_due ON timers (due_at, case_id) WHERE settled_at IS NULL;
