"""Whether all is well, asked by programs that watch and by those who run the installation."""

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from parvis.models.session import Database
from parvis.services.settings import Settings
from tests.web.browser import Browser

TOKEN = "a-secret-for-prometheus"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation whose figures are read by Prometheus."""
    return settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})


def test_a_process_is_alive_without_a_database_and_ready_with_one_of_its_version(
    browser: Browser, owner_database: Database
):
    revision = browser.desk.value("SELECT version_num FROM alembic_version")
    ready = browser.get("/sante")
    try:
        write_revision(owner_database, "0001")
        behind = browser.get("/sante")
        write_revision(owner_database, "9999")
        ahead = browser.get("/sante")
    finally:
        write_revision(owner_database, revision)

    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    assert (behind.status_code, behind.json()) == (503, {"status": "migrate"})
    assert ahead.status_code == 200  # a new version is being put in: the old one goes on answering meanwhile
    assert browser.get("/sante/vivant").status_code == 200


def write_revision(database: Database, revision: str) -> None:
    with database.transaction() as session:
        session.exec_driver_sql("UPDATE alembic_version SET version_num = %(to)s", {"to": revision})


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}é"])
def test_the_figures_are_for_whoever_bears_the_token(browser: Browser, authorization: str | None):
    headers = {"authorization": authorization.encode()} if authorization else {}

    assert browser.client.get("/mesures", headers=headers).status_code == 404  # type: ignore[arg-type]


def test_without_a_token_in_the_settings_nobody_reads_the_figures(browser: Browser, app: FastAPI):
    app.state.site.settings.metrics_token = None

    assert browser.get("/mesures", authorization="Bearer ").status_code == 404


def test_prometheus_reads_what_waits_what_was_answered_and_what_was_refused(browser: Browser):
    browser.desk.submitted_case()
    browser.as_person("max@ville.example").get("/administration/etat")
    browser.post("/connexion/lien", {"adresse": "personne"})
    browser.clock.set("2026-06-02 09:00")

    told = browser.get("/mesures", authorization=f"Bearer {TOKEN}")
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told.text)
        for sample in family.samples
    }

    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert values["parvis_letters_due",] == browser.desk.value("SELECT count(*) FROM letters")
    assert values["parvis_oldest_letter_seconds",] == 24 * 3_600
    assert values["parvis_cases", "submitted"] == 1
    assert values["parvis_finding", "jobs"] == 2
    assert values["parvis_answer_seconds_count", "read"] >= 1
    assert (
        values["parvis_answer_seconds_bucket", "read", "+Inf"]
        == values["parvis_answer_seconds_count", "read"]
    )
    assert values["parvis_answer_seconds_count", "write"] == 1


def test_the_page_says_in_words_what_is_wrong_and_what_to_do(browser: Browser):
    manager = browser.as_person("max@ville.example")
    shown = manager.get("/administration/etat").text

    assert "Le serveur de Prefect ne répond pas." in shown
    assert "Relancer «\u202fparvis up\u202f»" in shown
    assert browser.as_person("ines@ville.example").get("/administration/etat").status_code == 404
