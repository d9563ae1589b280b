"""An organisation's own pages: its list, where a case stands, documents it is asked for, its report, a withdrawal."""

import re

import pytest

from parvis.services.imports.deposit import PartnerShare
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.files.samples import pdf

OWN, OTHER = "41816609600051", "35600000000048"


def reference(desk, case):
    return desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)


def plain(text):
    return re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\u00a0", " "))


def address(desk, case):
    return f"/mes-dossiers/{reference(desk, case)}"


@pytest.fixture
def awaiting(browser):
    """A case whose RIB is asked for, and its applicant's browser."""
    case = browser.desk.case_awaiting_documents(reply_by="2026-06-30")
    browser.clock.set("2026-06-10")
    return case, browser.as_applicant(OWN)


def test_the_list_says_what_is_expected_of_whom_by_when(awaiting, browser):
    case, asso = awaiting

    page = plain(asso.get("/mes-dossiers").text)

    assert reference(browser.desk, case) in page
    assert "À vous :</strong> Envoyer la pièce demandée" in page
    assert "au plus tard le 30 juin 2026" in page


def test_the_start_and_the_links_of_letters_lead_an_applicant_to_their_own_pages(awaiting, browser):
    case, asso = awaiting

    assert asso.get("/").headers["location"] == "/mes-dossiers"
    assert asso.get(f"/dossiers/{reference(browser.desk, case)}").headers["location"] == address(
        browser.desk, case
    )


def test_a_document_asked_for_is_sent_then_the_applicant_says_that_all_is_there(awaiting, browser):
    case, asso = awaiting
    desk, page = browser.desk, address(browser.desk, case)
    assert "Reprendre l’examen" not in asso.get(page).text

    sent = asso.post(f"{page}/pieces", files={"piece_rib": ("rib.pdf", pdf())})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?fait=pieces")
    shown = asso.get(page)
    assert "Reprendre l’examen" in plain(shown.text)
    file = re.search(rf'href="({page}/fichiers/\d+)"', shown.text)
    assert file is not None
    assert asso.get(file[1]).content == pdf()
    confirmed = asso.post(f"{page}/complet", {"version": desk.version(case)})

    assert confirmed.headers["location"] == f"{page}?fait=complet"
    assert desk.stage(case) == "submitted"
    assert desk.rows("SELECT action, role FROM journal WHERE case_id = %(id)s ORDER BY seq DESC LIMIT 2", id=case) == [
        ("complete", "applicant"), ("receive_documents", "applicant"),
    ]  # fmt: skip


def test_saying_that_all_is_there_before_it_is_changes_nothing_and_says_what_is_missing(awaiting, browser):
    case, asso = awaiting

    refused = asso.post(f"{address(browser.desk, case)}/complet", {"version": browser.desk.version(case)})

    assert refused.status_code == 409
    assert "Pièces demandées encore attendues : RIB" in plain(refused.text)
    assert browser.desk.stage(case) == "incomplete"


def test_a_file_that_is_refused_says_why_beside_its_field_and_the_good_one_stays(awaiting, browser):
    case, asso = awaiting

    answer = asso.post(
        f"{address(browser.desk, case)}/pieces",
        files={"piece_rib": ("rib.pdf", b"<html>"), "piece_statuts": ("statuts.pdf", pdf())},
    )

    assert answer.status_code == 422
    assert 'id="piece_rib-faute"' in answer.text
    assert 'id="piece_statuts-faute"' not in answer.text
    assert browser.desk.rows("SELECT document_code FROM files") == [("statuts",)]


def test_sending_nothing_is_told(awaiting, browser):
    case, asso = awaiting

    answer = asso.post(f"{address(browser.desk, case)}/pieces")

    assert answer.status_code == 422
    assert "Choisir un fichier" in answer.text


def test_a_case_is_withdrawn_after_a_page_that_asks_and_a_letter_says_so(browser):
    desk = browser.desk
    case = desk.submitted_case()
    asso = browser.as_applicant(OWN)
    page = address(desk, case)

    assert "quitte la procédure" in asso.get(f"{page}/retrait").text
    done = asso.post(f"{page}/retrait", {"version": desk.version(case), "reason": "Projet reporté"})

    assert done.headers["location"] == f"{page}?fait=retrait"
    assert desk.stage(case) == "withdrawn"
    assert desk.letters(case, "withdrawn") == 1
    assert "ne peut plus" in asso.get(f"{page}/retrait").text
    assert asso.post(f"{page}/retrait", {"version": desk.version(case)}).status_code == 409


def test_a_page_read_before_somebody_else_moved_the_case_withdraws_nothing(browser):
    desk = browser.desk
    case = desk.submitted_case()
    read = desk.version(case)
    desk.move(case, Action.CHECK_ELIGIBILITY)

    answer = browser.as_applicant(OWN).post(f"{address(desk, case)}/retrait", {"version": read})

    assert answer.status_code == 409
    assert desk.stage(case) == "submitted"


def test_a_grant_shows_its_amounts_its_payments_and_takes_the_report(browser):
    desk = browser.desk
    case = desk.case_in_committee()
    asso, page = browser.as_applicant(OWN), address(desk, case)
    assert "Subvention accordée" not in asso.get(page).text
    desk.hold_session()
    desk.move(
        case, Action.FUND, at="2026-09-15", role=Role.SECRETARY, given=Given(amounts=(("etat", 400_001),))
    )
    browser.clock.set("2026-09-20")
    asso = browser.as_applicant(OWN)

    shown = plain(asso.get(page).text)
    assert "4 000,01 €" in shown
    assert "3 200,01 € à la notification de la décision" in shown
    assert "800 € après le bilan final accepté" in shown
    assert asso.post(f"{page}/bilan").status_code == 422
    sent = asso.post(f"{page}/bilan", files={"bilan": ("bilan.pdf", pdf())})

    assert sent.headers["location"] == f"{page}?fait=bilan"
    assert desk.value("SELECT report_received_on IS NOT NULL FROM cases WHERE id = %(id)s", id=case)
    assert "Le service examine le bilan" in plain(asso.get(page).text)


def test_what_funders_think_before_the_decision_is_not_shown(browser):
    desk = browser.desk
    case = desk.submitted_case()
    desk.run(
        "UPDATE fundings SET opinion = 'unfavourable', opinion_comment = 'Trop cher', proposed_cents = 12345"
    )
    desk.move(case, Action.CHECK_ELIGIBILITY)

    page = browser.as_applicant(OWN).get(address(desk, case)).text

    assert "Trop cher" not in page
    assert "123,45" not in page
    assert "défavorable" not in page


def test_another_s_case_is_like_one_that_does_not_exist(browser):
    desk = browser.desk
    case = desk.submitted_case()
    desk.submitted_case(siret=OTHER, organisation="Une autre")
    stranger = browser.as_applicant(OTHER)
    for path in ("", "/retrait"):
        there, nowhere = stranger.get(address(desk, case) + path), stranger.get(f"/mes-dossiers/X-1{path}")
        assert (there.status_code, there.text) == (404, nowhere.text)
    for path in ("/retrait", "/complet", "/bilan", "/pieces"):
        assert stranger.post(address(desk, case) + path, {"version": 1}).status_code == 404
    assert reference(desk, case) not in stranger.get("/mes-dossiers").text
    assert desk.version(case) == 1


def test_a_partner_sees_the_summary_and_changes_nothing(browser):
    desk = browser.desk
    desk.submitted_case(siret=OTHER, organisation="Une autre")
    case = desk.submitted_case(partners=(PartnerShare(siret=OTHER, requested_cents=100_000),))
    asso, partner, page = browser.as_applicant(OWN), browser.as_applicant(OTHER), address(desk, case)
    asso.post(f"{page}/pieces", files={"piece_rib": ("rib.pdf", pdf())})
    file = desk.value("SELECT id FROM files")

    shown = plain(partner.get(page).text)

    assert "Atelier cuisine" in shown
    assert "Une autre SIRET" in plain(re.sub(r"<[^>]+>", " ", shown))
    for hidden in ("Retirer cette demande", "Lettres reçues", "rib.pdf", "À qui s’adresser"):
        assert hidden not in shown
    assert "vous en êtes partenaire" in plain(partner.get("/mes-dossiers").text)
    assert partner.get(f"{page}/fichiers/{file}").status_code == 404
    assert asso.get(f"{page}/fichiers/{file}").status_code == 200
    for path in ("/retrait", "/complet", "/bilan", "/pieces"):
        assert partner.post(page + path, {"version": 1}).status_code == 404


def test_naming_a_partner_leaves_it_its_name(browser):
    desk = browser.desk
    desk.submitted_case(siret=OTHER, organisation="Une autre")

    desk.submitted_case(partners=(PartnerShare(siret=OTHER, requested_cents=100_000),))

    assert desk.value("SELECT name FROM organisations WHERE siret = %(s)s", s=OTHER) == "Une autre"


def test_a_file_the_service_added_stays_with_the_service(browser):
    desk = browser.desk
    case = desk.submitted_case()
    browser.as_person("ines@ville.example").post(
        f"/dossiers/{reference(desk, case)}/fichiers", files={"fichier": ("note.pdf", pdf())}
    )
    file = desk.value("SELECT id FROM files")
    asso = browser.as_applicant(OWN)

    assert "note.pdf" not in asso.get(address(desk, case)).text
    assert asso.get(f"{address(desk, case)}/fichiers/{file}").status_code == 404


def test_documents_are_taken_no_more_once_the_case_is_examined(browser):
    desk = browser.desk
    case = desk.ready_case()
    desk.move(case, Action.INSTRUCT)

    sent = browser.as_applicant(OWN).post(
        f"{address(desk, case)}/pieces", files={"piece_rib": ("a.pdf", pdf())}
    )

    assert sent.status_code == 404
    assert desk.value("SELECT count(*) FROM files") == 0
