"""What a PDF says of its own structure, read with pikepdf: for tests of documents."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf


@dataclass(frozen=True)
class Structure:
    """The facts an accessible archive document must show."""

    pages: int
    language: str
    marked: bool
    title_shown: bool
    ua_part: str | None
    archive: str | None
    tags: Counter[str]
    alternatives: list[str]
    bookmarks: list[str]
    files: int
    scripts: bool
    fonts: frozenset[str]


def structure(pdf: bytes) -> Structure:
    """The structure of a PDF."""
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        root = opened.Root
        meta = opened.open_metadata()
        elements = list(_elements(root.StructTreeRoot.K))
        return Structure(
            pages=len(opened.pages), language=str(root.Lang), marked=bool(root.MarkInfo.Marked),
            title_shown=bool(root.ViewerPreferences.DisplayDocTitle),
            ua_part=meta.get("pdfuaid:part"), archive=f"{meta.get('pdfaid:part')}{meta.get('pdfaid:conformance')}",
            tags=Counter(str(each.S).removeprefix("/") for each in elements if "/S" in each),
            alternatives=[str(each.Alt) for each in elements if "/Alt" in each],
            bookmarks=[title for entry in outline.root for title in _titles(entry)],
            files=len(opened.attachments), scripts="/JavaScript" in str(root.get("/Names", "")),
            fonts=frozenset(_fonts(opened)),
        )  # fmt: skip


def _elements(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _elements(each)
    elif isinstance(node, pikepdf.Dictionary):
        yield node
        if "/K" in node:
            yield from _elements(node.K)


def _titles(entry: pikepdf.OutlineItem) -> Iterator[str]:
    yield entry.title
    for child in entry.children:
        yield from _titles(child)


def _fonts(opened: pikepdf.Pdf) -> Iterator[str]:
    for page in opened.pages:
        for font in page.resources.get("/Font", {}).values():
            yield str(font.BaseFont).partition("+")[2].partition("-Identity")[0]
