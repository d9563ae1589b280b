"""A whole case as a document to keep: what it says, its tables and its story, cleaned and laid out in pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.documents.clean import line, paragraphs
from parvis.documents.figures import NONE, day
from parvis.documents.typeset import typeset

HEAD = 60
"""Characters of a name at the head or the foot of a page, which have one line."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the case: `right` are columns of figures, counted from 0, `narrow` others no wider than they need."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    foot: tuple[str, ...] = ()
    narrow: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: when, what, by whom, and what was said with it."""

    when: str
    what: str
    who: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """All that the document says; names and texts as they were given."""

    contract: str
    city: str
    reference: str
    title: str
    kept_on: date
    facts: tuple[tuple[str, str], ...]
    summary: str
    tables: tuple[Table, ...]
    story: tuple[Told, ...]


def case_pdf(content: CaseFile, *, stamped_at: datetime) -> bytes:
    """The case as an accessible PDF/A: the same of the same, to the byte.

    Raises:
        TypesettingError: it cannot be made.
    """
    return typeset("case_file.typ", _data(content), stamped_at=stamped_at)


def _data(content: CaseFile) -> dict[str, Any]:
    return {
        "title": line(f"{content.reference} – {content.title}"), "author": line(content.city),
        "head": [line(content.city, HEAD), line(content.contract, HEAD)],
        "foot": f"{line(content.reference, HEAD)} – dossier tel qu’il est le {day(content.kept_on)}",
        "facts": [(label, line(value) or NONE) for label, value in content.facts],
        "summary": paragraphs(content.summary),
        "tables": [_table(table) for table in content.tables if table.rows],
        "story": [
            {"when": told.when, "what": line(told.what), "who": line(told.who),
             "details": [part for each in told.details for part in paragraphs(each)]}
            for told in content.story
        ],
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title, "head": table.head, "right": table.right, "narrow": (*table.right, *table.narrow),
        "rows": [[line(cell, 600) or NONE for cell in row] for row in table.rows], "foot": table.foot or None,
    }  # fmt: skip
