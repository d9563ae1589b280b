"""Démarche numérique in the administration: what could not come in, why, and what to do about it."""

import json

import pytest

from tests.services.demarches.conftest import FORM
from tests.services.desk import CONTRACT, Desk
from tests.web.test_administration import MAX, plain

PROBLEM = {
    "code": "amount", "column": "Je demande", "value": "beaucoup", "fr": "Ce n’est pas un montant.",
    "en": "This is no amount.",
}  # fmt: skip


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose call is deposited on a form too."""
    call = {**CONTRACT["calls"][0], "demarche": FORM}
    return Desk.opened(database, {**CONTRACT, "calls": [call]})


def test_a_form_nobody_read_says_so_and_that_no_token_is_set(browser):
    shown = plain(browser.as_person(MAX).get("/administration/demarches").text)

    assert "Démarche 11223344 : elle n’a jamais été lue." in shown
    assert "PARVIS_DEMARCHE_TOKEN" in shown


def test_a_dossier_that_cannot_come_in_is_shown_with_its_reason_and_what_to_do_until_it_does(browser):
    desk, manager = browser.desk, browser.as_person(MAX)
    desk.run("INSERT INTO demarche_syncs (call_id, finished_at) VALUES (1, '2026-06-01 07:00Z')")
    desk.run(
        "INSERT INTO demarche_refusals (call_id, number, problems, refused_at)"
        " VALUES (1, 8, %(problems)s, '2026-06-01 07:00Z')",
        problems=json.dumps({"problems": [PROBLEM]}),
    )  # fmt: skip
    shown = plain(manager.get("/administration/demarches").text)
    in_english = plain(manager.get("/administration/demarches", **{"accept-language": "en"}).text)
    desk.run("DELETE FROM demarche_refusals")
    after = plain(manager.get("/administration/demarches").text)

    for said in (
        "lue en entier le 1er juin 2026", "8 essayé le", "Je demande", "beaucoup", "pas un montant", "Que faire",
        "sous l’appel « annuel-2026 » du contrat",
    ):  # fmt: skip
        assert said in shown
    assert "Tous les dossiers lus sont entrés" not in shown
    assert "This is no amount." in in_english or "Ce n’est pas un montant." in in_english
    assert "Tous les dossiers lus sont entrés" in after


def test_a_city_without_a_form_is_told_how_to_have_one(browser):
    browser.desk.run("UPDATE contracts SET document = document #- '{calls,0,demarche}'")

    assert "propose-mapping" in browser.as_person(MAX).get("/administration/demarches").text
