"""The annex volume holds every attachment in its place, says why one cannot be shown, and is never stopped by one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from parvis.documents.annexes import Bound, Chapter, Piece, Volume, bind
from tests.services.files import samples

BAD = Path(__file__).parents[1] / "data" / "bad_files"
PDF = "application/pdf"


class Binder:
    """Somebody who binds volumes in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def piece(self, name: str, content: bytes, media_type: str = PDF, label: str = "Pièce") -> Piece:
        path = self.folder / name
        path.write_bytes(content)
        return Piece(label, name, media_type, path)

    def bind(self, *chapters: tuple[Piece, ...], title: str = "Atelier") -> tuple[Bound, Path]:
        self.made += 1
        work = self.folder / f"work{self.made}"
        work.mkdir()
        told = tuple(
            Chapter(f"ANNUEL-2026-0000{n}", title, "Asso", pieces) for n, pieces in enumerate(chapters, 1)
        )
        out = self.folder / f"out{self.made}.pdf"
        return bind(Volume("Comité", "Séance du 10 décembre 2026", told), work, out), out


@pytest.fixture
def binder(tmp_path: Path) -> Binder:
    return Binder(tmp_path)


def outline(path: Path) -> list[tuple[str, int, list[tuple[str, int]]]]:
    with pikepdf.open(path) as pdf:
        places: dict[Any, int] = {page.objgen: index for index, page in enumerate(pdf.pages)}

        def place(item: Any) -> int:
            return places[item.destination[0].objgen]

        with pdf.open_outline() as read:
            return [
                (str(item.title), place(item), [(str(each.title), place(each)) for each in item.children])
                for item in read.root
            ]


def test_attachments_follow_the_page_of_their_case_and_bookmarks_lead_to_them(binder):
    bound, out = binder.bind(
        (
            binder.piece("statuts.pdf", samples.pdf(3), label="Statuts"),
            binder.piece("rib.pdf", samples.pdf(1)),
        ),
        (binder.piece("bilan.pdf", samples.pdf(2), label="Bilan"),),
    )

    assert bound == Bound(9, ())
    assert outline(out) == [
        ("ANNUEL-2026-00001 · Atelier", 1, [("Statuts : statuts.pdf", 2), ("Pièce : rib.pdf", 5)]),
        ("ANNUEL-2026-00002 · Atelier", 6, [("Bilan : bilan.pdf", 7)]),
    ]


def test_what_cannot_be_shown_has_a_page_that_says_why(binder):
    bound, out = binder.bind((
        binder.piece("page.pdf", (BAD / "fc02_html.pdf").read_bytes()),
        binder.piece("vide.pdf", (BAD / "fc05_empty.pdf").read_bytes()),
        binder.piece("coupé.pdf", samples.pdf(3)[:40]),
        binder.piece("secret.pdf", samples.encrypted_pdf()),
        binder.piece("comptes.xlsx", samples.workbook(), "application/vnd.ms"),
        binder.piece("fausse.png", b"\x89PNG\r\n\x1a\nnothing", "image/png"),
        Piece("RIB", "perdu.pdf", PDF, None, "missing"),
        Piece("RIB", "disparu.pdf", PDF, binder.folder / "nowhere.pdf"),
        Piece("Statuts", "", "", None, "absent"),
        binder.piece("rib.pdf", samples.pdf(1)),
    ))  # fmt: skip

    assert dict(bound.unshown) == {
        "page.pdf": "broken", "vide.pdf": "broken", "coupé.pdf": "broken", "secret.pdf": "encrypted",
        "comptes.xlsx": "other_type", "fausse.png": "broken", "perdu.pdf": "missing", "disparu.pdf": "missing",
        "Statuts": "absent",
    }  # fmt: skip
    assert bound.pages == 1 + 1 + 8 + 1
    ((_, _, pieces),) = outline(out)
    assert pieces[-2:] == [("Statuts (non jointe)", 1), ("Pièce : rib.pdf", 10)]


def test_images_become_pages(binder):
    bound, _ = binder.bind(
        (
            binder.piece("rib.png", samples.png(), "image/png"),
            binder.piece("p.jpg", samples.jpeg(), "image/jpeg"),
        )
    )

    assert bound == Bound(4, ())


def test_an_attachment_that_takes_all_the_memory_harms_only_itself(binder):
    bomb = pikepdf.new()
    bomb.add_blank_page()
    kids = pikepdf.Array([bomb.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page)) for _ in range(3)])
    bomb.Root.Pages.Kids = kids
    bomb.Root.Pages.Kids[1] = bomb.Root.Pages  # a tree of pages that holds itself
    path = binder.folder / "boucle.pdf"
    bomb.save(path)

    bound, _ = binder.bind((Piece("RIB", "boucle.pdf", PDF, path), binder.piece("rib.pdf", samples.pdf(2))))

    assert [name for name, _ in bound.unshown] in (["boucle.pdf"], [])
    assert bound.pages >= 1 + 1 + 1 + 2


def test_a_page_keeps_what_a_form_was_filled_with_and_loses_what_runs(binder):
    source = pikepdf.new()
    page = source.add_blank_page(page_size=(300, 300))
    look = source.make_stream(b"0 0 20 20 re f", BBox=[0, 0, 20, 20], Subtype=pikepdf.Name.Form)
    page.obj.Annots = pikepdf.Array([source.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=[10, 10, 30, 30], F=4,
        AP=pikepdf.Dictionary(N=look), A=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"),
    ))])  # fmt: skip
    source.Root.AcroForm = source.make_indirect(pikepdf.Dictionary(Fields=page.obj.Annots))
    source.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(2)")
    path = binder.folder / "formulaire.pdf"
    source.save(path)

    _, out = binder.bind((Piece("Cerfa", "formulaire.pdf", PDF, path),))

    with pikepdf.open(out) as pdf:
        filled = pdf.pages[2]
        assert "/Annots" not in filled.obj
        assert b"Do" in b"".join(part.read_bytes() for part in filled.Contents.as_list())
    assert b"JavaScript" not in _unpacked(out)


def test_the_same_volume_is_the_same_to_the_byte(binder):
    pieces = (binder.piece("a.pdf", samples.pdf(2)), binder.piece("b.png", samples.png(), "image/png"))

    (_, first), (_, again) = binder.bind(pieces), binder.bind(pieces)

    assert first.read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    "hostile",
    ["#import \"/etc/passwd\"", "x" * 5_000, "a\ud800b", "\u202egnp.exe", "{{ 7*7 }}", "👩‍👩‍👧 مرحبا",
     "$x$ _a_ *b* [c]", ""],
)  # fmt: skip
def test_hostile_words_are_set_as_words(hostile, binder):
    piece = replace(binder.piece("a.pdf", samples.pdf()), label=hostile, name=hostile)
    lost = Piece(hostile, hostile, PDF, None, "missing")

    bound, _ = binder.bind((piece, lost), title=hostile)

    assert bound.pages == 4


def test_contents_longer_than_a_page_still_lead_to_the_right_pages(binder):
    piece = binder.piece("a.pdf", samples.pdf())

    bound, out = binder.bind(*[(piece,)] * 60)

    front = bound.pages - 120
    assert front >= 2
    assert [start for _, start, _ in outline(out)] == [front + 2 * n for n in range(60)]


def _unpacked(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        return b"\n".join(each.unparse() for each in pdf.objects if not isinstance(each, pikepdf.Stream))
