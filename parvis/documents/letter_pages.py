"""Letters and acts as PDF pages, in the words of the Word templates that come with Parvis: `letters/texts.yaml`."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from parvis.documents.clean import line
from parvis.documents.docx_sandbox import ClosedEnvironment
from parvis.documents.letter_fields import Fields, TemplateKind
from parvis.documents.typeset import typeset_all

_WORDS = Path(__file__).parent / "letters" / "texts.yaml"
_SUBJECT = "Objet"
_LONGEST = 4_000
_TO_FILL = re.compile(" {4,}")
BLANK = " …………………………… "
"""What is left to be written by hand; spaces in a row would be one."""
HEADS = {"financeurs": ("Financeur", "Demandé", "Accordé"), "versements": ("Versement", "Part", "Montant")}
CELLS = {"financeurs": ("nom", "demande", "accorde"), "versements": ("quand", "part", "montant")}


def letter_pdfs(asked: Sequence[tuple[TemplateKind, Fields]], *, stamped_at: datetime) -> list[bytes]:
    """The PDFs of letters and acts; the same again the same day gives the same bytes.

    Raises:
        TypesettingError: one of them cannot be made; none is given.
    """
    return (
        typeset_all("letter.typ", [letter_data(*each) for each in asked], stamped_at=stamped_at)
        if asked
        else []
    )


def letter_data(kind: TemplateKind, fields: Fields) -> dict[str, Any]:
    """What `letter.typ` lays out."""
    parts = list(_filled(kind, fields))
    said = {look: texts for look, texts in parts if look in {"about", "foot"}}
    return {
        "title": " ".join(said["about"]), "author": line(_text(fields, "contrat", "collectivite")),
        "foot": " ".join(said.get("foot", [])), "act": any(look == "title" for look, _ in parts),
        "parts": [_part(look, texts, fields) for look, texts in parts if look not in said],
    }  # fmt: skip


def _part(look: str, texts: list[str], fields: Fields) -> dict[str, Any]:
    if look == "table":
        (name,) = texts
        rows = [
            tuple(line(row[cell]) for cell in CELLS[name]) for row in fields[name] if isinstance(row, dict)
        ]
        return {"look": look, "head": HEADS[name], "rows": rows}
    subject = look == "bold" and texts[0].startswith(_SUBJECT)
    return {"look": "subject" if subject else look, "texts": texts}


def _filled(kind: TemplateKind, fields: Fields) -> Iterator[tuple[str, list[str]]]:
    """The parts of a letter filled in, those under a condition that does not hold left out."""
    environment = ClosedEnvironment().overlay(autoescape=False)
    shown = True
    for look, said in _words()[kind]:
        if isinstance(said, str) and said.startswith("{%p"):
            shown = said.startswith("{%p endif") or bool(
                environment.from_string(said.replace("{%p", "{%") + "x{% endif %}").render(fields)
            )
        elif shown and isinstance(said, list):
            yield look, [line(environment.from_string(each).render(fields)) for each in said]
        elif shown and isinstance(said, str):
            filled = environment.from_string(_TO_FILL.sub(BLANK, said)).render(fields)
            yield look, [line(each, _LONGEST) for each in filled.split("\n")]


@cache
def _words() -> dict[str, list[tuple[str, str | list[str]]]]:
    kinds = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return {kind: [next(iter(part.items())) for part in parts] for kind, parts in kinds.items()}


def _text(fields: Fields, group: str, name: str) -> str:
    told = fields[group]
    return told[name] if isinstance(told, dict) else ""
