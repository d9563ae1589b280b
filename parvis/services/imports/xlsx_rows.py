"""The rows of one Excel sheet, cell by cell, as an officer sees them."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from parvis.services.imports.archive import corrupt
from parvis.services.imports.cells import (
    ROWS_ABOVE_DATA,
    BadCell,
    Cell,
    Limits,
    Row,
    Words,
    column_letters,
    too_many_cells,
    too_many_rows,
)
from parvis.services.imports.xml_events import Attributes, local
from parvis.states.fields import FieldError, is_blank, shortened, spreadsheet_moment
from parvis.states.words import Sentence

LARGEST_EXACT = 10**15
"""Excel keeps fifteen digits: whole numbers below this are the ones that were typed."""

FORMULA = Sentence(
    fr="La cellule {cell} contient une formule dont le résultat n’est pas enregistré : copiez la colonne, "
    "puis "
    "collez les valeurs.",
    en="Cell {cell} holds a formula whose result is not saved: copy the column, then paste the values.",
)
ERROR = Sentence(
    fr="La cellule {cell} affiche l’erreur « {value} » : remplacez-la par une valeur.",
    en="Cell {cell} shows the error “{value}”: replace it with a value.",
)
BAD_DATE = Sentence(
    fr="La cellule {cell} est au format date mais son contenu, « {value} », n’en est pas une : retapez la "
    "date.",
    en="Cell {cell} has a date format but its content, “{value}”, is not one: type the date again.",
)

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class NumberStyle(Enum):
    """What a cell's format says its number is."""

    PLAIN = auto()
    DATE = auto()
    PERCENT = auto()


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the cells of every sheet refer to."""

    strings: list[str]
    styles: list[NumberStyle]
    since_1904: bool


class RowsOfSheet:
    """Hears the XML of a sheet, keeps finished rows until they are taken."""

    def __init__(self, sheet: str, workbook: Workbook, limits: Limits) -> None:
        self._sheet = sheet
        self._workbook = workbook
        self._limits = limits
        self._rows: list[Row] = []
        self._count = 0
        self._elements = 0
        self._line = 0
        self._column = -1
        self._hidden = False
        self._hidden_columns: frozenset[int] = frozenset()
        self._cells: dict[int, Cell] = {}
        self._attributes: Attributes = {}
        self._formula = False
        self._valued = False
        self._listening = False
        self._phonetic = False
        self._words = Words(limits.cell_chars)

    def taken(self) -> Iterator[Row]:
        """The rows finished since the last time."""
        rows, self._rows = self._rows, []
        yield from rows

    def start(self, name: str, attributes: Attributes) -> None:
        """Hear an element begin."""
        self._elements += 1
        if self._elements > self._limits.xml_elements:
            raise too_many_cells(self._sheet)
        match local(name):
            case "col" if attributes.get("hidden", "0") in ("1", "true"):
                first = _count_from(attributes.get("min"), 1)
                last = min(_count_from(attributes.get("max"), first), self._limits.columns)
                self._hidden_columns |= set(range(first - 1, last))
            case "row":
                self._line = _count_from(attributes.get("r"), self._line + 1)
                self._column = -1
                self._cells = {}
                self._hidden = attributes.get("hidden", "0") in ("1", "true")
            case "c":
                self._column = _column(attributes.get("r"), self._column + 1)
                self._attributes = attributes
                self._formula = self._valued = self._phonetic = False
                self._words.clear()
            case "f":
                self._formula = True
            case "v":
                self._listening = self._valued = True
            case "t":
                self._listening = not self._phonetic
            case "rPh":
                self._phonetic = True

    def end(self, name: str) -> None:
        """Hear an element end."""
        match local(name):
            case "v" | "t":
                self._listening = False
            case "rPh":
                self._phonetic = False
            case "c":
                cell = self._cell(self._words.joined())
                if isinstance(cell, BadCell) or not is_blank(cell):
                    self._cells[self._column] = cell
            case "row" if self._cells:
                self._count += 1
                if self._count > self._limits.rows + ROWS_ABOVE_DATA:
                    raise too_many_rows(self._limits, self._line)
                self._rows.append(Row(self._line, self._cells, self._hidden, self._hidden_columns))

    def text(self, text: str) -> None:
        """Hear characters."""
        if self._listening:
            self._words.add(text)

    def _cell(self, written: str) -> Cell:
        kind = self._attributes.get("t", "n")
        if kind == "e":
            return self._bad("cell_error", ERROR, written)
        if self._formula and not written and not (kind == "str" and self._valued):
            return self._bad("cell_formula", FORMULA, "")
        match kind:
            case "s":
                return self._shared(written)
            case "str" | "inlineStr":
                return unescaped(written)
            case "b":
                return "VRAI" if written.strip() == "1" else "FAUX"
            case "d":
                return written
            case _:
                return self._number(written.strip())

    def _number(self, written: str) -> Cell:
        if not written:
            return None
        try:
            number = float(written)
        except ValueError:
            raise corrupt() from None
        if not math.isfinite(number):
            return self._bad("cell_error", ERROR, written)
        match self._style():
            case NumberStyle.DATE:
                return self._date(number)
            case NumberStyle.PERCENT:
                return f"{number * 100:.13g} %"
            case NumberStyle.PLAIN:
                return int(number) if number.is_integer() and abs(number) < LARGEST_EXACT else number

    def _date(self, serial: float) -> Cell:
        try:
            moment = spreadsheet_moment(serial, since_1904=self._workbook.since_1904)
        except FieldError as error:
            return self._bad(error.code, BAD_DATE, f"{serial:.15g}")
        return moment if moment.time() != datetime.min.time() else moment.date()

    def _shared(self, written: str) -> str:
        if not re.fullmatch(r"\s*[0-9]{1,9}\s*", written) or int(written) >= len(self._workbook.strings):
            raise corrupt()
        return self._workbook.strings[int(written)]

    def _style(self) -> NumberStyle:
        index = self._attributes.get("s", "0")
        styles = self._workbook.styles
        known = index.isdecimal() and len(index) < 7 and int(index) < len(styles)
        return styles[int(index)] if known else NumberStyle.PLAIN

    def _bad(self, code: str, sentence: Sentence, written: str) -> BadCell:
        cell = f"{column_letters(self._column)}{self._line}"
        return BadCell(FieldError(code, sentence, cell=cell, value=shortened(written)), shortened(written))


def unescaped(text: str) -> str:
    """`text` with the `_xHHHH_` that Excel writes for control characters turned back."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _count_from(written: str | None, default: int) -> int:
    if written is None:
        return default
    if not re.fullmatch(r"[0-9]{1,7}", written):
        raise corrupt()
    return int(written)


def _column(reference: str | None, default: int) -> int:
    if reference is None:
        return default
    found = re.match(r"([A-Z]{1,3})[0-9]", reference)
    if found is None:
        raise corrupt()
    index = 0
    for letter in found[1]:
        index = index * 26 + ord(letter) - 64
    return index - 1
