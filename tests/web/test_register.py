"""The register on pages: an association finds itself by its SIRET, an officer compares; nobody is ever held up."""

import json

from tests.services.receiver import receiving
from tests.services.test_sirene import SIRET, UNIT

INES = "ines@ville.example"


def test_an_association_finds_its_name_by_its_siret_and_an_officer_what_differs(browser, settings):
    case_id = browser.desk.submitted_case()
    place = browser.desk.value("SELECT '/dossiers/' || reference FROM cases WHERE id = %(id)s", id=case_id)
    ines = browser.as_person(INES)
    offline = browser.post("/inscription/trouver", {"siret": SIRET, "courriel": "moi@asso.example"})
    quiet = ines.get(place)
    with receiving() as register:
        settings.sirene_url = f"http://127.0.0.1:{register.port}"
        named = {**UNIT, "nom_raison_sociale": "LES JARDINS <SUSPENDUS>"}
        register.answer = lambda _: (200, {}, json.dumps({"results": [named]}).encode())
        before = ines.get(place)
        compared = ines.post(f"{place}/repertoire")
        after = ines.get(compared.headers["location"])
        found = browser.post(
            "/inscription/trouver", {"siret": SIRET, "nom": "", "courriel": "moi@asso.example"}
        )
    wrong = browser.post("/inscription/trouver", {"siret": "41816609600050"})
    away = ines.get(ines.post(f"{place}/repertoire").headers["location"])

    assert "n’est pas interrogé ici" in offline.text
    assert 'value="moi@asso.example"' in offline.text
    assert "Répertoire" not in quiet.text
    assert "Comparer au répertoire" in before.text
    assert "fermé" in after.text
    assert "LES JARDINS &lt;SUSPENDUS&gt;" in after.text
    assert 'value="LES JARDINS &lt;SUSPENDUS&gt;"' in found.text
    assert "RUE DES LILAS" in found.text
    assert wrong.status_code == 422
    assert "ne répond pas" in away.text
    assert "LES JARDINS" in away.text
