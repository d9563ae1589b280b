"""A page of a PDF as a picture, drawn by a process that may not take more than its share: what came in never runs."""

import io
import json
import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from parvis.documents.limited import LimitedError, run_limited

MEMORY_BYTES = 2048 * 1024 * 1024
SECONDS = 20.0
DOTS_PER_INCH = 110.0
_LONGEST_SIDE = 6
"""How many times longer than wide a page may be: beyond, its picture would be nobody's to look at."""

_PAGE = '#set page(width: 210mm, height: auto, margin: 0pt)\n#image("page.pdf", width: 210mm)\n'


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG, of a document of so many `pages`."""

    png: bytes
    pages: int


class NoPictureError(Exception):
    """There is no picture: `why` is `encrypted`, `broken` or `no_page`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def draw(content: bytes, page: int) -> Picture:
    """The picture of a page of a PDF, from 1.

    Raises:
        NoPictureError: it is encrypted, damaged, too heavy to draw, or has no such page.
    """
    given = page.to_bytes(4, "big") + content
    try:
        answer = run_limited(
            "parvis.documents.page_pictures", given, memory_bytes=MEMORY_BYTES, seconds=SECONDS
        )
    except LimitedError:
        raise NoPictureError("broken") from None
    head, _, png = answer.partition(b"\n")
    told = json.loads(head)
    if told["why"]:
        raise NoPictureError(told["why"])
    return Picture(png, told["pages"])


def _drawn(content: bytes, number: int) -> tuple[str, int, bytes]:
    import pikepdf  # noqa: PLC0415  (the process that asks has no need of these)
    import typst  # noqa: PLC0415

    from parvis.documents.annex_clean import DAMAGED, flatten  # noqa: PLC0415

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf, tempfile.TemporaryDirectory() as folder:
            pages = len(pdf.pages)
            if not 0 < number <= pages:
                return "no_page", pages, b""
            flatten(pdf)
            page = pdf.pages[number - 1]
            left, bottom, right, top = (float(side) for side in page.cropbox)
            if abs(top - bottom) > _LONGEST_SIDE * abs(right - left):
                return "broken", pages, b""
            root = Path(folder)
            with pikepdf.new() as alone:
                alone.pages.append(page)
                alone.save(root / "page.pdf")
            (root / "page.typ").write_text(_PAGE, encoding="utf-8")
            png = typst.compile(
                root / "page.typ", root=root, format="png", ppi=DOTS_PER_INCH, ignore_system_fonts=True
            )
            return "", pages, bytes(png)
    except pikepdf.PasswordError:
        return "encrypted", 0, b""
    except DAMAGED:
        return "broken", 0, b""


def _main() -> None:
    logging.disable(logging.CRITICAL)
    given = sys.stdin.buffer.read()
    why, pages, png = _drawn(given[4:], int.from_bytes(given[:4], "big"))
    sys.stdout.buffer.write(json.dumps({"why": why, "pages": pages}).encode() + b"\n" + png)


if __name__ == "__main__":
    _main()
