"""Documents looked at in a page: drawn, never run, by those who see the case."""

import base64
import re
import struct

import pytest

from tests.services.files.samples import encrypted_pdf, jpeg, pdf, word
from tests.web.browser import Browser

INES, PAUL = "ines@ville.example", "paul@ville.example"
HOSTILE = "<b onclick=alert(1)>Relevé</b> et <script>alert(2)</script>\nligne"


@pytest.fixture
def path(browser) -> str:
    case = browser.desk.submitted_case()
    reference = browser.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    return f"/dossiers/{reference}"


def sent(browser: Browser, path: str, name: str, content: bytes) -> str:
    """The address of a file once it is attached."""
    assert browser.post(f"{path}/fichiers", files={"fichier": (name, content)}).status_code == 303
    return f"{path}/fichiers/{browser.desk.value('SELECT max(id) FROM files')}"


def test_a_pdf_is_drawn_page_by_page_with_the_check_list_beside_it(browser, path):
    ines = browser.as_person(INES)
    file = sent(ines, path, "bilan.pdf", pdf(2))

    page = ines.get(f"{file}/apercu?page=2")

    drawn = re.search(r'src="data:image/png;base64,([^"]+)"', page.text)
    assert drawn
    width, height = struct.unpack(">II", base64.b64decode(drawn[1])[16:24])
    assert (width, round(height / width, 2)) == (909, 1.42)
    assert "page 2 sur 2" in page.text
    assert 'href="?page=1"' in page.text
    assert "Statuts" in page.text
    assert f'href="{file}"' in page.text
    assert "n’a pas cette page" in ines.get(f"{file}/apercu?page=3").text
    assert f'href="{file}/apercu"' in ines.get(path).text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("note.txt", HOSTILE.encode(), "&lt;script&gt;alert(2)&lt;/script&gt;"),
     ("lettre.docx", word(), "ne se montre pas ici"),
     ("secret.pdf", encrypted_pdf(), "protégé par un mot de passe"),
     ("abime.pdf", b"%PDF-1.7\n" + bytes(range(256)), "ne se laisse pas dessiner")],
)  # fmt: skip
def test_what_cannot_be_drawn_says_so_and_is_still_there_to_download(browser, path, name, content, said):
    ines = browser.as_person(INES)
    file = sent(ines, path, name, content)

    page = ines.get(f"{file}/apercu")

    assert page.status_code == 200
    assert said in page.text
    assert "<script>alert" not in page.text
    assert f'href="{file}"' in page.text


def test_a_picture_is_given_as_one_and_shut_in_and_nothing_else_is_given_so(browser, path):
    ines = browser.as_person(INES)
    photo, note = sent(ines, path, "photo.jpg", jpeg()), sent(ines, path, "note.txt", HOSTILE.encode())

    given = ines.get(f"{photo}/image")

    assert given.headers["content-type"] == "image/jpeg"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert given.headers["content-disposition"] == "inline"
    assert f'src="{photo}/image"' in ines.get(f"{photo}/apercu").text
    assert ines.get(f"{note}/image").status_code == 404
    browser.desk.run("DELETE FROM fundings")
    paul = browser.as_person(PAUL)
    for address in (f"{photo}/apercu", f"{photo}/image"):
        assert paul.get(address).status_code == 404


def test_a_file_whose_bytes_are_gone_is_said_to_be_and_breaks_no_page(browser, path, settings):
    ines = browser.as_person(INES)
    file = sent(ines, path, "photo.jpg", jpeg())
    for kept in settings.files.glob("??/*"):
        kept.unlink()

    answers = [ines.get(f"{file}{end}") for end in ("/apercu", "/image", "")]

    assert [answer.status_code for answer in answers] == [200, 503, 503]
    assert all("n’est plus" in answer.text for answer in answers)


def test_a_file_taken_off_a_draft_leaves_its_document_awaited_and_one_submitted_stays(browser, asso, draft):
    for name in ("rib.pdf", "rib-2.pdf"):
        content = pdf(len(name) % 7 + 1)
        asso.post(f"{draft}/demande/pieces/fichiers", files={"piece_rib": (name, content)})
    first, second = (row[0] for row in browser.desk.rows("SELECT id FROM files ORDER BY id"))
    received = "SELECT received_at IS NOT NULL FROM documents d JOIN files f ON f.case_id = d.case_id AND code = 'rib'"
    take_off = f"{draft}/demande/pieces/fichiers/{{}}/retirer"

    assert "Retirer" in asso.get(f"{draft}/demande/pieces").text
    assert asso.post(take_off.format(first)).status_code == 303
    assert browser.desk.value(f"{received} LIMIT 1") is True
    for _ in range(2):
        assert asso.post(take_off.format(second)).status_code == 303
    assert browser.desk.value(f"{received} LIMIT 1") is False
    assert "rib-2.pdf" not in asso.get(f"{draft}/demande/pieces").text

    asso.post(f"{draft}/demande/pieces/fichiers", files={"piece_rib": ("rib.pdf", pdf())})
    third = browser.desk.value("SELECT max(id) FROM files")
    browser.desk.run("UPDATE cases SET stage = 'submitted' WHERE id = (SELECT max(case_id) FROM files)")
    asso.post(take_off.format(third))
    assert browser.desk.value("SELECT removed_at FROM files WHERE id = %(id)s", id=third) is None
