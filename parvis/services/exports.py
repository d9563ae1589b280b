"""Lists of cases as files: what a filter finds, in its order, as CSV, XLSX or ODS, read and written part by part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO

from parvis.models.session import Session
from parvis.services.queue import CaseRow, Page, read_page
from parvis.services.queue_columns import COLUMNS, Column
from parvis.services.spreadsheets.cells import Row, Writer
from parvis.services.spreadsheets.csv_writer import write_csv
from parvis.services.spreadsheets.ods_writer import write_ods
from parvis.services.spreadsheets.xlsx_writer import write_xlsx
from parvis.states.queue import Filter, Order, Viewer
from parvis.states.words import Language

PART = 1_000
Progress = Callable[[int, int | None], None]
"""Hears how many rows are written, and of how many: None when there are too many to count."""


class Format(StrEnum):
    """What a list can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
_WRITERS: dict[Format, Writer] = {Format.CSV: write_csv, Format.XLSX: write_xlsx, Format.ODS: write_ods}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list is written: every column in French, unless told otherwise."""

    format: Format
    columns: Sequence[Column] = COLUMNS
    language: str = Language.FR


def export(
    session: Session, to: IO[bytes], layout: Layout, *, wanted: Filter, order: Order, viewer: Viewer, at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> int:  # fmt: skip
    """Write the cases wanted to a file that needs no rewinding; how many. No more than a part is ever in memory."""
    count = 0

    def rows() -> Iterator[Row]:
        nonlocal count
        for page in _pages(session, wanted, order, viewer, at=at):
            yield from (_row(case, layout.columns) for case in page.rows)
            count += len(page.rows)
            progress(count, None if page.capped else page.total)

    names = [column.name.say(layout.language) for column in layout.columns]
    _WRITERS[layout.format](to, names, rows(), layout.language)
    return count


def _pages(session: Session, wanted: Filter, order: Order, viewer: Viewer, *, at: datetime) -> Iterator[Page]:
    page = read_page(session, wanted, order, viewer, at=at, limit=PART)
    yield page
    while page.next is not None:
        page = read_page(session, wanted, order, viewer, at=at, limit=PART, after=page.next)
        yield page


def _row(case: CaseRow, columns: Sequence[Column]) -> Row:
    return [column.value(case) for column in columns]
