"""The sheet handed to officers can be sent back as it is."""

import io

import openpyxl
import pytest

from parvis.services.imports.reading import read_deposits
from parvis.services.imports.spreadsheet import COLUMNS
from parvis.services.imports.template import EXPECTED, template_csv, template_xlsx
from tests.services.imports.samples import CONTEXT


def test_the_example_row_is_a_deposit_in_csv_and_the_same_one_in_xlsx():
    from_csv = read_deposits("modele.csv", template_csv(CONTEXT), CONTEXT)
    from_xlsx = read_deposits("modele.xlsx", template_xlsx(CONTEXT), CONTEXT)

    assert [deposit.external_id for deposit in from_csv] == ["EXEMPLE-1"]
    assert from_csv == from_xlsx
    assert from_csv[0].warnings == from_xlsx[0].warnings == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_workbook_names_every_column_and_explains_it(language: str):
    workbook = openpyxl.load_workbook(io.BytesIO(template_xlsx(CONTEXT, language)))
    sheet, guide = workbook.worksheets

    assert tuple(cell.value for cell in sheet[1]) == COLUMNS
    assert [row[0].value for row in guide.iter_rows()] == list(COLUMNS)
    assert [row[2].value for row in guide.iter_rows()] == [EXPECTED[name].say(language) for name in COLUMNS]


def test_identifiers_are_cells_of_text_so_that_no_digit_is_lost():
    workbook = openpyxl.load_workbook(io.BytesIO(template_xlsx(CONTEXT)))

    cell = workbook.worksheets[0]["B2"]

    assert cell.value == "41816609600051"
    assert cell.number_format == "@"
