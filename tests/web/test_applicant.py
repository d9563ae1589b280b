"""An association follows its cases: it comes in by a letter, sends what is asked, sees nothing of anybody else."""

import re

import pytest

from parvis.states.stages import Action
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.web.browser import Browser

SIRET, OTHER = "41816609600051", "39277132100038"
EMAIL = "contact@asso.example"


def reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def others_case(desk: Desk) -> int:
    return desk.submitted_case(siret=OTHER, organisation="Autre", email="autre@asso.example")


def act(browser: Browser, case: int, action: str, **fields: object):
    version = fields.pop("version", browser.desk.version(case))
    return browser.post(
        f"/mes-dossiers/{reference(browser.desk, case)}/actions/{action}", {"version": version, **fields}
    )


def test_an_association_asks_for_a_link_with_its_address_and_comes_in(browser):
    desk = browser.desk
    desk.submitted_case()

    browser.post("/connexion/lien", {"courriel": EMAIL.upper()})

    [(path, recipient)] = desk.rows(
        "SELECT data ->> 'path', recipient FROM letters WHERE template = 'sign_in'"
    )
    assert recipient == "applicant"
    assert browser.post(path).status_code == 303
    assert browser.get("/").headers["location"] == "/mes-dossiers"
    assert "Atelier cuisine" in browser.get("/mes-dossiers").text


def test_an_association_that_is_asked_for_a_document_sends_it_and_examination_goes_on(browser):
    desk = browser.desk
    case = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-01")
    asso = browser.as_applicant(SIRET)
    assert "1 pièce est attendue" in asso.get("/mes-dossiers").text
    blocked = act(asso, case, "complete")
    assert blocked.status_code == 409
    assert "Pièces demandées encore attendues" in blocked.text

    sent = asso.post(
        f"/mes-dossiers/{reference(desk, case)}/pieces",
        {"piece": "rib"},
        files={"fichier": ("RIB.pdf", pdf())},
    )

    assert sent.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", sent.text)
    assert "Votre fichier est arrivé" in asso.get(sent.headers["location"].partition("#")[0]).text
    assert act(asso, case, "complete").status_code == 303
    assert desk.stage(case) == "submitted"


def test_a_file_that_cannot_be_taken_is_said_beside_its_document(browser):
    desk = browser.desk
    case = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-01")

    answer = browser.as_applicant(SIRET).post(
        f"/mes-dossiers/{reference(desk, case)}/pieces",
        {"piece": "rib"},
        files={"fichier": ("RIB.exe", b"MZ")},
    )

    assert answer.status_code == 422
    assert 'id="fichier-rib-faute"' in answer.text


def test_an_association_withdraws_its_request(browser):
    desk = browser.desk
    case = desk.submitted_case()

    assert act(browser.as_applicant(SIRET), case, "withdraw", reason="Action annulée").status_code == 303
    assert desk.stage(case) == "withdrawn"


def test_an_association_does_only_what_is_its_own_to_do(browser):
    case = browser.desk.submitted_case()

    for action in (Action.INSTRUCT, Action.FUND, Action.ASSESS, "nothing"):
        assert act(browser.as_applicant(SIRET), case, str(action)).status_code == 404


@pytest.mark.parametrize("what", ["", "/pieces", "/actions/withdraw"])
def test_the_case_of_another_association_is_as_one_that_does_not_exist(browser, what):
    desk = browser.desk
    desk.submitted_case()
    hidden = reference(desk, others_case(desk))
    asso = browser.as_applicant(SIRET)

    answers = []
    for name in (hidden, "ANNUEL-2026-99999"):
        path = f"/mes-dossiers/{name}{what}"
        files = {"fichier": ("a.pdf", pdf())} if what == "/pieces" else None
        answers.append(asso.post(path, {"version": 1}, files=files) if what else asso.get(path))

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text


def test_an_association_sees_no_page_of_the_service(browser):
    case = browser.desk.submitted_case()
    asso = browser.as_applicant(SIRET)

    for path in ("/dossiers", "/avis", "/seances"):
        assert asso.get(path).status_code == 404
    led = asso.get(f"/dossiers/{reference(browser.desk, case)}")
    assert led.headers["location"] == f"/mes-dossiers/{reference(browser.desk, case)}"


def test_files_of_the_service_are_not_the_associations(browser):
    desk = browser.desk
    case = desk.submitted_case()
    name = reference(desk, case)
    browser.as_person("ines@ville.example").post(
        f"/dossiers/{name}/fichiers", files={"fichier": ("note.pdf", pdf())}
    )
    asso = browser.as_applicant(SIRET)
    asso.post(f"/mes-dossiers/{name}/pieces", files={"fichier": ("devis.pdf", pdf(2))})
    (staff,), (own,) = desk.rows("SELECT id FROM files ORDER BY id")

    assert asso.get(f"/mes-dossiers/{name}/fichiers/{staff}").status_code == 404
    assert asso.get(f"/mes-dossiers/{name}/fichiers/{own}").content == pdf(2)
    assert "note.pdf" not in asso.get(f"/mes-dossiers/{name}").text


def test_opinions_and_proposals_are_not_shown_before_a_decision(browser):
    desk = browser.desk
    case = desk.submitted_case()
    desk.run(
        "UPDATE fundings SET opinion = 'unfavourable', proposed_cents = 123400, opinion_comment = 'Trop cher'"
    )

    text = browser.as_applicant(SIRET).get(f"/mes-dossiers/{reference(desk, case)}").text

    assert "Trop cher" not in text
    assert "1 234" not in text.replace("\u202f", " ")
