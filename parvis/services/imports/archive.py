"""The zip a spreadsheet is made of, opened only once nothing in it can harm the reader."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from parvis.services.imports.cells import Limits
from parvis.services.imports.problems import DepositFileError, refused
from parvis.states.fields import shortened
from parvis.states.words import Sentence

MAX_ENTRIES = 2_000
MAX_RATIO = 200
"""Unpacked size over packed size; sheets reach 30, bombs 1,000."""
SMALL_ENTRY = 1024 * 1024
"""Below this, the ratio says nothing: an empty style sheet packs very well."""
CHUNK = 1024 * 1024

_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
_UNSAFE_NAME = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\\|[\x00-\x1f\x7f]")
_DTD = re.compile(b"<!(?:DOCTYPE|ENTITY)")
_WIDE_DTD = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C|E\x00?N\x00?T)")
_LONGEST_MARK = 20

CORRUPT = Sentence(
    fr="Le fichier est abîmé ou incomplet : enregistrez-le de nouveau et renvoyez-le.",
    en="The file is damaged or incomplete: save it again and send it again.",
)
BOMB = Sentence(
    fr="Le fichier se déplie en un volume démesuré : copiez les données dans un classeur neuf.",
    en="The file unpacks to an unreasonable size: copy the data to a new workbook.",
)
OVERLAP = Sentence(
    fr="Les parties du fichier se chevauchent, ce qu’aucun tableur n’écrit : copiez les données dans un "
    "classeur "
    "neuf.",
    en="Parts of the file overlap, which no spreadsheet program writes: copy the data to a new workbook.",
)
PATH = Sentence(
    fr="Le fichier contient une partie au nom dangereux, « {name} » : copiez les données dans un classeur "
    "neuf.",
    en="The file contains a part with a dangerous name, “{name}”: copy the data to a new workbook.",
)
ENCRYPTED = Sentence(
    fr="Le fichier est protégé par un mot de passe : enregistrez-le sans mot de passe.",
    en="The file is protected by a password: save it without a password.",
)
DTD = Sentence(
    fr="La partie « {name} » contient une déclaration DTD, qu’aucun tableur n’écrit : copiez les données "
    "dans un "
    "classeur neuf.",
    en="Part “{name}” contains a DTD declaration, which no spreadsheet program writes: copy the data to a "
    "new "
    "workbook.",
)


class Archive:
    """A checked zip; its parts are read by name, never written to disk."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        self.names = frozenset(opened.namelist())

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """The unpacked bytes of one part, as a stream.

        Raises:
            DepositFileError: `file_corrupt` when the part is missing or damaged.
        """
        if name not in self.names:
            raise corrupt()
        try:
            with self._zip.open(name) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise corrupt() from None

    def size_of(self, name: str) -> int:
        """How many bytes one part unpacks to, as the archive says."""
        return self._zip.getinfo(name).file_size

    def start_of(self, name: str, size: int) -> bytes:
        """The first `size` unpacked bytes of one part."""
        with self.part(name) as stream:
            return stream.read(size)


def open_archive(content: bytes, limits: Limits) -> Archive:
    """The zip in `content`, after checking names, sizes, overlaps, encryption, and that no part declares a DTD.

    Raises:
        DepositFileError: `file_corrupt`, `archive_path`, `archive_bomb`, `archive_overlap`, `file_encrypted`,
            `xml_dtd`.
    """
    if content.count(_CENTRAL_ENTRY) > MAX_ENTRIES:
        raise refused("archive_bomb", BOMB)
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise corrupt() from None
    entries = opened.infolist()
    _check_names(entries)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise refused("file_encrypted", ENCRYPTED)
    _check_sizes(entries, limits)
    _check_overlaps(entries, content)
    archive = Archive(opened)
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_dtd(archive, entry.filename)
    return archive


def corrupt() -> DepositFileError:
    """The refusal of a file that is damaged or incomplete."""
    return refused("file_corrupt", CORRUPT)


def dtd(name: str) -> DepositFileError:
    """The refusal of a part that declares a document type (XXE, entity expansion)."""
    return refused("xml_dtd", DTD.fill(name=shortened(name)))


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        # `filename` is cut at the first NUL; `orig_filename` is what the archive says.
        if _UNSAFE_NAME.search(entry.orig_filename):
            raise refused("archive_path", PATH.fill(name=shortened(entry.orig_filename)))
        if entry.filename.lower() in seen:
            raise corrupt()
        seen.add(entry.filename.lower())


def _check_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    too_dense = any(
        entry.file_size > SMALL_ENTRY and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if too_dense or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise refused("archive_bomb", BOMB)


def _check_overlaps(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise corrupt()
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        if entry.header_offset < free_from:
            raise refused("archive_overlap", OVERLAP)
        free_from = (
            entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length + entry.compress_size
        )
    if free_from > len(content):
        raise corrupt()


def _refuse_dtd(archive: Archive, name: str) -> None:
    with archive.part(name) as stream:
        start = stream.read(4)
        wide = b"\x00" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff")
        mark = _WIDE_DTD if wide else _DTD
        tail = start
        while chunk := stream.read(CHUNK):
            if mark.search(tail + chunk):
                raise dtd(name)
            tail = chunk[-_LONGEST_MARK:]
