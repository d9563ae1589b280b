"""The letters that left, kept beside the database: after a restoration, they tell what is not to be sent again."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from parvis.models.queries import restorations
from parvis.models.queries.dispatch import Claimed
from parvis.models.session import Database

_ROOM = bytes(64 * 1024)  # the lines of more letters than are claimed at once
Mark = tuple[str, str]
"""What a letter is known by: its Message-ID, and a digest of what it says and to whom."""


def mark(letter: Claimed) -> Mark:
    """What a letter is known by: the same words to the same person about the same thing have the same mark."""
    said = f"{letter.address}\0{letter.subject}\0{letter.body_text}"
    return letter.message_id, hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class SentLog:
    """One file a month, one line a letter: when it left, its Message-ID, the digest. Lines are only ever added."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def note(self, letter: Claimed, at: datetime) -> None:
        """Keep that a letter left. It is in the hands of the system at once, of the disk some seconds later."""
        line = " ".join((at.isoformat(), *mark(letter)))
        with (self.folder / f"{at:%Y-%m}.log").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def check_room(self) -> None:
        """See that the disk takes the lines of the letters of one claim, before any leaves.

        Raises:
            OSError: it does not.
        """
        trial = self.folder / f".room.{os.getpid()}"
        try:
            trial.write_bytes(_ROOM)
        finally:
            trial.unlink(missing_ok=True)

    def between(self, begin: datetime, end: datetime) -> Iterator[Mark]:
        """The letters that left from `begin` until `end`; a line that was cut by a crash counts for nothing."""
        for file in sorted(self.folder.glob("*.log")):
            if f"{begin:%Y-%m}" <= file.stem <= f"{end:%Y-%m}":
                for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                    match line.split(" "):
                        case [at, identity, digest] if begin <= datetime.fromisoformat(at) <= end:
                            yield identity, digest


def sent_before(database: Database, log: SentLog) -> frozenset[Mark]:
    """The letters the latest restoration forgot: those that left between the copy and the day it was brought back."""
    with database.transaction() as session:
        restored = restorations.latest(session)
    return frozenset(log.between(restored.backup_at, restored.restored_at) if restored else ())
