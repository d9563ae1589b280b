"""A process that puts the annex volume together: our pages and the clean attachments, with bookmarks, in one file."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pikepdf


def merge(told: dict[str, Any]) -> int:
    """Write the volume to the file `out`; its pages.

    Attachments are copied case by case: qpdf keeps each source open until its pages are saved.
    """
    out = Path(told["out"])
    entries: list[tuple[str, int, list[tuple[str, int]]]] = []
    with pikepdf.open(told["ours"]) as ours, pikepdf.new() as volume:
        following = iter(ours.pages)
        for _ in range(int(told["front"])):
            volume.pages.append(next(following))
        for chapter in told["chapters"]:
            starts = len(volume.pages)
            volume.pages.append(next(following))
            pieces = []
            for piece in chapter["pieces"]:
                said = f"{piece['label']} : {piece['name']}" if piece["name"] else piece["label"]
                if not piece["pages"]:
                    pieces.append((f"{said} (non jointe)", starts))
                    continue
                pieces.append((said, len(volume.pages)))
                if piece["why"]:
                    volume.pages.append(next(following))
                else:
                    volume.pages.extend(pikepdf.open(piece["path"]).pages)
            entries.append((f"{chapter['reference']} · {chapter['title']}", starts, pieces))
        for page in volume.pages:
            for key in ("/StructParents", "/Tabs", "/Annots"):
                if key in page.obj:
                    del page.obj[key]
        _bookmark(volume, entries)
        _describe(volume, told)
        volume.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(volume.pages)


def _bookmark(volume: pikepdf.Pdf, entries: list[tuple[str, int, list[tuple[str, int]]]]) -> None:
    with volume.open_outline() as outline:
        for title, starts, pieces in entries:
            item = pikepdf.OutlineItem(_kept(title), starts)
            item.is_closed = True
            item.children.extend(pikepdf.OutlineItem(_kept(label), page) for label, page in pieces)
            outline.root.append(item)


def _describe(volume: pikepdf.Pdf, told: dict[str, Any]) -> None:
    volume.docinfo["/Title"] = _kept(f"Annexes · {told['title']} · {told['subtitle']}")
    volume.docinfo["/Producer"] = "Parvis"
    volume.Root.Lang = pikepdf.String("fr-FR")
    volume.Root.PageMode = pikepdf.Name.UseOutlines
    volume.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def _kept(text: str) -> str:
    """A text a bookmark can hold: no lone surrogate, no control."""
    return "".join(char if char.isprintable() else " " for char in text)[:200]


def main() -> None:
    """Answer the number of pages."""
    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(merge(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
