"""Gives the French half of every sentence its apostrophes and unbreakable spaces; `make format` runs it.

A keyboard writes `C'est fait !`; the reader sees `C’est fait !`, whose sign never begins a line.
"""

import ast
import re
from pathlib import Path

from tests.architecture.house import halves, python_files, sentences

NARROW = "\u202f"
SIGNS = ((re.compile(r"(?<=\w)'(?=\w)"), "’"), (re.compile(r" (?=[;:!?»%€])|(?<=«) "), NARROW))


def set_in_type(text: str) -> str:
    """A French text as it is typeset."""
    for pattern, sign in SIGNS:
        text = pattern.sub(sign, text)
    return text


def rewrite(path: Path) -> bool:
    """Typeset the French halves written in a file; whether anything changed."""
    before = path.read_text(encoding="utf-8")
    after = before
    for call in sentences(path):
        french = halves(call).get("fr")
        if isinstance(french, ast.Constant) and (written := ast.get_source_segment(before, french)):
            after = after.replace(written, set_in_type(written))
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


if __name__ == "__main__":
    for path in python_files("parvis"):
        rewrite(path)
