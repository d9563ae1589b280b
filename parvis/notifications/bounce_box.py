"""The mailbox letters come back to: a Maildir folder, or a folder of an IMAP server; each message is taken once."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

MOST = 500
"""Messages taken in one run; the next takes what is left."""
TIMEOUT_SECONDS = 30.0
LARGEST = 2_000_000
"""Bytes read of a message: what a report says stands at its beginning, what it returns may be long."""
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")


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
        BounceBoxError: it cannot be opened, read or marked.
    """
    try:
        if where.startswith("imaps://"):
            with _imap(where) as box:
                yield box
        else:
            if not (folder := Path(where) / "new").is_dir():
                raise BounceBoxError(str(folder))
            yield MaildirBox(Path(where))
    except (OSError, UnicodeError, imaplib.IMAP4.error) as error:
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
            _, parts = self.server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield uid.decode(), raw

    def taken(self, name: str) -> None:
        """Mark it as seen.

        Raises:
            BounceBoxError: the server does not let us, and would show it again for ever.
        """
        _hold_to(self.server.uid("STORE", name, "+FLAGS", r"(\Seen)"))


@contextmanager
def _imap(where: str) -> Iterator[ImapBox]:
    """The folder of a server whose certificate holds, for the very host that was named."""
    parts = urlsplit(where)
    user, secret = unquote(parts.username or ""), unquote(parts.password or "")
    with imaplib.IMAP4_SSL(
        parts.hostname or "",
        parts.port or 993,
        timeout=TIMEOUT_SECONDS,
        ssl_context=ssl.create_default_context(),
    ) as server:
        if "AUTH=PLAIN" in server.capabilities:  # it says any letter; LOGIN only those of ASCII
            server.authenticate("PLAIN", lambda _: f"\0{user}\0{secret}".encode())
        else:
            server.login(user, secret)
        _hold_to(server.select(_as_imap_says(unquote(parts.path.strip("/")) or "INBOX")))
        yield ImapBox(server)


def _hold_to(answered: tuple[str, Sequence[object]]) -> None:
    answer, said = answered
    if answer != "OK":
        raise BounceBoxError(
            " ".join(each.decode("utf-8", "replace") for each in said if isinstance(each, bytes))
        )


def _as_imap_says(folder: str) -> str:
    """A folder’s name as IMAP writes it, in quotes: its own UTF-7 for what is not ASCII (RFC 3501, 5.1.3)."""

    def shifted(found: re.Match[str]) -> str:
        coded = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{coded}-"

    coded = _BEYOND_ASCII.sub(shifted, folder.replace("&", "&-"))
    escaped = coded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
