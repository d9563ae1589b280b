"""How organisations come in: a link to a known address, a space for a new SIRET, and no way to take over another's."""

import json
from pathlib import Path

import pytest

from parvis.services.visitors import MOST_FOR_ONE_ADDRESS
from parvis.states.access import SIGN_IN_LASTS

KNOWN, NEW = "41816609600051", "35600000000048"
ASKED = {"siret": NEW, "nom": "Lire à Étouvie", "courriel": "lire@asso.example"}
BAD = json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text("utf-8"))
FIELDS = {"field.siret": "siret", "field.email": "courriel"}
WRONG = [
    (each["id"], FIELDS[each["surface"]], each["payload"])
    for each in BAD
    if each["surface"] in FIELDS and each["expected"] == "reject" and isinstance(each["payload"], str)
    and each["payload"].strip().replace("\0", "") == each["payload"]  # what a form leaves out
]  # fmt: skip


def letters(desk):
    return [
        (data["email"], data["name"], data["path"])
        for (data,) in desk.rows("SELECT data FROM letters WHERE template = 'applicant_link' ORDER BY id")
    ]


@pytest.mark.parametrize("address", ["contact@asso.example", "Contact@ASSO.example", "chef@asso.example"])
def test_an_address_of_the_organisation_or_of_a_contact_receives_a_link_that_lets_it_in(browser, address):
    desk = browser.desk
    case = desk.submitted_case()
    desk.run("""UPDATE cases SET contact = '{"name": "Chef", "email": "chef@asso.example"}'""")

    told = browser.post("/connexion/lien", {"courriel": address})

    assert told.status_code == 200
    [(email, name, path)] = letters(desk)
    assert (email, name) == (address.lower(), "Association Exemple")
    entered = browser.post(path)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    assert reference in browser.get("/mes-dossiers").text
    assert browser.fresh().post(path).status_code == 410


def test_the_answer_is_the_same_for_an_address_nobody_has(browser):
    browser.desk.submitted_case()

    known = browser.post("/connexion/lien", {"courriel": "contact@asso.example"})
    unknown = browser.post("/connexion/lien", {"courriel": "personne@asso.example"})

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(letters(browser.desk)) == 1


def test_a_new_organisation_opens_its_space_with_the_letter_and_not_before(browser):
    desk = browser.desk

    assert browser.post("/inscription", ASKED).status_code == 200
    assert desk.value("SELECT count(*) FROM organisations") == 0
    [(email, _, path)] = letters(desk)
    assert email == "lire@asso.example"
    assert path.startswith("/bienvenue/")
    assert "Lire à Étouvie" in browser.get(path).text
    entered = browser.post(path)

    assert entered.headers["location"] == "/mes-dossiers"
    assert "Lire à Étouvie" in browser.get("/mes-dossiers").text
    assert desk.rows("SELECT siret, name, email FROM organisations") == [
        (NEW, "Lire à Étouvie", "lire@asso.example")
    ]
    assert browser.fresh().post(path).status_code == 410


def test_a_siret_that_is_known_is_taken_over_by_nobody_and_the_page_does_not_say_that_it_is_known(browser):
    desk = browser.desk
    desk.submitted_case()

    of_known = browser.post("/inscription", {**ASKED, "siret": KNOWN, "courriel": "voleur@asso.example"})
    of_new = browser.post("/inscription", {**ASKED, "courriel": "voleur2@asso.example"})

    assert (of_known.status_code, of_known.text) == (of_new.status_code, of_new.text)
    assert "contact@asso.example" not in of_known.text
    assert [each[0] for each in letters(desk)] == ["contact@asso.example", "voleur2@asso.example"]
    assert desk.rows("SELECT name, email FROM organisations") == [
        ("Association Exemple", "contact@asso.example")
    ]


def test_a_known_siret_without_address_gives_the_service_a_call_to_make(browser):
    desk = browser.desk
    desk.submitted_case(email=None)

    browser.post("/inscription", {**ASKED, "siret": KNOWN})

    assert letters(desk) == []
    assert "lire@asso.example demande à entrer" in desk.value(
        "SELECT title_fr FROM tasks WHERE kind = 'organisation'"
    )


def test_of_two_who_ask_for_the_same_new_siret_the_first_to_read_its_letter_has_it(browser):
    browser.post("/inscription", ASKED)
    browser.post("/inscription", {**ASKED, "courriel": "autre@asso.example"})
    [(_, _, first), (_, _, second)] = letters(browser.desk)

    assert browser.post(second).status_code == 303
    late = browser.fresh().post(first)

    assert late.status_code == 410
    assert browser.desk.value("SELECT email FROM organisations") == "autre@asso.example"


def test_a_letter_to_open_a_space_expires(browser):
    browser.post("/inscription", ASKED)
    [(_, _, path)] = letters(browser.desk)
    browser.clock.at += SIGN_IN_LASTS

    assert browser.get(path).status_code == 410
    assert browser.post(path).status_code == 410
    assert browser.get("/bienvenue/rien").status_code == 410


@pytest.mark.parametrize(("name", "field", "payload"), WRONG, ids=[each[0] for each in WRONG])
def test_a_bad_input_is_one_clear_error_on_its_field_and_nothing_typed_is_lost(browser, name, field, payload):
    answer = browser.post("/inscription", {**ASKED, field: payload})

    assert answer.status_code == 422, name
    assert answer.text.count('class="fault"') == 1
    assert f'id="{field}-faute"' in answer.text
    assert "Lire à Étouvie" in answer.text
    assert letters(browser.desk) == []


def test_every_fault_is_told_at_once(browser):
    answer = browser.post("/inscription", {})

    assert answer.status_code == 422
    assert answer.text.count('class="fault"') == 3


def test_one_address_or_one_siret_is_not_written_to_without_end(browser):
    for _ in range(MOST_FOR_ONE_ADDRESS):
        assert browser.post("/inscription", ASKED).status_code == 200

    assert browser.post("/inscription", ASKED).status_code == 429
    other = browser.post("/inscription", {**ASKED, "courriel": "encore@asso.example"})

    assert other.status_code == 429
    assert len(letters(browser.desk)) == MOST_FOR_ONE_ADDRESS


@pytest.mark.parametrize("address", ["a\0@b.fr", "pas une adresse", "a@b.fr,c@d.fr", "\ud800@b.fr"])
def test_an_address_that_is_none_is_told_so(browser, address):
    answer = browser.post("/connexion/lien", {"courriel": address.encode("utf-8", "surrogatepass")})

    assert answer.status_code == 422
