"""One letter ready to become a message: its values, its attachments, and the two ways it can be wrong."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

_METHOD = re.compile(r"\r\nMETHOD:(REQUEST|CANCEL)\r\n")


class LetterContentError(Exception):
    """A value of the letter cannot travel by mail; `code` says why, `part` says which value."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(f"{part}: {code}")
        self.code = code
        self.part = part


class LetterMismatchError(Exception):
    """The message assembled does not say what the letter meant; `part` is the first difference."""

    def __init__(self, part: str) -> None:
        super().__init__(f"the message read back differs: {part}")
        self.part = part


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent with a letter; `content_type` is `type/subtype`."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Everything a message is made of: the same value always gives the same bytes.

    `key` is unique to the letter and decides the boundaries; `date` is aware; `thread_id` is the Message-ID
    all letters of one case answer to, or empty; `reply_to` and the names may be empty. `calendar` is an iCalendar text,
    which becomes a third way of reading the letter: one with buttons to accept or decline.
    """

    key: str
    message_id: str
    date: datetime
    sender: str
    sender_name: str
    reply_to: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    thread_id: str
    language: str
    attachments: tuple[Attachment, ...] = ()
    calendar: str = ""


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter `key`, with its angle brackets: the same key always gives the same one."""
    return f"<{key_digest(key)}@{domain}>"


def calendar_method(calendar: str) -> str:
    """The METHOD of an iCalendar text, which its part of the message repeats.

    Raises:
        LetterContentError: `calendar_format`: it has none, or one nobody knows.
    """
    found = _METHOD.search(calendar)
    if found is None or not calendar.startswith("BEGIN:VCALENDAR\r\n"):
        raise LetterContentError("calendar_format", "calendar")
    return found.group(1)


def key_digest(key: str) -> str:
    """32 hexadecimal digits that stand for `key`."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def canonical(body: str) -> str:
    """`body` as it travels: LF line ends, one at the end."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n") if "\r" in body else body
    return lines if lines.endswith("\n") else lines + "\n"
