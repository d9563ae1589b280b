"""What is kept on a disk with one protection taken away, for the controls: run in processes of their own."""

import asyncio
import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from parvis.models.queries import files as queries
from parvis.models.queries.files import NewFile
from parvis.models.session import Database
from parvis.notifications.mailbox import LocalMailbox, MailboxCarrier
from parvis.services import file_store
from parvis.services.jobs import running_clock
from parvis.services.outbox import Dispatcher
from parvis.states.files import FileKind, MediaType
from tests.services.desk import moment
from tests.services.works import Hear, Tell


class WritesInPlace(LocalMailbox):
    """Writes a letter under its name from the first byte on."""

    def _write(self, name: str, message: bytes) -> None:
        (self.path / "new" / name).write_bytes(message)


def dispatch_in_place(database: Database, _: Tell, __: Hear, mailbox: Path, at: datetime) -> None:
    """Put what is owed in a local mailbox, which may find no room for it."""

    async def run() -> None:
        carrier = MailboxCarrier(WritesInPlace(mailbox))
        await Dispatcher(database, carrier, running_clock(at), "runner").run()

    with suppress(OSError):
        asyncio.run(run())


def record_then_keep(
    database: Database, _: Tell, __: Hear, folder: Path, case_id: int, content: bytes
) -> None:
    """Record a file of a case, then put it on the disk, which may have no room for it."""
    sha256 = hashlib.sha256(content).digest()
    with database.transaction() as session:
        queries.insert_file(session, NewFile(
            case_id, None, FileKind.ATTACHMENT, None, "rib.pdf", MediaType.PDF, len(content), sha256, None,
            moment("2026-06-05"), "person:1",
        ))  # fmt: skip
    with suppress(OSError):
        file_store.keep(folder, content)
