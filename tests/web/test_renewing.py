"""Last year’s actions renewed: one by a click, many once it is seen whose report is awaited; their thread."""

from parvis.services import drafts
from parvis.states.cerfa import CHARGE, PRODUIT
from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.desk import Desk
from tests.services.test_reports import funded as granted_less
from tests.web.browser import Browser

PAID = """
INSERT INTO payments (case_id, funder_id, position, instalment, condition, amount_cents, status, paid_on)
SELECT %(id)s, min(id), 1, 'avance', 'notification', 123400, 'paid', '2026-02-01' FROM funders
"""
INES, SIRET = "ines@ville.example", "41816609600051"


def funded(desk: Desk, siret: str, organisation: str, *, report: str | None) -> int:
    """An action of last year that was funded; its report came in on that day, or is awaited."""
    case = desk.submitted_case(siret=siret, organisation=organisation)
    desk.run(
        "UPDATE cases SET stage = 'funded', report_due_on = '2026-05-31', report_received_on = %(on)s"
        " WHERE id = %(id)s",
        id=case, on=report,
    )  # fmt: skip
    return case


def test_many_actions_are_renewed_together_once_it_is_seen_whose_report_is_awaited(browser: Browser) -> None:
    desk = browser.desk
    desk.opens_next_year()
    ready = [funded(desk, siret, name, report="2026-05-30") for siret, name in (
        (SIRET, "Les Jardins"), ("35600000000048", "La Fabrique"))]  # fmt: skip
    waiting = funded(desk, "55203253400646", "Le Relais", report=None)
    ines = browser.as_person(INES)
    asked = {"tous": "oui", "requete": "appel=annuel-2026&etape=funded"}

    offered = ines.post("/lots", asked).text
    seen = ines.post("/lots", {**asked, "action": "renew", "voir": "oui"}).text

    assert "Reconduire l’action" in offered
    assert "Bilans attendus avant toute nouvelle demande" in seen
    assert "Le Relais" in seen
    assert "Reconduction préparée, à compléter" in seen
    assert desk.value("SELECT count(*) FROM cases") == 3

    ids = ",".join(str(each) for each in (*ready, waiting))
    key = {"dossiers": ids, "action": "renew", "cle": "une-fois"}
    started, again = ines.post("/lots/faire", key), ines.post("/lots/faire", key)
    run = ines.get(started.headers["location"]).text

    assert started.headers["location"] == again.headers["location"]
    assert desk.rows("SELECT reference, stage, renews_id FROM cases WHERE renews_id IS NOT NULL ORDER BY id") == [
        ("ANNUEL-2027-00001", "draft", ready[0]), ("ANNUEL-2027-00002", "draft", ready[1])]  # fmt: skip
    assert "/dossiers/ANNUEL-2027-00002" in run
    assert "Bilans attendus" in run
    assert desk.rows("SELECT data ->> 'request', not_before > owed_at FROM letters WHERE rule = 'renew'"
                     " ORDER BY id") == [("ANNUEL-2027-00001", True), ("ANNUEL-2027-00002", True)]  # fmt: skip
    history = ines.get("/dossiers/ANNUEL-2026-00001").text
    assert "Dossier suivant : ANNUEL-2027-00001" in history.replace("\u202f", " ").replace("\xa0", " ")


def test_a_funded_action_is_renewed_in_one_click_and_its_years_are_one_thread(browser: Browser) -> None:
    desk = browser.desk
    desk.opens_next_year()
    case = desk.submitted_case(starts_on=None, summary="Cuisiner ensemble")
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(
        documents=("statuts", "rib")))  # fmt: skip
    desk.run("UPDATE cases SET stage = 'funded', report_due_on = '2026-05-31' WHERE id = %(id)s", id=case)
    ines = browser.as_person(INES)

    waits = ines.get("/dossiers/ANNUEL-2026-00001")
    refused = ines.post("/dossiers/ANNUEL-2026-00001/reconduire")
    desk.run("UPDATE cases SET report_received_on = '2026-05-30' WHERE id = %(id)s", id=case)
    ready = ines.get("/dossiers/ANNUEL-2026-00001")
    renewed = ines.post("/dossiers/ANNUEL-2026-00001/reconduire")
    again = ines.post("/dossiers/ANNUEL-2026-00001/reconduire")
    desk.run(PAID, id=case)
    thread = ines.get("/dossiers/ANNUEL-2027-00001")

    assert "Bilans attendus avant toute nouvelle demande" in waits.text
    assert refused.status_code == again.status_code == 409
    assert "Reconduire cette action" in ready.text
    assert renewed.headers["location"] == "/dossiers/ANNUEL-2027-00001"
    assert "le porteur le complète" in thread.text
    assert "Cette action au fil des ans" in thread.text
    assert "ANNUEL-2026-00001" in thread.text
    assert "1 234 € versés" in thread.text.replace("\u202f", " ").replace("\xa0", " ")
    received = desk.rows(
        "SELECT code, received_at IS NOT NULL FROM documents d JOIN cases c ON c.id = d.case_id"
        " WHERE c.renews_id = %(id)s ORDER BY 1", id=case,
    )  # fmt: skip
    assert received == [("last_report", True), ("rib", False), ("statuts", True)]
    answers = desk.value("SELECT answers FROM drafts")
    assert answers["action"]["titre"] == ["Atelier cuisine"]
    assert answers["action"]["fin"] == ["2027-12-31"]
    assert answers["budget"]["financeur_etat"] == ["5000,00"]
    asso = browser.as_applicant(SIRET)
    assert "au fil des ans" in asso.get("/mes-dossiers/ANNUEL-2026-00001").text
    assert asso.post("/dossiers/ANNUEL-2026-00001/reconduire").status_code == 409


def test_a_renewal_opens_with_a_budget_that_balances_though_less_was_granted(browser: Browser) -> None:
    desk = browser.desk
    case = granted_less(desk)
    desk.run(
        "INSERT INTO budget_lines (case_id, position, side, account, label, amount_cents) VALUES"
        " (%(id)s, 11, 'produit', '74', 'Région', 360000), (%(id)s, 12, 'produit', '756', 'Cotisations', 140000),"
        " (%(id)s, 13, 'produit', '870', 'Bénévolat', 50000)", id=case,
    )  # fmt: skip
    desk.run("UPDATE cases SET report_received_on = '2026-10-01'")
    desk.opens_next_year()

    desk.move(case, Action.RENEW, at="2026-10-15")

    with desk.database.transaction() as session:
        draft = desk.value("SELECT id FROM cases WHERE renews_id = %(id)s", id=case)
        read = drafts.open_draft(session, draft).read
    assert read.total(CHARGE) == read.total(PRODUIT) == 1_050_000
    assert [ask.requested_cents for ask in read.funders] == [500_000, 300_000]
    assert "budget" not in read.faults
