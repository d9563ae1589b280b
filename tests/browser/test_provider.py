"""The whole dance with an identity provider, in a real browser: in, refused, and out of both."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from parvis.web.site import Site
from tests.browser.conftest import served
from tests.provider import Provider, serving
from tests.web.agents import settings_for


@pytest.fixture
def provider(clock):
    """An identity provider, answering at another site than the application."""
    made = Provider(clock)
    with serving(made, "localhost"):
        yield made


@pytest.fixture
def address(desk, clock, tmp_path, provider):
    """Where an application with a provider answers."""

    def made(address: str) -> Site:
        provider.returns_to, provider.out_to = (
            f"{address}/connexion/oidc/retour",
            f"{address}/deconnexion/retour",
        )
        return Site(desk.database, settings_for(provider, tmp_path, public_url=address), clock)

    with served(made) as answering:
        yield answering


def faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_somebody_signs_in_by_the_provider_and_out_of_both(chromium, address, provider, script):
    context = chromium.new_context(
        base_url=address, locale="fr-FR", java_script_enabled=script, viewport={"width": 320, "height": 900}
    )
    page = context.new_page()
    page.goto("/dossiers?q=jardin")
    if script:
        assert faults(page) == []

    page.get_by_role("button", name="S’identifier avec ProConnect").click()
    page.get_by_role("button", name="Annuler").click()
    page.get_by_text("a été abandonnée chez ProConnect").wait_for()
    if script:
        assert faults(page) == []
    page.get_by_role("button", name="Recommencer avec ProConnect").click()
    page.get_by_role("button", name="Je suis Inès").click()

    page.get_by_role("link", name="Inès Roy").wait_for()
    assert page.url == f"{address}/dossiers?q=jardin"
    if script:
        page.goto("/mon-compte")
        page.get_by_role("button", name="Délier").wait_for()
        assert faults(page) == []
    page.get_by_role("button", name="Sortir").click()
    page.get_by_text("Votre session est close, dans Parvis et chez ProConnect.").wait_for()
    assert provider.ended == ["ines-chez-le-fournisseur"]
    page.goto("/dossiers")
    assert page.url == f"{address}/connexion?suite=%2Fdossiers"
    context.close()
