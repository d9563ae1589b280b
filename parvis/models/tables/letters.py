"""The outbox: letters owed, rendered once, sent; and the tasks people owe."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    document,
    flag,
    identity,
    instant,
    number,
    one_of,
    optional_instant,
    optional_reference,
    reference,
    text,
)
from parvis.states.letter_table import LetterStage


class LetterRow(Row, table=True):
    """A letter. Owed with its facts (`data`); the text is written once, before the first sending, and never again."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "occurrence", "recipient", postgresql_nulls_not_distinct=True),
        one_of("stage", LetterStage),
        CheckConstraint(
            "stage NOT IN ('sending', 'sent') OR rendered_at IS NOT NULL", name="rendered_before_sending"
        ),
        Index("ix_letters_owed", "not_before", "id", postgresql_where=sql("stage = 'owed' AND NOT digest")),
        Index("ix_letters_digest", "id", postgresql_where=sql("stage = 'owed' AND digest")),
        Index("ix_letters_sending", "lease_until", postgresql_where=sql("stage = 'sending'")),
        Index("ix_letters_failed", "id", postgresql_where=sql("stage = 'failed'")),
        Index("ix_letters_case", "case_id"),
        Index("ix_letters_contract", "contract_id", "id", postgresql_where=sql("contract_id IS NOT NULL")),
        Index("ix_letters_agreement", "agreement_id", postgresql_where=sql("agreement_id IS NOT NULL")),
    )

    id: int = identity()
    case_id: int | None = optional_reference("cases")
    contract_id: int | None = optional_reference("contracts")
    agreement_id: int | None = optional_reference("agreements")
    rule: str
    occurrence: str
    recipient: str
    template: str
    data: dict[str, Any] = document()
    enclosures: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    owed_at: Any = instant()
    not_before: Any = instant()
    stage: str = text(LetterStage.OWED)
    version: int = number()
    digest: bool = flag()
    # written at rendering
    rendered_at: Any = optional_instant()
    address: str | None = None
    name: str | None = None
    language: str | None = None
    subject: str | None = None
    body_text: str | None = None
    body_html: str | None = None
    template_fingerprint: str | None = None
    message_id: str | None = Field(default=None, unique=True)
    # sending
    attempts: int = number()
    claimed_by: str | None = None
    lease_until: Any = optional_instant()
    sent_at: Any = optional_instant()
    last_error: str | None = None
    note: str = text()


class Task(Row, table=True):
    """Something a person has to do that no move says, for example to call an association whose address refuses mail."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, contract_id) > 0", name="about_something"),
        Index("ix_tasks_open", "case_id", postgresql_where=sql("done_at IS NULL")),
    )

    id: int = identity()
    key: str = Field(unique=True)
    case_id: int | None = optional_reference("cases")
    contract_id: int | None = optional_reference("contracts")
    kind: str
    recipient: str = text("instructor")
    title_fr: str
    title_en: str
    opened_at: Any = instant()
    done_at: Any = optional_instant()


class LetterTemplate(Row, table=True):
    """A call's own template of one letter in one language, checked when it was kept."""

    __tablename__ = "letter_templates"
    __table_args__ = (UniqueConstraint("call_id", "name", "language"),)

    id: int = identity()
    call_id: int = reference("calls")
    name: str
    language: str
    subject: str = text()
    body_text: str = text()
    body_html: str = text()
