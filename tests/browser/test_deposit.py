"""An association deposits with a partner in a real browser, with and without script; axe finds nothing on its way."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.web.draft_answers import BUDGET

ASSOCIATION, PARTNER = "contact@asso.example", "35600000000048"


def whole(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    found = [
        (fault["id"], fault["nodes"][0]["html"][:160]) for fault in Axe().run(page).response["violations"]
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer et continuer").click()


def begin(page: Page, look: Callable[[Page], None]) -> None:
    """A new request, and what the action is: a number in words first, which is told and kept."""
    page.goto("/mes-dossiers")
    page.get_by_role("link", name="Nouvelle demande").click()
    page.get_by_label("Titre de l’action").fill("Atelier vélo")
    page.locator("input[name=appel]").first.check()
    look(page)
    page.get_by_role("button", name="Commencer").click()
    page.get_by_label("Description").fill("On répare ensemble.")
    page.get_by_label("Étouvie").check()
    page.get_by_label("Début").fill("2026-09-01")
    page.get_by_label("Fin").fill("2026-12-31")
    page.get_by_label("Nombre de personnes").fill("quarante")
    page.get_by_label("Part des habitants").fill("60")
    go_on(page)
    expect(page.locator("#beneficiaires-faute")).to_be_visible()
    look(page)
    page.get_by_label("Nombre de personnes").fill("40")
    go_on(page)


@pytest.fixture
def known(desk: Desk) -> None:
    """The association is known, its call takes partners."""
    desk.submitted_case()
    desk.run("UPDATE calls SET document = document || '{\"partners_allowed\": true}'")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("script", "width"), [(True, 1366), (False, 320)], ids=["with-script", "narrow-without-script"]
)
def test_an_association_deposits_with_a_partner(enter, desk, tmp_path: Path, script, width):
    (tmp_path / "rib.pdf").write_bytes(pdf())
    page = enter(ASSOCIATION, script=script, width=width)
    look = whole if script else lambda page: None  # axe is a script

    begin(page, look)
    for name, cents in BUDGET.items():
        page.locator(f"#{name}").fill(str(cents))
    if script:
        expect(page.locator("[data-sum=gap]")).to_have_text(re.compile("^0,00"))
        expect(page.locator("[data-told]")).to_have_text(re.compile("Enregistré le"))
    look(page)
    go_on(page)
    for field, value in (("siret", PARTNER), ("montant", "500"), ("courriel", "centre@asso.example")):
        page.locator(f"#partenaire_{field}_1").fill(value)
    look(page)
    go_on(page)
    page.get_by_label("Nom du contact").fill("Zoé Petit")
    page.get_by_label("Adresse électronique").fill("zoe@asso.example")
    look(page)
    go_on(page)
    page.locator("#fichier-rib").set_input_files(tmp_path / "rib.pdf")
    page.get_by_role("button", name="Envoyer les fichiers choisis").click()
    expect(page.get_by_text("rib.pdf").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="Continuer").click()
    expect(page.get_by_label("contrat d’engagement républicain")).to_be_visible()
    look(page)
    page.get_by_label("contrat d’engagement républicain").check()
    page.get_by_role("button", name="Déposer la demande").click()

    expect(page.get_by_text("Votre demande est déposée")).to_be_visible()
    look(page)
    assert desk.rows("SELECT stage, requested_cents FROM cases ORDER BY id DESC LIMIT 1") == [
        ("submitted", 250_000)
    ]
    assert desk.value("SELECT count(*) FROM partners") == 1
    expect(page.get_by_text("invité, confirmation attendue")).to_be_visible()
    confirm(page, desk, look)


def confirm(page: Page, desk: Desk, look: Callable[[Page], None]) -> None:
    """The partner comes by the link of its letter, fills its part in, signs it."""
    page.goto(str(desk.value("SELECT data ->> 'path' FROM letters WHERE template = 'partner_invited'")))
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Votre part", exact=False).first).to_be_visible()
    page.locator("#charge_604").fill("500")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le budget").click()
    look(page)
    page.get_by_label("Nom de qui signe").fill("Zoé Petit")
    page.get_by_label("En qualité de").fill("présidente")
    page.get_by_label("Je donne mandat").check()
    page.get_by_label("contrat d’engagement républicain").check()
    page.get_by_role("button", name="Confirmer ma part").click()
    expect(page.get_by_text("Votre part est confirmée")).to_be_visible()
    look(page)
    assert desk.rows("SELECT state, signed_by FROM partners") == [("confirmed", "Zoé Petit, présidente")]
