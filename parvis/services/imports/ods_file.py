"""An OpenDocument spreadsheet: its sheets, its repeated rows and cells, read without expanding what is empty."""

from collections.abc import Callable, Iterator
from datetime import datetime

from parvis.services.imports.archive import Archive
from parvis.services.imports.cells import (
    ROWS_ABOVE_DATA,
    BadCell,
    Cell,
    Limits,
    Row,
    Sheet,
    Words,
    column_letters,
    too_many_cells,
    too_many_rows,
)
from parvis.services.imports.problems import refused
from parvis.services.imports.xlsx_file import MACRO, SMALLEST_ROW_BYTES
from parvis.services.imports.xlsx_rows import BAD_DATE, ERROR, FORMULA, LARGEST_EXACT
from parvis.services.imports.xml_events import Attributes, read_xml
from parvis.states.fields import FieldError, is_blank, shortened
from parvis.states.words import Sentence

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"
MAX_REPEATED = 10_000_000

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TABLE, TEXT = (f"{_URN}{part}:1.0}}" for part in ("office", "style", "table", "text"))
CALCEXT_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_PIECES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


def is_ods(archive: Archive) -> bool:
    """True when the zip says it is an OpenDocument spreadsheet."""
    says = archive.start_of("mimetype", 100) if "mimetype" in archive.names else b""
    return says.strip().startswith(MIMETYPE) and CONTENT in archive.names


def read_ods(archive: Archive, limits: Limits) -> list[Sheet]:
    """The sheets of the document, in its order.

    Raises:
        DepositFileError: `file_macro`, `file_corrupt`, `xml_dtd`, `too_many_cells`.
    """
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.names):
        raise refused("file_macro", MACRO)
    outline = _Outline(limits)
    with archive.part(CONTENT) as stream:
        for _ in read_xml(stream, CONTENT, start=outline.start):
            pass
    return [
        Sheet(
            name,
            _reader(archive, position, name, limits),
            hidden=style in outline.hidden_styles,
            perhaps_too_long=archive.size_of(CONTENT) > limits.rows * SMALLEST_ROW_BYTES,
        )
        for position, (name, style) in enumerate(outline.sheets)
    ]


def _reader(archive: Archive, position: int, name: str, limits: Limits) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        reading = _RowsOfSheet(position, name, limits)
        with archive.part(CONTENT) as stream:
            for _ in read_xml(stream, CONTENT, start=reading.start, end=reading.end, text=reading.text):
                yield from reading.taken()
                if reading.finished:
                    return

    return rows


class _Outline:
    """Hears the names of the sheets, and which styles hide a sheet."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden_styles: set[str] = set()
        self._style = ""
        self._elements = 0
        self._limits = limits

    def start(self, name: str, attributes: Attributes) -> None:
        self._elements += 1
        if self._elements > self._limits.xml_elements:
            raise too_many_cells(CONTENT)
        if name == f"{STYLE}style":
            self._style = attributes.get(f"{STYLE}name", "")
        elif name == f"{STYLE}table-properties" and attributes.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(self._style)
        elif name == f"{TABLE}table":
            self.sheets.append((attributes.get(f"{TABLE}name", ""), attributes.get(f"{TABLE}style-name", "")))


class _RowsOfSheet:
    """Hears the XML of all sheets, keeps the finished rows of one until they are taken."""

    def __init__(self, position: int, sheet: str, limits: Limits) -> None:
        self.finished = False
        self._position = position
        self._sheet = sheet
        self._limits = limits
        self._current = -1
        self._elements = 0
        self._rows: list[Row] = []
        self._count = 0
        self._line = 1
        self._column = 0
        self._cells: dict[int, Cell] = {}
        self._row: Attributes = {}
        self._columns = 0
        self._hidden_columns: frozenset[int] = frozenset()
        self._cell: Attributes = {}
        self._notes = 0
        self._paragraphs = 0
        self._listening = 0
        self._words = Words(limits.cell_chars)

    def taken(self) -> Iterator[Row]:
        """The rows finished since the last time."""
        rows, self._rows = self._rows, []
        yield from rows

    def start(self, name: str, attributes: Attributes) -> None:
        """Hear an element begin."""
        if name == f"{TABLE}table":
            self._current += 1
        if self._current != self._position:
            return
        self._elements += 1
        if self._elements > self._limits.xml_elements:
            raise too_many_cells(self._sheet)
        if name == f"{TABLE}table-column":
            self._declare_columns(attributes)
        elif name == f"{TABLE}table-row":
            self._row, self._cells, self._column = attributes, {}, 0
        elif name in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            self._cell, self._paragraphs = attributes, 0
            self._words.clear()
        elif name == f"{OFFICE}annotation":
            self._notes += 1
        elif not self._notes:
            self._start_text(name, attributes)

    def end(self, name: str) -> None:
        """Hear an element end."""
        if self._current != self._position:
            return
        if name == f"{OFFICE}annotation":
            self._notes -= 1
        elif name == f"{TEXT}p" and not self._notes:
            self._listening -= 1
        elif name in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            self._end_cell()
        elif name == f"{TABLE}table-row":
            self._end_row()
        elif name == f"{TABLE}table":
            self.finished = True

    def text(self, text: str) -> None:
        """Hear characters."""
        if self._listening > 0 and not self._notes:
            self._words.add(text)

    def _declare_columns(self, attributes: Attributes) -> None:
        first, times = self._columns, _times(attributes.get(f"{TABLE}number-columns-repeated"))
        self._columns += times
        if attributes.get(f"{TABLE}visibility", "visible") != "visible":
            self._hidden_columns |= set(range(first, min(first + times, self._limits.columns)))

    def _start_text(self, name: str, attributes: Attributes) -> None:
        if name == f"{TEXT}p":
            self._listening += 1
            if self._paragraphs:
                self._words.add("\n")
            self._paragraphs += 1
        elif name == f"{TEXT}s":
            self._words.add(" " * min(_times(attributes.get(f"{TEXT}c")), self._limits.cell_chars))
        elif name in _PIECES:
            self._words.add(_PIECES[name])

    def _end_cell(self) -> None:
        times = _times(self._cell.get(f"{TABLE}number-columns-repeated"))
        cell = self._value(self._words.joined())
        if isinstance(cell, BadCell) or not is_blank(cell):
            # One more than the limit is enough to be refused for it.
            for column in range(self._column, min(self._column + times, self._limits.columns + 1)):
                self._cells[column] = cell
        self._column = min(self._column + times, self._limits.columns + 1)

    def _end_row(self) -> None:
        times = _times(self._row.get(f"{TABLE}number-rows-repeated"))
        if self._cells:
            self._count += times
            if times > self._limits.rows or self._count > self._limits.rows + ROWS_ABOVE_DATA:
                raise too_many_rows(self._limits, self._line)
            hidden = self._row.get(f"{TABLE}visibility", "visible") != "visible"
            self._rows.extend(
                Row(self._line + n, self._cells, hidden, self._hidden_columns) for n in range(times)
            )
        self._line += times

    def _value(self, written: str) -> Cell:
        kind = self._cell.get(f"{OFFICE}value-type", "")
        if self._cell.get(CALCEXT_TYPE) == "error":
            return self._bad("cell_error", ERROR, written)
        if f"{TABLE}formula" in self._cell and not kind:
            if written.startswith(("#", "Err:")):
                return self._bad("cell_error", ERROR, written)
            return self._bad("cell_formula", FORMULA, "")
        match kind:
            case "float" | "currency" | "percentage":
                return self._number(self._cell.get(f"{OFFICE}value", ""), kind)
            case "date":
                return self._date(self._cell.get(f"{OFFICE}date-value", ""))
            case "boolean":
                return "VRAI" if self._cell.get(f"{OFFICE}boolean-value") == "true" else "FAUX"
            case _:
                return self._cell.get(f"{OFFICE}string-value", written)

    def _number(self, written: str, kind: str) -> Cell:
        try:
            number = float(written)
        except ValueError:
            return self._bad("cell_error", ERROR, written)
        if kind == "percentage":
            return f"{number * 100:.13g} %"
        return int(number) if number.is_integer() and abs(number) < LARGEST_EXACT else number

    def _date(self, written: str) -> Cell:
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            return self._bad("date_invalid", BAD_DATE, written)
        plain_day = moment.tzinfo is None and moment.time() == datetime.min.time()
        return moment.date() if plain_day else moment

    def _bad(self, code: str, sentence: Sentence, written: str) -> BadCell:
        cell = f"{column_letters(self._column)}{self._line}"
        return BadCell(FieldError(code, sentence, cell=cell, value=shortened(written)), shortened(written))


def _times(written: str | None) -> int:
    """How often something is repeated, at most ten times what a sheet can hold."""
    if not written or not written.isdecimal():
        return 1
    return MAX_REPEATED if len(written) > len(str(MAX_REPEATED)) else min(int(written), MAX_REPEATED)
