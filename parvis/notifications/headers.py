"""Header fields as bytes: folding, encoded words (RFC 2047), addresses, parameters (RFC 2231)."""

import base64
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from urllib.parse import quote

import idna

from parvis.notifications.outgoing import LetterContentError

LINE = 76  # RFC 2047 §2: a line that holds an encoded word is at most 76 characters
_WORD = len("=?utf-8?q??=")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN = re.compile(r"[!-~]{1,70}(?: [!-~]{1,70})*")
_ATOMS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_LOCAL = re.compile("[\\w!#$%&'*+/=?^`{|}~-]+(?:\\.[\\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_MESSAGE_ID = re.compile(r"<[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+@[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+>")
_ASCII_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")


def checked(value: str, part: str) -> str:
    """`value`, when it holds no control character and no lone surrogate.

    Raises:
        LetterContentError: `control_char` or `surrogate`.
    """
    if _CONTROL.search(value):
        raise LetterContentError("control_char", part)
    if _SURROGATE.search(value):
        raise LetterContentError("surrogate", part)
    return value


def unstructured(header: str, value: str) -> str:
    """A folded header whose value reads back as exactly `value`, `=?` and long words included."""
    checked(value, header)
    if not value:
        return f"{header}:\r\n"
    if "=?" not in value and _PLAIN.fullmatch(value):
        return _fold(f"{header}:", value.split(" "))
    return f"{header}:" + "".join(f" {word}\r\n" for word in encoded_words(value, len(header) + 1))


@lru_cache(maxsize=1024)
def mailbox(header: str, address: str, name: str) -> str:
    """A folded header that names one person: `name` can never become a second address."""
    spec = f"<{wire_address(address, header)}>"
    name = checked(name, header).strip()
    if not name:
        return _fold(f"{header}:", [spec[1:-1]])
    if len(name) <= LINE - len(header) - 5 and "=?" not in name:
        if _ATOMS.fullmatch(name):
            return _fold(f"{header}:", [name, spec])
        if name.isascii():
            escaped = name.replace("\\", "\\\\").replace('"', '\\"')
            return _fold(f"{header}:", [f'"{escaped}"', spec])
    return _fold(f"{header}:", [*encoded_words(name, len(header) + 1), spec])


def wire_address(address: str, part: str = "address") -> str:
    """`address` as the wire takes it: its domain in ASCII (IDNA 2008), its local part as it is.

    Raises:
        LetterContentError: `address_format`.
    """
    local, _, domain = checked(address, part).rpartition("@")
    if not _LOCAL.fullmatch(local) or len(local.encode()) > 64:
        raise LetterContentError("address_format", part)
    return f"{local}@{wire_domain(domain, part)}"


@lru_cache(maxsize=4096)
def wire_domain(domain: str, part: str) -> str:
    """`domain` in lower-case ASCII, by IDNA 2008.

    Raises:
        LetterContentError: `address_format`.
    """
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise LetterContentError("address_format", part) from None
    if not _DOMAIN.fullmatch(ascii_domain):
        raise LetterContentError("address_format", part)
    return ascii_domain.lower()


def reference(header: str, message_id: str) -> str:
    """A header that holds one Message-ID.

    Raises:
        LetterContentError: `message_id_format`.
    """
    if len(message_id) > 900 or not _MESSAGE_ID.fullmatch(message_id):
        raise LetterContentError("message_id_format", header)
    return f"{header}: {message_id}\r\n"


def parameter(name: str, value: str) -> str:
    """`; name=value`, on lines of its own: as it is when simple, else by RFC 2231, in pieces when long."""
    checked(value, name)
    if _ASCII_NAME.fullmatch(value):
        return f';\r\n {name}="{value}"'
    pieces = list(_percent_pieces(value, LINE - len(name) - len(" *00*=utf-8'';")))
    if len(pieces) == 1:
        return f";\r\n {name}*=utf-8''{pieces[0]}"
    marks = ("utf-8''" if index == 0 else "" for index in range(len(pieces)))
    return "".join(
        f";\r\n {name}*{index}*={mark}{piece}"
        for index, (mark, piece) in enumerate(zip(marks, pieces, strict=True))
    )


def encoded_words(value: str, used: int) -> list[str]:
    """`value` as encoded words of whole characters; the first line has already `used` characters."""
    as_q = [_q(char) for char in value]
    first_room = LINE - 1 - used - _WORD
    if 3 * sum(map(len, as_q)) <= 4 * len(value.encode()):
        return [f"=?utf-8?q?{''.join(as_q[run])}?=" for run in _runs([len(q) for q in as_q], first_room)]
    # Twice its octets is at least what base64 takes for a character, padding included.
    costs = [2 * len(char.encode()) for char in value]
    return [f"=?utf-8?b?{_b(value[run])}?=" for run in _runs(costs, first_room)]


def _runs(costs: list[int], room: int) -> list[slice]:
    """Slices whose costs fit in `room`, then in a line of their own."""
    ends = list(accumulate(costs))
    runs, start, used = [], 0, 0
    while start < len(ends):
        stop = max(bisect_right(ends, used + room, start), start + 1)
        runs.append(slice(start, stop))
        start, used, room = stop, ends[stop - 1], LINE - 1 - _WORD
    return runs


def _b(run: str) -> str:
    return base64.b64encode(run.encode()).decode("ascii")


@lru_cache(maxsize=4096)
def _q(char: str) -> str:
    """One character by RFC 2047 §4.2 and §5 (3): only what is safe in a name stays as it is."""
    if char == " ":
        return "_"
    if char.isascii() and (char.isalnum() or char in "!*+-/"):
        return char
    return "".join(f"={byte:02X}" for byte in char.encode())


def _fold(start: str, words: list[str]) -> str:
    lines, current = [], start
    for word in words:
        if len(current) + 1 + len(word) > LINE and current != start:
            lines.append(current)
            current = ""
        current += f" {word}"
    return "\r\n".join([*lines, current]) + "\r\n"


def _percent_pieces(value: str, room: int) -> Iterator[str]:
    piece = ""
    for char in value:
        coded = quote(char, safe="")
        if len(piece) + len(coded) > room:
            yield piece
            piece = ""
        piece += coded
    yield piece
