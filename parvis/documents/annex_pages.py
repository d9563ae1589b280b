"""A process that sets our own pages of the annex volume in type: the contents, a page per case, a page per absence."""

import json
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import typst

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_LONG_WORD = re.compile(r"\S{24}(?=\S)")
LONGEST = 200


def set_in_type(told: dict[str, Any]) -> int:
    """Write our pages to the file `out`; how many come before the first case.

    Set twice: the pages of the contents are counted first, then known.
    """
    ours = list(_ours(told, front=0))
    before = _compile(told, ours) - sum(1 for page in ours if page["kind"] != "contents")
    again = list(_ours(told, front=before))
    _compile(told, again)
    return before


def _ours(told: dict[str, Any], *, front: int) -> Iterator[dict[str, Any]]:
    """Our pages in their order, each with the page of the volume it stands on."""
    chapters = []
    page, bodies = front + 1, []
    for chapter in told["chapters"]:
        starts, page = page, page + 1
        pieces = []
        for piece in chapter["pieces"]:
            pieces.append({**_shown(piece), "page": page})
            page += int(piece["pages"])
        shown = {**_shown(chapter), "pieces": pieces, "page": starts}
        chapters.append(shown)
        bodies.append({"kind": "chapter", **shown})
        bodies += [
            {"kind": "absence", "chapter": shown["reference"], **piece}
            for piece in pieces
            if piece["why"] and piece["pages"]
        ]
    yield {"kind": "contents", "title": _text(told["title"]), "subtitle": _text(told["subtitle"]),
           "chapters": chapters, "last": page - 1}  # fmt: skip
    yield from bodies


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _text(value) if isinstance(value, str) else value
        for key, value in told.items()
        if key != "pieces"
    }


def _text(value: str) -> str:
    """A text that sets in type whatever it holds: nothing invisible, and long words that may break."""
    kept = _HIDDEN.sub(" ", value)[:LONGEST]
    return _LONG_WORD.sub(
        lambda found: found.group() + "\u200b", " ".join(kept.split()) if "\n" in value else kept
    )


def _compile(told: dict[str, Any], pages: list[dict[str, Any]]) -> int:
    source = Path(str(files("parvis.documents") / "annexes.typ"))
    fonts = Path(str(files("font_source_sans_pro") / "files"))
    out = Path(told["out"])
    typst.compile(
        source, output=out, root=source.parent, font_paths=[fonts], ignore_system_fonts=True, timestamp=0,
        sys_inputs={"pages": json.dumps(pages)},
    )  # fmt: skip
    with pikepdf.open(out) as made:
        return len(made.pages)


def main() -> None:
    """Answer how many pages come before the first case."""
    sys.stdout.write(json.dumps(set_in_type(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
