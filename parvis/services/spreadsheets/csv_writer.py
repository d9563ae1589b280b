"""CSV as an office in France opens it with a double click: a mark of UTF-8, semicolons, decimal commas, days first."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

from parvis.services.spreadsheets.cells import Formula, Row, Value, day_of, euros, text_of
from parvis.states.words import Cents


def write_csv(to: IO[bytes], names: Sequence[str], rows: Iterable[Row], language: str) -> None:
    """Write a table as CSV."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([text_of(name, language) for name in names])
    writer.writerows([_cell(value, language) for value in row] for row in rows)
    text.detach()


def _cell(value: Value, language: str) -> str:
    match value:
        case None:
            return ""
        case Formula():
            return "" if value.now is None else euros(value.now, ",")
        case Cents():
            return euros(value, ",")
        case date():
            return day_of(value).strftime("%d/%m/%Y")
        case int():
            return str(value)
        case _:
            return text_of(value, language)
