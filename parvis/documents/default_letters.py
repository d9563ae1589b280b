"""The Word templates that come with Parvis; `python -m parvis.documents.default_letters` writes them again.

They are what a town hall can sign as they are, and change in Word where it says things its own way. Their words stand
in `letters/texts.yaml`.
"""

from pathlib import Path

import yaml
from docx.document import Document

from parvis.documents.letter_fields import TemplateKind
from parvis.documents.word_style import blank, foot, grid, keep_with_next, paragraph, saved, typeset

FOLDER = Path(__file__).parent / "letters"
WIDTHS = (9.0, 3.7, 3.7)
TABLES = {
    "financeurs": (
        ("Financeur", "Demandé", "Accordé"),
        ("{{ x.nom }}", "{{ x.demande }}", "{{ x.accorde }}"),
    ),
    "versements": (("Versement", "Part", "Montant"), ("{{ x.quand }}", "{{ x.part }}", "{{ x.montant }}")),
}
LOOKS: dict[str, dict[str, str]] = {
    "p": {}, "bold": {"weight": "bold"}, "title": {"style": "Title", "align": "center"},
    "heading": {"style": "Heading 2"}, "quote": {"style": "Quote"}, "right": {"align": "right"},
    "center": {"align": "center"}, "bold_center": {"align": "center", "weight": "bold"},
}  # fmt: skip


def make(kind: TemplateKind) -> bytes:
    """The template of this kind, from its words."""
    parts = yaml.safe_load((FOLDER / "texts.yaml").read_text(encoding="utf-8"))[kind]
    made = blank("")
    for part in parts:
        ((look, said),) = part.items()
        _add(made, look, said)
    return saved(made)


def _add(made: Document, look: str, said: str | list[str]) -> None:
    match look, said:
        case "about", str():
            made.core_properties.title = said
        case "foot", str():
            foot(made, said)
        case "table", str():
            header, row = TABLES[said]
            rows = [(f"{{%tr for x in {said} %}}", "", ""), row, ("{%tr endfor %}", "", "")]
            grid(made, header, rows, WIDTHS)
        case "signatures", list():
            cells = made.add_table(rows=1, cols=len(said)).rows[0].cells
            for cell, party in zip(cells, said, strict=True):
                cell.paragraphs[0].add_run(typeset(f"Pour {party},\n\n\n(nom, qualité et signature)"))
        case _, str():
            paragraph(made, said, **LOOKS[look])
            if look == "heading":
                keep_with_next(made)


def main() -> None:
    """Write every template in its place."""
    for kind in TemplateKind:
        (FOLDER / f"{kind}.docx").write_bytes(make(kind))


if __name__ == "__main__":
    main()
