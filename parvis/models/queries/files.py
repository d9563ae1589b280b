"""Stored files as the database knows them: written, listed, found by name; their bytes are elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a case, a sitting or an agreement. `sha256` names its bytes; `removed_at` is set once taken off."""

    id: int
    case_id: int | None
    committee_id: int | None
    agreement_id: int | None
    kind: str
    document_code: str | None
    name: str
    media_type: str
    size: int
    sha256: bytes
    added_at: datetime
    added_by: str
    removed_at: datetime | None
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A row about to be written; exactly one of `case_id`, `committee_id` and `agreement_id` is set."""

    case_id: int | None
    committee_id: int | None
    kind: str
    document_code: str | None
    name: str
    media_type: str
    size: int
    sha256: bytes
    key: str | None
    added_at: datetime
    added_by: str
    agreement_id: int | None = None
    signed_on: date | None = None


_COLUMNS = """
f.id, f.case_id, f.committee_id, f.agreement_id, f.kind, f.document_code, f.name, f.media_type, f.size, f.sha256,
f.added_at, f.added_by, f.removed_at, f.signed_on
"""


def hold_subject(session: Session, *, case_id: int | None, committee_id: int | None) -> None:
    """Let one transaction at a time name files of this case or sitting, until its end."""
    table, subject = ("cases", case_id) if case_id is not None else ("committees", committee_id)
    session.exec_driver_sql(f"SELECT FROM {table} WHERE id = %(id)s FOR NO KEY UPDATE", {"id": subject})


def insert_file(session: Session, new: NewFile) -> FileLine:
    """Write the row of a file whose bytes are kept already."""
    row = session.exec_driver_sql(
        f"""
        INSERT INTO files AS f (case_id, committee_id, agreement_id, kind, document_code, name, media_type, size,
                                sha256, key, added_at, added_by, signed_on)
        VALUES (%(case_id)s, %(committee_id)s, %(agreement_id)s, %(kind)s, %(document_code)s, %(name)s,
                %(media_type)s, %(size)s, %(sha256)s, %(key)s, %(at)s, %(by)s, %(signed_on)s)
        RETURNING {_COLUMNS}
        """,  # noqa: S608
        {"case_id": new.case_id, "committee_id": new.committee_id, "kind": new.kind,
         "document_code": new.document_code, "name": new.name, "media_type": new.media_type, "size": new.size,
         "sha256": new.sha256, "key": new.key, "at": new.added_at, "by": new.added_by,
         "agreement_id": new.agreement_id, "signed_on": new.signed_on},
    ).one()  # fmt: skip
    return FileLine(*row)


def list_files(
    session: Session,
    *,
    case_ids: Sequence[int] = (),
    committee_id: int | None = None,
    agreement_id: int | None = None,
    kind: str | None = None,
) -> list[FileLine]:
    """The files of these cases, sitting or agreement, in the order they came; those taken off are left out."""
    rows = select(
        session,
        f"""
        SELECT {_COLUMNS} FROM files f
         WHERE f.removed_at IS NULL AND (f.case_id = ANY(%(cases)s) OR f.committee_id = %(committee)s
                                         OR f.agreement_id = %(agreement)s)
           AND (%(kind)s::text IS NULL OR f.kind = %(kind)s::text)
         ORDER BY f.case_id, f.id
        """,  # noqa: S608
        {"cases": list(case_ids), "committee": committee_id, "agreement": agreement_id, "kind": kind},
    )
    return [FileLine(*row) for row in rows]


def agreement_files_of_case(session: Session, agreement_id: int) -> list[FileLine]:
    """The agreements made in the case that an agreement comes from."""
    rows = session.exec_driver_sql(
        f"""
        SELECT {_COLUMNS} FROM files f JOIN agreements a ON a.case_id = f.case_id
         WHERE a.id = %(id)s AND f.kind = 'agreement' AND f.removed_at IS NULL ORDER BY f.id
        """,  # noqa: S608
        {"id": agreement_id},
    )
    return [FileLine(*row) for row in rows]


def find_file(session: Session, file_id: int) -> FileLine | None:
    """The file of this number, taken off or not."""
    row = session.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM files f WHERE f.id = %(id)s",  # noqa: S608
        {"id": file_id},
    ).one_or_none()
    return FileLine(*row) if row else None


def file_of_key(session: Session, key: str) -> FileLine | None:
    """The document made under this key, if it was."""
    row = session.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM files f WHERE f.key = %(key)s",  # noqa: S608
        {"key": key},
    ).one_or_none()
    return FileLine(*row) if row else None


def remove_file(session: Session, file_id: int, *, at: datetime) -> bool:
    """Take a file off its case or sitting; False when it was off already."""
    removed = session.exec_driver_sql(
        "UPDATE files SET removed_at = %(at)s WHERE id = %(id)s AND removed_at IS NULL RETURNING id",
        {"id": file_id, "at": at},
    )
    return removed.one_or_none() is not None


def write_signature(session: Session, file_id: int, day: date) -> None:
    """Write the day a document was signed on."""
    session.exec_driver_sql(
        "UPDATE files SET signed_on = %(day)s WHERE id = %(id)s", {"id": file_id, "day": day}
    )


def known_hashes(session: Session) -> set[bytes]:
    """The SHA-256 of every file a row names, taken off or not."""
    return set(session.exec_driver_sql("SELECT DISTINCT sha256 FROM files").scalars())
