"""Cells, rows and sheets as every reader of tables delivers them, and the limits all readers keep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from parvis.services.imports.problems import DepositFileError, refused
from parvis.states.fields import FieldError, Raw
from parvis.states.words import Sentence

ROWS_ABOVE_DATA = 100
"""Rows a reader lets through before counting data: titles, notes, the header."""

TOO_MANY_ROWS = Sentence(
    fr="Le fichier a plus de {limit} lignes : découpez-le en plusieurs fichiers.",
    en="The file has more than {limit} rows: split it into several files.",
)
TOO_MANY_CELLS = Sentence(
    fr="La feuille « {sheet} » contient trop de cellules : supprimez les lignes et les colonnes inutiles, "
    "puis "
    "enregistrez-la de nouveau.",
    en="Sheet “{sheet}” has too many cells: delete the rows and columns you do not need, then save it again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be; a larger one is refused, never cut."""

    rows: int = 100_000
    columns: int = 200
    cell_chars: int = 32_767
    """What a cell of Excel can hold."""
    file_bytes: int = 64 * 1024 * 1024
    unpacked_bytes: int = 256 * 1024 * 1024
    xml_elements: int = 8_000_000


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no value a person wrote: a formula never computed, an error, a date that never was."""

    error: FieldError
    shown: str


Cell = Raw | BadCell


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file from 1, and its non-empty cells by column from 0."""

    line: int
    cells: dict[int, Cell]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file; `rows` starts reading again each time it is called and skips empty rows."""

    name: str
    rows: Callable[[], Iterator[Row]]
    hidden: bool = False
    perhaps_too_long: bool = False
    """True when its size makes it worth counting rows before anything else is done with them."""


class Words:
    """The characters of one cell as they are heard; past `limit` they are enough to be refused, and not kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self._length = 0

    def clear(self) -> None:
        """Begin another cell."""
        self._pieces.clear()
        self._length = 0

    def add(self, text: str) -> None:
        """Hear some more."""
        if self._length <= self._limit:
            self._pieces.append(text)
            self._length += len(text)

    def joined(self) -> str:
        """Everything kept."""
        return "".join(self._pieces)


def too_many_rows(limits: Limits, line: int) -> DepositFileError:
    """The refusal of a file with more rows than `limits` allows."""
    return refused("too_many_rows", TOO_MANY_ROWS.fill(limit=limits.rows), line=line)


def too_many_cells(sheet: str) -> DepositFileError:
    """The refusal of a sheet that would take too long to read."""
    return refused("too_many_cells", TOO_MANY_CELLS.fill(sheet=sheet))


def column_letters(index: int) -> str:
    """The letters a spreadsheet gives to a column counted from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
