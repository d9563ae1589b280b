"""The Word templates of a contract, or of one of its calls: every version kept, the last one used."""

from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field

from parvis.models.tables.base import Row, identity, instant, one_of, optional_reference, reference

KINDS = ("grant_letter", "refusal_letter", "deferral_letter", "grant_order", "agreement")


class DocxTemplate(Row, table=True):
    """One version of a template; `call_id` is none for one that all calls of the contract use."""

    __tablename__ = "docx_templates"
    __table_args__ = (
        UniqueConstraint(
            "contract_id", "call_id", "kind", "version", name="uq_docx_templates_version",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("kind", KINDS),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 2000000", name="size"),
    )  # fmt: skip

    id: int = identity()
    contract_id: int = reference("contracts")
    call_id: int | None = optional_reference("calls")
    kind: str
    version: int
    name: str
    sha256: bytes = Field(sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)
    uploaded_at: Any = instant()
    uploaded_by: str
