"""Bank details on pages: given by the association, confirmed by finance; nothing typed of a number comes back."""

import pytest

from tests.services.test_bank import OTHER, OURS

GIVEN = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "titulaire": "Association Exemple", "bic": ""}


@pytest.fixture
def finance(asso, browser):
    browser.desk.run(
        "INSERT INTO people (contract_id, email, name, role) SELECT id, 'zoe@ville.example', 'Zoé', 'finance'"
        " FROM contracts"
    )
    return browser.as_person("zoe@ville.example")


def test_an_association_gives_its_account_and_finance_confirms_it(asso, finance, browser):
    wrong = asso.post("/mes-coordonnees-bancaires", {**GIVEN, "iban": "FR14 2004 1010 0505 0001 3M02 607"})
    given = asso.post("/mes-coordonnees-bancaires", GIVEN)
    (organisation,) = browser.desk.rows("SELECT id FROM organisations")
    path = f"/coordonnees-bancaires/{organisation[0]}"
    listed, seen = finance.get("/coordonnees-bancaires"), finance.get(path)
    misread = finance.post(f"{path}/confirmer", {"relu": OTHER})
    officer = browser.as_person("ines@ville.example").post(f"{path}/confirmer", {"relu": OURS})
    confirmed = finance.post(f"{path}/confirmer", {"relu": OURS})

    assert (wrong.status_code, "clé de contrôle fausse" in wrong.text, "607" in wrong.text) == (
        422,
        True,
        False,
    )
    assert (given.status_code, given.headers["location"]) == (303, "/mes-coordonnees-bancaires?fait=demande")
    assert "FR14 •••• 606" in listed.text
    assert "IBAN lu sur le RIB" in seen.text
    assert (misread.status_code, "n’est pas celui qui a été demandé" in misread.text) == (409, True)
    assert (officer.status_code, confirmed.status_code) == (409, 303)
    mine = asso.get(given.headers["location"])
    assert "Compte FR14 •••• 606, confirmé le 1er juin 2026." in mine.text
    for answer in (wrong, given, listed, seen, misread, confirmed, mine):
        assert OURS not in answer.text
        assert GIVEN["iban"] not in answer.text


def test_without_a_key_the_page_says_whom_to_tell(asso, settings):
    settings.database_url = "postgresql://h/b"

    answer = asso.post("/mes-coordonnees-bancaires", GIVEN)

    assert (answer.status_code, "PARVIS_BANK_KEYS" in answer.text) == (503, True)
