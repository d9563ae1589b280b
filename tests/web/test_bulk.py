"""The same to many cases from the list: choose, see what would happen, do it once, withhold the letters."""

import re

import pytest

from parvis.states.stages import Action
from tests.services.desk import Desk
from tests.web.browser import Browser

INES, MAX, PAUL = "ines@ville.example", "max@ville.example", "paul@ville.example"
REASON = {"action": "declare_ineligible", "reason": "Hors du contrat"}


def hidden(text: str) -> dict[str, str]:
    """The fields of the form that does what was shown."""
    form = text[text.index('action="/lots/faire"') :]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def shown(browser: Browser, cases: list[int], **fields: str) -> str:
    answer = browser.post("/lots", {"dossier": cases, "voir": "oui", **fields})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_only_what_suits_every_case_is_offered(browser):
    desk: Desk = browser.desk
    fresh, asked = desk.submitted_case(), desk.case_awaiting_documents(reply_by="2026-06-30")
    ines = browser.as_person(INES)

    both = ines.post("/lots", {"dossier": [fresh, asked]}).text
    one = ines.post("/lots", {"dossier": fresh}).text

    assert 'value="request_documents"' not in both
    assert 'value="withdraw"' in both
    assert 'value="request_documents"' in one
    assert 'value="assess"' not in one


def test_what_will_happen_is_shown_and_nothing_is_done_before(browser):
    desk: Desk = browser.desk
    cases = [desk.submitted_case() for _ in range(3)]

    text = shown(browser.as_person(INES), cases, **REASON)

    assert "Demande non recevable" in text
    assert "3 dossiers seront au stade" in text
    assert {desk.stage(case) for case in cases} == {"submitted"}
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'ineligible'") == 0


def test_one_that_was_shown_is_left_out_of_what_is_done(browser):
    desk: Desk = browser.desk
    cases = [desk.submitted_case() for _ in range(3)]
    ines = browser.as_person(INES)
    text = shown(ines, cases, **REASON)

    again = shown(ines, cases[1:], **REASON, sauf=str(cases[1]))
    ines.post("/lots/faire", {**hidden(text), "sauf": [cases[0]]})

    assert all(f'name="sauf" value="{case}"' in text for case in cases)
    assert "Action sur 1 dossier" in again
    assert [desk.stage(case) for case in cases] == ["submitted", "ineligible", "ineligible"]


def test_it_is_done_once_with_a_result_for_each_case(browser):
    desk: Desk = browser.desk
    cases = [desk.submitted_case() for _ in range(3)]
    ines = browser.as_person(INES)
    fields = hidden(shown(ines, cases, **REASON))

    first = ines.post("/lots/faire", fields)
    again = ines.post("/lots/faire", fields)

    assert first.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert {desk.stage(case) for case in cases} == {"ineligible"}
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'ineligible'") == 3
    assert (
        "Faits\u202f: 3. Refusés\u202f: 0. À faire\u202f: 0. En tout\u202f: 3."
        in ines.get(first.headers["location"]).text
    )


def test_a_whole_list_is_chosen_by_its_filters(browser):
    desk: Desk = browser.desk
    wanted = desk.submitted_case(title="Jardin")
    desk.submitted_case(title="Boxe")

    text = browser.as_person(INES).post("/lots", {"tous": "oui", "requete": "q=jardin"}).text

    assert f'name="dossiers" value="{wanted}"' in text


def test_a_case_that_changed_since_it_was_shown_is_refused_and_the_others_done(browser):
    desk: Desk = browser.desk
    fine, moved = desk.submitted_case(), desk.submitted_case()
    ines = browser.as_person(INES)
    fields = hidden(shown(ines, [fine, moved], **REASON))
    desk.move(moved, Action.WITHDRAW)

    done = ines.post("/lots/faire", fields)

    assert (desk.stage(fine), desk.stage(moved)) == ("ineligible", "withdrawn")
    assert "Faits\u202f: 1. Refusés\u202f: 1." in ines.get(done.headers["location"]).text


def test_letters_are_withheld_before_they_leave_and_the_moves_stand(browser):
    desk: Desk = browser.desk
    case = desk.submitted_case()
    ines = browser.as_person(INES)
    run = ines.post("/lots/faire", hidden(shown(ines, [case], **REASON))).headers["location"]

    assert ines.post(f"{run}/annuler").status_code == 303

    assert desk.stage(case) == "ineligible"
    assert desk.value("SELECT stage FROM letters WHERE template = 'ineligible'") == "dropped"


def test_a_run_is_its_askers_alone(browser):
    desk: Desk = browser.desk
    ines = browser.as_person(INES)
    run = ines.post("/lots/faire", hidden(shown(ines, [desk.submitted_case()], **REASON))).headers["location"]

    for path in (run, "/lots/999999"):
        assert browser.as_person(MAX).get(path).status_code == 404
        assert browser.as_person(MAX).post(f"{path}/annuler").status_code == 404


def test_a_case_that_is_hidden_is_left_out_of_what_is_chosen(browser):
    desk: Desk = browser.desk
    seen, secret = desk.submitted_case(), desk.submitted_case()
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " SELECT id, %(case)s, 'declared', 'confirmed', now(), 'person:1' FROM people WHERE email = %(email)s",
        case=secret, email=INES,
    )  # fmt: skip

    text = browser.as_person(INES).post("/lots", {"dossier": [seen, secret]}).text

    assert f'name="dossiers" value="{seen}"' in text


@pytest.mark.parametrize("fields", [{}, {"dossier": "x"}, {"dossiers": "1,2,,9999999999999999999999"}])
def test_nothing_chosen_is_said(browser, fields):
    answer = browser.as_person(INES).post("/lots", fields)

    assert answer.status_code == 422
    assert "cocher au moins un dossier" in answer.text


def test_a_funder_acts_on_no_list(browser):
    browser.desk.submitted_case()
    paul = browser.as_person(PAUL)

    assert paul.post("/lots", {"dossier": 1}).status_code == 404
    assert 'action="/lots"' not in paul.get("/dossiers").text
