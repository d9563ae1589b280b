"""How documents written for Word look: styles, margins, language, the parts every letter and act is made of."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table

from parvis.documents.docx_sandbox import UNPRINTABLE
from parvis.documents.docx_worker import settled
from parvis.states.words import french_spaces

FONT = "Arial"
"""On every desk; LibreOffice has a font of the same widths."""
INK = RGBColor(0x1F, 0x4E, 0x79)
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def blank(title: str) -> Document:
    """An empty A4 document in French, its styles set."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    styles = made.styles
    for name, size, bold, before, after in (
        ("Normal", 10.5, False, 0, 6), ("Title", 15, True, 12, 10), ("Heading 1", 12, True, 14, 4),
        ("Heading 2", 10.5, True, 10, 3), ("List Bullet", 10.5, False, 0, 4), ("Quote", 10.5, False, 4, 10),
        ("Header", 9, False, 0, 0), ("Footer", 8, False, 0, 0),
    ):  # fmt: skip
        style = styles[name]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
        style.font.color.rgb = INK if name.startswith(("Title", "Heading")) else RGBColor(0x1B, 0x1F, 0x24)
        _every_script(style.element.get_or_add_rPr())
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.1
    _without_rule(styles["Title"].element)
    about = made.core_properties
    about.title, about.author, about.language, about.comments = title, "Parvis", "fr-FR", ""
    about.created = about.modified = _LONG_AGO
    return made


def saved(made: Document) -> bytes:
    """The document; the same content, the same bytes."""
    out = io.BytesIO()
    made.save(out)
    return settled(out.getvalue())


def paragraph(made: Document, text: str, *, style: str = "Normal", align: str = "", weight: str = "") -> None:
    """Add a paragraph; lines within it are kept."""
    added = made.add_paragraph(style=style)
    added.add_run(typeset(text)).bold = weight == "bold" or None
    if align:
        added.alignment = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}[align]


def typeset(text: str) -> str:
    """A French text with the spaces no line may break at."""
    return (
        french_spaces(UNPRINTABLE.sub("", text))
        .replace("n° ", "n°\u00a0")
        .replace("article L. ", "article\u00a0L.\u00a0")
    )


def keep_with_next(made: Document) -> None:
    """Hold the last paragraph on the page of the one that follows."""
    made.paragraphs[-1].paragraph_format.keep_with_next = True


def grid(
    made: Document, header: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: Sequence[float]
) -> Table:
    """Add a table whose first row is a header, repeated on each page; widths in centimetres."""
    table: Table = made.add_table(rows=1, cols=len(header), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(typeset(text)).bold = True
    marked = OxmlElement("w:tblHeader")
    marked.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(marked)  # noqa: SLF001  (python-docx has no word for it)
    for row in rows:
        for cell, text in zip(_row(table).cells, row, strict=True):
            cell.paragraphs[0].add_run(typeset(text))
    for row_ in table.rows:
        for cell, width in zip(row_.cells, widths, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    made.add_paragraph().paragraph_format.space_after = Pt(2)
    return table


def _row(table: Table) -> Any:
    return table.add_row()  # type: ignore[no-untyped-call]


def foot(made: Document, text: str) -> None:
    """Write at the foot of every page, with its number."""
    line = made.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(f"{text} · page ")
    for kind, said in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = line.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = said
        run._r.append(part)  # noqa: SLF001  (python-docx has no word for a field)


def _every_script(properties: Any) -> None:
    """The font for accented letters and signs as well, and French for the spelling."""
    fonts = properties.get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "fr-FR")
    properties.append(language)


def _without_rule(style: Any) -> None:
    properties = style.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
