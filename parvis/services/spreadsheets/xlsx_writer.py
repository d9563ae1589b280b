"""XLSX written by hand, row by row: sheets of texts, numbers, amounts and days costs a tenth of openpyxl's time.

ECMA-376, part 1: the five parts a workbook cannot do without, texts in their cells, four styles.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from parvis.services.spreadsheets.cells import Formula, Row, Value, day_of, euros, text_of
from parvis.states.words import Cents, Sentence

SHEET = Sentence("Dossiers", "Cases")
_FIRST_DAY = date(1899, 12, 30)
_BOLD, _AMOUNT, _DAY = 1, 2, 3
_LONGEST_TITLE = 31
_NARROW, _USUAL, _WIDE = 10, 18, 70
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its title, the names of its columns, its rows, those under them out of the filter.

    Columns are as wide as `widths` say, in signs; as wide as an amount where it says nothing.
    """

    title: str
    names: Sequence[str]
    rows: Iterable[Row]
    foot: Sequence[Row] = ()
    widths: Sequence[int] = ()


def fitted(names: Sequence[str], rows: Iterable[Row], language: str) -> list[int]:
    """How wide columns have to be for what is in them, and no wider than a line of text."""
    widths = [len(name) + 4 for name in names]  # the arrow of the filter beside the name
    for row in rows:
        for place, value in enumerate(row):
            widths[place] = max(widths[place], _width(value, language))
    return [min(max(width, _NARROW), _WIDE) for width in widths]


def _width(value: Value, language: str) -> int:
    return _NARROW + 4 if isinstance(value, Cents | Formula) else len(text_of(value, language)) + 2


_PARTS = {
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/styles.xml": f"""<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.00\\ &quot;€&quot;"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>""",
}


def write_xlsx(to: IO[bytes], names: Sequence[str], rows: Iterable[Row], language: str) -> None:
    """Write a table as XLSX: names in bold that stay in sight, one filter a column."""
    write_workbook(to, [Sheet(SHEET.say(language), names, rows)], language)


def write_workbook(to: IO[bytes], sheets: Sequence[Sheet], language: str) -> None:
    """Write tables as XLSX, a sheet each, as `write_xlsx` does; no two may have the same title."""
    with ZipFile(to, "w", ZIP_DEFLATED, compresslevel=5) as archive:
        for name, part in {**_PARTS, **_listing(sheets)}.items():
            archive.writestr(_entry(name), _XML + part)
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as file:
                for piece in _sheet(sheet, language):
                    file.write(piece.encode())


def _listing(sheets: Sequence[Sheet]) -> dict[str, str]:
    """The parts that say which sheets there are."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>\n'
        for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>\n'
        for n in numbers
    )
    listed = "".join(
        f'<sheet name="{escape(_title(sheet.title))}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    return {
        "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>
{overrides}<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>""",
        "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
{relations}<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>""",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    }


def _title(title: str) -> str:
    """A title without the signs a sheet's may not have, and no longer than it may be."""
    return title.translate(_NOT_IN_TITLES)[:_LONGEST_TITLE]


def _sheet(sheet: Sheet, language: str) -> Iterator[str]:
    names = sheet.names
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    wide = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths or [_USUAL] * len(names), start=1)
    )
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
    yield f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    yield f"<cols>{wide}</cols><sheetData><row>"
    yield "".join(_text(name, language, _BOLD) for name in names) + "</row>"
    count = 1
    for count, row in enumerate(sheet.rows, start=2):  # noqa: B007 - the number of the last row is used below
        yield f"<row>{''.join(_cell(value, language) for value in row)}</row>"
    for row in sheet.foot:
        yield f"<row>{''.join(_cell(value, language) for value in row)}</row>"
    last = f"{column_letters(len(names))}{count}"
    yield f'</sheetData><autoFilter ref="A1:{last}"/>'
    yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'


def _cell(value: Value, language: str) -> str:
    match value:
        case None | "":
            return "<c/>"
        case Formula():
            now = "" if value.now is None else f"<v>{euros(value.now, '.')}</v>"
            return f'<c s="{_AMOUNT}"><f>{escape(value.said, quote=False)}</f>{now}</c>'
        case Cents():
            return f'<c s="{_AMOUNT}"><v>{euros(value, ".")}</v></c>'
        case date():
            return f'<c s="{_DAY}"><v>{(day_of(value) - _FIRST_DAY).days}</v></c>'
        case int():
            return f"<c><v>{value}</v></c>"
        case _:
            return _text(value, language)


def _text(value: Value, language: str, style: int = 0) -> str:
    said = escape(text_of(value, language), quote=False)
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{said}</t></is></c>'


def column_letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def _entry(name: str) -> ZipInfo:
    """An entry that says no hour, so that the same table is the same file."""
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry
