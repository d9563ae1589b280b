"""Exports: what a filter finds, as files a spreadsheet opens, where nothing typed by others becomes a formula."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from parvis.services.exports import PART, Format, Layout, export
from parvis.services.queue import Filter, Order, Viewer
from parvis.services.queue_columns import COLUMNS, Column, chosen_columns
from parvis.services.spreadsheets.cells import Value
from parvis.services.spreadsheets.csv_writer import write_csv
from parvis.services.spreadsheets.ods_writer import write_ods
from parvis.services.spreadsheets.xlsx_writer import write_xlsx
from parvis.states.queue import Sort
from parvis.states.words import Cents, Sentence
from tests.services.desk import Desk, moment

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods}
DANGEROUS = ("=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example";"clic")')


class Unseekable(io.BytesIO):
    """A stream that cannot be rewound, as an answer on the network."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def written(kind: str, *rows: list[Value], names: tuple[str, ...] = ("A", "B", "C", "D")) -> bytes:
    stream = Unseekable()
    WRITERS[kind](stream, names, iter(rows), "fr")
    return stream.getvalue()


def read(kind: str, content: bytes) -> list[list[Any]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def exported(
    desk: Desk, kind: Format, columns: tuple[Column, ...] = COLUMNS, **wanted: Any
) -> list[list[Any]]:
    stream = Unseekable()
    with desk.database.transaction() as session:
        export(
            session, stream, Layout(kind, columns), wanted=Filter(**wanted), order=Order(Sort.REFERENCE),
            viewer=Viewer(), at=moment("2026-06-02"),
        )  # fmt: skip
    return read(kind, stream.getvalue())


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_begins_like_a_formula_is_kept_from_being_one(kind, text):
    found = read(kind, written(kind, [text, f"{text} et"], names=(text, "B")))

    cells = [str(cell) for row in found for cell in row if str(cell).strip() not in ("", "B")]
    assert len(cells) == 3
    assert all(cell.startswith("'") for cell in cells)


def test_numbers_stay_numbers_amounts_amounts_and_days_days():
    row: list[Value] = [-3, Cents(-123_450), date(2027, 1, 31), None]

    assert read("csv", written("csv", row))[1] == ["-3", "-1234,50", "31/01/2027", ""]
    for kind in ("xlsx", "ods"):
        assert read(kind, written(kind, row))[1][:3] == [-3, -1234.5, date(2027, 1, 31)]


def test_openpyxl_reads_what_was_written_by_hand_with_its_formats():
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", ["Été", Cents(5), date(2027, 1, 31), 4])))
    sheet = book.active
    assert sheet is not None

    assert [cell.value for cell in sheet[2]] == ["Été", 0.05, datetime(2027, 1, 31), 4]  # noqa: DTZ001 - its own type
    assert sheet["B2"].number_format == '#,##0.00\\ "€"'
    assert sheet["C2"].is_date
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet["A1"].font.b) == ("A2", "A1:D2", True)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize(
    "text",
    [
        "a & b < c > d \" ' é",
        "deux\nlignes",
        "trois  espaces   de suite",
        " au bord ",
        "]]>",
        "&amp;",
        "\U0001d518",
    ],
)
def test_a_text_is_read_back_as_it_was(kind, text):
    assert read(kind, written(kind, [text, "x"]))[1][0] == text


@pytest.mark.parametrize("kind", WRITERS)
def test_signs_no_spreadsheet_can_hold_are_left_out(kind):
    found = read(kind, written(kind, ["a\x00b\x1bc\ud800d\uffff", "x"]))

    assert found[1][0] == "abcd"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_the_same_table_is_the_same_file(kind):
    assert written(kind, ["a", 1]) == written(kind, ["a", 1])


@pytest.mark.parametrize("kind", list(Format))
def test_an_export_has_every_case_of_the_filter_and_its_columns(desk, kind):
    desk.submitted_case(title="=cmd|' /C calc'!A0")
    desk.submitted_case(title="Café d’été", requested_cents=123_456)
    desk.submitted_case(title="Trop cher", requested_cents=5_000_000)

    found = exported(desk, kind, most_cents=1_000_000)

    assert found[0] == [str(column.name) for column in COLUMNS]
    assert [row[0] for row in found[1:]] == ["ANNUEL-2026-00001", "ANNUEL-2026-00002"]
    assert [row[1] for row in found[1:]] == ["'=cmd|' /C calc'!A0", "Café d’été"]
    amount = found[2][[column.code for column in COLUMNS].index("demande")]
    assert amount == ("1234,56" if kind == Format.CSV else 1234.56)


def test_a_siret_and_a_reference_stay_texts(desk):
    desk.submitted_case()

    (_, row) = exported(desk, Format.XLSX, chosen_columns(["siret", "reference"]))

    assert row == ["41816609600051", "ANNUEL-2026-00001"]


def test_columns_are_those_chosen_once_each_and_unknown_ones_are_none(desk):
    chosen = chosen_columns(["note", "reference", "note", "inconnue"])

    assert [column.code for column in chosen] == ["note", "reference"]
    assert chosen_columns(["inconnue"]) != ()


def test_a_long_list_is_read_part_by_part_and_says_how_far_it_is(desk, monkeypatch):
    monkeypatch.setattr("parvis.services.exports.PART", 2)
    for _ in range(5):
        desk.submitted_case()
    heard: list[tuple[int, int | None]] = []

    with desk.database.transaction() as session:
        count = export(
            session, io.BytesIO(), Layout(Format.CSV), wanted=Filter(), order=Order(), viewer=Viewer(),
            at=moment("2026-06-02"), progress=lambda done, total: heard.append((done, total)),
        )  # fmt: skip

    assert (count, heard) == (5, [(2, 5), (4, 5), (5, 5)])
    assert PART > 2


def test_an_english_export_speaks_english(desk):
    desk.submitted_case()
    stream = io.BytesIO()

    with desk.database.transaction() as session:
        layout = Layout(Format.CSV, language="en")
        export(
            session, stream, layout, wanted=Filter(), order=Order(), viewer=Viewer(), at=moment("2026-06-02")
        )  # fmt: skip

    names, row = read("csv", stream.getvalue())
    assert names[1:3] == ["Action", "Applicant"]
    assert "submitted" in row


def test_a_sentence_is_written_in_the_readers_language():
    stream = io.BytesIO()
    write_csv(stream, ["A"], [[Sentence("oui", "yes")]], "en")

    assert b"yes" in stream.getvalue()
