"""The Word templates of a contract."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEMPLATES = """
CREATE TABLE docx_templates (
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract_id bigint NOT NULL,
    call_id bigint,
    kind varchar NOT NULL,
    version integer NOT NULL,
    name varchar NOT NULL,
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by varchar NOT NULL,
    CONSTRAINT pk_docx_templates PRIMARY KEY (id),
    CONSTRAINT uq_docx_templates_version UNIQUE NULLS NOT DISTINCT (contract_id, call_id, kind, version),
    CONSTRAINT fk_docx_templates_contract_id FOREIGN KEY (contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_docx_templates_call_id FOREIGN KEY (call_id) REFERENCES calls (id),
    CONSTRAINT ck_docx_templates_kind CHECK (
        kind IN ('grant_letter', 'refusal_letter', 'deferral_letter', 'grant_order', 'agreement')
    ),
    CONSTRAINT ck_docx_templates_size CHECK (octet_length(content) BETWEEN 1 AND 2000000)
)
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql(TEMPLATES)


def downgrade() -> None:
    """Take back."""
    op.drop_table("docx_templates")
