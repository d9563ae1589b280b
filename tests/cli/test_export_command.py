"""`parvis case export`: a file in the format asked for, or none at all."""

import csv
import io

import openpyxl


def test_the_format_is_that_of_the_name_and_the_filters_are_those_of_the_list(desk, terminal, tmp_path):
    desk.submitted_case(title="Café")
    desk.submitted_case(title="Jardin")
    file = tmp_path / "dossiers.xlsx"

    answer = terminal("case", "export", "--to", str(file), "--search", "cafe", "--columns", "reference,titre")

    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert (answer.code, "1 dossier dans" in answer.said) == (0, True)
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Référence", "Action"], ["ANNUEL-2026-00001", "Café"],
    ]  # fmt: skip
    assert [each.name for each in tmp_path.glob("*dossiers*")] == ["dossiers.xlsx"]


def test_the_format_said_goes_before_the_name(desk, terminal, tmp_path):
    desk.submitted_case()
    file = tmp_path / "dossiers.txt"

    done = terminal("case", "export", "--to", str(file), "--format", "csv", "--json").json

    assert (done["cases"], done["format"]) == (1, "csv")
    assert len(list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))) == 2


def test_an_unknown_format_or_column_is_refused_and_nothing_is_written(desk, terminal, tmp_path):
    for words in (["--to", str(tmp_path / "x.pdf")], ["--to", str(tmp_path / "x.csv"), "--columns", "rien"]):
        assert terminal("case", "export", *words).code == 2

    assert list(tmp_path.glob("*x.*")) == []
