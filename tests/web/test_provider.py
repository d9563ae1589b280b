"""Coming in by an identity provider, through the application itself and a provider with keys of its own."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.responses import PlainTextResponse, Response

from parvis.services.oidc.calling import Caller
from parvis.services.visitors import MOST_BY_PROVIDER
from tests import provider as fake
from tests.provider import INES, SECRET
from tests.web.agents import (
    NOT_TRUSTED,
    OTHERWISE,
    SILENT,
    Agent,
    claims,
    nobody_is_in,
    sent_to,
    settings_for,
)
from tests.web.application import ADDRESS


@pytest.fixture
def settings(tmp_path, provider):
    """An installation with a provider."""
    return settings_for(provider, tmp_path)


@pytest.mark.parametrize(("algorithm", "signed"), [("RS256", True), ("ES256", True), ("RS256", False)])
def test_somebody_of_the_contract_comes_in_and_is_known_by_identity_from_then_on(agent, algorithm, signed):
    agent.provider.algorithm, agent.provider.signed_userinfo = algorithm, signed
    assert "S’identifier avec ProConnect" in agent.browser.get("/connexion").text

    entered = agent.signs_in("/dossiers?q=vélo")

    assert (entered.status_code, entered.headers["location"]) == (303, "/dossiers?q=v%C3%A9lo")
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "Inès Roy" in agent.browser.get("/dossiers").text
    agent.provider.agent |= {"email": "ines@nouvelle.example", "email_verified": False}
    other = Agent(agent.browser.fresh(), agent.provider)
    assert other.signs_in().status_code == 303
    assert "Inès Roy" in other.browser.get("/").text
    rows = agent.browser.desk.rows("SELECT issuer, subject, email FROM identities")
    assert rows == [(agent.provider.issuer, INES["sub"], "ines@nouvelle.example")]
    assert agent.provider.asked == ["discovery", "jwks"]
    told = agent.browser.desk.rows("SELECT template, data ->> 'email' FROM letters")
    assert told == [("identity_linked", "ines@ville.example")]


def test_whoever_gives_up_there_is_told_so_and_may_try_again(agent):
    refused = agent.browser.get(agent.agrees(agent.leaves("/avis"), "non"))

    assert refused.status_code == 403
    assert "a été abandonnée chez ProConnect" in refused.text
    assert 'name="suite" value="/avis"' in refused.text
    assert nobody_is_in(agent.browser)


def test_a_return_counts_once_in_time_and_in_the_browser_it_began_in(agent, clock):
    back = agent.agrees(agent.leaves())
    stranger = agent.browser.fresh()

    assert "autre navigateur" in stranger.get(back).text
    stranger.post("/connexion/oidc")
    assert stranger.get(back).status_code == 400
    assert nobody_is_in(stranger)
    assert agent.browser.get(back).status_code == 303
    replayed = agent.browser.get(back)
    assert (replayed.status_code, "a déjà servi" in replayed.text) == (410, True)
    assert "Continuer dans Parvis" in replayed.text
    unknown = agent.browser.get("/connexion/oidc/retour?code=x&state=" + "s" * 43)
    assert (unknown.status_code, "ne répond à aucune demande" in unknown.text) == (400, True)
    assert agent.browser.get("/connexion/oidc/retour").status_code == 400
    late = Agent(agent.browser.fresh(), agent.provider)
    back = late.agrees(late.leaves())
    clock.set("2026-06-01 09:20")
    expired = late.browser.get(back)
    assert (expired.status_code, "plus de vingt minutes" in expired.text) == (410, True)


def test_two_windows_of_one_browser_both_come_in(agent):
    first, second = agent.leaves("/avis"), agent.leaves("/dossiers")

    assert agent.browser.get(agent.agrees(second)).headers["location"] == "/dossiers"
    assert agent.browser.get(agent.agrees(first)).headers["location"] == "/avis"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": "inconnue@ville.example"}, "personne n’a cette adresse dans le contrat de ville"),
        ({"email": ""}, "n’a donné aucune adresse"),
        ({"email": ["ines@ville.example"]}, "n’a donné aucune adresse"),
        ({"email_verified": False}, "ne garantit pas que l’adresse ines@ville.example est la vôtre"),
        ({"email_verified": "false"}, "ne garantit pas"),
        ({"email_verified": None}, "ne garantit pas"),
    ],
)
def test_whoever_the_contract_does_not_know_is_told_why_and_whom_to_ask(agent, changes, told):
    agent.provider.agent |= changes
    people = agent.browser.desk.value("SELECT count(*) FROM people")

    refused = agent.signs_in()

    assert refused.status_code == 403
    assert told in refused.text
    assert "mailto:contrat@ville.example" in refused.text
    assert nobody_is_in(agent.browser)
    assert agent.browser.desk.value("SELECT count(*) FROM people") == people


def test_whoever_left_the_contract_is_not_let_in_any_more(agent):
    agent.signs_in()
    agent.browser.desk.run("UPDATE people SET active = false WHERE email = 'ines@ville.example'")

    refused = Agent(agent.browser.fresh(), agent.provider).signs_in()

    assert (refused.status_code, "vous n’êtes plus parmi" in refused.text) == (403, True)


def test_a_provider_that_is_silent_leaves_the_other_ways_in(agent):
    impatient, patient = Caller(seconds=0.2), agent.browser.app.state.provider.caller
    agent.browser.app.state.provider.caller = impatient
    agent.provider.bends["discovery"] = agent.provider.waits
    assert SILENT in agent.browser.post("/connexion/oidc").text
    agent.browser.app.state.provider.caller = patient
    for name, bend in {
        "nonsense": lambda said: PlainTextResponse("<html>"),
        "another": claims(issuer="https://ailleurs.example"), "in clear": claims(token_endpoint="http://x.example/t"),
    }.items():  # fmt: skip
        agent.provider.bends["discovery"] = bend

        refused = agent.browser.post("/connexion/oidc")

        assert (name, refused.status_code) == (name, 502)
        assert OTHERWISE in refused.text
    agent.provider.bends.clear()
    back = agent.agrees(agent.leaves())
    agent.provider.bends["userinfo"] = agent.provider.waits
    agent.browser.app.state.provider.caller = impatient
    assert SILENT in agent.browser.get(back).text
    assert nobody_is_in(agent.browser)


def test_a_key_that_is_new_is_asked_for_once_and_keys_are_not_kept_for_ever(agent, clock, monkeypatch):
    agent.signs_in()
    monkeypatch.setattr(fake, "RSA", RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"}))
    agent.provider.published.append(fake.RSA)

    assert Agent(agent.browser.fresh(), agent.provider).signs_in().status_code == 303
    assert agent.provider.asked == ["discovery", "jwks", "jwks"]
    agent.provider.published.remove(fake.RSA)
    assert Agent(agent.browser.fresh(), agent.provider).signs_in().status_code == 303
    clock.set("2026-06-01 10:01")
    assert NOT_TRUSTED in Agent(agent.browser.fresh(), agent.provider).signs_in().text
    assert agent.provider.asked == ["discovery", "jwks", "jwks", "discovery", "jwks", "jwks"]


def test_going_out_ends_the_session_here_and_there(agent):
    agent.signs_in()
    desk = agent.browser.desk
    assert desk.value("SELECT id_token FROM web_sessions").count(".") == 2

    left = agent.browser.post("/deconnexion")

    assert "Administration" not in left.text
    assert desk.rows("SELECT ended_at IS NULL, id_token FROM web_sessions") == [(False, None)]
    there = httpx.get(sent_to(left.text), follow_redirects=False)
    back = there.headers["location"].removeprefix(ADDRESS)
    assert agent.provider.ended == [INES["sub"]]
    assert agent.browser.get("/deconnexion/retour?state=" + "x" * 43).headers["location"] == "/connexion"
    told = agent.browser.get(back)
    assert told.headers["location"] == "/connexion?sorti=partout"
    assert "close, dans Parvis et chez ProConnect" in agent.browser.get(told.headers["location"]).text
    assert agent.browser.get(back).headers["location"] == "/connexion"


def test_going_out_here_does_not_wait_for_a_provider_that_is_away(agent, clock):
    agent.signs_in()
    agent.provider.bends["discovery"] = lambda said: Response(status_code=503)
    clock.set("2026-06-01 10:30")

    left = agent.browser.post("/deconnexion")

    assert left.headers["location"] == "/connexion?sorti=ici"
    assert "y reste peut-être ouverte" in agent.browser.get("/connexion?sorti=ici").text
    assert agent.browser.get("/").headers["location"] == "/connexion"


def test_coming_in_changes_the_secret_of_the_session_and_ends_the_one_before(agent):
    max_noir = agent.browser.as_person("max@ville.example")
    before = max_noir.client.cookies["parvis"]

    entered = Agent(max_noir, agent.provider).signs_in()

    max_noir.client.cookies.delete("parvis", domain="", path="/")
    assert before not in entered.headers["set-cookie"]
    assert "Inès Roy" in max_noir.get("/").text
    stolen = agent.browser.fresh()
    stolen.client.cookies.set("parvis", before)
    assert stolen.get("/").status_code == 303


@pytest.mark.parametrize(
    "follow", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example", "x"]
)
def test_nobody_is_sent_to_another_site_afterwards(agent, follow):
    assert agent.signs_in(follow).headers["location"] == "/"


def test_what_leaves_is_what_was_chosen_and_what_it_is_for_stays_hidden(agent, caplog):
    caplog.set_level("DEBUG", logger="parvis")
    sent = parse_qs(urlsplit(agent.leaves()).query)
    back = agent.agrees(agent.leaves())
    agent.provider.bends["id_token"] = claims(aud="un-autre")
    agent.browser.get(back)

    assert sent["scope"] == ["openid email"]
    assert {"acr_values", "idp_hint"} & sent.keys() == set()
    assert "not_trusted" in caplog.text
    secrets = [SECRET, *parse_qs(urlsplit(back).query)["code"], "eyJ"]
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_of_two_returns_at_once_one_comes_in(agent):
    back = agent.agrees(agent.leaves())
    cookie = agent.browser.client.cookies["parvis-oidc"]

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda one: one.get(back, cookie=f"parvis-oidc={cookie}"),
                                [agent.browser.fresh(), agent.browser.fresh()]))  # fmt: skip

    assert sorted(answer.status_code for answer in answers) == [303, 410]
    assert agent.browser.desk.value("SELECT count(*) FROM web_sessions") == 1


def test_the_log_of_access_begins_with_what_let_somebody_in_and_holds_no_secret(agent):
    agent.signs_in()
    agent.browser.get("/lien/un-secret")

    assert agent.browser.desk.rows("SELECT method, path, status FROM visits ORDER BY id") == [
        ("GET", "/connexion/oidc/retour", 303), ("GET", "/lien/…", 410),
    ]  # fmt: skip


def test_one_place_may_not_try_for_ever(agent):
    for _ in range(MOST_BY_PROVIDER):
        agent.browser.get("/connexion/oidc/retour?state=x")

    assert agent.browser.post("/connexion/oidc").status_code == 429
    assert agent.browser.get("/connexion/oidc/retour?state=x").status_code == 429
