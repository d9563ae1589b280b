"""Text of others made fit to be typeset: what cannot be shown is removed or visibly replaced, the rest set in French.

Whatever was deposited (half characters, marks that reverse the reading, signs no typeface has, words of five thousand
letters, the syntax of templates), the document is made, nothing runs over its column, and the text stays text.
"""

import re
import unicodedata
from functools import lru_cache

from parvis.documents.glyphs import MISSING, shown_characters

NARROW = "\u202f"
BREAK = "\u200b"
LONGEST_WORD = 25
"""Letters. The longest word of French that needs no place to break: « anticonstitutionnellement »."""
_PIECE = 12
_MORE = " […]"
LONGEST_LINE = 240
"""Characters of a name, a title, a label: what is longer is cut and says so."""
MARKS = 2
"""Marks one letter may carry: Vietnamese needs two."""

# Controls, marks of direction, joiners, selectors of variants, tags, and our own places to break.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n\u00a0\u202f]+")
_UNBREAKABLE = re.compile("[\u00a0\u202f]{2,}")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_MARK}{{{MARKS}}}){_MARK}+")
_LONG = re.compile(rf"[^\s\u00a0\u202f]{{{LONGEST_WORD + 1},}}")

_FRENCH = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"«[ \u00a0\u202f]*(?=\S)"), f"«{NARROW}"),
    (re.compile(r"(?<=\S)[ \u00a0\u202f]*»"), f"{NARROW}»"),
    # A high sign that ends a word; not the colon of an hour or of an address.
    (
        re.compile(r"(?<=[\w)\]»’%€])(?<![ \u00a0\u202f])[ \u00a0]*([;:!?]+)(?=[\s\u00a0»)]|$)"),
        rf"{NARROW}\1",
    ),
    (re.compile(r"(?<=\S)[ \u00a0]([;:!?])"), rf"{NARROW}\1"),
    (re.compile(r"(?<=\d)[ \u00a0](?=(?:\d{3}(?!\d)|[%€]))"), NARROW),
)


@lru_cache(maxsize=20_000)
def line(text: str, longest: int = LONGEST_LINE) -> str:
    """A text on one line, of at most so many characters: a name, a title, a label."""
    shown = _shown(_LINE_ENDS.sub(" ", text[: 4 * longest])).strip()
    return _french(shown if len(shown) <= longest else _cut(shown, longest))


def paragraphs(text: str, longest: int | None = None) -> list[str]:
    """The paragraphs of a longer text, none empty; past `longest` characters it is cut between words and says so."""
    taken = text if longest is None else text[: 4 * longest]
    shown = [part for raw in _LINE_ENDS.sub("\n", taken).split("\n") if (part := _shown(raw).strip())]
    return [_french(part) for part in (shown if longest is None else _shortened(shown, longest))]


def _shown(text: str) -> str:
    """What is left of a text once what has no shape is gone, and what has none in our typefaces replaced."""
    text = _PILE.sub(r"\1", unicodedata.normalize("NFC", _UNSEEN.sub("", text)))
    unknown = {ord(sign) for sign in set(text)} - shown_characters()
    if unknown:
        text = text.translate(dict.fromkeys(unknown - set(map(ord, "\t\n")), MISSING))
    return _UNBREAKABLE.sub("\u00a0", _SPACES.sub(" ", text))


def _french(text: str) -> str:
    for pattern, sign in _FRENCH:
        text = pattern.sub(sign, text)
    return _LONG.sub(lambda found: broken(found.group()), text)


def broken(word: str) -> str:
    """A long word with the places where it may be cut: after its signs, and every so many letters."""
    out: list[str] = []
    since = 0
    for at, sign in enumerate(word):
        out.append(sign)
        since += 1
        after = word[at + 1 : at + 2]
        if after and not unicodedata.combining(after) and (sign in "-/@._?&=,;:)]}" or since >= _PIECE):
            out.append(BREAK)
            since = 0
    return "".join(out)


def _shortened(parts: list[str], longest: int) -> list[str]:
    kept: list[str] = []
    left = longest
    for part in parts:
        if len(part) > left:
            return [*kept, _cut(part, left)]
        kept.append(part)
        left -= len(part)
    return kept


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, ended between two words unless the last one is very long."""
    begun = text[: max(longest - len(_MORE), 0)]
    words = begun.rpartition(" ")[0]
    return f"{words if len(begun) - len(words) <= LONGEST_WORD else begun}{_MORE}"
