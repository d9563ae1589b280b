"""Stored files: what each is, whose it is, and the SHA-256 its bytes are kept under."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlalchemy import text as sql
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    identity,
    instant,
    one_of,
    optional_instant,
    optional_reference,
)
from parvis.states.files import FileKind, MediaType


class FileRow(Row, table=True):
    """A file of a case, a sitting or an agreement. Its bytes stand in the data folder, under `sha256`, before it.

    `key` makes a made document owed once; `removed_at` takes a file off its case and keeps the trace;
    since `erased_at` its name and its bytes are gone, but for those another file shares.
    """

    __tablename__ = "files"
    __table_args__ = (
        one_of("kind", FileKind),
        one_of("media_type", MediaType),
        CheckConstraint("num_nonnulls(case_id, committee_id, agreement_id) = 1", name="one_subject"),
        CheckConstraint("size > 0 AND octet_length(sha256) = 32", name="content"),
        Index("ix_files_case", "case_id", postgresql_where=sql("removed_at IS NULL")),
        Index("ix_files_committee", "committee_id", postgresql_where=sql("removed_at IS NULL")),
        Index(
            "uq_files_name", "case_id", "committee_id", "agreement_id", "name", unique=True,
            postgresql_nulls_not_distinct=True, postgresql_where=sql("removed_at IS NULL"),
        ),
        Index(
            "ix_files_agreement", "agreement_id",
            postgresql_where=sql("removed_at IS NULL AND agreement_id IS NOT NULL"),
        ),
        Index("ix_files_sha256", "sha256"),
        Index("ix_files_erased", "sha256", postgresql_where=sql("erased_at IS NOT NULL")),
    )  # fmt: skip

    id: int = identity()
    case_id: int | None = optional_reference("cases")
    committee_id: int | None = optional_reference("committees")
    agreement_id: int | None = optional_reference("agreements")
    kind: str
    document_code: str | None = None
    name: str
    media_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: bytes = Field(sa_type=LargeBinary)
    key: str | None = Field(default=None, unique=True)
    added_at: Any = instant()
    added_by: str
    removed_at: Any = optional_instant()
    erased_at: Any = optional_instant()
    signed_on: date | None = None
