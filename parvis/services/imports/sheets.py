"""Which sheet of a file holds the deposits, which row names the columns, and what those names are."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from parvis.services.imports.cells import BadCell, Cell, Limits, Row, Sheet, too_many_rows
from parvis.services.imports.context import plain
from parvis.services.imports.problems import DepositFileError, ProblemList, refused
from parvis.states.fields import FieldError, shortened
from parvis.states.words import Sentence

ROWS_SEARCHED = 20
"""The header is among the first rows that are not empty; above it there may be a title."""
ENOUGH_NAMES = 2
"""Known names that make a row a header."""

AMBIGUOUS = Sentence(
    fr="Impossible de savoir quelle feuille importer : {sheets} ; ne gardez que celle des dossiers, visible.",
    en="No telling which sheet to import: {sheets}; keep only the one with the cases, visible.",
)
HIDDEN_SHEET = Sentence(fr="« {name} » (masquée)", en="“{name}” (hidden)")
VISIBLE_SHEET = Sentence(fr="« {name} »", en="“{name}”")
NO_ROWS = Sentence(
    fr="Le fichier ne contient aucune ligne de données : ajoutez une ligne par dossier sous les en-têtes.",
    en="The file has no row of data: add one row per case below the header.",
)
HEADER_MISSING = Sentence(
    fr="Il manque les colonnes obligatoires {names} (en-têtes lus à la ligne {line}) : ajoutez-les.",
    en="Required columns are missing: {names} (header read on line {line}). Add them.",
)
HEADER_DUPLICATE = Sentence(
    fr="La colonne « {name} » figure plusieurs fois : supprimez ou renommez l’une d’elles.",
    en="Column “{name}” appears more than once: delete or rename one of them.",
)
HEADER_UNKNOWN = Sentence(
    fr="La colonne « {name} » n’est pas connue : vouliez-vous dire « {nearest} » ? Sinon, supprimez-la.",
    en="Column “{name}” is not known: did you mean “{nearest}”? If not, delete it.",
)
ROW_WIDTH = Sentence(
    fr="La ligne {line} a une valeur au-delà des colonnes nommées (colonne {position}, pour {width}) : "
    "vérifiez les "
    "séparateurs, ou nommez la colonne.",
    en="Line {line} has a value outside the named columns (column {position} of {width}): check the "
    "separators, "
    "or name the column.",
)
TOO_LONG = Sentence(
    fr="La valeur « {value} » compte {length} caractères, pour {limit} au plus : raccourcissez-la.",
    en="The value “{value}” has {length} characters, at most {limit} are allowed: shorten it.",
)
HEADER_LINE = Sentence(
    fr="Les en-têtes ont été lus à la ligne {line} ; ce qui est au-dessus a été laissé de côté.",
    en="The header was read on line {line}; what is above it was left out.",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of data: its cells by name of column."""

    line: int
    values: dict[str, Cell]
    hidden: bool
    hidden_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The sheet to import, its columns understood."""

    sheet: str
    records: Callable[[ProblemList], Iterator[Record]]
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    line: int
    cells: dict[int, Cell]
    names_found: int
    first_line: int


def read_table(
    sheets: Sequence[Sheet], *, known: Sequence[str], required: Sequence[str], limits: Limits
) -> Table:
    """The table of deposits among `sheets`; `known` and `required` are names of columns, without accents.

    Raises:
        DepositFileError: `sheet_ambiguous`, `file_no_rows`, `header_missing`, `header_duplicate`,
            `header_unknown`, `row_width`.
    """
    sheet, header = _chosen(sheets, set(known))
    columns = _columns(header, known, required, limits)
    if sheet.perhaps_too_long:
        _refuse_too_long(sheet, header, limits)

    def records(problems: ProblemList) -> Iterator[Record]:
        for row in _data(sheet, header, limits):
            values = _by_name(row, columns, problems, limits)
            if values is not None:
                unseen = tuple(columns[n] for n in row.cells if n in row.hidden_columns)
                yield Record(row.line, values, row.hidden, unseen)

    warnings = (HEADER_LINE.fill(line=header.line),) if header.line != header.first_line else ()
    return Table(sheet.name, records, warnings)


def _data(sheet: Sheet, header: _Header, limits: Limits) -> Iterator[Row]:
    count = 0
    for row in sheet.rows():
        if row.line <= header.line:
            continue
        count += 1
        if count > limits.rows:
            raise too_many_rows(limits, row.line)
        yield row


def _refuse_too_long(sheet: Sheet, header: _Header, limits: Limits) -> None:
    """Count the rows alone first: refusing a million of them should not take the time of checking them."""
    for _ in _data(sheet, header, limits):
        pass


def _chosen(sheets: Sequence[Sheet], known: set[str]) -> tuple[Sheet, _Header]:
    headers = [(sheet, header) for sheet in sheets if (header := _header(sheet, known))]
    if not headers:
        raise refused("file_no_rows", NO_ROWS)
    candidates = [pair for pair in headers if pair[1].names_found >= ENOUGH_NAMES]
    if len(candidates) > 1:
        raise _ambiguous([sheet for sheet, _ in candidates])
    if not candidates:
        visible = [pair for pair in headers if not pair[0].hidden]
        return (visible or headers)[0]
    sheet, header = candidates[0]
    if sheet.hidden:
        raise _ambiguous([sheet, *(other for other in sheets if not other.hidden)])
    return sheet, header


def _ambiguous(sheets: Sequence[Sheet]) -> DepositFileError:
    named = [
        (HIDDEN_SHEET if sheet.hidden else VISIBLE_SHEET).fill(name=shortened(sheet.name)) for sheet in sheets
    ]
    return refused("sheet_ambiguous", AMBIGUOUS.fill(sheets=named))


def _header(sheet: Sheet, known: set[str]) -> _Header | None:
    rows = list(islice(sheet.rows(), ROWS_SEARCHED))
    if not rows:
        return None

    def names_found(row: Row) -> int:
        return len({_name(cell) for cell in row.cells.values()} & known)

    best = max(rows, key=names_found)
    row = best if names_found(best) >= ENOUGH_NAMES else rows[0]
    return _Header(row.line, row.cells, names_found(row), rows[0].line)


def _name(cell: Cell) -> str:
    return plain(cell[:200]) if isinstance(cell, str) else ""


def _columns(
    header: _Header, known: Sequence[str], required: Sequence[str], limits: Limits
) -> dict[int, str]:
    problems = ProblemList()
    if max(header.cells) >= limits.columns:
        problems.add(_too_wide(header.line, max(header.cells), limits.columns), line=header.line, column=None)
        problems.refuse_if_any()
    columns: dict[int, str] = {}
    for position, cell in header.cells.items():
        name, written = _name(cell), cell.shown if isinstance(cell, BadCell) else shortened(cell)
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            error = FieldError("header_unknown", HEADER_UNKNOWN, name=written, nearest=nearest)
            problems.add(error, line=header.line, column=written)
        elif name in columns.values():
            error = FieldError("header_duplicate", HEADER_DUPLICATE, name=written)
            problems.add(error, line=header.line, column=name)
        else:
            columns[position] = name
    missing = [name for name in required if name not in columns.values()]
    if missing:
        error = FieldError("header_missing", HEADER_MISSING, names=missing, line=header.line)
        problems.add(error, line=header.line, column=None)
    problems.refuse_if_any()
    return columns


def _by_name(
    row: Row, columns: dict[int, str], problems: ProblemList, limits: Limits
) -> dict[str, Cell] | None:
    """The cells of a row; None when it is wider than the header, and its values perhaps not in their columns."""
    beyond = [position for position in row.cells if position not in columns]
    if beyond:
        value = row.cells[beyond[0]]
        too_wide = _too_wide(row.line, beyond[0], len(columns))
        shown = value.shown if isinstance(value, BadCell) else value
        problems.add(too_wide, line=row.line, column=None, value=shown)
        return None
    return {columns[position]: _short_enough(cell, limits) for position, cell in row.cells.items()}


def _short_enough(cell: Cell, limits: Limits) -> Cell:
    if not isinstance(cell, str) or len(cell) <= limits.cell_chars:
        return cell
    shown = shortened(cell)
    error = FieldError("too_long", TOO_LONG, value=shown, length=len(cell), limit=limits.cell_chars)
    return BadCell(error, shown)


def _too_wide(line: int, position: int, width: int) -> FieldError:
    return FieldError("row_width", ROW_WIDTH, line=line, position=position + 1, width=width)
