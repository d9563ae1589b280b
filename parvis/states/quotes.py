"""Quotes inside quotes, as French print sets them: « a “b ‘c’ d” e »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PAIRS = {"«": "»", "“": "”"}
_INSIDE = ("“”", "‘’")
_SIGNS = re.compile("«[ \u00a0\u202f]?|[ \u00a0\u202f]?»|[“”]")
_NESTED = re.compile("«[^»]*[«“]")
_PARAGRAPHS = re.compile(r"(\n[ \t]*\n|</(?:p|li|div|h[1-6]|title|td)>)")


@dataclass(frozen=True, slots=True)
class _Quote:
    """A closed quote: the spans of its two signs in the paragraph, and how many quotes it stands in."""

    begins: tuple[int, int]
    ends: tuple[int, int]
    depth: int


def inner_quotes(text: str) -> str:
    """`text` whose quotes inside « » are “ ”, and ‘ ’ inside those, without spaces (Imprimerie nationale, *Lexique*).

    Only quotes that close in their own paragraph, of plain text or of HTML, are touched: a sign somebody forgot
    never changes the quotes of others.
    """
    if not _NESTED.search(text):
        return text
    parts = _PARAGRAPHS.split(text)
    return "".join(_set(part) if _NESTED.search(part) else part for part in parts)


def _set(paragraph: str) -> str:
    changes = [
        (span, sign)
        for quote in _inside(paragraph)
        for span, sign in zip((quote.begins, quote.ends), _INSIDE[min(quote.depth, 2) - 1], strict=True)
    ]
    for (begin, end), sign in sorted(changes, reverse=True):
        paragraph = paragraph[:begin] + sign + paragraph[end:]
    return paragraph


def _inside(paragraph: str) -> Iterator[_Quote]:
    """The closed quotes that stand inside a closed « »."""
    opened: list[tuple[str, tuple[int, int]]] = []
    closed: list[_Quote] = []  # inside an outermost quote that may not close
    for found in _SIGNS.finditer(paragraph):
        sign = found.group().strip(" \u00a0\u202f")
        if sign in _PAIRS:
            opened.append((sign, found.span()))
        elif opened and _PAIRS[opened[-1][0]] == sign:
            outermost, begins = opened.pop()
            if opened:
                closed.append(_Quote(begins, found.span(), len(opened)))
                continue
            if outermost == "«":
                yield from closed
            closed = []
