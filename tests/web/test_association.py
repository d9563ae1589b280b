"""My association: what is known, another address asked for and proved; the service corrects that of a lost mailbox."""

import pytest

from parvis.services.imports.deposit import Contact
from parvis.services.visitors import MOST_FOR_ONE_ADDRESS
from parvis.states.stages import Action, Role

SIRET, OLD, NEW = "41816609600051", "contact@asso.example", "bureau@asso.example"
ASKED = {"courriel": NEW}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
WHY = {"courriel": NEW, "motif": "Boîte fermée, demandé au téléphone"}
PAGE = f"/organismes/{SIRET}"


def path_of(desk):
    return desk.value(
        "SELECT data ->> 'path' FROM letters WHERE template = 'address_link' ORDER BY id DESC LIMIT 1"
    )


def email_of(desk):
    return desk.value("SELECT email FROM organisations WHERE siret = %(siret)s", siret=SIRET)


def test_an_association_sees_what_is_known_and_changes_its_address_by_a_letter_to_the_new_one(asso, browser):
    desk, elsewhere = browser.desk, browser.as_applicant(SIRET)
    seen = asso.get("/mon-association").text
    assert all(word in seen for word in ("Association Exemple", OLD, "donnée avec une demande"))
    assert "/mon-association" in asso.get("/mes-dossiers").text

    asked = asso.post("/mon-association/adresse", ASKED, headers={"user-agent": FIREFOX})

    assert (asked.status_code, asked.headers["location"]) == (303, "/mon-association?fait=demande")
    assert NEW in asso.get("/mon-association").text
    path = path_of(desk)
    assert NEW in browser.get(path).text
    assert email_of(desk) == OLD
    entered = browser.post(path)

    assert (entered.status_code, entered.headers["location"]) == (303, "/mon-association?fait=adresse")
    assert email_of(desk) == NEW
    assert "prouvée par l’organisme" in browser.get("/mon-association?fait=adresse").text
    assert [one.get("/mon-association").status_code for one in (asso, elsewhere)] == [303, 303]
    assert browser.fresh().post(path).status_code == 410
    assert browser.fresh().get("/nouvelle-adresse/rien").status_code == 410
    assert (
        desk.value("SELECT data ->> 'browser' FROM letters WHERE template = 'address_asked'")
        == "Firefox, Windows"
    )


def test_the_answer_is_the_same_whatever_the_address_is_and_what_a_browser_says_of_itself_is_not_repeated(
    asso, browser
):
    desk = browser.desk
    desk.submitted_case(siret="35600000000048", organisation="Autre", email="autre@asso.example")

    answers = [
        asso.post("/mon-association/adresse", {"courriel": each}, headers={"user-agent": "Appelez le 06"})
        for each in ("autre@asso.example", "max@ville.example", NEW)
    ]

    assert {(one.status_code, one.headers["location"]) for one in answers} == {
        (303, "/mon-association?fait=demande")
    }
    assert desk.rows("SELECT DISTINCT data ->> 'browser' FROM letters WHERE template = 'address_asked'") == [
        ("",)
    ]


@pytest.mark.parametrize("typed", ["", "pas une adresse", "a@b.fr,c@d.fr", OLD])
def test_an_address_that_cannot_be_used_is_one_clear_error_on_its_field(asso, browser, typed):
    answer = asso.post("/mon-association/adresse", {"courriel": typed})

    assert answer.status_code == 422
    assert answer.text.count('class="fault"') == 1
    assert 'id="courriel-faute"' in answer.text
    assert browser.desk.value("SELECT count(*) FROM letters WHERE template LIKE 'address%%'") == 0


def test_a_request_is_given_up_and_its_letter_opens_nothing(asso, browser):
    asso.post("/mon-association/adresse", ASKED)
    given_up = asso.post("/mon-association/adresse/annuler")

    assert given_up.headers["location"] == "/mon-association?fait=annule"
    assert NEW not in asso.get("/mon-association").text
    assert browser.post(path_of(browser.desk)).status_code == 410


def test_one_association_or_one_address_is_not_written_to_without_end(asso, browser):
    for number in range(MOST_FOR_ONE_ADDRESS):
        assert (
            asso.post("/mon-association/adresse", {"courriel": f"a{number}@asso.example"}).status_code == 303
        )

    assert asso.post("/mon-association/adresse", ASKED).status_code == 429
    assert (
        browser.desk.value("SELECT count(*) FROM letters WHERE template = 'address_link'")
        == MOST_FOR_ONE_ADDRESS
    )


def test_telephone_and_language_are_saved_and_what_is_not_offered_is_refused(asso, browser):
    saved = asso.post("/mon-association", {"telephone": "03 22", "langue": "en"})
    wrong = asso.post("/mon-association", {"telephone": "0" * 41, "langue": "fr"})

    assert saved.headers["location"] == "/mon-association?fait=note"
    assert (wrong.status_code, 'id="telephone-faute"' in wrong.text) == (422, True)
    assert asso.post("/mon-association", {"langue": "de"}).status_code == 422
    assert browser.desk.rows("SELECT phone, language FROM organisations") == [("03 22", "en")]


def test_the_service_corrects_the_address_of_an_association_that_lost_its_mailbox(asso, browser):
    desk, officer = browser.desk, browser.as_person("ines@ville.example")
    reference = desk.value("SELECT reference FROM cases ORDER BY id LIMIT 1")
    assert PAGE in officer.get(f"/dossiers/{reference}").text
    assert OLD in officer.get(PAGE).text

    unsaid = officer.post(f"{PAGE}/adresse", {"courriel": NEW})
    done = officer.post(f"{PAGE}/adresse", WHY)

    assert (unsaid.status_code, 'id="motif-faute"' in unsaid.text) == (422, True)
    assert (done.status_code, email_of(desk)) == (303, NEW)
    assert "corrigée par le service" in officer.get(done.headers["location"]).text
    assert asso.get("/mon-association").status_code == 303
    assert browser.as_person("lea@ville.example").get(PAGE).status_code == 404
    assert officer.get("/organismes/35600000000048").status_code == 404


def test_a_contact_is_corrected_in_the_cases_under_way_that_name_them_and_in_no_other(asso, browser):
    desk = browser.desk
    zoe, leo = (Contact(name=name, email=f"{name}@asso.example", phone="06 01") for name in ("zoe", "leo"))
    cases = [desk.submitted_case(contacts=(who,)) for who in (zoe, zoe, leo, zoe)]
    desk.move(cases[3], Action.WITHDRAW, role=Role.APPLICANT)
    desk.submitted_case(siret="35600000000048", organisation="Autre", email="a@b.fr", contacts=(zoe,))
    references = [desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case) for case in cases]

    page = asso.get("/mon-association").text
    wrong = asso.post("/mon-association/contact", {"dossier": references[0], "nom": "", "telephone": "06 02"})
    done = asso.post(
        "/mon-association/contact", {"dossier": references[0], "nom": "Zoé Dupré", "telephone": ""}
    )

    assert (page.count('name="dossier"'), references[3] in page) == (2, False)
    assert (wrong.status_code, wrong.text.count('class="fault"'), "06 02" in wrong.text) == (422, 1, True)
    assert done.headers["location"] == "/mon-association?fait=note"
    names = desk.rows(
        "SELECT contact ->> 'name', contact ->> 'phone' FROM cases WHERE contact <> '{}' ORDER BY id"
    )
    assert names == [*[("Zoé Dupré", "")] * 2, ("leo", "06 01"), *[("zoe", "06 01")] * 2]
    assert desk.value("SELECT count(*) FROM journal WHERE action = 'rectify'") == 2
    officer = browser.as_person("ines@ville.example").get(f"/dossiers/{references[0]}").text
    assert "Coordonnées rectifiées, sur demande" in officer
    for unknown in (references[3], "ANNUEL-2026-99999"):
        assert asso.post("/mon-association/contact", {"dossier": unknown, "nom": "X"}).status_code == 404
