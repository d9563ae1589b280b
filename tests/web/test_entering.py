"""Coming in and going out: links, passwords, the demonstration's door; what is not let in."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from parvis.services import links, visitors
from parvis.services.links import Guest
from parvis.states.access import SIGN_IN_LASTS, Purpose
from parvis.web.site import Site
from tests.services.desk import Desk
from tests.web.application import ADDRESS, application
from tests.web.browser import Browser

PASSWORD = "un pont sur la Somme"


def person(desk: Desk, email: str) -> int:
    return int(desk.value("SELECT id FROM people WHERE email = %(email)s", email=email))


def link_for(
    browser: Browser, email: str, purpose: Purpose = Purpose.SIGN_IN, subject: int | None = None
) -> str:
    with browser.desk.database.transaction() as session:
        return links.offer(
            session, Guest(person(browser.desk, email)), purpose, subject,
            expires_at=browser.clock.at + SIGN_IN_LASTS, at=browser.clock.at,
        )  # fmt: skip


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_then_where_they_wanted(browser):
    asked = browser.get("/?vue=1")

    assert (asked.status_code, asked.headers["location"]) == (303, "/connexion?suite=%2F%3Fvue%3D1")


def test_a_link_shows_a_button_first_and_lets_in_once_it_is_pressed(browser):
    path = link_for(browser, "ines@ville.example")

    assert 'method="post"' in browser.get(path).text
    entered = browser.post(path)

    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "Inès Roy" in browser.get("/").text
    assert browser.fresh().post(path).status_code == 410


def test_a_link_for_a_sitting_leads_to_it(browser):
    path = link_for(browser, "lea@ville.example", Purpose.DECLARE, 12)

    assert browser.post(path).headers["location"] == "/seances/12/interets"


def test_a_link_that_expired_says_so_and_what_to_do(browser):
    path = link_for(browser, "ines@ville.example")
    browser.clock.set("2026-06-01 09:30")

    gone = browser.get(path)

    assert gone.status_code == 410
    assert "a expiré" in gone.text
    assert "/connexion" in gone.text


def test_asking_for_a_link_says_the_same_whether_the_address_is_known(browser):
    known = browser.post("/connexion/lien", {"courriel": "ines@ville.example"})
    unknown = browser.post("/connexion/lien", {"courriel": "personne@ville.example"})

    assert known.text == unknown.text
    assert browser.desk.value("SELECT count(*) FROM letters") == 1


def test_a_password_lets_in_and_a_wrong_one_does_not(browser):
    with browser.desk.database.transaction() as session:
        visitors.set_password(
            session, person(browser.desk, "max@ville.example"), PASSWORD, at=browser.clock.at
        )
    sent = {"courriel": "max@ville.example", "mot_de_passe": PASSWORD}

    wrong = browser.post("/connexion", sent | {"mot_de_passe": "x"})
    right = browser.post("/connexion", sent)

    assert wrong.status_code == 422
    assert "Adresse ou mot de passe inconnus" in wrong.text
    assert right.status_code == 303
    assert "Max Noir" in browser.get("/").text


def test_after_too_many_passwords_an_address_has_to_wait(browser):
    sent = {"courriel": "max@ville.example", "mot_de_passe": "x"}

    answers = [browser.post("/connexion", sent).status_code for _ in range(visitors.MOST_FOR_ONE_ADDRESS + 1)]

    assert answers == [422] * visitors.MOST_FOR_ONE_ADDRESS + [429]
    assert browser.post("/connexion", sent).headers["retry-after"] == "900"
    browser.clock.set("2026-06-01 09:15")
    assert browser.post("/connexion", sent).status_code == 422


ELSEWHERE = (
    "https://ailleurs.example/",
    "//ailleurs.example",
    "/\\ailleurs.example",
    "ailleurs",
    "/\r\nx: y",
    "",
)


def test_nobody_is_sent_to_another_site_after_signing_in(browser):
    with browser.desk.database.transaction() as session:
        visitors.set_password(
            session, person(browser.desk, "max@ville.example"), PASSWORD, at=browser.clock.at
        )

    for follow in ELSEWHERE:
        entered = browser.fresh().post(
            "/connexion", {"courriel": "max@ville.example", "mot_de_passe": PASSWORD, "suite": follow}
        )

        assert entered.headers["location"] == "/", follow


def test_going_out_ends_the_session_everywhere_the_cookie_went(browser):
    ines = browser.as_person("ines@ville.example")
    secret = ines.client.cookies["parvis"]

    assert ines.post("/deconnexion").status_code == 303

    other = browser.fresh()
    other.client.cookies.set("parvis", secret)
    assert other.get("/").status_code == 303


def test_the_door_of_the_demonstration_is_not_there_outside_of_it(browser):
    sent = {"personne": person(browser.desk, "ines@ville.example")}

    assert browser.post("/demonstration", sent).status_code == 404
    assert "Inès Roy" not in browser.get("/connexion").text


def test_in_the_demonstration_one_click_is_enough(desk, clock, settings):
    browser = Browser(application(Site(desk.database, settings, clock, demonstration=True)), desk, clock)

    assert "Inès Roy" in browser.get("/connexion").text
    assert browser.post("/demonstration", {"personne": person(desk, "ines@ville.example")}).status_code == 303
    assert "Inès Roy" in browser.get("/").text
    assert browser.post("/demonstration", {"personne": 999_999}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://ailleurs.example"},
        {"sec-fetch-site": "same-site", "origin": ADDRESS},
        {"origin": "https://ailleurs.example"},
        {"origin": "null"},
        {},
    ],
)
def test_a_form_that_another_site_sends_is_refused(browser, headers):
    answer = browser.client.post("/connexion/lien", data={"courriel": "ines@ville.example"}, headers=headers)

    assert answer.status_code == 403
    assert browser.desk.value("SELECT count(*) FROM letters") == 0


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_form_of_ours_is_taken_with_what_the_browser_says_of_it(browser, site):
    answer = browser.client.post(
        "/connexion/lien", data={"courriel": "x@ville.example"}, headers={"sec-fetch-site": site}
    )

    assert answer.status_code == 200


def test_a_body_too_large_is_refused_whether_it_says_its_length_or_not(browser):
    large = b"courriel=" + b"a" * 1_000_001

    def pieces():
        yield large

    kind = {"content-type": "application/x-www-form-urlencoded", "origin": ADDRESS}
    assert browser.client.post("/connexion/lien", content=large, headers=kind).status_code == 413
    assert browser.client.post("/connexion/lien", content=pieces(), headers=kind).status_code == 413


def test_every_answer_keeps_itself_to_its_own_site(browser):
    for path in ("/connexion", "/nulle-part", "/sante"):
        headers = browser.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_another_host_name_is_not_answered(browser):
    assert browser.client.get("/connexion", headers={"host": "ailleurs.example"}).status_code == 400


def test_assets_are_kept_for_ever_under_the_address_of_their_content(browser):
    page = browser.get("/connexion").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)

    assert len(addresses) == 3
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert browser.get("/static/000000000000/parvis.css").status_code == 404
    assert browser.get("/static/x/..%2Fapp.py").status_code == 404


def test_a_page_is_in_french_and_in_english_for_whoever_asks(browser):
    assert "Entrer dans Parvis" in browser.get("/connexion").text
    assert "Sign in to Parvis" in browser.get("/connexion", **{"accept-language": "en-GB"}).text

    chosen = browser.post("/langue/en", headers={"referer": f"{ADDRESS}/connexion"})

    assert chosen.headers["location"] == "/connexion"
    assert "Sign in to Parvis" in browser.get("/connexion").text


def test_what_somebody_looked_at_is_kept_and_what_nobody_did_is_not(browser):
    browser.get("/connexion")
    ines = browser.as_person("ines@ville.example")
    ines.get("/")
    ines.get("/nulle-part")

    assert browser.desk.rows("SELECT method, path, status FROM visits ORDER BY id") == [
        ("GET", "/", 200), ("GET", "/nulle-part", 404),
    ]  # fmt: skip


def test_a_field_that_is_missing_is_named(browser):
    answer = browser.post("/connexion", {"courriel": "x"})

    assert answer.status_code == 422
    assert "mot_de_passe" in answer.text


@pytest.mark.parametrize("email", ["max@ville.example", "contact@asso.example"])
def test_the_page_asked_for_is_kept_across_the_letter_with_the_link(browser, email):
    browser.desk.submitted_case()
    asked = "/dossiers?retard=oui&tri=montant"
    browser.post("/connexion/lien", {"courriel": email, "suite": asked})
    path = browser.desk.value("SELECT data ->> 'path' FROM letters ORDER BY id DESC LIMIT 1")

    page = browser.get(path)
    field = re.search(r'name="suite" value="([^"]+)"', page.text)
    assert field is not None
    entered = browser.post(path.partition("?")[0], {"suite": unescape(field[1])})

    assert entered.headers["location"] == asked
    again = browser.fresh().get(path)
    assert again.status_code == 410
    assert f'href="/connexion?suite={quote(asked, safe="/")}"' in again.text


def test_a_link_about_a_case_that_has_expired_asks_for_another_that_leads_there(browser):
    desk = browser.desk
    case = desk.submitted_case()
    asso = Guest(organisation_id=desk.value("SELECT id FROM organisations"))
    with desk.database.transaction() as session:
        path = links.offer(
            session, asso, Purpose.CASE, case, expires_at=browser.clock.at, at=browser.clock.at
        )
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)

    for gone in (browser.get(path), browser.post(path, {"suite": "//ailleurs.example"})):
        assert gone.status_code == 410
        assert f'href="/connexion?suite=/mes-dossiers/{reference}"' in gone.text
