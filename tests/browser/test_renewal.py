"""The renewal of an agreement in a real browser, from the first letter to the agreement that follows, without a gap."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_deposit import whole
from tests.services.agreement_desk import contract
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.services.renewal_story import CENTRE, RenewalStory


@pytest.fixture
def desk(database) -> Desk:
    """A small city with a call for agreements."""
    return Desk.opened(database, contract())


def test_an_agreement_is_renewed_from_its_first_letter_to_the_one_that_follows(
    enter, desk, clock, tmp_path: Path
):
    story = RenewalStory(desk)
    story.house.taken_over("2025-09-01")
    story.morning("2025-10-31")
    assert "https://parvis.example/conventions/CONV-00001" in story.letter("renewal_opened")

    clock.set("2026-03-02 10:00")
    centre = enter(CENTRE["email"], width=320)
    centre.goto("/conventions/CONV-00001")
    (tmp_path / "bilan.pdf").write_bytes(pdf(2))
    centre.get_by_text("Envoyer votre auto-évaluation").click()
    centre.get_by_label("En quelques lignes").fill("Trois ans d’accueil ; il a manqué de place.")
    centre.get_by_label("Fichier").set_input_files(tmp_path / "bilan.pdf")
    whole(centre)
    centre.get_by_role("button", name="Envoyer l’auto-évaluation").click()
    expect(centre.get_by_role("status")).to_contain_text("C’est fait")
    centre.get_by_role("link", name="bilan.pdf").click()
    expect(centre.get_by_text("page 1 sur 2")).to_be_visible()
    whole(centre)

    story.owes_a_report()
    assert story.morning("2026-09-01").requests == 0
    clock.set("2026-09-01 10:00")
    officer = enter("ines@ville.example")
    officer.goto("/conventions/CONV-00001")
    expect(officer.get_by_text("Bilans attendus avant toute nouvelle demande")).to_be_visible()
    story.gives_its_report()
    assert story.morning("2026-09-02").requests == 1
    assert "https://parvis.example/dossiers/CONVENTIONS-00001" in story.letter("renewal_ready")

    centre.goto("/dossiers/CONVENTIONS-00001")
    centre.goto("/mes-dossiers/CONVENTIONS-00001/demande/action")
    expect(centre.locator("#titre")).to_have_value("Centre social d’Étouvie")
    expect(centre.locator("#debut")).to_have_value("2027-01-01")
    story.is_funded()

    clock.set("2026-12-11 10:00")
    officer.goto("/conventions/CONV-00001")
    expect(officer.locator("main")).to_contain_text("renouvelée")
    officer.get_by_role("link", name="CONV-00002").click()
    expect(officer.locator("main")).to_contain_text(
        re.compile("en vigueur.*du 1er janvier 2027 au 31 décembre 2029", re.DOTALL)
    )
    whole(officer)
    assert "sans interruption" in story.letter("agreement_active")
    assert desk.rows("SELECT stage, starts_on, ends_on FROM agreements ORDER BY id") == [
        ("renewed", date(2024, 1, 1), date(2026, 12, 31)),
        ("active", date(2027, 1, 1), date(2029, 12, 31)),
    ]
