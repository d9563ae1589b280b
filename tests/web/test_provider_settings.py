"""What an installation chooses of its identity provider, and what it is like to have none, or a proxy in front."""

from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.web.site import Site
from tests.provider import CLIENT, SECRET
from tests.web.agents import Agent, claims, sent_to, settings_for
from tests.web.application import ADDRESS, application
from tests.web.browser import Browser

PUBLIC = "https://parvis.example"


@pytest.fixture
def installed(tmp_path, desk, clock, provider):
    """Somebody in front of an installation set in this way: `installed(oidc_acr_values="eidas2")`."""

    def made(**more):
        site = Site(desk.database, settings_for(provider, tmp_path, **more), clock)
        return Agent(Browser(application(site), desk, clock), provider)

    return made


def test_without_a_provider_there_is_no_button_and_nothing_at_its_addresses(browser):
    assert "/connexion/oidc" not in browser.get("/connexion").text
    assert browser.post("/connexion/oidc").status_code == 404
    assert browser.get("/connexion/oidc/retour?code=x&state=y").status_code == 404
    assert browser.get("/deconnexion/retour?state=y").headers["location"] == "/connexion"
    assert browser.as_person("ines@ville.example").post("/deconnexion").headers["location"] == "/connexion"


def test_what_was_chosen_is_asked_for_and_the_level_of_assurance_is_held_to(installed):
    agent = installed(oidc_acr_values="eidas2 eidas3", oidc_idp_hint="la-metropole", oidc_name="Entr’agents")
    assert "S’identifier avec Entr’agents" in agent.browser.get("/connexion").text

    asked = parse_qs(urlsplit(agent.leaves()).query)
    refused = agent.signs_in()

    assert (asked["acr_values"], asked["idp_hint"]) == (["eidas2 eidas3"], ["la-metropole"])
    assert (refused.status_code, "pas avec la garantie" in refused.text) == (403, True)
    agent.provider.bends["id_token"] = claims(acr="eidas2")
    assert agent.signs_in().status_code == 303


def test_by_agreement_an_address_the_provider_does_not_say_verified_is_good(installed):
    agent = installed(oidc_trust_email=True)
    agent.provider.agent.pop("email_verified")

    assert agent.signs_in().status_code == 303
    agent.provider.agent |= {"sub": "un-autre", "email_verified": False}
    assert Agent(agent.browser.fresh(), agent.provider).signs_in().status_code == 403


def test_the_secret_is_told_in_the_way_the_provider_takes_it(installed):
    agent = installed()
    assert agent.signs_in().status_code == 303
    posted = dict(agent.provider.told)

    agent = installed()
    agent.provider.bends["discovery"] = claims(token_endpoint_auth_methods_supported=["client_secret_basic"])
    assert agent.signs_in().status_code == 303

    assert posted == {"way": "post", "client": CLIENT, "secret": SECRET}
    assert agent.provider.told == {"way": "basic", "client": CLIENT, "secret": SECRET}


def test_behind_a_proxy_the_cookies_are_those_of_the_public_address(installed, provider):
    agent = installed(public_url=PUBLIC)
    outside = {"host": "parvis.example", "origin": PUBLIC}
    provider.returns_to = f"{PUBLIC}/connexion/oidc/retour"

    left = agent.browser.post("/connexion/oidc", headers=outside)
    back = agent.agrees(sent_to(left.text)).removeprefix(PUBLIC)
    name, _, rest = left.headers["set-cookie"].partition("=")
    entered = agent.browser.get(back, host="parvis.example", cookie=f"{name}={rest.partition(';')[0]}")

    assert name == "__Host-parvis-oidc"
    for cookie in (left.headers["set-cookie"], entered.headers["set-cookie"]):
        assert cookie.startswith("__Host-parvis")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_whoever_is_here_by_another_name_is_sent_to_the_public_address_first(installed, provider):
    agent = installed(public_url=PUBLIC)

    left = agent.browser.post("/connexion/oidc", {"suite": "/avis?de=ici"})

    hidden = agent.browser.post(
        "/connexion/oidc", headers={"origin": f"{PUBLIC}:443", "sec-fetch-site": "same-origin"}
    )
    assert sent_to(hidden.text).startswith(
        provider.issuer
    )  # a server in front that does not pass our name on
    agent.browser.desk.run("DELETE FROM oidc_attempts")
    assert sent_to(left.text) == f"{PUBLIC}/connexion?suite=%2Favis%3Fde%3Dici"
    assert "set-cookie" not in left.headers
    assert agent.browser.desk.value("SELECT count(*) FROM oidc_attempts") == 0
    assert ADDRESS not in left.text
