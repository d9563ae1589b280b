"""XLSX and ODS: the same deposit as the CSV, and what only a workbook can hold."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from parvis.services.imports.deposit import Deposit
from parvis.services.imports.reading import read_deposits
from tests.services.imports.samples import (
    CONTEXT,
    DATA,
    FULL,
    GOOD,
    codes,
    csv_of,
    ods_of,
    ods_row,
    ods_text,
    ods_texts,
    refusal,
    with_parts,
)

TYPED: dict[str, Any] = FULL | {
    "siret": 41816609600051,
    "montant_demande": 1234.56,
    "cout_total": 2500,
    "date_depot": date(2026, 4, 3),
    "debut": date(2026, 9, 1),
    "fin": date(2027, 6, 30),
    "beneficiaires": 1200,
}
"""FULL as an officer types it in a workbook: numbers and dates, not texts."""


def xlsx_of(
    *rows: dict[str, Any], formats: dict[str, str] | None = None, above: Sequence[Sequence[Any]] = ()
) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for row in [*above, list(rows[0]), *(list(row.values()) for row in rows)]:
        sheet.append(list(row))
    for name, code in (formats or {}).items():
        position = list(rows[0]).index(name) + 1
        for line in range(len(above) + 2, len(above) + len(rows) + 2):
            sheet.cell(line, position).number_format = code
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def one(content: bytes) -> Deposit:
    deposits = read_deposits("depots", content, CONTEXT)
    assert len(deposits) == 1
    return deposits[0]


def from_csv() -> Deposit:
    return one(csv_of(FULL))


def fixture(name: str) -> Deposit:
    return one((DATA / "bad_files" / name).read_bytes())


def test_a_workbook_of_numbers_and_dates_gives_the_content_of_the_csv():
    content = xlsx_of(TYPED | {"part_qpv": 0.6}, formats={"part_qpv": "0 %"})

    assert one(content).content_hash == from_csv().content_hash


def test_a_workbook_of_texts_gives_the_content_of_the_csv():
    assert one(xlsx_of(FULL)).content_hash == from_csv().content_hash


def test_an_open_document_sheet_gives_the_content_of_the_csv():
    cells = {name: ods_text(str(value)) for name, value in FULL.items()}
    cells |= {
        "montant_demande": '<table:table-cell office:value-type="currency" office:value="1234.56"/>',
        "date_depot": '<table:table-cell office:value-type="date" office:date-value="2026-04-03"/>',
        "beneficiaires": '<table:table-cell office:value-type="float" office:value="1200"/>',
        "part_qpv": '<table:table-cell office:value-type="percentage" office:value="0.6"/>',
    }
    content = ods_of(('table:name="Dossiers"', ods_texts(list(FULL)) + ods_row(list(cells.values()))))

    assert one(content).content_hash == from_csv().content_hash


def test_a_workbook_that_counts_from_1904_keeps_its_day():
    assert fixture("xl02_1904.xlsx").deposited_on == date(2026, 6, 30)


def test_the_leap_day_of_1900_is_no_date_and_its_cell_is_named():
    content = xlsx_of(GOOD | {"date_depot": 60}, formats={"date_depot": "dd/mm/yyyy"})

    error = refusal(content)

    assert error.code == "date_invalid"
    assert "E2" in error.problems[0].sentence.fr


def test_a_date_typed_as_a_number_is_no_date():
    assert codes(xlsx_of(GOOD | {"date_depot": 46203})) == [(2, "date_depot", "date_invalid")]


def test_a_date_cell_with_an_hour_is_the_time_in_paris():
    deposit = one(xlsx_of(GOOD | {"date_depot": datetime(2026, 7, 1, 0, 30)}))  # noqa: DTZ001

    assert deposit.deposited_at == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert deposit.deposited_on == date(2026, 7, 1)


def test_the_noise_of_binary_fractions_is_not_a_third_decimal():
    assert one(xlsx_of(GOOD | {"montant_demande": 0.1 + 0.2})).requested_cents == 30


def test_a_hidden_row_is_imported_and_said():
    deposit = fixture("xl09_hidden_row.xlsx")

    assert "ligne 2 est masquée" in deposit.warnings[0].fr


def test_a_hidden_column_is_imported_and_said():
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx_of(GOOD)))
    workbook.worksheets[0].column_dimensions["C"].hidden = True

    deposit = one(saved(workbook))

    assert deposit.title == "Café des parents"
    assert "titre" in deposit.warnings[0].fr


def test_a_title_above_the_header_is_left_out_and_said():
    deposit = fixture("xl03_merged_title.xlsx")

    assert "ligne 2" in deposit.warnings[0].fr


def test_a_formula_whose_result_is_saved_is_its_result():
    part = "xl/worksheets/sheet1.xml"
    content = (DATA / "bad_files" / "xl02_1904.xlsx").read_bytes()
    with_formula = b'<c r="D2"><f>1000+234.56</f><v>1234.56</v></c>'
    sheet = read_part(content, part).replace(b'<c r="D2" t="n"><v>1234.56</v></c>', with_formula)

    assert with_formula in sheet
    assert one(with_parts(content, {part: sheet})).requested_cents == 123_456


def test_shared_texts_are_read_without_their_phonetic_guide():
    part = "xl/worksheets/sheet1.xml"
    content = (DATA / "bad_files" / "xl02_1904.xlsx").read_bytes()
    sheet = read_part(content, part).replace(
        b'<c r="C2" t="inlineStr"><is><t>Titre</t></is></c>', b'<c r="C2" t="s"><v>0</v></c>'
    )
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>Caf\xc3\xa9 </t></r>'
        b"<r><t>des parents</t></r><rPh><t>guide</t></rPh></si></sst>"
    )

    deposit = one(with_parts(content, {part: sheet, "xl/sharedStrings.xml": strings}))

    assert deposit.title == "Café des parents"


def test_a_control_character_escaped_by_excel_is_still_refused():
    content = xlsx_of(GOOD | {"titre": "Ti_x0000_tre"})

    assert codes(content) == [(2, "titre", "control_char")]


def test_a_guide_beside_the_data_is_no_second_candidate():
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx_of(GOOD)))
    guide = workbook.create_sheet("Notice")
    for name in GOOD:
        guide.append([name, "obligatoire"])

    assert one(saved(workbook)).external_id == "P-1"


def test_a_formula_typed_as_text_stays_a_text():
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx_of(GOOD)))
    cell = workbook.worksheets[0]["C2"]
    cell.value, cell.data_type = "=1+1", "s"

    assert one(saved(workbook)).title == "=1+1"


def test_repeated_empty_rows_and_cells_of_an_open_document_cost_nothing():
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        ods_texts(list(GOOD))
        + ods_row([empty], 'table:number-rows-repeated="3"')
        + ods_texts(list(GOOD.values()), 'table:visibility="collapse"')
        + ods_row([empty], 'table:number-rows-repeated="1048000"')
    )

    deposit = one(ods_of(('table:name="A"', rows)))

    assert "ligne 5 est masquée" in deposit.warnings[0].fr


@pytest.mark.parametrize("times", ["100001", "999999999", "9" * 40])
def test_a_row_repeated_past_the_limit_is_refused(times: str):
    rows = ods_texts(list(GOOD)) + ods_texts(list(GOOD.values()), f'table:number-rows-repeated="{times}"')

    assert refusal(ods_of(('table:name="A"', rows))).code == "too_many_rows"


def test_a_cell_repeated_past_the_header_is_refused():
    cell = '<table:table-cell table:number-columns-repeated="999999999" office:value-type="float" office:value="1"/>'

    assert refusal(ods_of(('table:name="A"', ods_texts(list(GOOD)) + ods_row([cell])))).code == "row_width"


def test_comments_spaces_and_line_breaks_of_an_open_document_are_told_apart():
    title = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>à revoir</text:p>'
        '</office:annotation><text:p>Café<text:s text:c="2"/>des</text:p><text:p>parents</text:p></table:table-cell>'
    )
    cells = {name: ods_text(value) for name, value in GOOD.items()} | {"titre": title}

    deposit = one(ods_of(('table:name="A"', ods_texts(list(GOOD)) + ods_row(list(cells.values())))))

    assert deposit.title == "Café des parents"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<table:table-cell table:formula="of:=1+1"/>', "cell_formula"),
        (
            (
                '<table:table-cell table:formula="of:=1/0" calcext:value-type="error" '
                'office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell>'
            ),
            "cell_error",
        ),
        ('<table:table-cell office:value-type="float" office:value="1234.565"/>', "amount_precision"),
        ('<table:table-cell office:value-type="float" office:value="NaN"/>', "amount_not_finite"),
    ],
)
def test_a_cell_of_an_open_document_that_holds_no_amount_is_refused(cell: str, code: str):
    cells = {name: ods_text(value) for name, value in GOOD.items()} | {"montant_demande": cell}
    rows = ods_texts(list(GOOD)) + ods_row(list(cells.values()))

    assert codes(ods_of(('table:name="A"', rows))) == [(2, "montant_demande", code)]


def test_a_hidden_sheet_of_an_open_document_is_ambiguous_and_both_are_named():
    style = (
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    data = ods_texts(list(GOOD)) + ods_texts(list(GOOD.values()))
    content = ods_of(
        ('table:name="Dossiers" table:style-name="ta2"', data),
        ('table:name="Notice"', ods_texts(["Mode d'emploi"])),
        styles=style,
    )

    error = refusal(content)

    assert error.code == "sheet_ambiguous"
    assert "Dossiers" in error.problems[0].sentence.fr
    assert "Notice" in error.problems[0].sentence.fr


def read_part(content: bytes, name: str) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)
