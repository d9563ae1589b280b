"""Letters to come: read as their recipient will, put off, set aside, sent again; tasks done; no secret shown."""

import re

from parvis.models.queries import restorations
from tests.services.desk import moment
from tests.statements import counted

INES, LEA, MAX, PAUL = "ines@ville.example", "lea@ville.example", "max@ville.example", "paul@ville.example"

TASK = """
INSERT INTO tasks (key, contract_id, kind, title_fr, title_en, opened_at)
SELECT %(key)s, id, 'call', 'Appeler', 'Call', '2026-06-01T07:00Z' FROM contracts
"""


def first_letter(browser):
    """The first letter the page lists, from what it says."""
    found = re.search(r'href="/lettres/([lr]\d+)"', browser.get("/lettres").text)
    assert found is not None
    return found.group(1)


def stage(desk, code):
    return desk.value("SELECT stage FROM letters WHERE id = %(id)s", id=int(code[1:]))


def test_letters_to_come_are_listed_by_day_and_read_as_the_recipient_will(browser):
    desk = browser.desk
    case = desk.submitted_case()
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    ines = browser.as_person(INES)

    listed = ines.get("/lettres").text
    read = ines.get(f"/lettres/{first_letter(ines)}")

    with desk.database.transaction() as session:
        restorations.note(session, backup_at=moment("2026-06-01 09:00"), at=moment("2026-06-01 09:12"))
    held = ines.get("/lettres").text

    assert "aujourd’hui" in listed
    assert reference in listed
    assert "Aucune lettre ne part depuis la restauration du 1er juin 2026 à 09:12" in held
    assert "Aucune lettre ne part" not in listed
    assert read.status_code == 200
    assert reference in read.text
    assert "Objet" in read.text
    as_mail = ines.get(re.findall(r'src="(/lettres/[^"]+/html)"', read.text)[0])
    assert reference in as_mail.text
    assert "sandbox" in as_mail.headers["content-security-policy"]


def test_a_letter_put_off_leaves_on_the_day_said(browser):
    browser.desk.submitted_case()
    ines = browser.as_person(INES)
    code = first_letter(ines)

    answer = ines.post(f"/lettres/{code}/plus-tard", {"jour": "2026-06-08"})

    assert answer.status_code == 303
    assert "partira ce jour-là" in ines.get(answer.headers["location"]).text
    leaves = browser.desk.value("SELECT not_before FROM letters WHERE id = %(id)s", id=int(code[1:]))
    assert leaves == moment("2026-06-08 08:00")
    assert (
        ines.post(f"/lettres/{code}/plus-tard", {"jour": "2026-06-09", "heure": "14:30"}).status_code == 303
    )
    leaves = browser.desk.value("SELECT not_before FROM letters WHERE id = %(id)s", id=int(code[1:]))
    assert leaves == moment("2026-06-09 14:30")


def test_a_day_that_has_passed_or_cannot_be_read_changes_nothing_and_is_said(browser):
    browser.desk.submitted_case()
    ines = browser.as_person(INES)
    code = first_letter(ines)

    past = ines.post(f"/lettres/{code}/plus-tard", {"jour": "2020-01-01"})
    unread = ines.post(f"/lettres/{code}/plus-tard", {"jour": "demain"})
    hour = ines.post(f"/lettres/{code}/plus-tard", {"jour": "2026-06-08", "heure": "26h"})

    assert past.status_code == 409
    assert "Ce jour est déjà passé" in past.text
    assert unread.status_code == 422
    assert 'aria-invalid="true"' in unread.text
    assert 'value="demain"' in unread.text
    assert hour.status_code == 422
    assert "comme 14:30" in hour.text


def test_not_this_one_needs_a_reason_and_then_the_letter_does_not_leave(browser):
    browser.desk.submitted_case()
    ines = browser.as_person(INES)
    code = first_letter(ines)

    silent = ines.post(f"/lettres/{code}/ecarter", {"motif": " "})
    said = ines.post(f"/lettres/{code}/ecarter", {"motif": "Dit au téléphone"})

    assert silent.status_code == 409
    assert "Indiquer le motif" in silent.text
    assert said.status_code == 303
    assert stage(browser.desk, code) == "dropped"
    gone = ines.get(f"/lettres/{code}")
    assert (gone.status_code, gone.headers["location"]) == (303, "/lettres?fait=passee")
    assert "plus à venir" in ines.get("/lettres?fait=passee").text
    assert ines.post(f"/lettres/{code}/plus-tard", {"jour": "2026-07-01"}).status_code in {303, 409}


def test_a_failed_letter_says_why_and_is_owed_again_with_its_task_done(browser):
    desk = browser.desk
    desk.submitted_case()
    ines = browser.as_person(INES)
    code = first_letter(ines)
    number = int(code[1:])
    desk.run("UPDATE letters SET stage = 'failed', last_error = 'no address' WHERE id = %(id)s", id=number)
    desk.run(TASK, key=f"letter/{number}")

    listed = ines.get("/lettres").text
    answer = ines.post(f"/lettres/{code}/renvoyer")

    assert "Aucune adresse pour cette lettre" in listed
    assert "Appeler" in listed
    assert answer.status_code == 303
    assert stage(desk, code) == "owed"
    assert "Appeler" not in ines.get("/lettres").text


def test_a_task_is_done_once_and_an_unknown_one_is_nowhere(browser):
    desk = browser.desk
    desk.run(TASK, key="x")
    task = desk.value("SELECT id FROM tasks")
    ines = browser.as_person(INES)

    assert ines.post(f"/taches/{task}/faite").status_code == 303
    assert desk.value("SELECT done_at FROM tasks") is not None
    assert ines.post("/taches/999999/faite").status_code == 404


def test_what_lets_somebody_in_is_not_shown_to_those_who_look_after_letters(browser):
    desk = browser.desk
    browser.post("/connexion/lien", {"courriel": MAX})
    number = desk.value("SELECT id FROM letters WHERE template = 'sign_in'")
    secret = desk.value("SELECT data ->> 'path' FROM letters WHERE template = 'sign_in'")

    shown = browser.as_person(INES).get(f"/lettres/l{number}")

    assert shown.status_code == 200
    assert "/lien/…" in shown.text
    assert secret not in shown.text


def test_letters_cost_the_same_statements_however_many_there_are(browser):
    desk = browser.desk
    desk.submitted_case()
    ines = browser.as_person(INES)
    with counted(desk.database) as few:
        ines.get("/lettres")
    desk.receive(*[desk.deposit() for _ in range(20)])

    with counted(desk.database) as many:
        ines.get("/lettres")

    assert few.count == many.count <= 9


def test_letters_are_the_services_a_funder_is_told_there_is_nothing(browser):
    browser.desk.submitted_case()
    code = first_letter(browser.as_person(LEA))
    funder = browser.as_person(PAUL)

    there, nowhere = funder.get(f"/lettres/{code}"), funder.get("/lettres/l999999")

    assert there.status_code == nowhere.status_code == funder.get("/lettres").status_code == 404
    assert there.text == nowhere.text


def test_an_address_letters_came_back_from_is_shown_and_restored_on_the_page(browser):
    browser.desk.run(
        "INSERT INTO suppressions (address, contract_id, status, said, since) VALUES"
        " ('contact@asso.example', %(c)s, '5.1.1', 'User unknown', now())",
        c=browser.desk.contract_id,
    )
    staff = browser.as_person("ines@ville.example")

    shown = staff.get("/lettres").text
    done = staff.post("/adresses/retablir", {"adresse": "contact@asso.example"})
    again = staff.post("/adresses/retablir", {"adresse": "contact@asso.example"})

    assert "Adresses suspendues (1)" in shown.replace("\xa0", " ")
    assert "5.1.1 User unknown" in shown
    assert (done.headers["location"], again.status_code) == ("/lettres?fait=retablie", 404)
    assert "Adresses suspendues" not in staff.get("/lettres").text
