"""From a programming to a recovery, in a real browser: to the cent on the pages, in the order and the workbook."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from parvis.services import money, recovery_documents
from parvis.services.files import Shelf
from tests.browser.test_deposit import ASSOCIATION, go_on, whole
from tests.documents.pdf import structure
from tests.services.desk import Desk, moment
from tests.services.payment_desk import IBAN
from tests.services.session_desk import DAY, SessionDesk, contract
from tests.services.test_reports import BUDGET, TOLD

LEA, INES = "lea@ville.example", "ines@ville.example"
ZOE = {"email": "zoe@ville.example", "name": "Zoé Gris", "role": "finance"}


@pytest.fixture
def desk(database):
    """A small city whose committees have members, and somebody of finance."""
    whole_contract: dict[str, Any] = contract()
    return Desk.opened(database, {**whole_contract, "people": [*whole_contract["people"], ZOE]})


def programmed(enter, desk, clock) -> None:
    """A committee decides what a programming proposed: 5,000 € of the State, 3,000 € of the City."""
    table = SessionDesk(desk)
    table.cases(1, budget=BUDGET, beneficiaries=100, total_cost_cents=2_000_000)
    clock.set("2026-09-15 14:30")
    page = enter(LEA, script=False)
    page.goto(f"/seances/{table.committee}/programmation")
    page.get_by_label("Nom").fill("Calcul")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name="Envoyer au comité").click()
    clock.set(DAY)
    page.goto(f"/seances/{table.committee}/seance")
    page.get_by_role("button", name="Ouvrir la séance").click()
    page.get_by_role("button", name="Tous les autres sont présents").click()
    page.get_by_role("button", name="Adopter").click()
    page.get_by_role("link", name="Clore la séance").click()
    page.get_by_role("button", name="Clore la séance").click()
    assert desk.rows("SELECT granted_cents FROM fundings ORDER BY funder_id") == [(500_000,), (300_000,)]


def paid(enter, desk, clock) -> None:
    """The account confirmed by two people, the advances ordered, and back from accounting."""
    clock.set("2026-09-20")
    organisation = desk.value("SELECT id FROM organisations")
    officer, page = enter(INES, script=False), enter(ZOE["email"])
    officer.goto(f"/coordonnees-bancaires/{organisation}")
    officer.get_by_label("IBAN", exact=True).fill(IBAN)
    officer.get_by_label("Titulaire du compte").fill("Association Exemple")
    officer.get_by_role("button", name="Demander ce changement").click()
    page.goto(f"/coordonnees-bancaires/{organisation}")
    whole(page)
    page.get_by_label("IBAN lu sur le RIB").fill(IBAN)
    page.get_by_role("button", name="Confirmer").click()
    page.goto("/paiements")
    page.get_by_role("button", name="Préparer un lot").click()
    whole(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le fichier").click()
    orders = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[7] for line in orders[1:]] == ["4000,00", "2400,00"]
    returned(page, "L0001-001;20/09/2026;M-1;4000,00", "L0001-002;20/09/2026;M-2;2400,00")
    assert "6\u202f400,00\u00a0€ versés" in page.get_by_role("status").inner_text()


def reported(enter, desk, clock) -> None:
    """The association tells of three quarters of its costs on a small screen, and its officer accepts the report."""
    reference = desk.value("SELECT reference FROM cases")
    clock.set("2027-05-03")
    page = enter(ASSOCIATION, width=320, script=False)
    page.goto(f"/mes-dossiers/{reference}")
    page.get_by_role("link", name="Rendre compte de l’action").click()
    page.get_by_role("link", name="Commencer le bilan").click()
    for values in TOLD.values():
        for name, (said,) in values.items():
            page.locator(f"#{name}").fill(said)
        go_on(page)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_label("je certifie").check()
    page.get_by_role("button", name="Signer et envoyer le bilan").click()
    clock.set("2027-05-10")
    officer = enter(INES, script=False)
    officer.goto(f"/dossiers/{reference}")
    officer.locator("#action-accept_report summary").click()
    officer.locator("#action-accept_report button").click()
    assert desk.value("SELECT state FROM reports WHERE kind = 'final'") == "accepted"


def returned(page, *lines: str) -> None:
    content = "\n".join(["Ordre;Payé le;Mandat;Montant", *lines]).encode()
    page.goto("/paiements")
    page.get_by_label("Fichier des paiements faits").set_input_files(
        {"name": "retour.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Importer").click()


def test_what_a_committee_grants_is_paid_reported_under_budget_and_partly_recovered_to_the_cent(
    enter, desk, clock, tmp_path
):
    programmed(enter, desk, clock)
    paid(enter, desk, clock)
    reported(enter, desk, clock)
    recovery_documents.make_owed(desk.database, Shelf(tmp_path / "files"), at=moment("2027-05-11"))

    clock.set("2027-06-05")
    page = enter(ZOE["email"])
    page.goto("/paiements")
    whole(page)
    names = page.locator("#areverser ~ div tbody th a").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name=names[0]).click()
    assert structure(download.value.path().read_bytes()).ua_part == "1"
    returned(page, f"{names[0]};01/06/2027;T-1;250,00", f"{names[1]};01/06/2027;T-2;150,00")
    assert "400,00\u00a0€ reversés" in page.get_by_role("status").inner_text()

    page.goto("/paiements/tresorerie/2027")
    with page.expect_download() as download:
        page.get_by_role("link", name="en XLSX").click()
    sheet = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))["Tous les financeurs"]
    assert (sheet["D7"].value, sheet["E14"].value) == (400, "=SUM(E2:E13)")
    page.goto("/paiements/tresorerie/2026")
    assert "6\u202f400,00\u00a0€" in page.locator("#tous ~ div tfoot").inner_text()
    asked = enter(ASSOCIATION, width=320)
    asked.goto("/mes-coordonnees-bancaires")
    whole(asked)
    assert desk.rows("SELECT paid_cents, committed_cents FROM envelopes ORDER BY id") == [
        (375_000, 375_000), (225_000, 225_000),
    ]  # fmt: skip
    with desk.database.transaction() as session:
        assert money.verify(session).sound
