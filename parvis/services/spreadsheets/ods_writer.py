"""ODS written by hand, row by row (OASIS OpenDocument 1.3): texts, numbers, amounts and days, each of its own type."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from parvis.services.spreadsheets.cells import Formula, Row, Value, day_of, euros, text_of
from parvis.services.spreadsheets.xlsx_writer import SHEET
from parvis.states.words import Cents

_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{what}:1.0"'
    for name, what in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible", "manifest": "manifest",
    }.items()
)  # fmt: skip
_MANIFEST = f"""{_XML}<manifest:manifest {_NAMES} manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
_STYLES = """<office:automatic-styles>
<number:currency-style style:name="euros"><number:number number:decimal-places="2" number:min-integer-digits="1"
 number:grouping="true"/><number:text> €</number:text></number:currency-style>
<number:date-style style:name="jour"><number:day number:style="long"/><number:text>/</number:text>
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
<style:style style:name="nom" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="montant" style:family="table-cell" style:data-style-name="euros"/>
<style:style style:name="date" style:family="table-cell" style:data-style-name="jour"/>
</office:automatic-styles>"""


def write_ods(to: IO[bytes], names: Sequence[str], rows: Iterable[Row], language: str) -> None:
    """Write a table as ODS, its names in bold."""
    with ZipFile(to, "w", ZIP_DEFLATED, compresslevel=5) as archive:
        archive.writestr(_entry("mimetype", ZIP_STORED), _KIND)
        archive.writestr(_entry("META-INF/manifest.xml"), _MANIFEST)
        with archive.open(_entry("content.xml"), "w", force_zip64=True) as content:
            for piece in _content(names, rows, language):
                content.write(piece.encode())


def _content(names: Sequence[str], rows: Iterable[Row], language: str) -> Iterator[str]:
    yield f'{_XML}<office:document-content {_NAMES} office:version="1.3">{_STYLES}<office:body><office:spreadsheet>'
    yield f'<table:table table:name="{SHEET.say(language)}"><table:table-column'
    yield f' table:number-columns-repeated="{len(names)}"/><table:table-row>'
    yield "".join(_text(name, language, ' table:style-name="nom"') for name in names) + "</table:table-row>"
    for row in rows:
        cells = "".join(_cell(value, language) for value in row)
        yield f"<table:table-row>{cells}</table:table-row>"
    yield "</table:table></office:spreadsheet></office:body></office:document-content>"


def _cell(value: Value, language: str) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case Formula():
            return _cell(value.now, language)
        case Cents():
            said = euros(value, ".")
            return (
                '<table:table-cell table:style-name="montant" office:value-type="currency" office:currency="EUR"'
                f' office:value="{said}"><text:p>{euros(value, ",")} €</text:p></table:table-cell>'
            )
        case date():
            day = day_of(value)
            return (
                '<table:table-cell table:style-name="date" office:value-type="date"'
                f' office:date-value="{day}"><text:p>{day:%d/%m/%Y}</text:p></table:table-cell>'
            )
        case int():
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        case _:
            return _text(value, language)


def _text(value: Value, language: str, style: str = "") -> str:
    lines = escape(text_of(value, language), quote=False).replace("\t", "<text:tab/>").splitlines() or [""]
    said = "".join(f"<text:p>{_spaces(line)}</text:p>" for line in lines)
    return f'<table:table-cell{style} office:value-type="string">{said}</table:table-cell>'


def _spaces(line: str) -> str:
    """Spaces in a row are one for ODF, unless each says it is one."""
    while "  " in line:
        line = line.replace("  ", " <text:s/>", 1)
    return line


def _entry(name: str, how: int = ZIP_DEFLATED) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = how
    return entry
