"""Administration: people come in and go out, calls, letters and templates are looked at, the journal is proved."""

import re
from html import unescape

import pytest

from parvis.documents.letter_fields import TemplateKind
from parvis.documents.word_letters import default_template
from parvis.services.retention.batches import propose_all
from parvis.states.stages import Action, Role
from tests.services.desk import CONTRACT, Desk, moment
from tests.statements import counted

INES, MAX, ADA = "ines@ville.example", "max@ville.example", "ada@ville.example"
PAGES = [
    "",
    "/personnes",
    "/demarches",
    "/appels",
    "/appels/annuel-2026/lettres",
    "/modeles",
    "/travaux",
    "/journal",
    "/webhooks",
    "/conservation",
    "/etat",
]


@pytest.fixture
def desk(database) -> Desk:
    """A small city with an administrator."""
    ada = {"email": ADA, "name": "Ada Faure", "role": "administrator"}
    return Desk.opened(database, {**CONTRACT, "people": [*CONTRACT["people"], ada]})


def plain(text):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def person(desk, email):
    return desk.value("SELECT id FROM people WHERE email = %(email)s", email=email)


@pytest.mark.parametrize("place", PAGES)
def test_a_manager_reads_administration_and_an_instructor_is_told_there_is_nothing(browser, place):
    browser.desk.submitted_case()

    assert browser.as_person(MAX).get(f"/administration{place}").status_code == 200
    assert browser.as_person(INES).get(f"/administration{place}").status_code == 404


def test_people_are_listed_with_who_came_in_last_in_a_fixed_number_of_statements(browser):
    browser.as_person(INES).get("/")
    manager = browser.as_person(MAX)

    with counted(browser.desk.database) as asked:
        shown = plain(manager.get("/administration/personnes").text)

    assert re.search(r"Inès Roy ines@ville\.example instructeur 1er juin 2026", shown)
    assert re.search(r"Paul Petit paul@ville\.example \S+ État jamais", shown)
    assert "Faire sortir" not in shown
    assert asked.count <= 3


def test_an_administrator_signs_somebody_out_of_every_browser(browser):
    ines = browser.as_person(INES)
    ada = browser.as_person(ADA)

    answer = ada.post(f"/administration/personnes/{person(browser.desk, INES)}/sortie")

    assert answer.status_code == 303
    assert ines.get("/dossiers").headers["location"].startswith("/connexion")
    assert ada.get("/administration/personnes").status_code == 200


def test_an_administrator_sends_a_link_to_come_in(browser):
    ada = browser.as_person(ADA)

    sent = ada.post(f"/administration/personnes/{person(browser.desk, INES)}/lien")
    nobody = ada.post("/administration/personnes/999999/lien")

    assert sent.status_code == 303
    assert nobody.status_code == 404
    assert browser.desk.rows("SELECT recipient FROM letters WHERE template = 'sign_in'") == [
        (f"person:{person(browser.desk, INES)}",)
    ]


def test_calls_say_their_dates_rules_and_the_file_they_come_from(browser):
    shown = plain(browser.as_person(MAX).get("/administration/appels").text)

    assert "amiens.yaml" in shown
    assert "clos le 31 décembre 2026" in shown
    assert "Statuts" in shown
    assert "donner un avis (jours) 30" in shown


def test_a_letter_of_a_call_is_tried_on_the_last_case_that_got_it(browser):
    desk = browser.desk
    case = desk.submitted_case()
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    manager = browser.as_person(MAX)
    template = desk.value("SELECT template FROM letters WHERE case_id = %(id)s ORDER BY id LIMIT 1", id=case)

    tried = manager.get(f"/administration/appels/annuel-2026/lettres?lettre={template}&langue=fr").text
    never = manager.get("/administration/appels/annuel-2026/lettres?lettre=lapsed").text

    assert reference in tried
    assert "Aucun dossier de cet appel" in plain(never)
    assert manager.get("/administration/appels/perdu/lettres").status_code == 404


def test_a_word_template_is_checked_kept_and_tried_on_a_case(browser):
    desk = browser.desk
    case = desk.submitted_case()
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    manager = browser.as_person(MAX)
    word = default_template(TemplateKind.GRANT_LETTER)

    refused = manager.post(
        "/administration/modeles", {"modele": "grant_letter"}, files={"fichier": ("a.docx", b"x")}
    )
    kept = manager.post(
        "/administration/modeles", {"modele": "grant_letter"}, files={"fichier": ("attribution.docx", word)}
    )
    tried = manager.get(f"/administration/modeles/grant_letter/essai?dossier={reference}")
    lost = manager.get("/administration/modeles/grant_letter/essai?dossier=PERDU")

    assert refused.status_code == 422
    assert kept.status_code == 303
    assert "attribution.docx, version 1" in plain(manager.get("/administration/modeles").text)
    assert tried.content.startswith(b"PK")
    assert lost.status_code == 422


def test_the_journal_is_verified_when_an_administrator_asks(browser):
    browser.desk.submitted_case()
    ada = browser.as_person(ADA)

    verified = ada.post("/administration/journal")

    assert "Le journal est intact" in plain(verified.text)
    assert browser.as_person(MAX).post("/administration/journal").status_code == 404


def test_without_prefect_the_page_of_jobs_says_so_and_what_to_do(browser):
    ada = browser.as_person(ADA)

    shown, asked = ada.get("/administration/travaux"), ada.post("/administration/travaux/send-letters/lancer")

    assert shown.status_code == 200
    assert asked.status_code == 503
    assert "Prefect ne répond pas" in plain(shown.text)
    assert "PREFECT_API_URL" in asked.text


def test_a_manager_reads_a_batch_holds_back_and_approves_with_the_reference_and_others_only_look(browser):
    case = browser.desk.submitted_case()
    browser.desk.move(case, Action.WITHDRAW, role=Role.APPLICANT)
    browser.clock.set("2032-06-01")
    propose_all(browser.desk.database, at=moment("2032-06-01"))
    manager, address = browser.as_person(MAX), "/administration/conservation"
    shown, batch = manager.get(address), manager.get(f"{address}/1")
    unsaid = manager.post(f"{address}/1/approbation", {"visa": ""})
    why = manager.post(f"{address}/1/1/retenue", {"reason": " "})
    held = manager.post(f"{address}/1/1/retenue", {"reason": "Recours"})
    kept = plain(manager.get(f"{address}/1?fait=retenu").text)
    let_go = manager.post(f"{address}/1/1/retenue", {"faire": "rendre"})
    approved = manager.post(f"{address}/1/approbation", {"visa": "AD80-12"})
    again = manager.post(f"{address}/1/abandon")

    assert "Dossiers sans suite" in plain(shown.text)
    assert "/dossiers/ANNUEL-2026-00001/archive.zip" in batch.text
    assert (unsaid.status_code, why.status_code, again.status_code) == (422, 422, 422)
    assert "Code du patrimoine" in plain(unsaid.text)
    assert (held.status_code, let_go.status_code, approved.status_code) == (303, 303, 303)
    assert "Recours" in kept
    assert "référence : AD80-12" in plain(manager.get(f"{address}/1").text)
    assert manager.get(f"{address}/99").status_code == 404
    ada = browser.as_person(ADA)
    assert ada.get(f"{address}/1").status_code == 200
    assert ada.post(f"{address}/1/abandon").status_code == 404


def test_a_person_gets_their_copy_and_a_manager_copies_and_corrects_for_others(browser):
    browser.desk.submitted_case()
    page, copied = browser.as_person(INES).get("/mes-donnees"), browser.as_person(INES).post("/mes-donnees")
    applicant = browser.as_applicant("41816609600051")
    manager, address = browser.as_person(MAX), "/administration/donnees"
    found = manager.get(f"{address}?adresse=contact@asso.example")
    given = manager.post(f"{address}/copie", {"adresse": "contact@asso.example"})
    nobody = manager.post(f"{address}/copie", {"adresse": "personne@x.example"})
    wrong = manager.post(f"{address}/rectification", {"adresse": "contact@asso.example", "email": "non"})
    right = manager.post(
        f"{address}/rectification", {"adresse": "contact@asso.example", "email": "neuf@asso.example"}
    )

    assert "Fonctions dans le contrat de ville" in plain(page.text)
    assert (copied.content[:2], given.content[:2], applicant.post("/mes-donnees").content[:2]) == (
        b"PK",
        b"PK",
        b"PK",
    )
    assert "Organismes joints à cette adresse" in plain(found.text)
    assert (nobody.status_code, wrong.status_code, right.status_code) == (422, 422, 200)
    assert "organismes 1" in plain(right.text)
    assert browser.desk.value("SELECT email FROM organisations") == "neuf@asso.example"
    assert browser.as_person(INES).get(address).status_code == 404
