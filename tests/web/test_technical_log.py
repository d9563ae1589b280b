"""A whole story, and then a search: no secret and no personal address in any log, journal, figure or page of error."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from parvis.models.session import Database
from parvis.services import logs, visitors
from parvis.services.logs import LogFormat
from parvis.services.scrubbing import Scrubber
from parvis.services.settings import Settings
from tests.web.browser import Browser
from tests.web.programs import Program
from tests.web.test_entering import link_for, person

PASSWORD = "un pont sur la Somme"
IBAN = "FR14 2004 1010 0505 0001 3M02 606"
METRICS = "a-secret-for-prometheus"
REFUSALS = {
    "sign_in": lambda browser: browser.fresh().get("/administration"),
    "rights": lambda browser: browser.as_person("ines@ville.example").get("/administration"),
    "not_found": lambda browser: browser.fresh().get("/nulle-part"),
    "forged": lambda browser: browser.post("/connexion/lien", headers={"origin": "https://evil.example"}),
    "host": lambda browser: browser.fresh().get("/", host="evil.example"),
    "too_large": lambda browser: browser.post("/connexion/lien", headers={"content-length": "99999999"}),
    "input": lambda browser: browser.post("/langue/grec"),
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation with secrets."""
    return settings.model_copy(update={
        "metrics_token": SecretStr(METRICS), "smtp_url": SecretStr("smtp://parvis:mot-de-poste@mail.example"),
    })  # fmt: skip


@pytest.fixture
def lines(settings: Settings) -> Iterator[io.StringIO]:
    """The technical log of the story."""
    out = io.StringIO()
    logs.begin(LogFormat.JSON, "web", scrub=Scrubber(settings.secrets), stream=out)
    yield out
    logs.begin(LogFormat.AUTO, "test")


def told(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def refusals(browser: Browser) -> dict[str, float]:
    shown = browser.fresh().get("/mesures", authorization=f"Bearer {METRICS}").text
    return {
        sample.labels["reason"]: sample.value
        for family in text_string_to_metric_families(shown)
        for sample in family.samples
        if sample.name == "parvis_refusals_total"
    }


def test_a_request_is_a_line_that_says_which_route_who_asked_and_about_which_case(browser: Browser, lines):
    case = browser.desk.submitted_case()
    reference = browser.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    answered = browser.as_person("ines@ville.example").get(f"/dossiers/{reference}?q=Madame+Tapée")

    line = told(lines)[-1]
    assert {name: line[name] for name in ("event", "method", "route", "case", "status", "actor", "contract")} == {
        "event": "request", "method": "GET", "route": "case", "case": reference, "status": 200, "actor": "instructor",
        "contract": browser.desk.value("SELECT min(id) FROM contracts"),
    }  # fmt: skip
    assert line["ms"] > 0
    assert answered.headers["x-request-id"] == line["request"]
    assert "Tapée" not in lines.getvalue()


@pytest.mark.parametrize(("said", "kept"), [("front-0123abcd", True), ("x", False), ("a b\tc" * 5, False)])
def test_the_number_of_a_request_is_that_of_the_server_in_front_when_it_gives_one(browser, lines, said, kept):
    answered = browser.get("/connexion", **{"x-request-id": said})

    assert (answered.headers["x-request-id"] == said) is kept
    assert told(lines)[-1]["request"] == answered.headers["x-request-id"]


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_counted_by_its_reason_and_told_in_the_log(browser: Browser, lines, kind):
    before = refusals(browser)
    REFUSALS[kind](browser)
    after = refusals(browser)

    assert {
        reason: after[reason] - before[reason] for reason in after if after[reason] != before[reason]
    } == {kind: 1}
    assert [line["refused"] for line in told(lines) if "refused" in line] == [kind]


def test_a_rule_a_version_a_scope_and_a_limit_that_refuse_are_counted_each_by_its_name(
    browser: Browser, program: Program
):
    case = browser.desk.submitted_case()
    reference = browser.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    script, reader = program.of("ines@ville.example"), program.of("ines@ville.example", "read")
    move = f"/cases/{reference}/moves"
    before = refusals(browser)
    script.post(move, {"action": "instruct"}, headers={"if-match": "*"})
    script.post(move, {"action": "withdraw"}, headers={"if-match": '"99"'})
    reader.post(move, {"action": "withdraw"}, headers={"if-match": "*"})
    for _ in range(8):
        browser.post("/connexion/lien", {"courriel": "ines@ville.example"})
    after = refusals(browser)

    changed = {reason: after[reason] - before[reason] for reason in after if after[reason] != before[reason]}
    assert changed.keys() >= {"rules", "stale", "scope", "too_many"}
    assert (changed["rules"], changed["stale"], changed["scope"]) == (1, 1, 1)


def test_what_nobody_foresaw_is_answered_guarded_counted_and_found_by_its_number(
    browser: Browser, owner_database: Database, lines
):
    case = browser.desk.submitted_case()
    reference = browser.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    officer = browser.as_person("ines@ville.example")
    with broken(owner_database):
        answered = officer.get(f"/dossiers/{reference}/notes")

    assert answered.status_code == 500
    assert "content-security-policy" in answered.headers
    found = [line for line in told(lines) if line.get("request") == answered.headers["x-request-id"]]
    assert [line["event"] for line in found] == ["error", "request"]
    assert "Traceback" in found[0]["trace"]
    assert f"<code>{found[0]['request']}</code>" in answered.text
    figures = browser.fresh().get("/mesures", authorization=f"Bearer {METRICS}").text
    assert 'parvis_answers_total{status="5xx"} 1.0' in figures


class broken:  # noqa: N801 - reads as what it does
    """The notes of cases cannot be read meanwhile."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __enter__(self) -> None:
        self._rename("notes", "mislaid")

    def __exit__(self, *_: object) -> None:
        self._rename("mislaid", "notes")

    def _rename(self, name: str, to: str) -> None:
        with self.database.transaction() as session:
            session.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {to}")


def test_no_secret_and_no_address_of_anybody_is_in_a_log_a_journal_a_figure_or_a_page_of_error(
    browser: Browser, program: Program, owner_database: Database, lines
):
    told_to, errors, secrets = story(browser, program, owner_database)
    desk = browser.desk
    addresses = {
        row[0] for row in desk.rows("SELECT email FROM people UNION SELECT email FROM organisations")
    } - {None}
    kept = "\n".join(
        str(row[0])
        for table in ("journal", "visits")
        for row in desk.rows(f"SELECT to_jsonb(t)::text FROM {table} t")
    )
    figures = told_to.get("/mesures", authorization=f"Bearer {METRICS}")

    assert figures.status_code == 200
    assert min(len(addresses), len(secrets)) > 3
    for place, said in {"log": lines.getvalue(), "figures": figures.text, "kept": kept}.items():
        assert {one for one in secrets if one in said} == set(), place
        assert {one for one in addresses if one in said and place != "kept"} == set(), place
    for error in errors:
        assert error.status_code >= 400
        assert {one for one in secrets if one in error.text} == set(), error.url
    assert [line["event"] for line in told(lines)].count("error") == 2


def story(browser: Browser, program: Program, database: Database) -> tuple[Browser, list[Response], set[str]]:
    """People come in and act, and a good deal goes wrong: a manager, the pages of errors, all that is secret."""
    desk, fresh = browser.desk, browser.fresh
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=desk.submitted_case())
    link, unknown = link_for(browser, "ines@ville.example"), "A1b2" * 12
    with desk.database.transaction() as session:
        visitors.set_password(session, person(desk, "max@ville.example"), PASSWORD, at=browser.clock.at)
    officer, manager, association = fresh(), fresh(), browser.as_applicant("41816609600051")
    officer.post(link)
    manager.post("/connexion", {"courriel": "max@ville.example", "mot_de_passe": PASSWORD})
    association.post(
        "/mes-coordonnees-bancaires", {"iban": IBAN, "titulaire": "Association Exemple", "bic": ""}
    )
    script = program.of("ines@ville.example")
    errors = [
        fresh().post(link),
        fresh().post("/connexion", {"courriel": "max@ville.example", "mot_de_passe": PASSWORD + "!"}),
        association.post("/mes-coordonnees-bancaires", {"iban": IBAN[:-1] + "7", "titulaire": "X"}),
        script.get("/cases/INCONNU"), program.get(f"/cases/{reference}"), browser.get(f"/lien/{unknown}"),
        browser.get("/mesures"), officer.get(f"/dossiers/{IBAN}"),
    ]  # fmt: skip
    with broken(database):
        path = f"/dossiers/{reference}/notes"
        errors += [officer.get(path), officer.get(f"{path}?q=ines@ville.example")]
    signed_in = [each.client.cookies.get("parvis") for each in (officer, manager, association)]
    assert all(signed_in)
    secrets = {PASSWORD, METRICS, "mot-de-poste", IBAN, IBAN.replace(" ", ""), script.token, unknown,
               link.rpartition("/")[2], *map(str, signed_in)}  # fmt: skip
    return manager, errors, secrets
