"""Copies of an installation: its database and the files beside it, in one folder that proves that it is whole."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from parvis.models import databases, dumps, migrate
from parvis.models.dumps import DumpError
from parvis.models.queries import restorations
from parvis.models.queries.overview import overview
from parvis.models.queries.snapshots import Snapshot, export
from parvis.models.session import Database
from parvis.services import anchor_files, journal
from parvis.services.settings import Settings
from parvis.services.wiring import Opened
from parvis.states.words import Sentence

DATABASE, MANIFEST, FILES, ANCHORS = "database.dump", "manifest.json", "files", "anchors"
Progress = Callable[[int, int], None]

EXISTS = Sentence(
    "« {folder} » existe déjà : choisir un autre dossier.",
    "“{folder}” exists already: choose another folder.",
)
NO_BACKUP = Sentence(
    "« {folder} » n’est pas une sauvegarde de Parvis : il y manque un « manifest.json » lisible.",
    "“{folder}” is no backup of Parvis: it lacks a readable “manifest.json”.",
)
CHANGED = Sentence(
    "« {file} » manque ou n’est plus ce qui a été sauvegardé : prendre une autre sauvegarde.",
    "“{file}” is missing or no longer what was saved: take another backup.",
)
UNREADABLE = Sentence(
    "PostgreSQL ne relit pas la base sauvegardée : prendre une autre sauvegarde ({said}).",
    "PostgreSQL cannot read the saved database: take another backup ({said}).",
)
NOT_MADE = Sentence(
    "PostgreSQL n’a pas pu copier la base : {said}", "PostgreSQL could not copy the database: {said}"
)
DIFFERS = Sentence(
    "La base relue ne contient pas ce que la sauvegarde annonce ({tables}) : rien n’a été remplacé.",
    "The database read back does not hold what the backup says ({tables}): nothing was replaced.",
)
BROKEN = Sentence(
    "Le journal de la sauvegarde n’est pas intact : rien n’a été remplacé. « parvis journal verify » dit où, sur une"
    " copie.",
    "The journal of the backup is not intact: nothing was replaced.",
)


class BackupError(Exception):
    """A backup cannot be made or used; nothing was changed."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: rows by table, the SHA-256 of each file by its path; `at` is the instant it shows."""

    parvis: str
    at: str
    revision: str
    rows: Mapping[str, int]
    sha256: Mapping[str, str]

    @property
    def instant(self) -> datetime:
        """The instant of the backup, aware."""
        return datetime.fromisoformat(self.at)


def back_up(
    opened: Opened, chosen: Settings, folder: Path, *, at: datetime, environment: Mapping[str, str],
    progress: Progress | None = None,
) -> Manifest:  # fmt: skip
    """Copy the database as it is at this instant, and the files beside it, to a new folder: whole or not at all.

    Parvis may run meanwhile. The key of bank details is not copied: it is kept elsewhere.

    Raises:
        BackupError: the folder exists, or PostgreSQL could not copy.
        OSError: the disk is full or cannot be written.
    """
    if folder.exists():
        raise BackupError(EXISTS.fill(folder=folder))
    making = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    making.mkdir(parents=True, mode=0o700)
    try:
        with opened.database.transaction() as session:
            snapshot = export(session)
            _dumped(opened.owner_url, making / DATABASE, snapshot, environment)
        for source, place in _beside(chosen, snapshot):
            _copy(source, making / place)
        manifest = _described(making, snapshot, at, progress or (lambda _, __: None))
        (making / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return manifest


def check(folder: Path, *, environment: Mapping[str, str]) -> Manifest:
    """Read a backup again, whole: every file is what was saved, and PostgreSQL reads the list of the database.

    Raises:
        BackupError: it is no backup, or is damaged.
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BackupError(NO_BACKUP.fill(folder=folder)) from None
    for place, digest in manifest.sha256.items():
        if not (folder / place).is_file() or _sha256(folder / place) != digest:
            raise BackupError(CHANGED.fill(file=folder / place))
    try:
        dumps.contents(folder / DATABASE, environment=environment)
    except DumpError as error:
        raise BackupError(UNREADABLE.fill(said=error)) from error
    return manifest


def restore(
    server_url: str, owner_url: str, chosen: Settings, folder: Path, *, at: datetime, environment: Mapping[str, str]
) -> tuple[Manifest, str]:  # fmt: skip
    """Put a backup in the place of what there is: checked, loaded beside, proved, then put in place at once.

    Letters are held back until somebody releases them. What there was is kept: the name of its database is the
    second of what is given back. Nobody else may be at work.

    Raises:
        BackupError: it is damaged, or does not hold what it says; nothing was changed.
        AdministrationError: the account may not make databases, or somebody is connected.
    """
    manifest = check(folder, environment=environment)
    live = databases.name_of(owner_url)
    fresh, kept = (f"{live}_{word}_{at:%Y%m%d_%H%M%S}" for word in ("restored", "before"))
    owner = databases.OWNER if databases.ensure_roles(server_url) else None
    databases.create(server_url, fresh, owner=owner)
    try:
        _loaded(databases.beside(owner_url, fresh, driver="psycopg"), folder, manifest, at, environment)
        _copy(folder / FILES, chosen.files)
        databases.swap(server_url, live, fresh, kept_as=kept)
    except BaseException:
        databases.drop(server_url, fresh)
        raise
    if chosen.anchors.exists():
        chosen.anchors.rename(chosen.anchors.with_name(f"{chosen.anchors.name}.before-{at:%Y%m%d-%H%M%S}"))
    _copy(folder / ANCHORS, chosen.anchors)
    return manifest, kept


def _loaded(url: str, folder: Path, manifest: Manifest, at: datetime, environment: Mapping[str, str]) -> None:
    """Fill an empty database from a backup, prove it against what the backup says, and hold its letters back."""
    try:
        dumps.load(url, folder / DATABASE, environment=environment)
    except DumpError as error:
        raise BackupError(UNREADABLE.fill(said=error)) from error
    database = Database(url)
    try:
        with database.transaction() as session:
            held = overview(session).rows
        if wrong := [name for name, count in manifest.rows.items() if held.get(name) != count]:
            raise BackupError(DIFFERS.fill(tables=", ".join(wrong)))
        migrate.upgrade(url)
        with database.transaction() as session:
            if journal.verify(session, anchors_folder=folder / ANCHORS).fault is not None:
                raise BackupError(BROKEN)
            restorations.note(session, backup_at=manifest.instant, at=at)
    finally:
        database.dispose()


def _dumped(url: str, file: Path, snapshot: Snapshot, environment: Mapping[str, str]) -> None:
    try:
        dumps.dump(url, file, snapshot=snapshot.name, environment=environment)
    except DumpError as error:
        raise BackupError(NOT_MADE.fill(said=error)) from error


def _beside(chosen: Settings, snapshot: Snapshot) -> Iterator[tuple[Path, Path]]:
    """What goes with the database: stored files, and the anchors it knows; files only ever come, so none lacks."""
    for file in sorted(chosen.files.glob("??/*")):
        if not file.name.startswith("."):
            yield file, Path(FILES, *file.parts[-2:])
    for number in anchor_files.numbers(chosen.anchors):
        if number <= snapshot.anchors:
            file = anchor_files.path_of(chosen.anchors, number)
            yield file, Path(ANCHORS, file.name)


def _copy(source: Path, place: Path) -> None:
    """Copy a file, or all those of a folder that are not there yet; each appears whole."""
    if source.is_dir():
        for each in source.iterdir():
            _copy(each, place / each.name)
    elif source.exists() and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        shutil.copy2(source, unfinished)
        unfinished.rename(place)


def _described(folder: Path, snapshot: Snapshot, at: datetime, progress: Progress) -> Manifest:
    saved = sorted(path for path in folder.rglob("*") if path.is_file())
    sha256 = {}
    for done, path in enumerate(saved, 1):
        sha256[path.relative_to(folder).as_posix()] = _sha256(path)
        progress(done, len(saved))
    return Manifest(metadata.version("parvis"), at.isoformat(), snapshot.revision, snapshot.rows, sha256)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
