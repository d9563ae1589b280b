"""What a file really is: its type told by its bytes, and what must not come in refused.

Office files are zips: they are opened by the same reader as deposits, which refuses bombs, overlaps, paths and DTDs.
"""

import re
import struct

from parvis.documents.pdf_pages import count_pages
from parvis.services import file_problems as problems
from parvis.services.file_problems import FileRefusedError
from parvis.services.imports.archive import Archive, open_archive
from parvis.services.imports.cells import Limits
from parvis.services.imports.problems import DepositFileError
from parvis.states.files import MediaType
from parvis.states.words import Sentence

MOST_PAGES = 1_000
MOST_PIXELS = 12_000
"""A side; an A3 sheet scanned at 600 dots an inch is 9,921."""

_OOXML = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": MediaType.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": MediaType.XLSX,
}
_ODF: dict[str, MediaType] = {kind.value: kind for kind in (MediaType.ODT, MediaType.ODS)}
_CONTENT_TYPES = "[Content_Types].xml"
_MACROS = re.compile(r"(?i)(^|/)vba(Project\.bin|Data\.xml)$|^Basic/|^Scripts/")
_MACRO_TYPES = re.compile(rb"macroEnabled|vbaProject")
_EXTERNAL_TEMPLATE = re.compile(
    rb"<[^>]*(?:attachedTemplate|oleObject|frame|subDocument)[^>]*TargetMode\s*=\s*[\"']External"
    rb"|<[^>]*TargetMode\s*=\s*[\"']External[^>]*(?:attachedTemplate|oleObject|frame|subDocument)"
)
_MARKUP = re.compile(rb"(?is)\A\s*(<!doctype\s+html|<html|<script|<svg|<\?xml|<head|<body|<iframe|#!|MZ)")
_TEXT_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u0080-\u009f]")
_LARGEST_PART = 8 * 1024 * 1024
_SIZED_SEGMENTS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def sniff(name: str, content: bytes) -> MediaType:
    """The type of a file, told by its bytes; `name` is for the sentences.

    Raises:
        FileRefusedError: `file_type`, `file_corrupt`, `file_macro`, `file_encrypted`,
            `file_too_large` (pages, pixels), `xml_dtd`, `archive_bomb`, `archive_overlap`, `archive_path`.
    """
    head = content[:1024]
    if b"%PDF-" in head:
        _check_pages(name, content)
        return MediaType.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_pixels(name, _png_size(content))
        return MediaType.PNG
    if content.startswith(b"\xff\xd8\xff"):
        _check_pixels(name, _jpeg_size(content))
        return MediaType.JPEG
    if content.startswith(b"PK\x03\x04"):
        return _office_type(name, content)
    if _is_text(content):
        return MediaType.TEXT
    raise FileRefusedError("file_type", _unknown(name))


def _unknown(name: str) -> Sentence:
    return problems.UNKNOWN_TYPE.fill(name=name, accepted=problems.ACCEPTED)


def _check_pages(name: str, content: bytes) -> None:
    """A PDF that cannot be read is taken all the same: the annex volume says so in its place."""
    pages = count_pages(content)
    if pages is not None and pages > MOST_PAGES:
        sentence = problems.TOO_MANY_PAGES.fill(name=name, pages=pages, limit=MOST_PAGES)
        raise FileRefusedError("file_too_large", sentence)


def _check_pixels(name: str, size: tuple[int, int] | None) -> None:
    if size is None or 0 in size:
        raise FileRefusedError("file_corrupt", problems.CORRUPT.fill(name=name))
    width, height = size
    if max(size) > MOST_PIXELS:
        sentence = problems.TOO_MANY_PIXELS.fill(name=name, width=width, height=height, limit=MOST_PIXELS)
        raise FileRefusedError("file_too_large", sentence)


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """The size in the first frame header: segments are walked by their lengths."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _SIZED_SEGMENTS:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        if marker in {0x01, *range(0xD0, 0xD9)}:
            place += 2
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None


def _office_type(name: str, content: bytes) -> MediaType:
    try:
        archive = open_archive(content, Limits())
        if any(_MACROS.search(part) for part in archive.names):
            raise FileRefusedError("file_macro", problems.MACRO.fill(name=name))
        found = _ooxml_type(name, archive) if _CONTENT_TYPES in archive.names else _odf_type(archive)
    except DepositFileError as error:
        raise FileRefusedError(error.code, _of_the_archive(error.code).fill(name=name)) from None
    if found is None:
        raise FileRefusedError("file_type", _unknown(name))
    return found


def _of_the_archive(code: str) -> Sentence:
    match code:
        case "file_corrupt":
            return problems.CORRUPT
        case "file_encrypted":
            return problems.PROTECTED
        case _:
            return problems.UNSAFE


def _ooxml_type(name: str, archive: Archive) -> MediaType | None:
    types = archive.start_of(_CONTENT_TYPES, _LARGEST_PART)
    if _MACRO_TYPES.search(types):
        raise FileRefusedError("file_macro", problems.MACRO.fill(name=name))
    for part in archive.names:
        if part.endswith(".rels") and _EXTERNAL_TEMPLATE.search(archive.start_of(part, _LARGEST_PART)):
            raise FileRefusedError("file_type", problems.EXTERNAL.fill(name=name))
    return next((kind for marker, kind in _OOXML.items() if marker.encode() in types), None)


def _odf_type(archive: Archive) -> MediaType | None:
    if "mimetype" not in archive.names:
        return None
    return _ODF.get(archive.start_of("mimetype", 200).decode("ascii", "replace").strip())


def _is_text(content: bytes) -> bool:
    if _MARKUP.match(content[:1024]):
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return not _TEXT_CONTROLS.search(text) and "\ufffd" not in text
