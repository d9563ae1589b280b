"""A session in a real browser: saved without leaving the page; two secretaries lose nothing; pages without fault."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

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
