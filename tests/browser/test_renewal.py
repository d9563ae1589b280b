"""The renewal of an agreement in a real browser, from the first letter to the agreement that follows, without a gap."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_deposit import whole
from tests.services.agreement_desk import contract
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.services.renewal_story import ADDRESS, CENTRE, RenewalStory

AGREEMENT, REQUEST = "/conventions/CONV-00001", "/dossiers/CONVENTIONS-00001"


@pytest.fixture
def desk(database) -> Desk:
    """A small city with a call for agreements."""
    return Desk.opened(database, contract())


def give_self_evaluation(page: Page, file: Path) -> None:
    """The organisation comes by the link of its letter, says a few words, attaches a file and reads it again."""
    file.write_bytes(pdf(2))
    page.goto(AGREEMENT)
    page.get_by_text("Envoyer votre auto-évaluation").click()
    page.get_by_label("En quelques lignes").fill("Trois ans d’accueil ; il a manqué de place.")
    page.get_by_label("Fichier").set_input_files(file)
    whole(page)
    page.get_by_role("button", name="Envoyer l’auto-évaluation").click()
    expect(page.get_by_role("status")).to_contain_text("C’est fait")
    page.get_by_role("link", name=file.name).click()
    expect(page.get_by_text("page 1 sur 2")).to_be_visible()
    whole(page)


def find_what_is_known(page: Page) -> None:
    """The request that was prepared says already what is known."""
    page.goto(REQUEST)
    page.goto("/mes-dossiers/CONVENTIONS-00001/demande/action")
    expect(page.locator("#titre")).to_have_value("Centre social d’Étouvie")
    expect(page.locator("#debut")).to_have_value("2027-01-01")


def test_an_agreement_is_renewed_from_its_first_letter_to_the_one_that_follows(
    enter, desk, clock, tmp_path: Path
):
    story = RenewalStory(desk)
    story.house.taken_over("2025-09-01")
    story.morning("2025-10-31")
    assert ADDRESS + AGREEMENT in story.letter("renewal_opened")
    clock.set("2026-03-02 10:00")
    story.owes_a_report()
    give_self_evaluation(enter(CENTRE["email"], width=320), tmp_path / "bilan.pdf")

    assert story.morning("2026-09-01").requests == 0
    clock.set("2026-09-01 10:00")
    officer = enter("ines@ville.example")
    officer.goto(AGREEMENT)
    expect(officer.get_by_text("Bilans attendus avant toute nouvelle demande")).to_be_visible()
    story.gives_its_report()
    assert story.morning("2026-09-02").requests == 1
    assert ADDRESS + REQUEST in story.letter("renewal_ready")
    find_what_is_known(enter(CENTRE["email"]))

    story.is_funded()
    clock.set("2026-12-11 10:00")
    officer = enter("ines@ville.example")
    officer.goto(AGREEMENT)
    expect(officer.locator("main")).to_contain_text("renouvelée")
    officer.goto(REQUEST)
    expect(officer.locator("#synthese + dl, main").first).to_contain_text("Renouvelle")
    officer.get_by_role("link", name="CONV-00002").click()
    follows = re.compile("en vigueur.*du 1er janvier 2027 au 31 décembre 2029", re.DOTALL)
    expect(officer.locator("main")).to_contain_text(follows)
    whole(officer)
    assert "sans interruption" in story.letter("agreement_active")
    assert desk.rows("SELECT stage, starts_on, ends_on FROM agreements ORDER BY id") == [
        ("renewed", date(2024, 1, 1), date(2026, 12, 31)),
        ("active", date(2027, 1, 1), date(2029, 12, 31)),
    ]
