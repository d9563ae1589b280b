"""A process that makes each attachment a clean PDF of its own: pages only, nothing that runs, links or opens."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import typst

MOST_PAGES = 1_000
DAMAGED = (
    pikepdf.PdfError, typst.TypstError, ValueError, TypeError, KeyError, AttributeError, RuntimeError,
)  # fmt: skip
"""A damaged file breaks its reader in ways nobody can list; `RecursionError` is a `RuntimeError`."""
_IMAGES = {"image/png": "png", "image/jpeg": "jpg"}
_ACTIVE = (
    "/AA",
    "/Annots",
    "/StructParents",
    "/Metadata",
    "/PieceInfo",
    "/Thumb",
    "/B",
    "/Tabs",
    "/Dur",
    "/Trans",
)

_IMAGE_PAGE = """
#set page(paper: "a4", margin: 15mm)
#align(center + horizon, image("{name}", width: 100%, height: 100%, fit: "contain"))
"""


def clean(path: Path, media_type: str, out: Path) -> dict[str, Any]:
    """What became of one attachment: the path of its clean PDF and its pages, or why there is none."""
    maker: Callable[[Path, Path], int | str]
    if media_type == "application/pdf":
        maker = _from_pdf
    elif media_type in _IMAGES:
        maker = _from_image
    else:
        return _without("other_type")
    try:
        made = maker(path, out)
    except FileNotFoundError:
        return _without("missing")
    except pikepdf.PasswordError:
        return _without("encrypted")
    except DAMAGED:
        return _without("broken")
    return _without(made) if isinstance(made, str) else {"path": str(out), "pages": made, "why": ""}


def _without(why: str) -> dict[str, Any]:
    return {"path": "", "pages": 1, "why": why}


def _from_pdf(path: Path, out: Path) -> int | str:
    with pikepdf.open(path) as source:
        pages = len(source.pages)
        if pages == 0:
            return "broken"
        if pages > MOST_PAGES:
            return "too_long"
        flatten(source)
        for page in source.pages:
            for key in _ACTIVE:
                if key in page.obj:
                    del page.obj[key]
        with pikepdf.new() as made:
            made.pages.extend(source.pages)
            made.remove_unreferenced_resources()
            _save(made, out)
    return pages


def flatten(source: pikepdf.Pdf) -> None:
    """Print what a form was filled with on its pages: the form itself goes."""
    form = source.Root.get("/AcroForm")
    if form is not None and form.get("/NeedAppearances"):
        source.generate_appearance_streams()
    source.flatten_annotations("all")


def _from_image(path: Path, out: Path) -> int:
    # Typst reads below its root only, and knows an image by the ending of its name.
    kind = "png" if path.read_bytes()[:4] == b"\x89PNG" else "jpg"
    root = out.with_suffix("")
    root.mkdir()
    (root / f"image.{kind}").write_bytes(path.read_bytes())
    (root / "page.typ").write_text(_IMAGE_PAGE.format(name=f"image.{kind}"), encoding="utf-8")
    typst.compile(root / "page.typ", output=out, root=root, timestamp=0, ignore_system_fonts=True)
    return 1


def _save(made: pikepdf.Pdf, out: Path) -> None:
    made.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def main() -> None:
    """Answer each question of the input with a line, as soon as it is known."""
    logging.disable(logging.CRITICAL)
    for question in json.load(sys.stdin):
        answer = clean(Path(question["path"]), question["type"], Path(question["out"]))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
