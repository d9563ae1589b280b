"""The one door for files of deposits: what a file is, is read in its first bytes, never in its name."""

from collections.abc import Collection

from parvis.services.imports.archive import Archive, open_archive
from parvis.services.imports.cells import Limits, Sheet
from parvis.services.imports.context import ImportContext, plain
from parvis.services.imports.csv_file import read_csv
from parvis.services.imports.deposit import Deposit
from parvis.services.imports.json_text import read_json
from parvis.services.imports.ods_file import is_ods, read_ods
from parvis.services.imports.portal import read_portal
from parvis.services.imports.problems import refused
from parvis.services.imports.spreadsheet import COLUMNS, read_spreadsheet
from parvis.services.imports.xlsx_file import is_xlsx, read_xlsx
from parvis.states.fields import shortened
from parvis.states.words import Sentence

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
WIDE_BOMS = BOMS[1:]
NOT_TABLES = (
    b"%PDF",
    b"<",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)

EMPTY = Sentence(
    fr="Le fichier « {name} » est vide : vérifiez l’envoi.",
    en="The file “{name}” is empty: check what was sent.",
)
TOO_LARGE = Sentence(
    fr="Le fichier « {name} » dépasse {limit} Mo : découpez-le en plusieurs fichiers.",
    en="The file “{name}” is larger than {limit} MB: split it into several files.",
)
TYPE = Sentence(
    fr="Le contenu de « {name} » n’est ni un CSV, ni un classeur XLSX ou ODS, ni un dossier JSON du "
    "portail : "
    "enregistrez-le dans l’un de ces formats.",
    en="The content of “{name}” is neither CSV, nor an XLSX or ODS workbook, nor JSON of the portal: save it "
    "in one "
    "of these formats.",
)
OLD_TYPE = Sentence(
    fr="« {name} » est un ancien classeur .xls, ou un classeur protégé par un mot de passe : enregistrez-le "
    "en "
    ".xlsx, sans mot de passe.",
    en="“{name}” is an old .xls workbook, or one protected by a password: save it as .xlsx, without a "
    "password.",
)


def read_deposits(
    name: str, content: bytes, context: ImportContext, limits: Limits | None = None
) -> list[Deposit]:
    """Every deposit of a file (CSV, XLSX, ODS, JSON of the portal), or none and every reason why.

    Nothing is written, nothing is fetched: `content` is all there is.

    Raises:
        DepositFileError: with every problem of the file.
    """
    limits = limits or Limits()
    start = _start(name, content, limits)
    if start.startswith((b"{", b"[")):
        return read_portal(read_json(content), context, limits)
    return read_spreadsheet(read_sheets(name, content, limits, COLUMNS), context, limits)


def read_sheets(name: str, content: bytes, limits: Limits, columns: Collection[str]) -> list[Sheet]:
    """The sheets of a table (CSV, XLSX, ODS), which is read in the first bytes; `columns` are the names it may have.

    Raises:
        DepositFileError: it is empty, too large, or no table.
    """
    shown = shortened(name, 80)
    start = _start(name, content, limits)
    if content.startswith(ZIP):
        return _workbook(shown, open_archive(content, limits), limits)
    if content.startswith(OLD_OFFICE):
        raise refused("file_type", OLD_TYPE.fill(name=shown))
    if start.startswith((*NOT_TABLES, b"{", b"[")) or _binary(content):
        raise refused("file_type", TYPE.fill(name=shown))
    return [read_csv(name, content, limits, known=lambda header: plain(header) in columns)]


def _start(name: str, content: bytes, limits: Limits) -> bytes:
    shown = shortened(name, 80)
    if not content:
        raise refused("file_empty", EMPTY.fill(name=shown))
    if len(content) > limits.file_bytes:
        raise refused("file_too_large", TOO_LARGE.fill(name=shown, limit=limits.file_bytes // 1024**2))
    return content[:64].removeprefix(BOMS[0]).lstrip()


def _workbook(name: str, archive: Archive, limits: Limits) -> list[Sheet]:
    if is_ods(archive):
        return read_ods(archive, limits)
    if is_xlsx(archive):
        return read_xlsx(archive, limits)
    raise refused("file_type", TYPE.fill(name=name))


def _binary(content: bytes) -> bool:
    """True when the start is more control bytes than a text with one stray NUL would be."""
    start = content[:4096]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in start)
    return controls > len(start) // 20 and not start.startswith(WIDE_BOMS)
