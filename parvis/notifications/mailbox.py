"""A folder of letters in Maildir format, for machines without a mail server."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from parvis.notifications.delivery import Accepted, Confirm, Delivery, unconcerned


class NoSuchLetterError(LookupError):
    """The mailbox holds no letter of this name."""


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A letter of the mailbox, in the list; `id` names it, `date` is aware UTC."""

    id: str
    date: datetime
    sender: str
    recipient: str
    subject: str


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A letter of the mailbox, opened."""

    letter: StoredLetter
    message_id: str
    text: str
    html: str
    raw: bytes


class LocalMailbox:
    """Letters kept in `path`, which any Maildir reader opens; `durable` waits for the disk at each letter."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        self.path = path
        self.durable = durable
        self._made = False
        self._seen: tuple[int, frozenset[str]] = (0, frozenset())

    def deliver(self, message_id: str, message: bytes) -> Delivery:
        """Keep `message`, whole or not at all; the same Message-ID again changes nothing."""
        self._make()
        name = _name(message_id)
        if not (self.path / "new" / name).exists() and name not in self._read_letters():
            self._write(name, message)
        return Accepted(name)

    def letters(self, limit: int = 50) -> list[StoredLetter]:
        """The `limit` newest letters by their Date, newest first."""
        newest = sorted(self._files(), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
        return [_summary(_bare(file.name), file.read_bytes()) for file in newest[:limit]]

    def read(self, letter_id: str) -> OpenedLetter:
        """One letter, by its name or the beginning of it that no other letter shares.

        Raises:
            NoSuchLetterError: no letter, or several, have this name.
        """
        found = [file for file in self._files() if file.name.startswith(letter_id)]
        if len(found) != 1 or not letter_id:
            raise NoSuchLetterError(letter_id)
        raw = found[0].read_bytes()
        parsed = _parsed(raw)
        return OpenedLetter(
            letter=_summary(_bare(found[0].name), raw),
            message_id=str(parsed["Message-ID"] or ""),
            text=_body(parsed, "plain"),
            html=_body(parsed, "html"),
            raw=raw,
        )

    def forget(self, message_ids: Iterable[str]) -> int:
        """Erase the letters of these Message-IDs; how many were there."""
        names = {_name(each) for each in message_ids}
        return self._erase(file for file in self._files() if _bare(file.name) in names) if names else 0

    def forget_before(self, instant: datetime) -> int:
        """Erase the letters whose Date is before an instant; how many."""
        return self._erase(file for file in self._files() if file.stat().st_mtime < instant.timestamp())

    def _erase(self, files: Iterable[Path]) -> int:
        gone = list(files)
        for file in gone:
            file.unlink(missing_ok=True)
        return len(gone)

    def _make(self) -> None:
        if not self._made:
            for folder in ("tmp", "new", "cur"):
                (self.path / folder).mkdir(parents=True, exist_ok=True)
            self._made = True

    def _files(self) -> list[Path]:
        return [file for folder in ("new", "cur") for file in (self.path / folder).glob("[!.]*")]

    def _read_letters(self) -> frozenset[str]:
        """Names in cur/, where a mail reader moves a letter it has shown, adding `:2,S` to its name."""
        folder = self.path / "cur"
        changed = folder.stat().st_mtime_ns
        if changed != self._seen[0]:
            self._seen = (changed, frozenset(_bare(file.name) for file in folder.iterdir()))
        return self._seen[1]

    def _write(self, name: str, message: bytes) -> None:
        draft = self.path / "tmp" / f"{name}.{os.getpid()}"
        try:
            with draft.open("wb") as file:
                file.write(message)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            at = _date(_header(message, b"Date")).timestamp()
            os.utime(draft, (at, at))  # a Maildir reader sorts by it, and so does `letters`
            draft.rename(self.path / "new" / name)
        except OSError:
            draft.unlink(missing_ok=True)  # on a full disk, drafts would take what room comes back
            raise
        if self.durable:
            folder = os.open(self.path / "new", os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


@dataclass(frozen=True, slots=True)
class MailboxCarrier:
    """The local mailbox where a carrier is expected."""

    mailbox: LocalMailbox

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        """Keep `message` in the mailbox, then confirm it; `sender` and `recipient` are those it names."""
        del sender, recipient
        answer = self.mailbox.deliver(_header(message, b"Message-ID"), message)
        await confirm()
        return answer

    async def close(self) -> None:
        """Let go of nothing."""


def _name(message_id: str) -> str:
    """A file name that depends on nothing but the letter."""
    return f"{hashlib.sha256(message_id.encode()).hexdigest()[:24]}.parvis"


def _bare(file_name: str) -> str:
    return file_name.partition(":")[0]


def _header(message: bytes, name: bytes) -> str:
    head = message.partition(b"\r\n\r\n")[0]
    _, _, after = (b"\r\n" + head).partition(b"\r\n" + name + b":")
    return after.partition(b"\r\n")[0].strip().decode("utf-8", "replace")


def _date(value: str) -> datetime:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, _class=EmailMessage, policy=policy.default)


def _summary(name: str, raw: bytes) -> StoredLetter:
    head = _parsed(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    return StoredLetter(
        id=name,
        date=_date(str(head["Date"] or "")).astimezone(UTC),
        sender=str(head["From"] or ""),
        recipient=str(head["To"] or ""),
        subject=str(head["Subject"] or ""),
    )


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
