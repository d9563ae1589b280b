"""The watched folder: each file claimed by one process, imported, put away with a report beside it.

A file is claimed by renaming it into `claimed/` and held there by a lock the kernel gives back when its process
dies, so that the next pass takes up what a killed one left. It ends in `done/` or `refused/`.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from parvis.models.queries.contracts import read_contract
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.tasks import finish_task_of
from parvis.models.session import Database
from parvis.services.deposits import Received
from parvis.services.imports.cells import Limits
from parvis.services.imports.problems import DepositFileError, Problem
from parvis.services.intake import import_file
from parvis.services.receipts import receipt
from parvis.states.words import Language, Sentence

CLAIMED, DONE, REFUSED = "claimed", "done", "refused"
SETTLED_FOR = timedelta(seconds=10)
"""A file written more recently may still be on its way; the next pass takes it."""

TO_CORRECT = Sentence(
    "Le fichier « {name} » du dossier surveillé est refusé : lire son rapport dans « refused », corriger, redéposer.",
    "The file “{name}” of the watched folder is refused: read its report in “refused”, correct it, put it back.",
)
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".swp")
_HIDDEN = (".", "~$")
_READY = ".new-"
"""Begins the name of a report that is written, its file not being put away yet."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one file: received, or refused for `problems`. `path` is where it is now."""

    name: str
    path: Path
    received: Received | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether its deposits are in."""
        return self.received is not None


def import_folder(
    database: Database, folder: Path, at: datetime, *,
    contract_code: str | None = None, language: str = Language.FR,
) -> list[Arrival]:  # fmt: skip
    """Import every file of `folder`, by name, each whole or not at all; several processes may do so at once.

    Files still being written, hidden or in a subfolder are left alone. Each is put away with a report in
    `language`. A database away, or without a contract, leaves the file claimed: the next pass takes it up.

    Raises:
        NoContractError: the database has no contract yet.
        OSError: the folder cannot be read or written.
    """
    for name in (CLAIMED, DONE, REFUSED):
        (folder / name).mkdir(parents=True, exist_ok=True)
    arrivals = []
    for claimed in _claims(folder, at):
        with _held(claimed) as file:
            if file is None:
                continue
            name = claimed.name.partition("-")[2]
            content = file.read(Limits().file_bytes + 1)
            received, problems = _import(database, contract_code, name, content, at)
            said = receipt(name, received, problems, at, language)
            _tell(database, contract_code, name, problems, at)
            path = _put_away(claimed, folder / (REFUSED if problems else DONE), name, said)
            arrivals.append(Arrival(name, path, received, problems))
    return arrivals


def _tell(
    database: Database, contract_code: str | None, name: str, problems: tuple[Problem, ...], at: datetime
) -> None:
    """A task for the manager about a file refused, done by itself once a file of this name is taken in.

    Said before the file is put away: one put away is not looked at again.
    """
    with database.transaction() as session:
        found, key = read_contract(session, contract_code), f"import/{name}"
        if not problems:
            finish_task_of(session, key, at=at)
        elif found is not None:
            said = TO_CORRECT.fill(name=name)
            open_task(
                session, key=key, case_id=None, contract_id=found[0], kind="import", recipient="manager",
                title_fr=said.fr, title_en=said.en, at=at,
            )  # fmt: skip


def _claims(folder: Path, at: datetime) -> Iterator[Path]:
    """Files left claimed by a process that died, then those of the folder, claimed one at a time."""
    yield from sorted((folder / CLAIMED).iterdir())
    for file in sorted(folder.iterdir()):
        if not _ready(file, at):
            continue
        claimed = folder / CLAIMED / f"{secrets.token_hex(4)}-{file.name}"
        try:
            file.rename(claimed)
        except FileNotFoundError:
            continue  # another process claimed it first
        yield claimed


def _ready(file: Path, at: datetime) -> bool:
    name = file.name.lower()
    if name.startswith(_HIDDEN) or name.endswith(_UNFINISHED) or file.is_symlink() or not file.is_file():
        return False
    try:
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return False
    return not at - SETTLED_FOR < written <= at


@contextmanager
def _held(claimed: Path) -> Iterator[BinaryIO | None]:
    """The claimed file, open and locked; None when another process has it, or has put it away."""
    try:
        file = claimed.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file if _still_there(claimed, file) else None


def _still_there(claimed: Path, file: BinaryIO) -> bool:
    try:
        return claimed.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False


def _import(
    database: Database, contract_code: str | None, name: str, content: bytes, at: datetime
) -> tuple[Received | None, tuple[Problem, ...]]:
    try:
        return import_file(database, contract_code, name, content, at), ()
    except DepositFileError as error:
        return None, error.problems


def _put_away(claimed: Path, folder: Path, name: str, said: str) -> Path:
    """Move the file, under its name or the next one free, its report beside it: both, or the next pass ends it."""
    with _alone(folder):
        path = _free(folder, name)
        ready = _ready_report(path)
        ready.write_text(said, encoding="utf-8")
        claimed.replace(path)
        ready.replace(_report(path))
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else puts away in `folder` meanwhile; what one that was killed had begun there is ended first."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        _end_begun(folder)
        yield
    finally:
        os.close(opened)


def _end_begun(folder: Path) -> None:
    """A report made ready goes beside its file, or goes away when its file never came: it is still claimed."""
    for ready in folder.glob(f"{_READY}*.txt"):
        path = folder / ready.name.removeprefix(_READY).removesuffix(".txt")
        if path.exists():
            ready.replace(_report(path))
        else:
            ready.unlink()


def _free(folder: Path, name: str) -> Path:
    """The first name that nothing in `folder` has, nor its report."""
    path, number = folder / name, 1
    while path.exists() or _report(path).exists():
        number += 1
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return path


def _report(path: Path) -> Path:
    return path.with_name(f"{path.name}.txt")


def _ready_report(path: Path) -> Path:
    return path.with_name(f"{_READY}{path.name}.txt")
