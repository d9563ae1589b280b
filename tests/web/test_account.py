"""My access: sessions, tokens, the calendar and its secret address."""

import re
from datetime import date

import pytest
from icalendar import Calendar

from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.web.programs import Program

INES, PAUL, LEA = "ines@ville.example", "paul@ville.example", "lea@ville.example"


def address(browser) -> str:
    """The path of a new calendar address, as the page shows it."""
    shown = browser.post("/mon-compte/calendrier").text
    return found(r"http://127\.0\.0\.1:8000(/calendrier/[\w-]+\.ics)", shown)


def found(pattern: str, text: str) -> str:
    [only] = re.findall(pattern, text)
    return str(only)


def followed(browser, path: str) -> Calendar:
    answer = browser.fresh().get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.text)


def test_a_session_elsewhere_is_ended_and_this_one_stays(browser):
    here, elsewhere = browser.as_person(INES), browser.as_person(INES)
    assert "celle-ci" in here.get("/mon-compte").text

    done = here.post("/mon-compte/sessions/2/fin")

    assert done.status_code == 303
    assert here.get("/mon-compte").status_code == 200
    assert elsewhere.get("/mon-compte").status_code == 303


def test_nobody_ends_the_session_or_the_token_of_another(browser, program):
    ines, paul = browser.as_person(INES), browser.as_person(PAUL)
    token = program.of(INES)

    answers = [paul.post(f"/mon-compte/sessions/{number}/fin") for number in (1, 999, 2**63)]
    answers += [paul.post(f"/mon-compte/jetons/{number}/fin") for number in (1, 999, 2**63)]

    assert {answer.status_code for answer in answers} == {404}
    assert ines.get("/mon-compte").status_code == 200
    assert token.get("/me").status_code == 200


def test_a_token_made_on_the_page_is_shown_once_works_and_ends(browser, app):
    ines = browser.as_person(INES)

    shown = ines.post("/mon-compte/jetons", {"name": "Tableur", "scopes": ["read"], "days": "30"})

    secret = found(r"parvis_[\w-]+", shown.text)
    program = Program(app, browser.desk, browser.clock, secret)
    assert program.get("/me").json()["scopes"] == ["read"]
    assert secret not in ines.get("/mon-compte").text
    ines.post("/mon-compte/jetons/1/fin")
    assert program.get("/me").status_code == 401


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "scopes": ["read"], "days": "30"}, "Donner un nom"),
        ({"name": "x", "days": "30"}, "Choisir ce que"),
        ({"name": "x", "scopes": ["calendar"], "days": "30"}, "Choisir ce que"),
        ({"name": "x", "scopes": ["read"], "days": "366"}, "au moins un jour"),
        ({"name": "x", "scopes": ["read"], "days": "²"}, "au moins un jour"),
    ],
)
def test_a_token_that_cannot_be_made_is_said_beside_its_field(browser, typed, sentence):
    answer = browser.as_person(INES).post("/mon-compte/jetons", typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert browser.desk.value("SELECT count(*) FROM api_tokens") == 0


def test_preferences_are_kept(browser):
    paul = browser.as_person(PAUL)

    paul.post("/mon-compte/preferences", {"language": "en", "delivery": "digest"})
    wrong = paul.post("/mon-compte/preferences", {"language": "de", "delivery": "digest"})

    assert wrong.status_code == 422
    assert browser.desk.rows("SELECT language, delivery FROM people WHERE email = %(e)s", e=PAUL) == [
        ("en", "digest")
    ]


def test_a_funder_follows_opinions_to_give_until_they_are_given(browser):
    desk = browser.desk
    case = desk.submitted_case()
    funder = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(funder,), due_on=date(2026, 6, 15)))
    path = address(browser.as_person(PAUL))

    first, again = followed(browser, path), followed(browser, path)
    desk.move(case, Action.GIVE_OPINION, role="funder", given=Given(opinion="favourable", funder_id=funder))

    [event] = first.walk("VEVENT")
    assert event.decoded("DTSTART") == date(2026, 6, 15)
    assert str(event["UID"]).startswith("opinion-ANNUEL-2026-")
    assert [each["UID"] for each in again.walk("VEVENT")] == [event["UID"]]
    assert followed(browser, path).walk("VEVENT") == []


def test_a_secretary_follows_the_sittings_at_their_hour_of_paris(browser):
    path = address(browser.as_person(LEA))

    sittings = [
        event for event in followed(browser, path).walk("VEVENT") if str(event["UID"]).startswith("sitting-")
    ]

    assert [event.decoded("DTSTART").isoformat() for event in sittings] == [
        "2026-09-01T14:30:00+02:00", "2026-09-15T14:30:00+02:00",
    ]  # fmt: skip


def test_a_case_one_is_recused_from_is_not_in_the_calendar(browser):
    desk = browser.desk
    case = desk.submitted_case()
    funder = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(funder,), due_on=date(2026, 6, 15)))
    path = address(browser.as_person(PAUL))
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " SELECT id, %(c)s, 'declared', 'proposed', now(), 'person:1' FROM people WHERE email = %(e)s",
        c=case, e=PAUL,
    )  # fmt: skip

    assert followed(browser, path).walk("VEVENT") == []
    assert "ANNUEL-2026-" not in browser.as_person(PAUL).get("/avis").text


def test_an_address_that_was_changed_or_revoked_or_never_was_opens_nothing(browser):
    ines = browser.as_person(INES)
    old = address(ines)
    new = address(ines)
    assert browser.fresh().get(new).status_code == 200

    ines.post("/mon-compte/jetons/2/fin")

    assert [browser.fresh().get(path).status_code for path in (old, new, "/calendrier/x.ics")] == [
        404,
        404,
        404,
    ]


def test_the_secret_of_a_calendar_opens_no_api_and_a_token_no_calendar(browser, program):
    secret = found(r"/calendrier/([\w-]+)\.ics", address(browser.as_person(INES)))
    token = program.of(INES)
    program.token = secret

    assert program.get("/me").status_code == 401
    assert browser.get(f"/calendrier/{token.token}.ics").status_code == 404
