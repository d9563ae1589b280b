"""What one takes away from a list: files that a spreadsheet opens without running anything, names to find it by."""

import io

import openpyxl
import pytest

from tests.services.desk import Desk
from tests.web.browser import Browser

INES, PAUL, MAX = "ines@ville.example", "paul@ville.example", "max@ville.example"


def save(browser: Browser, name: str, query: str = "retard=oui", **more: str):
    return browser.post("/dossiers/vues", {"nom": name, "requete": query, **more})


def sheet(content: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_cases_of_a_list_leave_as_a_workbook(browser):
    desk: Desk = browser.desk
    desk.submitted_case(title="Jardin d’été", qpvs=("QN08003M",))
    desk.submitted_case(title="Boxe", qpvs=("QN08001M",))

    answer = browser.as_person(INES).get("/dossiers/export/xlsx?quartier=QN08003M")

    rows = sheet(answer.content)
    assert answer.headers["content-disposition"].startswith('attachment; filename="dossiers-2026-06-01.xlsx"')
    assert rows[0][:2] == ("Référence", "Action")
    assert [row[1] for row in rows[1:]] == ["Jardin d’été"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_leaves_as_text(browser, start):
    browser.desk.submitted_case(title=f"{start}HYPERLINK(1)")

    text = browser.as_person(INES).get("/dossiers/export/csv").content.decode("utf-8-sig")

    assert f"'{start}HYPERLINK(1)" in text


def test_every_format_is_given_and_no_other(browser):
    browser.desk.submitted_case()
    ines = browser.as_person(INES)

    assert [ines.get(f"/dossiers/export/{kind}").status_code for kind in ("csv", "xlsx", "ods", "pdf")] == [
        200, 200, 200, 404,
    ]  # fmt: skip


def test_an_export_holds_only_what_its_reader_may_see(browser):
    desk: Desk = browser.desk
    desk.submitted_case(title="Demandé à l’État")
    desk.submitted_case(title="Demandé à la Ville", funders=desk.deposit().funders[1:])

    rows = sheet(browser.as_person(PAUL).get("/dossiers/export/xlsx").content)

    assert [row[1] for row in rows[1:]] == ["Demandé à l’État"]


def test_a_list_is_saved_under_a_name_and_shared_or_not(browser):
    ines = browser.as_person(INES)

    assert save(ines, "Mes retards").headers["location"] == "/dossiers?retard=oui"
    save(ines, "À voir ensemble", "avis=attendu", partager="oui")

    mine, others = ines.get("/dossiers").text, browser.as_person(MAX).get("/dossiers").text
    assert "Mes retards" in mine
    assert "Mes retards" not in others
    assert "À voir ensemble" in others


def test_a_view_is_forgotten_by_its_owner_alone(browser):
    ines = browser.as_person(INES)
    save(ines, "Mes retards", partager="oui")
    view = browser.desk.value("SELECT id FROM views")

    assert browser.as_person(MAX).post(f"/dossiers/vues/{view}/supprimer").status_code == 404
    assert ines.post(f"/dossiers/vues/{view}/supprimer").status_code == 303
    assert "Mes retards" not in ines.get("/dossiers").text


def test_a_view_without_a_name_is_refused(browser):
    answer = save(browser.as_person(INES), "  ")

    assert answer.status_code == 422
    assert "Donner un nom à la vue" in answer.text
