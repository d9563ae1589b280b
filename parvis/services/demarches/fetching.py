"""The files of dossiers, fetched one by one and looked at as any file somebody sends; what fails is fetched again."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import demarches as queries
from parvis.models.queries.demarches import OwedFile
from parvis.models.queries.dispatch import open_task
from parvis.models.session import Database, Session, savepoint
from parvis.services import file_problems
from parvis.services.demarches.asking import Platform
from parvis.services.demarches.failing import DemarcheError, Why
from parvis.services.demarches.shapes import Dossier
from parvis.services.demarches.taking import files_of
from parvis.services.demarches.work import IMPORTER, Work
from parvis.services.file_problems import FileRefusedError
from parvis.services.files import MEGABYTE, Checked, Shelf, attach, checked
from parvis.services.people import UnknownNameError
from parvis.states.demarches import FileState
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence

MOST_TRIES = 8
ASK_AGAIN = Sentence(
    "Le fichier « {name} » du dossier {reference} n’a pas été pris sur Démarche numérique ({why}) : le demander.",
    "File “{name}” of case {reference} was not taken from Démarche numérique ({why}): ask for it.",
)
GIVEN_UP = Sentence("il ne se télécharge pas", "it cannot be downloaded")


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many files were kept, refused, and are still owed."""

    kept: int = 0
    refused: int = 0
    owed: int = 0


def fetch(database: Database, kept: Shelf, platform: Platform, work: Work, at: datetime) -> Fetched:
    """Fetch the files of a call that are owed, each in its own transaction, outside of which it is downloaded.

    The platform gives addresses that last an hour: that of a file tried before is asked again.
    """
    with database.transaction() as session:
        owed = queries.owed_files(session, work.call_id, most_tries=MOST_TRIES)
    if stale := {file.number: file.case_id for file in owed if file.tries}:
        owed = _with_new_addresses(database, platform, work, stale, at)
    counts = dict.fromkeys(FileState, 0)
    for file in owed:
        counts[_one(database, kept, platform, file, at)] += 1
    return Fetched(counts[FileState.KEPT], counts[FileState.REFUSED], counts[FileState.OWED])


def _with_new_addresses(
    database: Database, platform: Platform, work: Work, stale: dict[int, int], at: datetime
) -> list[OwedFile]:
    for number, case_id in stale.items():
        try:
            dossier = Dossier.model_validate(platform.dossier(number))
        except (DemarcheError, ValueError):
            continue  # the file stays owed, with the address it had
        with database.transaction() as session:
            queries.owe_files(session, list(files_of(work, case_id, dossier)), at=at)
    with database.transaction() as session:
        return queries.owed_files(session, work.call_id, most_tries=MOST_TRIES)


def _one(database: Database, kept: Shelf, platform: Platform, file: OwedFile, at: datetime) -> FileState:
    try:
        content = checked(kept, file.filename, _content(platform, kept, file))
    except DemarcheError as error:
        state = FileState.REFUSED if file.tries + 1 >= MOST_TRIES else FileState.OWED
        return _settle(database, file, state, problem=error.sentence.fr, why=GIVEN_UP, at=at)
    except FileRefusedError as refused:
        return _settle(
            database, file, FileState.REFUSED, problem=refused.sentence.fr, why=refused.sentence, at=at
        )
    try:
        with database.transaction() as session:
            _attach(session, kept, file, content, at)
            queries.settle_file(session, file.id, FileState.KEPT, at=at)
    except FileRefusedError as refused:
        return _settle(
            database, file, FileState.REFUSED, problem=refused.sentence.fr, why=refused.sentence, at=at
        )
    return FileState.KEPT


def _content(platform: Platform, kept: Shelf, file: OwedFile) -> bytes:
    """The bytes there: of the size and the sum the platform told, and no larger than one may send here."""
    if file.byte_size > kept.most_bytes:
        limit = kept.most_bytes // MEGABYTE
        raise FileRefusedError(
            "file_too_large", file_problems.TOO_LARGE.fill(name=file.filename, limit=limit)
        )
    content = platform.caller.fetch(file.url, most_bytes=kept.most_bytes)
    found = b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    if file.checksum and found != file.checksum and len(content) <= kept.most_bytes:
        raise DemarcheError(Why.AWAY, "checksum")
    return content


def _attach(session: Session, kept: Shelf, file: OwedFile, content: Checked, at: datetime) -> None:
    """For its document where the case still takes it; else beside the others, for the officer to see."""
    try:
        with savepoint(session):
            attach(session, kept, file.case_id, content, by=IMPORTER, at=at, document=file.document or None)
    except (MoveRefusedError, UnknownNameError):
        attach(session, kept, file.case_id, content, by=IMPORTER, at=at)


def _settle(
    database: Database, file: OwedFile, state: FileState, *, problem: str, why: Sentence, at: datetime
) -> FileState:
    with database.transaction() as session:
        queries.settle_file(session, file.id, state, problem=problem, at=at)
        if state is FileState.REFUSED:
            title = ASK_AGAIN.fill(name=file.filename, reference=file.reference, why=why)
            open_task(
                session, key=f"demarche-file/{file.id}", case_id=file.case_id, kind="file", recipient="instructor",
                title_fr=title.fr, title_en=title.en, at=at,
            )  # fmt: skip
    return state
