"""The mailbox letters come back to: a Maildir folder, or a folder of an IMAP server; each message is taken once."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

MOST = 500
"""Messages taken in one run; the next takes what is left."""
TIMEOUT_SECONDS = 30.0


class BounceBoxError(Exception):
    """The mailbox cannot be read: `why` is what the system or the server said."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BounceBox(Protocol):
    """Where reports come back to."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """The messages not taken yet: a name and the bytes of each."""
        ...

    def taken(self, name: str) -> None:
        """Mark a message as taken; it stays in the mailbox, for people to read."""
        ...


@contextmanager
def opened(where: str) -> Iterator[BounceBox]:
    """The mailbox at this address: a folder, or `imaps://user:secret@host/folder`.

    Raises:
        BounceBoxError: it cannot be opened or read.
    """
    try:
        if where.startswith("imaps://"):
            with _imap(where) as box:
                yield box
        else:
            yield MaildirBox(Path(where))
    except (OSError, imaplib.IMAP4.error) as error:
        raise BounceBoxError(str(error)) from error


@dataclass(frozen=True, slots=True)
class MaildirBox:
    """A Maildir folder: what is in `new/` waits, what was taken goes to `cur/`, read."""

    folder: Path

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """The messages of `new/`, the oldest name first."""
        for path in sorted((self.folder / "new").glob("[!.]*"))[:MOST]:
            yield path.name, path.read_bytes()

    def taken(self, name: str) -> None:
        """Move it among those read."""
        (self.folder / "cur").mkdir(exist_ok=True)
        (self.folder / "new" / name).rename(self.folder / "cur" / f"{name.partition(':')[0]}:2,S")


@dataclass(frozen=True, slots=True)
class ImapBox:
    """A folder of an IMAP server: what is unseen waits, what was taken is seen."""

    server: imaplib.IMAP4

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """The unseen messages, in their order."""
        _, found = self.server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST]:
            _, parts = self.server.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield uid.decode(), raw

    def taken(self, name: str) -> None:
        """Mark it as seen."""
        self.server.uid("STORE", name, "+FLAGS", r"(\Seen)")


@contextmanager
def _imap(where: str) -> Iterator[ImapBox]:
    parts = urlsplit(where)
    with imaplib.IMAP4_SSL(parts.hostname or "", parts.port or 993, timeout=TIMEOUT_SECONDS) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        answer, said = server.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"')
        if answer != "OK":
            raise BounceBoxError(str(said))
        yield ImapBox(server)
