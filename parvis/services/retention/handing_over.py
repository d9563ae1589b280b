"""Before anything goes: the archive of each case of a batch, one zip each, to be handed over to the Archives."""

from datetime import datetime
from pathlib import Path

from parvis.models.session import Database
from parvis.services import case_archive
from parvis.services.files import shelf
from parvis.services.retention import batches
from parvis.services.settings import Settings
from parvis.states.retention import Kind

CASES = frozenset({Kind.GRANTED, Kind.REFUSED, Kind.DRAFTS})


def write_all(
    database: Database, chosen: Settings, contract_id: int, batch_id: int, folder: Path, *, at: datetime
) -> list[Path]:  # fmt: skip
    """Write the zip archive of every case of a batch that is still whole, in `folder`; the files written.

    Raises:
        NoSuchBatchError: there is none of this number.
        LostFileError, TypesettingError, OSError: one cannot be written; those before are.
    """
    with database.transaction() as session:
        batch, items = batches.read(session, contract_id, batch_id)
    if Kind(batch.kind) not in CASES:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for item in items:
        if item.outcome != "done":
            file = folder / f"{item.name}.zip"
            with database.transaction() as session:
                case_archive.archive(session, shelf(chosen), item.subject_id, file, at=at)
            written.append(file)
    return written
