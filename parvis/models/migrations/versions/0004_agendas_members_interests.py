"""Agendas, members and interests: what a sitting is made of.

Cases that are on an agenda, or were decided there, get their line of it, in the order they came.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE committees
    ADD COLUMN planned_on DATE,
    ADD COLUMN starts_at TIME WITHOUT TIME ZONE DEFAULT '14:30' NOT NULL,
    ADD COLUMN room TEXT DEFAULT '' NOT NULL,
    ADD COLUMN video_url TEXT DEFAULT '' NOT NULL,
    ADD COLUMN takes_several BOOLEAN DEFAULT 'false' NOT NULL,
    ADD COLUMN lead_days INTEGER DEFAULT '5' NOT NULL,
    ADD COLUMN summons_days INTEGER DEFAULT '10' NOT NULL,
    ADD COLUMN quorum_percent INTEGER DEFAULT '50' NOT NULL,
    ADD COLUMN agenda_closed_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN cancelled_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN closed_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ck_committees_quorum CHECK (quorum_percent BETWEEN 0 AND 100),
    ADD CONSTRAINT ck_committees_clear_days CHECK (lead_days >= 0 AND summons_days >= 0),
    ADD CONSTRAINT ck_committees_cancelled_or_held CHECK (cancelled_at IS NULL OR held_at IS NULL);

UPDATE committees SET planned_on = held_on;

CREATE TABLE committee_members (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    committee_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    role VARCHAR NOT NULL,
    substitute_for BIGINT,
    votes BOOLEAN DEFAULT 'true' NOT NULL,
    attendance TEXT DEFAULT 'unknown' NOT NULL,
    invited_at TIMESTAMP WITH TIME ZONE,
    invited_as TEXT DEFAULT '' NOT NULL,
    invitation_sequence INTEGER DEFAULT '0' NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_committee_members PRIMARY KEY (id),
    CONSTRAINT uq_committee_members_committee_id_person_id UNIQUE (committee_id, person_id),
    CONSTRAINT ck_committee_members_role
        CHECK (role IN ('chair', 'elected', 'funder', 'resident', 'expert', 'substitute')),
    CONSTRAINT ck_committee_members_attendance CHECK (attendance IN ('unknown', 'present', 'excused', 'absent')),
    CONSTRAINT ck_committee_members_stands_in CHECK ((role = 'substitute') = (substitute_for IS NOT NULL)),
    CONSTRAINT fk_committee_members_committee_id
        FOREIGN KEY (committee_id) REFERENCES committees (id) ON DELETE CASCADE,
    CONSTRAINT fk_committee_members_person_id FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT fk_committee_members_substitute_for FOREIGN KEY (substitute_for) REFERENCES committee_members (id)
);
CREATE INDEX ix_committee_members_person_id ON committee_members (person_id);

CREATE TABLE agenda_items (
    committee_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    origin TEXT DEFAULT 'hand' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_agenda_items PRIMARY KEY (committee_id, case_id),
    CONSTRAINT ck_agenda_items_origin CHECK (origin IN ('wave', 'hand', 'carried', 'recommended')),
    CONSTRAINT fk_agenda_items_committee_id FOREIGN KEY (committee_id) REFERENCES committees (id),
    CONSTRAINT fk_agenda_items_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_agenda_items_case_id ON agenda_items (case_id) WHERE left_at IS NULL;

INSERT INTO agenda_items (committee_id, case_id, position, added_at)
SELECT committee_id, id, row_number() OVER (PARTITION BY committee_id ORDER BY id), entered_at
  FROM cases WHERE committee_id IS NOT NULL;

CREATE TABLE interests (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    ground VARCHAR NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    status TEXT DEFAULT 'proposed' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by VARCHAR NOT NULL,
    CONSTRAINT pk_interests PRIMARY KEY (id),
    CONSTRAINT uq_interests_person_id_case_id UNIQUE (person_id, case_id),
    CONSTRAINT ck_interests_ground CHECK (ground IN ('declared', 'organisation', 'address', 'leader')),
    CONSTRAINT ck_interests_status CHECK (status IN ('proposed', 'confirmed', 'dismissed')),
    CONSTRAINT ck_interests_dismissed_with_a_reason CHECK (status <> 'dismissed' OR reason <> ''),
    CONSTRAINT fk_interests_person_id FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT fk_interests_case_id FOREIGN KEY (case_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE INDEX ix_interests_recused ON interests (case_id, person_id) WHERE status <> 'dismissed';
"""

DOWN = """
DROP TABLE interests;
DROP TABLE agenda_items;
DROP TABLE committee_members;
ALTER TABLE committees
    DROP CONSTRAINT ck_committees_cancelled_or_held,
    DROP CONSTRAINT ck_committees_clear_days,
    DROP CONSTRAINT ck_committees_quorum,
    DROP COLUMN closed_at,
    DROP COLUMN cancelled_at,
    DROP COLUMN agenda_closed_at,
    DROP COLUMN quorum_percent,
    DROP COLUMN summons_days,
    DROP COLUMN lead_days,
    DROP COLUMN takes_several,
    DROP COLUMN video_url,
    DROP COLUMN room,
    DROP COLUMN starts_at,
    DROP COLUMN planned_on;
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql(DOWN)
