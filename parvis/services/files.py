"""Stored files: taken in whole or refused, listed, read back, attached to a case and to its check-list."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parvis.models.queries import files as queries
from parvis.models.queries.case_parts import read_documents
from parvis.models.queries.cases import is_anonymised
from parvis.models.queries.files import FileLine, NewFile, find_file, list_files
from parvis.models.queries.recusals import may_see
from parvis.models.session import Session
from parvis.services import file_problems as problems
from parvis.services import file_store
from parvis.services.advance import advance
from parvis.services.antivirus import scan
from parvis.services.file_contents import sniff
from parvis.services.file_names import clean_name, free_name, promised_type
from parvis.services.file_problems import FileRefusedError, LostFileError, NoSuchFileError
from parvis.services.people import UnknownNameError
from parvis.services.settings import Settings
from parvis.states.facts import By, Given
from parvis.states.fields import shortened
from parvis.states.files import EXTENSIONS, FileKind, MediaType
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, Reason

__all__ = [
    "Checked", "FileLine", "FileRefusedError", "LostFileError", "NoSuchFileError", "Shelf", "Subject", "attach",
    "checked", "find_file", "find_named", "keep_made", "list_files", "list_seen_by", "read", "remove", "shelf",
]  # fmt: skip

MEGABYTE = 1_000_000
ATTACH = "attach"
_MAY_ATTACH = frozenset(Role) - {Role.FUNDER, Role.MEMBER, Role.CLOCK, Role.DISPATCHER}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files are kept, the most one may weigh, and the antivirus that looks at what comes in."""

    folder: Path
    most_bytes: int = 20 * MEGABYTE
    antivirus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a file belongs to: a case, a sitting, or an agreement."""

    case_id: int | None = None
    committee_id: int | None = None
    agreement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file somebody sent, that the antivirus and the rules let in; only `checked` makes one."""

    name: str
    media_type: MediaType
    content: bytes


def shelf(settings: Settings) -> Shelf:
    """The shelf of this installation."""
    return Shelf(settings.files, settings.file_megabytes * MEGABYTE, settings.antivirus)


def attach(
    session: Session, kept: Shelf, case_id: int, file: Checked, *, by: By, at: datetime, document: str | None = None,
) -> FileLine:  # fmt: skip
    """Attach a file to a case; with the code of a `document` of its check-list, record that one as received.

    The bytes are on the disk before the row is written. The same file for the same document is attached once.

    Raises:
        FileRefusedError: the case takes no file in; its sentence says why and what to do.
        UnknownNameError: the check-list has no such document.
        MoveRefusedError: this role attaches nothing, or the case no longer receives documents while this one was
            still awaited.
    """
    _check_role(by)
    if is_anonymised(session, case_id):
        raise FileRefusedError("anonymised", problems.ANONYMISED)
    awaited = _is_awaited(session, case_id, document) if document else False
    sha256 = file_store.keep(kept.folder, file.content)
    queries.hold_subject(session, case_id=case_id, committee_id=None)
    there = list_files(session, case_ids=[case_id])
    same = [line for line in there if line.sha256 == sha256 and line.document_code == document]
    line = same[0] if same else queries.insert_file(session, NewFile(
        case_id, None, FileKind.ATTACHMENT, document, free_name(file.name, frozenset(each.name for each in there)),
        file.media_type, len(file.content), sha256, None, at, by.actor,
    ))  # fmt: skip
    if awaited and document:
        advance(session, case_id, Action.RECEIVE_DOCUMENTS, by=by, at=at, given=Given(documents=(document,)))
    return line


def keep_made(
    session: Session, kept: Shelf, of: Subject, *,
    kind: FileKind, name: str, content: bytes | Path, by: By, at: datetime, key: str | None = None,
) -> FileLine:  # fmt: skip
    """Keep a document Parvis made, of a case or of a sitting. With a `key`, one that was made already is answered.

    A path is of a file made in the shelf's workshop (`file_store.workshop`), which is moved, not copied.
    """
    if key and (made := queries.file_of_key(session, key)):
        return made
    if isinstance(content, bytes):
        size, sha256 = len(content), file_store.keep(kept.folder, content)
    else:
        size, sha256 = content.stat().st_size, file_store.adopt(kept.folder, content)
    queries.hold_subject(session, case_id=of.case_id, committee_id=of.committee_id)
    if key and (made := queries.file_of_key(session, key)):
        return made  # another process made it while this one waited
    there = _of(session, of)
    named = clean_name(name)
    return queries.insert_file(session, NewFile(
        of.case_id, of.committee_id, kind, None, free_name(named, frozenset(each.name for each in there)),
        promised_type(named), size, sha256, key, at, by.actor,
    ))  # fmt: skip


def read(kept: Shelf, line: FileLine) -> bytes:
    """The bytes of a file, the very ones that were kept.

    Raises:
        LostFileError: they are gone, or were changed.
    """
    return file_store.read(kept.folder, line.sha256, name=line.name)


def find_named(session: Session, of: Subject, name: str) -> FileLine:
    """The file of this name, whatever its case.

    Raises:
        NoSuchFileError: there is none.
    """
    there = _of(session, of)
    for line in there:
        if line.name.casefold() == name.strip().casefold():
            return line
    raise NoSuchFileError(name, tuple(line.name for line in there))


def list_seen_by(session: Session, person_id: int, case_id: int) -> list[FileLine]:
    """The files of a case that a member of its committee sees: none of a case hidden from them (CGCT L2131-11)."""
    return list_files(session, case_ids=[case_id]) if may_see(session, person_id, case_id) else []


def remove(session: Session, line: FileLine, *, by: By, at: datetime) -> bool:
    """Take an attachment off its case, for example another association's; its bytes and its row stay as a trace.

    Raises:
        FileRefusedError: Parvis made it: such a document stays.
        MoveRefusedError: this role takes nothing off.
    """
    _check_role(by)
    if line.kind != FileKind.ATTACHMENT:
        raise FileRefusedError("file_made", problems.MADE.fill(name=line.name))
    return queries.remove_file(session, line.id, at=at)


def _of(session: Session, of: Subject) -> list[FileLine]:
    return list_files(
        session, case_ids=[of.case_id] if of.case_id else [], committee_id=of.committee_id,
        agreement_id=of.agreement_id,
    )  # fmt: skip


def _check_role(by: By) -> None:
    if by.role not in _MAY_ATTACH:
        raise MoveRefusedError(ATTACH, (Reason("role", problems.ROLE),))


def checked(kept: Shelf, name: str, content: bytes | Path) -> Checked:
    """A file somebody sends, as it is kept; to be called before a transaction opens: the antivirus takes its time.

    Raises:
        FileRefusedError: the file is not taken in; its sentence says why and what to do.
    """
    named = clean_name(name)
    shown = shortened(named, 80)
    data = _bytes(content, kept.most_bytes)
    if not data:
        raise FileRefusedError("file_empty", problems.EMPTY.fill(name=shown))
    if len(data) > kept.most_bytes:
        limit = kept.most_bytes // MEGABYTE
        raise FileRefusedError("file_too_large", problems.TOO_LARGE.fill(name=shown, limit=limit))
    scan(kept.antivirus, shown, data)
    found = sniff(shown, data)
    if found != promised_type(named):
        kinds = next(ending.upper() for ending, kind in EXTENSIONS.items() if kind == found)
        raise FileRefusedError("file_type", problems.OTHER_TYPE.fill(name=shown, found=kinds))
    return Checked(named, found, data)


def _bytes(content: bytes | Path, most: int) -> bytes:
    """The content, or one byte too many of it: a file larger than allowed is never read whole."""
    if isinstance(content, bytes):
        return content
    with content.open("rb") as file:
        return file.read(most + 1)


def _is_awaited(session: Session, case_id: int, document: str) -> bool:
    lines = {line.code: line for line in read_documents(session, case_id)}
    if document not in lines:
        raise UnknownNameError("document", document, list(lines))
    return lines[document].received_at is None
