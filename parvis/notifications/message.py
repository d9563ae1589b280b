"""A letter as the bytes of a message: joined by hand, the same letter giving the same bytes."""

import binascii
import re
from datetime import datetime

from parvis.notifications import headers
from parvis.notifications.outgoing import (
    Attachment,
    LetterContentError,
    LetterMismatchError,
    Outgoing,
    calendar_method,
    canonical,
    key_digest,
    message_id,
)
from parvis.notifications.readback import parse_back

__all__ = [
    "Attachment",
    "LetterContentError",
    "LetterMismatchError",
    "Outgoing",
    "assemble",
    "message_id",
    "parse_back",
]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_CONTENT_TYPE = re.compile(r"(?!multipart/|message/)[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}")


def assemble(outgoing: Outgoing) -> bytes:
    """The message of `outgoing`: CRLF line ends, seven-bit bodies, boundaries drawn from its key.

    Header lines stay within 78 characters and every line within 998 octets. The message is seven-bit unless
    an address has a local part outside ASCII, which then needs SMTPUTF8.

    Raises:
        LetterContentError: a value cannot travel: `control_char`, `surrogate`, `address_format`,
            `message_id_format`, `language_format`, `content_type_format`, `calendar_format`, `naive_date`.
    """
    digest = key_digest(outgoing.key)
    body = _alternative(outgoing, f"=_{digest}")
    if outgoing.attachments:
        body = _mixed(body, outgoing.attachments, f"=_m{digest}")
    return _head(outgoing).encode() + body


def _head(outgoing: Outgoing) -> str:
    if not _LANGUAGE.fullmatch(outgoing.language):
        raise LetterContentError("language_format", "Content-Language")
    thread = outgoing.thread_id if outgoing.thread_id != outgoing.message_id else ""
    return "".join((
        headers.mailbox("From", outgoing.sender, outgoing.sender_name),
        headers.mailbox("To", outgoing.recipient, outgoing.recipient_name),
        headers.mailbox("Reply-To", outgoing.reply_to, "") if outgoing.reply_to else "",
        headers.unstructured("Subject", outgoing.subject),
        f"Date: {_date(outgoing.date)}\r\n",
        headers.reference("Message-ID", outgoing.message_id),
        headers.reference("In-Reply-To", thread) if thread else "",
        headers.reference("References", thread) if thread else "",
        "Auto-Submitted: auto-generated\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        f"Content-Language: {outgoing.language}\r\n",
        "MIME-Version: 1.0\r\n",
    ))  # fmt: skip


def _date(at: datetime) -> str:
    if at.tzinfo is None:
        raise LetterContentError("naive_date", "Date")
    # RFC 5322 names days and months in English whatever the machine's locale says.
    return f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at.year:04d} {at:%H:%M:%S %z}"


def _alternative(outgoing: Outgoing, boundary: str) -> bytes:
    edge = f"--{boundary}".encode()
    parts = [_text_part("plain", outgoing.text), _text_part("html", outgoing.html)]
    if outgoing.calendar:
        method = calendar_method(outgoing.calendar)
        parts.append(_text_part("calendar", outgoing.calendar, f"; method={method}"))
    return b"\r\n".join((
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"'.encode(), b"",
        *(piece for part in parts for piece in (edge, part)),
        edge + b"--", b"",
    ))  # fmt: skip


def _text_part(subtype: str, body: str, parameters: str = "") -> bytes:
    if "\0" in body:
        raise LetterContentError("control_char", subtype)
    try:
        raw = canonical(body).replace("\n", "\r\n").encode()
    except UnicodeEncodeError:
        raise LetterContentError("surrogate", subtype) from None
    encoding, content = b"quoted-printable", binascii.b2a_qp(raw)
    if len(content) * 3 > len(raw) * 4 + 300:
        encoding, content = b"base64", _base64_lines(raw)
    return b"Content-Type: text/%b; charset=utf-8%b\r\nContent-Transfer-Encoding: %b\r\n\r\n%b" % (
        subtype.encode(),
        parameters.encode(),
        encoding,
        content,
    )


def _mixed(body: bytes, attachments: tuple[Attachment, ...], boundary: str) -> bytes:
    edge = f"--{boundary}".encode()
    parts = [b'Content-Type: multipart/mixed;\r\n boundary="%b"\r\n' % boundary.encode(), edge, body]
    for attachment in attachments:
        parts += [edge, _attached(attachment)]
    return b"\r\n".join((*parts, edge + b"--", b""))


def _attached(attachment: Attachment) -> bytes:
    if not _CONTENT_TYPE.fullmatch(attachment.content_type):
        raise LetterContentError("content_type_format", "attachment")
    head = (
        f"Content-Type: {attachment.content_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment{headers.parameter('filename', attachment.name)}\r\n\r\n"
    )
    return head.encode() + _base64_lines(attachment.content)


def _base64_lines(raw: bytes) -> bytes:
    return b"".join(
        binascii.b2a_base64(raw[start : start + 57], newline=False) + b"\r\n"
        for start in range(0, len(raw), 57)
    )
