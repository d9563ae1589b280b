"""A CSV file: its encoding and separator guessed only where no guess can garble a name, its rows streamed."""

import csv
import io
import re
from collections.abc import Callable, Iterator

from parvis.services.imports.cells import ROWS_ABOVE_DATA, Cell, Limits, Row, Sheet, too_many_rows
from parvis.services.imports.problems import DepositFileError, refused
from parvis.states.fields import is_blank
from parvis.states.words import Sentence

SEPARATORS = (";", ",", "\t")
SAMPLE_CHARS = 65_536
SAMPLE_RECORDS = 20
BLANK_ROWS = 2_000_000
"""More than a spreadsheet program can write."""
MAX_RECORD_CHARS = 4_000_000

# Letters and signs of French as UTF-8 writes them. In cp1252 they would read Ã©, â€™: no French text holds those.
_UTF8_FRENCH = re.compile(
    rb"\xc3[\x80-\xbf]|\xc2[\xa0\xab\xbb]|\xc5[\x92\x93]|\xe2\x80[\x80-\xbf]|\xe2\x82\xac"
)
_LINE_END = re.compile(rb"\r\n|\r|\n")

ENCODING = Sentence(
    fr="L’octet {byte} (ligne {line}, position {position}) n’est ni de l’UTF-8 ni du Windows-1252 : "
    "enregistrez le "
    "fichier au format « CSV UTF-8 ».",
    en="Byte {byte} (line {line}, position {position}) is neither UTF-8 nor Windows-1252: save the file as "
    "“CSV UTF-8”.",
)
ENCODING_MIXED = Sentence(
    fr="Le fichier mêle deux encodages : l’octet {byte} (ligne {line}, position {position}) n’est pas de "
    "l’UTF-8, "
    "d’autres passages en sont ; enregistrez le fichier au format « CSV UTF-8 ».",
    en="The file mixes two encodings: byte {byte} (line {line}, position {position}) is not UTF-8, other "
    "parts are; "
    "save the file as “CSV UTF-8”.",
)
UNCLOSED_QUOTE = Sentence(
    fr="Le guillemet ouvert à la ligne {line} n’est jamais refermé : fermez-le, ou doublez-le s’il fait "
    "partie du "
    "texte.",
    en="The quote opened on line {line} is never closed: close it, or double it if it belongs to the text.",
)
STRAY_QUOTE = Sentence(
    fr="À la ligne {line}, un guillemet est suivi d’un texte : doublez les guillemets qui font partie du "
    "texte.",
    en="On line {line}, a quote is followed by text: double the quotes that belong to the text.",
)
CELL_TOO_LONG = Sentence(
    fr="Une valeur de la ligne {line} dépasse {limit} caractères : raccourcissez-la.",
    en="A value of line {line} is longer than {limit} characters: shorten it.",
)


def read_csv(name: str, content: bytes, limits: Limits, known: Callable[[str], bool]) -> Sheet:
    """The one table of a CSV file; `known` tells the names of columns, to find the separator.

    Raises:
        DepositFileError: `encoding`, `encoding_mixed`; and, while rows are read, `csv_unclosed_quote`,
            `csv_quote`, `too_long`, `too_many_rows`.
    """
    encoding = _encoding(content)
    separator = _separator(content, encoding, known)

    def rows() -> Iterator[Row]:
        count = blank = 0
        for line, record in _records(_lines(content, encoding), separator, limits):
            cells: dict[int, Cell] = {n: value for n, value in enumerate(record) if not is_blank(value)}
            if not cells or _names_separator(line, record):
                blank += 1
                if blank <= BLANK_ROWS:
                    continue
            count += 1
            if count > limits.rows + ROWS_ABOVE_DATA or blank > BLANK_ROWS:
                raise too_many_rows(limits, line)
            yield Row(line, cells)

    line_ends = content.count(b"\n") + content.count(b"\r")
    return Sheet(name, rows, perhaps_too_long=line_ends > limits.rows)


def _encoding(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        return _checked(content, "utf-8-sig")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(content, "utf-16")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if _UTF8_FRENCH.search(content):
            raise _bad_byte(ENCODING_MIXED, "encoding_mixed", content, error.start) from None
        return _checked(content, "cp1252")
    return "utf-8"


def _checked(content: bytes, encoding: str) -> str:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad_byte(ENCODING, "encoding", content, error.start) from None
    return encoding


def _bad_byte(sentence: Sentence, code: str, content: bytes, at: int) -> DepositFileError:
    ends = [found.end() for found in _LINE_END.finditer(content, 0, at)]
    start = ends[-1] if ends else 0
    shown = f"0x{content[at]:02X}" if at < len(content) else "—"
    line = len(ends) + 1
    return refused(code, sentence.fill(byte=shown, line=line, position=at - start + 1), line=line)


def _lines(content: bytes, encoding: str) -> Iterator[str]:
    # newline="" splits at LF, CRLF and lone CR, and keeps them as they are inside quotes.
    return iter(io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline=""))


def _separator(content: bytes, encoding: str, known: Callable[[str], bool]) -> str:
    start = content[: SAMPLE_CHARS * 2].decode(encoding, errors="ignore")[:SAMPLE_CHARS]

    def recognised(separator: str) -> int:
        best = 0
        records = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        try:
            for _, record in zip(range(SAMPLE_RECORDS), records, strict=False):
                best = max(best, sum(known(name) for name in record))
        except csv.Error:
            return best
        return best

    return max(SEPARATORS, key=recognised)


class _RecordLines:
    """Feeds lines to the csv module, remembers those of the record being read, stops a record without end."""

    def __init__(self, lines: Iterator[str], limits: Limits) -> None:
        self._lines = lines
        self._limits = limits
        self._chars = 0
        self._read = 0
        self.first = 1
        self.texts: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._read += 1
            self._chars += len(line)
            if self._chars > MAX_RECORD_CHARS:
                raise _too_long(self.first, self._limits)
            self.texts.append(line)
            yield line

    def next_record(self) -> None:
        self.first = self._read + 1
        self._chars = 0
        self.texts.clear()


def _records(lines: Iterator[str], separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    fed = _RecordLines(lines, limits)
    reader = csv.reader(fed, delimiter=separator, strict=True)
    while True:
        fed.next_record()
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(str(error), fed, separator, limits) from None
        yield fed.first, record


def _unreadable(reason: str, fed: _RecordLines, separator: str, limits: Limits) -> DepositFileError:
    """What the csv module could not read, said to a person.

    A field past the limit of the csv module over several lines is a quote nobody closed.
    """
    too_large = "field larger" in reason
    if "unexpected end of data" in reason or (too_large and len(fed.texts) > 1):
        line = fed.first + _opening_line(fed.texts, separator)
        return refused("csv_unclosed_quote", UNCLOSED_QUOTE.fill(line=line), line=line)
    if too_large:
        return _too_long(fed.first, limits)
    line = fed.first + len(fed.texts) - 1
    return refused("csv_quote", STRAY_QUOTE.fill(line=line), line=line)


def _opening_line(texts: list[str], separator: str) -> int:
    """How many lines below the start of the record the quote that stays open was opened."""
    opened_on = 0
    inside = False
    at_start = True
    for number, line in enumerate(texts):
        for char in line:
            if char == '"' and (inside or at_start):
                opened_on = opened_on if inside else number
                inside = not inside
                at_start = inside is False
            else:
                at_start = not inside and char == separator
    return opened_on


def _too_long(line: int, limits: Limits) -> DepositFileError:
    return refused("too_long", CELL_TOO_LONG.fill(line=line, limit=limits.cell_chars), line=line)


def _names_separator(line: int, record: list[str]) -> bool:
    """True for the `sep=;` with which Excel may begin a file."""
    return line == 1 and record[0].startswith("sep=") and len("".join(record)) <= len("sep=;")
