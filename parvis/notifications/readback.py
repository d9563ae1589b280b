"""A message read back before it leaves, by a reader that shares nothing with the writer."""

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from parvis.notifications.headers import wire_address
from parvis.notifications.outgoing import LetterMismatchError, Outgoing, calendar_method, canonical

_ENCODED = re.compile(r"=\?utf-8\?([qb])\?([!->@-~]*)\?=")
_MAILBOX = re.compile(r"(?:(.+) )?<([^<> ]+)>|([^<>\", ]+)", re.DOTALL)
_MULTIPART = re.compile(r'multipart/(?:alternative|mixed); boundary="(=_[a-z0-9]+)"')
_FILENAME = re.compile(r"; filename(\*(?:\d+\*)?)?=(\"[^\"]*\"|[^ ;]*)")


def parse_back(message: bytes, outgoing: Outgoing) -> None:
    """Check that `message` says what `outgoing` means: its lines, headers, people, subject and bodies.

    Raises:
        LetterMismatchError: something differs; nothing may be sent.
    """
    _lines(message)
    head, _, body = message.partition(b"\r\n\r\n")
    fields = list(_fields(head))
    _same("headers", [name for name, _ in fields], _expected_names(outgoing))
    values = dict(fields)
    _same("From", _person(values["From"]), _meant(outgoing.sender, outgoing.sender_name))
    _same("To", _person(values["To"]), _meant(outgoing.recipient, outgoing.recipient_name))
    if outgoing.reply_to:
        _same("Reply-To", _person(values["Reply-To"]), _meant(outgoing.reply_to, ""))
    _same("Subject", _decoded(values["Subject"]), outgoing.subject)
    _same("Message-ID", values["Message-ID"], outgoing.message_id)
    _bodies(values["Content-Type"], body, outgoing)


def _lines(message: bytes) -> None:
    lines = message.split(b"\r\n")
    said = b"".join(lines)
    if any(lone in said for lone in (b"\r", b"\n", b"\0")):
        raise LetterMismatchError("line_end")
    if max(map(len, lines)) > 998:
        raise LetterMismatchError("line_length")


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode().replace("\r\n ", " ").split("\r\n"):
        name, _, value = line.partition(":")
        yield name, value.removeprefix(" ")


def _expected_names(outgoing: Outgoing) -> list[str]:
    names = ["From", "To"]
    if outgoing.reply_to:
        names.append("Reply-To")
    names += ["Subject", "Date", "Message-ID"]
    if outgoing.thread_id and outgoing.thread_id != outgoing.message_id:
        names += ["In-Reply-To", "References"]
    automatic = ["Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language"]
    return [*names, *automatic, "MIME-Version", "Content-Type"]


def _meant(address: str, name: str) -> tuple[str, str]:
    return name.strip(), wire_address(address)


def _person(value: str) -> tuple[str, str]:
    found = _MAILBOX.fullmatch(value)
    if found is None:
        raise LetterMismatchError("address")
    name, spec, bare = found.groups()
    if bare:
        return "", bare
    if name and name.startswith('"') and name.endswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1]), spec
    return _decoded(name or ""), spec


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    decoded = []
    for word in value.split(" "):
        found = _ENCODED.fullmatch(word)
        if found is None:
            raise LetterMismatchError("encoded_word")
        kind, content = found.groups()
        raw = binascii.a2b_base64(content) if kind == "b" else binascii.a2b_qp(content, header=True)
        decoded.append(raw.decode())
    return "".join(decoded)


def _bodies(content_type: str, body: bytes, outgoing: Outgoing) -> None:
    if outgoing.attachments:
        content_type, body = _with_attachments(content_type, body, outgoing)
    parts = _parts(content_type, body)
    meant_parts = [("plain; charset=utf-8", outgoing.text), ("html; charset=utf-8", outgoing.html)]
    if outgoing.calendar:
        method = calendar_method(outgoing.calendar)
        meant_parts.append((f"calendar; charset=utf-8; method={method}", outgoing.calendar))
    _same("parts", len(parts), len(meant_parts))
    for part, (subtype, meant) in zip(parts, meant_parts, strict=True):
        part_head, _, content = part.partition(b"\r\n\r\n")
        kind, encoding = part_head.split(b"\r\n", 1)
        _same("content type", kind, b"Content-Type: text/%b" % subtype.encode())
        quoted = encoding == b"Content-Transfer-Encoding: quoted-printable"
        raw = binascii.a2b_qp(content) if quoted else binascii.a2b_base64(content)
        _same(subtype.partition(";")[0], raw, canonical(meant).replace("\n", "\r\n").encode())


def _with_attachments(content_type: str, body: bytes, outgoing: Outgoing) -> tuple[str, bytes]:
    first, *files = _parts(content_type, body)
    _same("attachments", len(files), len(outgoing.attachments))
    for part, meant in zip(files, outgoing.attachments, strict=True):
        part_head, _, content = part.partition(b"\r\n\r\n")
        names = _FILENAME.findall(part_head.decode().replace("\r\n ", " "))
        written = "".join(value.strip('"') for _, value in names)
        name = unquote(written.removeprefix("utf-8''"), errors="strict") if names and names[0][0] else written
        _same("attachment name", name, meant.name)
        _same("attachment", binascii.a2b_base64(content), meant.content)
    inner_head, _, inner = first.partition(b"\r\n\r\n")
    return dict(_fields(inner_head))["Content-Type"], inner


def _parts(content_type: str, body: bytes) -> list[bytes]:
    found = _MULTIPART.fullmatch(content_type)
    if found is None:
        raise LetterMismatchError("boundary")
    edge = f"--{found.group(1)}".encode()
    opening, *parts, closing = (b"\r\n" + body).split(b"\r\n" + edge)
    if opening or closing.strip() != b"--":
        raise LetterMismatchError("boundary")
    return [part.removeprefix(b"\r\n") for part in parts]


def _same(part: str, read: object, meant: object) -> None:
    if read != meant:
        raise LetterMismatchError(part)
