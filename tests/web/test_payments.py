"""Payments on pages: chosen, ordered, downloaded, imported back; finance acts, the manager looks."""

import pytest

from tests.services.payment_desk import IBAN
from tests.services.test_reports import funded


@pytest.fixture
def finance(browser):
    browser.desk.run(
        "INSERT INTO people (contract_id, email, name, role) SELECT id, 'zoe@ville.example', 'Zoé', 'finance'"
        " FROM contracts"
    )
    browser.clock.set("2026-10-01")
    funded(browser.desk)
    return browser.as_person("zoe@ville.example")


def account(finance, browser) -> None:
    organisation = browser.desk.value("SELECT id FROM organisations")
    path = f"/coordonnees-bancaires/{organisation}"
    asked = {"iban": IBAN, "titulaire": "Association Exemple"}
    assert browser.as_person("ines@ville.example").post(f"{path}/demander", asked).status_code == 303
    assert finance.post(f"{path}/confirmer", {"relu": IBAN}).status_code == 303


def returned(finance, content, **fields):
    return finance.post(
        "/paiements/retour", fields, files={"retour": ("retour.csv", content.encode(), "text/csv")}
    )


def test_payments_go_out_in_a_lot_and_come_back_from_accounting(finance, browser):
    ids = [row[0] for row in browser.desk.rows("SELECT id FROM payments WHERE status = 'due' ORDER BY id")]
    chosen = {"versement": ids, "cle": "k1"}

    missing = finance.post("/paiements/lots", chosen)
    account(finance, browser)
    made = finance.post("/paiements/lots", chosen)
    again = finance.post("/paiements/lots", chosen)
    lot = finance.get(made.headers["location"])
    file = finance.get("/paiements/lots/1/fichier")
    wrong = returned(finance, "Ordre;Payé le;Mandat\nL0001-001;hier;M-1\n")
    tried = returned(finance, "Ordre;Payé le;Mandat\nL0001-001;01/10/2026;M-1\n", essai="oui")
    back = returned(finance, "Ordre;Payé le;Mandat\nL0001-001;01/10/2026;M-1\n")
    cancelled = finance.post("/paiements/lots/1/annuler", {"motif": "Erreur"})
    looked = browser.as_person("max@ville.example").get("/paiements")

    assert (missing.status_code, "demander son RIB" in missing.text) == (409, True)
    assert made.headers["location"] == again.headers["location"] == "/paiements/lots/1?fait=lot"
    assert "FR76 •••• 189" in lot.text
    assert IBAN not in lot.text + looked.text
    assert (file.status_code, IBAN in file.text, "ordres-L0001.csv" in file.headers["content-disposition"]) == (
        200, True, True,
    )  # fmt: skip
    assert (wrong.status_code, "paye_le" in wrong.text, "hier" in wrong.text) == (422, True, True)
    assert "rien n’est enregistré" in tried.text
    assert "Versements enregistrés\u202f: 1 (3\u202f200,00\xa0€ versés" in back.text
    assert (cancelled.status_code, "avant son retour" in cancelled.text) == (409, True)
    assert "Préparer un lot" not in looked.text
    assert browser.desk.rows("SELECT status, reference FROM payments WHERE id = ANY(%(i)s) ORDER BY id", i=ids) == [
        ("paid", "M-1"), ("ordered", ""),
    ]  # fmt: skip
