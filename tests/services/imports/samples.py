"""A contract's worth of known things, and small files made on the spot."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from parvis.services.imports.context import ImportContext, KnownCall, KnownFunder
from parvis.services.imports.problems import DepositFileError
from parvis.services.imports.reading import read_deposits

DATA = Path(__file__).parents[2] / "data"

CONTEXT = ImportContext(
    today=date(2026, 11, 23),
    calls=(
        KnownCall(code="AAP-2022", opens_on=date(2022, 1, 1), closes_on=date(2022, 12, 31), annual=True),
        KnownCall(
            code="AAP-2026",
            opens_on=date(2026, 1, 1),
            closes_on=date(2026, 12, 31),
            renewal_closes_on=date(2026, 10, 31),
            annual=True,
        ),
        KnownCall(
            code="ETE-2026",
            opens_on=date(2026, 3, 1),
            closes_on=date(2026, 4, 2),
            partners_allowed=False,
            pays_through_lead=True,
        ),
    ),
    qpvs=frozenset({"QN08001M", "QN08003M", "QN08010N"}),
    challenges=frozenset({"D01", "D04", "D11"}),
    funders=(
        KnownFunder(code="ETAT", name="État, politique de la ville", aliases=("BOP 147",)),
        KnownFunder(code="VILLE", name="Ville d’Amiens"),
    ),
)

GOOD = {
    "external_id": "P-1",
    "siret": "41816609600051",
    "titre": "Café des parents",
    "montant_demande": "1234,56",
    "date_depot": "03/04/2026",
}
FULL = GOOD | {
    "appel": "aap-2026",
    "rna": "w751100895",
    "porteur": "Association Exemple",
    "courriel": "contact@Asso-Exemple.fr",
    "resume": "Un résumé.",
    "qpv": "QN08001M|qn08010n",
    "defis": "D04 | d11",
    "debut": "01/09/2026",
    "fin": "2027-06-30",
    "cout_total": "2 500,00 €",
    "nature": "Première",
    "financeurs": "bop 147=1 000,00|ville=234,56",
    "partenaires": "35600000009075=200",
    "beneficiaires": "1 200",
    "part_qpv": "60 %",
}


def csv_of(*rows: Mapping[str, str], separator: str = ";", encoding: str = "utf-8") -> bytes:
    """A CSV file whose header is the names of the first row; every value quoted."""
    quoted = [[f'"{value}"' for value in row.values()] for row in rows]
    lines = [separator.join(rows[0]), *(separator.join(row) for row in quoted)]
    return "".join(line + "\r\n" for line in lines).encode(encoding)


def refusal(content: bytes, name: str = "depots.csv", context: ImportContext = CONTEXT) -> DepositFileError:
    """The error a file ends with."""
    try:
        read_deposits(name, content, context)
    except DepositFileError as error:
        return error
    message = "the file was imported"
    raise AssertionError(message)


def codes(content: bytes, context: ImportContext = CONTEXT) -> list[tuple[int | None, str | None, str]]:
    """Line, column and code of every problem of a file."""
    return [(p.line, p.column, p.code) for p in refusal(content, context=context).problems]


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A zip with some of its parts replaced or added."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return written.getvalue()


def ods_of(*tables: tuple[str, str], styles: str = "", extra: Mapping[str, bytes] | None = None) -> bytes:
    """A small ODS: sheets are a name with attributes, and rows written by `ods_row`."""
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{name}="{urn}{name}:1.0"' for name in ("office", "table", "text", "style"))
    calc = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    sheets = "".join(f"<table:table {attributes}>{rows}</table:table>" for attributes, rows in tables)
    content = (
        f'<office:document-content {spaces} xmlns:calcext="{calc}">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        for name, part in (extra or {}).items():
            archive.writestr(name, part)
    return written.getvalue()


def ods_row(cells: Sequence[str], attributes: str = "") -> str:
    """A row of an ODS, out of cells written by hand or by `ods_text`."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods_text(value: str) -> str:
    """A cell of text."""
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def ods_texts(values: Sequence[str], attributes: str = "") -> str:
    """A row of texts."""
    return ods_row([ods_text(value) for value in values], attributes)
