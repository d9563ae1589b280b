"""Notes on a case in a real browser: two people at once, a session that ends, a page left too soon, no script."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.services.desk import Desk

INES, LEA = "ines@ville.example", "lea@ville.example"


def path_of(desk: Desk) -> str:
    case = desk.submitted_case()
    return f"/dossiers/{desk.value('SELECT reference FROM cases WHERE id = %(id)s', id=case)}"


def change(page: Page, name: str, text: str) -> None:
    """Open somebody's note and type another text."""
    page.get_by_text("Modifier cette note").click()
    page.get_by_label(f"Texte de la note de {name}").fill(text)


def present(desk: Desk) -> str:
    return str(
        desk.value(
            "SELECT body FROM note_texts t JOIN notes n ON n.id = note_id AND n.version = t.version WHERE NOT aside"
        )
    )


def test_two_people_write_the_same_note_and_both_texts_stay(enter, desk):
    path = path_of(desk)
    ines, lea = enter(INES), enter(LEA, script=False, width=320)
    ines.goto(path)

    ines.get_by_label("Texte de la note", exact=True).fill("Vu avec la présidente.")
    expect(ines.get_by_text("Enregistré à 09:00.")).to_be_visible()
    ines.reload()
    lea.goto(path)
    ines.get_by_text("Modifier cette note").click()
    change(lea, "Inès Roy", "Vu avec la présidente, puis le trésorier.")
    lea.get_by_role("article").get_by_role("button", name="Enregistrer la note").click()
    expect(lea.get_by_text("Vu avec la présidente, puis le trésorier.").first).to_be_visible()
    ines.get_by_label("Texte de la note de Inès Roy").fill("Vu avec la présidente. Budget à revoir.")
    expect(ines.get_by_text("Léa Blanc a enregistré cette note entre-temps")).to_be_visible()
    assert Axe().run(ines).response["violations"] == []
    ines.get_by_role("button", name="Voir les deux côte à côte").click()
    expect(ines.get_by_label("Votre texte")).to_have_value("Vu avec la présidente. Budget à revoir.")
    assert Axe().run(ines).response["violations"] == []
    ines.get_by_role("button", name="Garder les deux").click()
    ines.get_by_role("link", name="Toutes les versions des notes").click()

    assert (
        present(desk)
        == "Vu avec la présidente, puis le trésorier.\n\nVu avec la présidente. Budget à revoir."
    )
    expect(ines.get_by_text("gardé à part")).to_have_count(1)
    assert Axe().run(ines).response["violations"] == []


def test_neither_a_session_that_ends_nor_a_page_left_too_soon_loses_a_word(enter, desk):
    path = path_of(desk)
    page = enter(INES)
    page.goto(path)
    text = page.get_by_label("Texte de la note", exact=True)

    text.fill("Premier mot")
    page.goto("/dossiers")
    page.goto(path)
    expect(page.locator(".note .text")).to_have_text("Premier mot")
    desk.run("UPDATE web_sessions SET ended_at = now()")
    text.fill("Écrit trop tard")
    expect(page.get_by_role("status").get_by_text("Votre session est finie")).to_be_visible()
    page.get_by_role("button", name="Enregistrer la note").first.click()
    expect(page.get_by_role("heading", name="Votre session est finie")).to_be_visible()
    expect(page.get_by_label("Ce que vous aviez écrit")).to_have_value("Écrit trop tard")
    assert Axe().run(page).response["violations"] == []
    desk.run("UPDATE web_sessions SET ended_at = NULL")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator(".note .text").first).to_have_text("Écrit trop tard")
