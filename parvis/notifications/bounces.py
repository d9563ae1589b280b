"""Letters that come back: what a report of non-delivery (DSN, RFC 3464) says, read from whatever a mailbox holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_VERP = re.compile(r"\+l(\d{1,18})@")
_LONGEST = 300
GONE = re.compile(r"5\.1\.\d+|5\.2\.1|5\.4\.4")
"""What a status says of the address itself: unknown, moved, closed, its domain not found (RFC 3463)."""


def return_address(address: str, letter_id: int) -> str:
    """Where one letter comes back to (VERP): `retours+l42@ville.example`; nothing when no address is set."""
    name, _, domain = address.rpartition("@")
    return f"{name}+l{letter_id}@{domain}" if name else ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient a letter did not reach: its address, the status, what the server said, which letter it was.

    `message_id` is that of the letter, `letter_id` the number its return address bore; either may be missing.
    """

    address: str
    status: str
    said: str
    message_id: str
    letter_id: int | None

    @property
    def gone(self) -> bool:
        """Whether nothing will ever reach this address as it is."""
        return bool(GONE.fullmatch(self.status))


def read_bounces(raw: bytes) -> list[Bounce]:
    """The recipients a report says were not reached for good; none when the message is no such report."""
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    if message.get_content_type() != "multipart/report":
        return []
    parts = list(message.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return []
    returned = _returned(parts)
    letter = _letter(message, returned)
    return [Bounce(address, code, said, returned, letter) for address, code, said in _recipients(status)]


def _recipients(status: Message) -> Iterator[tuple[str, str, str]]:
    """Address, status and words of each recipient that failed: the first block is about the message, the others are."""
    blocks = status.get_payload()
    for block in blocks[1:] if isinstance(blocks, list) else ():
        if not isinstance(block, Message) or _plain(block, "Action").lower() != "failed":
            continue
        address = _after(_plain(block, "Original-Recipient")) or _after(_plain(block, "Final-Recipient"))
        code = _STATUS.search(_plain(block, "Status"))
        if "@" in address:
            yield address, code[0] if code else "5.0.0", _after(_plain(block, "Diagnostic-Code"))[:_LONGEST]


def _plain(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _after(value: str) -> str:
    """What follows the type of a value: `rfc822; lea@ville.example`."""
    return value.partition(";")[2].strip().strip("<>")


def _returned(parts: Sequence[Message]) -> str:
    """The Message-ID of the letter that came back, whole or by its header alone."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return _plain(inner[0], "Message-ID")
        elif kind == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return _plain(message_from_bytes(body, policy=policy.compat32), "Message-ID")
    return ""


def _letter(message: Message, returned: str) -> int | None:
    """The number in the address the report came back to; it is not needed where the letter is told."""
    if returned:
        return None
    found = _VERP.search(_plain(message, "To")) or _VERP.search(_plain(message, "Delivered-To"))
    return int(found[1]) if found else None
