"""A session in a real browser: saved without leaving the page; two secretaries lose nothing; pages without fault."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.services.session_desk import DAY, SessionDesk

LEA, ROSE, ANN = "lea@ville.example", "rose@ville.example", "ann@ville.example"


@pytest.fixture
def table(desk, clock) -> SessionDesk:
    """The steering committee in session, three cases on its table."""
    sitting = SessionDesk(desk)
    sitting.cases(3)
    sitting.open()
    clock.set(DAY)
    return sitting


def cases(table: SessionDesk) -> list[int]:
    return [row[0] for row in table.desk.rows("SELECT case_id FROM agenda_items ORDER BY position")]


def test_a_case_is_saved_without_leaving_the_page_and_the_balances_follow(enter, table):
    first, second, _ = cases(table)
    page = enter(LEA)
    page.goto(f"/seances/{table.committee}/seance")
    page.evaluate("window.stayed = true")
    item, other = page.locator(f"#dossier-{first}"), page.locator(f"#dossier-{second}")
    other.locator("summary").click()
    other.get_by_label("Motif").fill("commencé ailleurs")

    item.get_by_label("financé").check()
    item.get_by_label("État").fill("4 000")
    item.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("status").filter(has_text="décision enregistrée")).to_be_visible()
    expect(page.locator("#enveloppes")).to_contain_text("46\u202f000\xa0€")
    assert page.evaluate("window.stayed") is True
    assert other.get_by_label("Motif").input_value() == "commencé ailleurs"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_what_a_second_secretary_typed_stays_beside_what_the_first_saved(enter, table, script):
    first, *_ = cases(table)
    lea, rose = enter(LEA, script=script), enter(ROSE, script=script)
    for page in (lea, rose):
        page.goto(f"/seances/{table.committee}/seance")
    item = lea.locator(f"#dossier-{first}")
    item.get_by_label("financé").check()
    item.get_by_label("État").fill("3000")
    item.get_by_role("button", name="Enregistrer").click()
    expect(lea.get_by_role("status").filter(has_text="décision enregistrée")).to_be_visible()

    item = rose.locator(f"#dossier-{first}")
    item.get_by_label("rejeté").check()
    item.get_by_label("Motif").fill("Déjà portée par le bailleur")
    item.get_by_role("button", name="Enregistrer").click()

    expect(item.get_by_role("alert")).to_contain_text("Léa Blanc a enregistré")
    assert item.get_by_label("Motif").input_value() == "Déjà portée par le bailleur"
    if script:  # axe needs it
        assert Axe().run(rose).response["violations"] == []
    item.get_by_role("button", name="Enregistrer").click()
    expect(rose.locator(f"#dossier-{first} summary")).to_contain_text("rejeté")


def test_a_member_reads_the_agenda_and_declares_on_a_small_screen_without_script(enter, table):
    first, second, _ = cases(table)
    page = enter(ANN, script=False, width=320)
    page.goto(f"/seances/{table.committee}")
    reference = str(table.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=first))
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_role("heading", name=re.compile("Atelier cuisine"))).to_be_visible()

    page.goto(f"/seances/{table.committee}/interets")
    page.locator(f"input[value='{second}']").check()
    page.locator(f"#lien-{second}").fill("J’en suis membre")
    page.get_by_role("button", name="Enregistrer ma déclaration").click()

    expect(page.get_by_role("status")).to_contain_text("Votre déclaration est enregistrée")
    hidden = str(table.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=second))
    assert hidden not in page.content()
    page.goto(f"/seances/{table.committee}/interets")
    expect(page.locator(f"#lien-{second}")).to_have_value("J’en suis membre")


def test_an_agenda_is_put_in_order_by_dragging_by_keyboard_and_with_plain_buttons(enter, desk, clock):
    sitting = SessionDesk(desk)
    sitting.cases(3)
    a, b, c = cases(sitting)
    clock.set("2026-08-20")
    page, plain = enter(LEA), enter(ROSE, script=False, width=320)
    for window in (page, plain):
        window.goto(f"/seances/{sitting.committee}")
    said = page.locator("#ordre-dit")

    page.locator(f"#dossier-{c} .handle").drag_to(
        page.locator(f"#dossier-{a}"), target_position={"x": 200, "y": 4}
    )
    expect(page.locator("tr[data-case]").first).to_have_id(f"dossier-{c}")
    expect(page.locator(f"#dossier-{c} td").first).to_have_text("1")
    assert cases(sitting) == [c, a, b]
    handle = page.locator(f"#dossier-{c} .handle")
    expect(handle).to_be_focused()
    handle.press("Enter")
    expect(said).to_contain_text("est pris, place 1 sur 3")
    handle.press("ArrowDown")
    expect(said).to_contain_text("place 2 sur 3")
    handle.press("Escape")
    expect(said).to_contain_text("reste à la place 1 sur 3")
    for key in ("Enter", "ArrowDown", "ArrowDown", "Enter"):
        handle.press(key)
    expect(said).to_contain_text("est posé, place 3 sur 3")
    expect(page.locator(f"#dossier-{c} td").first).to_have_text("3")
    assert cases(sitting) == [a, b, c]
    assert Axe().run(page).response["violations"] == []

    _ordered_at_once(page, plain, a, b)
    assert cases(sitting) == [b, a, c]


def _ordered_at_once(page: Page, plain: Page, a: int, b: int) -> None:
    """Each of two windows orders after the other: whoever is late is told, and shown the order there is."""
    plain.get_by_role("button", name="Descendre").first.click()
    expect(plain.get_by_role("alert")).to_contain_text("Quelqu’un est passé entre-temps")
    plain.get_by_role("button", name="Descendre").first.click()
    expect(plain.locator("tr[id^=dossier]").first).to_have_id(f"dossier-{b}")
    page.locator(f"#dossier-{a} .handle").press("Enter")
    for key in ("ArrowDown", "Enter"):
        page.locator(f"#dossier-{a} .handle").press(key)
    expect(page.locator("#ordre").get_by_role("alert")).to_contain_text("Quelqu’un est passé entre-temps")
