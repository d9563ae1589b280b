"""What a standard (OWASP ASVS 5.0) asks of every answer, where no other test says it."""

import pytest

from tests.web.application import ADDRESS
from tests.web.browser import Browser
from tests.web.programs import Program
from tests.web.test_entering import link_for


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PROPFIND"])
def test_a_method_nothing_asks_for_is_refused(browser: Browser, method: str):
    answered = browser.client.request(method, "/connexion", headers={"origin": ADDRESS})

    assert answered.status_code == 405
    assert "access-control-allow-origin" not in answered.headers


def test_no_folder_is_listed_and_no_file_of_the_program_is_given(browser: Browser):
    for path in (
        "/static/",
        "/static/x/../app.py",
        "/.env",
        "/.git/config",
        "/parvis/web/app.py",
        "/docs",
        "/openapi.json",
    ):
        assert browser.get(path).status_code in {404, 303}, path


def test_a_cookie_is_for_our_pages_alone_and_out_of_reach_of_scripts(browser: Browser):
    said = browser.post(link_for(browser, "ines@ville.example")).headers["set-cookie"].lower()

    assert {"httponly", "samesite=lax", "path=/"} <= set(said.split("; "))
    assert "domain" not in said


def test_going_out_leaves_nothing_behind_in_the_browser(browser: Browser):
    left = browser.as_person("ines@ville.example").post("/deconnexion")

    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert "max-age=0" in left.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["/connexion", "/nulle-part", "/sante", "/api/v1/nothing", "/lien/rien"])
def test_an_answer_says_what_it_is_whom_it_may_be_framed_by_and_nothing_of_what_made_it(
    browser: Browser, path: str
):
    headers = browser.get(path).headers

    assert headers["content-type"].partition(";")[0] in {
        "text/html",
        "application/json",
        "application/problem+json",
    }
    assert "charset=utf-8" in headers["content-type"] or "json" in headers["content-type"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "base-uri 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(headers)


def test_a_field_a_move_does_not_have_is_refused_and_not_kept(program: Program):
    case = program.desk.submitted_case()
    reference = program.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    sent = {"action": "check_eligibility", "stage": "funded"}

    answered = program.of("ines@ville.example").post(
        f"/cases/{reference}/moves", sent, headers={"if-match": "*"}
    )

    assert answered.status_code == 422
    assert program.desk.stage(case) == "submitted"


def test_a_forwarded_address_does_not_make_somebody_else_of_who_asks(browser: Browser):
    sent = {"courriel": "max@ville.example", "mot_de_passe": "x"}
    answers = [
        browser.post("/connexion", sent, headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code
        for number in range(7)
    ]

    assert answers[-1] == 429


def test_over_tls_a_browser_is_told_to_come_back_over_tls_for_a_year(browser: Browser):
    over_tls = browser.client.get(ADDRESS.replace("http:", "https:") + "/connexion")

    assert over_tls.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in browser.get("/connexion").headers
