"""An association fills in its report in a real browser: saved, its gaps worked out as it types; axe finds nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_deposit import ASSOCIATION, go_on, whole
from tests.services.desk import Desk
from tests.services.test_reports import TOLD, funded


@pytest.fixture
def desk(database) -> Desk:
    """A small city with one sitting."""
    return Desk.opened(database)


def test_gaps_are_worked_out_as_one_types_and_the_report_is_signed(enter, desk, clock):
    case = funded(desk)
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    clock.set("2027-05-03")
    page = enter(ASSOCIATION, width=320)
    page.goto(f"/mes-dossiers/{reference}")
    page.get_by_role("link", name="Rendre compte de l’action").click()
    whole(page)
    page.get_by_role("link", name="Commencer le bilan").click()

    for step in ("recit", "publics"):
        for name, (said,) in TOLD[step].items():
            page.locator(f"#{name}").fill(said)
        whole(page)
        go_on(page)
    for name, (said,) in TOLD["comptes"].items():
        page.locator(f"#{name}").fill(said)
    expect(page.locator("#ecarts-en-cours")).to_contain_text(re.compile("-25,0"))
    expect(page.locator("[data-told]")).to_have_text(re.compile("Enregistré le"))
    whole(page)
    go_on(page)
    page.get_by_role("link", name="Continuer").click()
    whole(page)
    page.get_by_label("je certifie").check()
    page.get_by_role("button", name="Signer et envoyer le bilan").click()

    expect(page.get_by_text("Votre bilan est reçu")).to_be_visible()
    whole(page)
    assert desk.rows("SELECT state, spent_cents FROM reports") == [("received", 750_000)]
    officer = enter("ines@ville.example")
    officer.goto(f"/dossiers/{reference}")
    whole(officer)
