"""An Excel workbook: its parts, its sheets, and what its styles say of a number."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from parvis.services.imports.archive import Archive, corrupt
from parvis.services.imports.cells import Limits, Row, Sheet, Words, too_many_cells
from parvis.services.imports.problems import refused
from parvis.services.imports.xlsx_rows import NumberStyle, RowsOfSheet, Workbook, unescaped
from parvis.services.imports.xml_events import Attributes, local, read_whole, read_xml
from parvis.states.words import Sentence

MAIN_PART = "xl/workbook.xml"
SMALLEST_ROW_BYTES = 40
_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})

MACRO = Sentence(
    fr="Le classeur contient des macros : enregistrez-le au format « Classeur Excel (.xlsx) », sans macros.",
    en="The workbook contains macros: save it as “Excel Workbook (.xlsx)”, without macros.",
)


@dataclass(frozen=True, slots=True)
class _SheetEntry:
    name: str
    part: str
    hidden: bool


def is_xlsx(archive: Archive) -> bool:
    """True when the zip is a workbook and nothing else (a text document may carry one inside)."""
    foreign = any(name.startswith(("word/", "ppt/")) for name in archive.names)
    return not foreign and MAIN_PART in archive.names


def refuse_macros(archive: Archive) -> None:
    """Stop a workbook that could run something.

    Raises:
        DepositFileError: `file_macro`.
    """
    parts = {name.lower() for name in archive.names}
    carried = any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in parts)
    if carried or b"macroEnabled" in archive.start_of("[Content_Types].xml", 200_000):
        raise refused("file_macro", MACRO)


def read_xlsx(archive: Archive, limits: Limits) -> list[Sheet]:
    """The sheets of a workbook, in its order; links to other files are never followed.

    openpyxl is not used to read: its read-only mode hides which rows are hidden, shows either formulas or
    values, and turns 1234.565 into a float before the amount is checked.

    Raises:
        DepositFileError: `file_corrupt`, `file_macro`, `xml_dtd`, `too_many_cells`.
    """
    refuse_macros(archive)
    entries, since_1904 = _sheet_entries(archive)
    workbook = Workbook(
        strings=_shared_strings(archive, limits), styles=_number_styles(archive), since_1904=since_1904
    )
    return [
        Sheet(
            entry.name,
            _reader(archive, entry, workbook, limits),
            hidden=entry.hidden,
            perhaps_too_long=archive.size_of(entry.part) > limits.rows * SMALLEST_ROW_BYTES,
        )
        for entry in entries
    ]


def _reader(
    archive: Archive, entry: _SheetEntry, workbook: Workbook, limits: Limits
) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        reading = RowsOfSheet(entry.name, workbook, limits)
        with archive.part(entry.part) as stream:
            events = read_xml(stream, entry.part, start=reading.start, end=reading.end, text=reading.text)
            for _ in events:
                yield from reading.taken()

    return rows


def _sheet_entries(archive: Archive) -> tuple[list[_SheetEntry], bool]:
    named: list[tuple[str, str, bool]] = []
    since_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal since_1904
        match local(name):
            case "workbookPr":
                since_1904 = attributes.get("date1904", "0") in ("1", "true")
            case "sheet":
                relation = next((v for k, v in attributes.items() if k.endswith("}id")), "")
                hidden = attributes.get("state", "visible") != "visible"
                named.append((attributes.get("name", ""), relation, hidden))

    with archive.part(MAIN_PART) as stream:
        read_whole(stream, MAIN_PART, start)
    targets = _worksheet_targets(archive)
    return [
        _SheetEntry(name, targets[relation], hidden)
        for name, relation, hidden in named
        if targets.get(relation) in archive.names
    ], since_1904


def _worksheet_targets(archive: Archive) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        inside = attributes.get("TargetMode", "Internal") != "External"
        if local(name) == "Relationship" and inside and attributes.get("Type", "").endswith("/worksheet"):
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = path.lstrip("/")

    part = "xl/_rels/workbook.xml.rels"
    if part not in archive.names:
        raise corrupt()
    with archive.part(part) as stream:
        read_whole(stream, part, start)
    return targets


def _number_styles(archive: Archive) -> list[NumberStyle]:
    part = "xl/styles.xml"
    if part not in archive.names:
        return []
    codes: dict[int, str] = {}
    used: list[int] = []
    inside_cell_formats = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside_cell_formats
        match local(name):
            case "numFmt":
                codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            case "cellXfs":
                inside_cell_formats = True
            case "cellStyleXfs" | "cellStyles" | "dxfs":
                inside_cell_formats = False
            case "xf" if inside_cell_formats:
                used.append(_number(attributes.get("numFmtId")))

    with archive.part(part) as stream:
        read_whole(stream, part, start)
    return [_number_style(number, codes.get(number)) for number in used]


def _number_style(number: int, code: str | None) -> NumberStyle:
    if code is None:
        code = BUILTIN_FORMATS.get(number, "General")
        if number in _BUILTIN_DATES:
            return NumberStyle.DATE
    elif is_date_format(code[:255]):
        return NumberStyle.DATE
    return NumberStyle.PERCENT if "%" in re.sub(r'"[^"]*"|\\.', "", code) else NumberStyle.PLAIN


def _number(text: str | None) -> int:
    if text is None or not re.fullmatch(r"[0-9]{1,9}", text):
        raise corrupt()
    return int(text)


def _shared_strings(archive: Archive, limits: Limits) -> list[str]:
    part = "xl/sharedStrings.xml"
    if part not in archive.names:
        return []
    reading = _SharedStrings(limits)
    with archive.part(part) as stream:
        for _ in read_xml(stream, part, start=reading.start, end=reading.end, text=reading.text):
            pass
    return reading.strings


class _SharedStrings:
    """The table of texts; a phonetic reading (`rPh`) is no part of a text."""

    def __init__(self, limits: Limits) -> None:
        self.strings: list[str] = []
        self._limits = limits
        self._elements = 0
        self._words = Words(limits.cell_chars)
        self._in_text = False
        self._in_phonetic = False

    def start(self, name: str, _: Attributes) -> None:
        self._elements += 1
        if self._elements > self._limits.xml_elements:
            raise too_many_cells("sharedStrings")
        match local(name):
            case "si":
                self._words.clear()
            case "rPh":
                self._in_phonetic = True
            case "t":
                self._in_text = not self._in_phonetic

    def end(self, name: str) -> None:
        match local(name):
            case "si":
                self.strings.append(unescaped(self._words.joined()))
            case "rPh":
                self._in_phonetic = False
            case "t":
                self._in_text = False

    def text(self, text: str) -> None:
        if self._in_text:
            self._words.add(text)
