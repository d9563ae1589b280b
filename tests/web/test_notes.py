"""Notes on a case: the staff's alone, saved as one types, never over somebody else's words, never lost."""

import re

import pytest

from tests.web.browser import Browser

INES, LEA, MAX, PAUL = "ines@ville.example", "lea@ville.example", "max@ville.example", "paul@ville.example"
SILENT = {"hx-request": "true", "hx-target": "etat-nouvelle"}


@pytest.fixture
def path(browser):
    case = browser.desk.submitted_case()
    reference = browser.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    return f"/dossiers/{reference}"


def form(browser: Browser, path: str, place: str = "nouvelle") -> dict[str, str]:
    """The hidden fields of a note's form, as the page gives them."""
    page = browser.get(path).text
    inputs = re.search(rf'<form[^>]*data-note[^>]*#etat-{place}".*?</form>', page, re.DOTALL)
    assert inputs, page
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inputs.group()))


def type_in(browser: Browser, path: str, fields: dict[str, str], text: str, **more: str):
    return browser.post(f"{path}/notes", fields | {"texte": text} | more, headers=SILENT)


def texts(browser: Browser) -> list[tuple[str, bool]]:
    return browser.desk.rows("SELECT body, aside FROM note_texts ORDER BY id")


def test_what_one_types_is_saved_by_itself_and_a_version_that_only_grew_is_the_same_one(browser, path):
    ines = browser.as_person(INES)
    new = form(ines, path)

    first = type_in(ines, path, new, "Appelé la", rang="1")
    type_in(ines, path, new, "Appelé la présidente.\r\nRappeler lundi.", version="1", rang="2")
    late = type_in(ines, path, new, "Appelé la prés", version="1", rang="1")
    type_in(ines, path, new, "Appelé la présidente, absente.", version="2", rang="3")
    repeated = type_in(ines, path, new, "Appelé la présidente, absente.", version="2", rang="3")

    assert (first.status_code, late.status_code, repeated.status_code) == (200, 200, 200)
    assert "Enregistré à 09:00" in first.text
    assert 'name="version" value="3" id="version-nouvelle"' in repeated.text
    assert texts(browser) == [
        ("Appelé la présidente.\nRappeler lundi.", False),
        ("Appelé la présidente, absente.", False),
    ]
    assert "Appelé la présidente, absente.</p>" in ines.get(path).text
    assert "Rappeler lundi." in ines.get(f"{path}/notes").text


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("les-deux", "Vu le budget.\nReste 2 000.\n\nVu le budget. Faux."), ("le-mien", "Vu le budget. Faux."),
     ("laisser", "Vu le budget.\nReste 2 000.")],
)  # fmt: skip
def test_two_who_write_at_once_see_both_texts_and_lose_none(browser, path, choice, kept):
    ines, lea = browser.as_person(INES), browser.as_person(LEA)
    type_in(ines, path, form(ines, path), "Vu le budget.")
    note = str(browser.desk.value("SELECT id FROM notes"))
    of_ines, of_lea = form(ines, path, note), form(lea, path, note)

    type_in(lea, path, of_lea, "Vu le budget.\nReste 2 000.")
    silent = type_in(ines, path, of_ines, "Vu le budget. Fau")
    told = ines.post(f"{path}/notes", of_ines | {"texte": "Vu le budget. Faux."})
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', told.text))
    typed = {"texte": "Vu le budget. Faux.", "autre": "Vu le budget.\r\nReste 2 000.", "choix": choice}
    done = ines.post(f"{path}/notes", shown | typed)

    assert (silent.status_code, told.status_code, done.status_code) == (409, 409, 303)
    assert "Léa Blanc a enregistré cette note" in silent.text
    assert "Vu le budget.\nReste 2 000.</textarea>" in told.text
    assert "Vu le budget. Faux.</textarea>" in told.text
    assert (
        browser.desk.value(
            "SELECT body FROM note_texts t JOIN notes n ON n.id = note_id AND n.version = t.version WHERE NOT aside"
        )
        == kept
    )
    assert ("Vu le budget. Faux.", True) in texts(browser)
    assert ("Vu le budget.\nReste 2 000.", False) in texts(browser)
    assert "gardé à part" not in ines.get(path).text


def test_a_session_that_ends_loses_nothing_of_what_was_typed(browser, path):
    ines = browser.as_person(INES)
    new = form(ines, path)
    browser.desk.run("UPDATE web_sessions SET ended_at = now()")

    silent = type_in(ines, path, new, "Le devis manque.")
    sent = ines.post(f"{path}/notes", new | {"texte": "Le devis\nmanque.", "choix": ""})

    assert (silent.status_code, sent.status_code) == (401, 401)
    assert "dans un autre onglet" in silent.text
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', sent.text))
    assert "Le devis\nmanque.</textarea>" in sent.text
    assert (
        browser.as_person(INES).post(f"{path}/notes", again | {"texte": "Le devis\nmanque."}).status_code
        == 303
    )
    assert texts(browser) == [("Le devis\nmanque.", False)]


def test_notes_are_the_staffs_alone_and_of_their_case(browser, path):
    ines = browser.as_person(INES)
    type_in(ines, path, form(ines, path), "Entre nous.")
    other = browser.desk.submitted_case()
    elsewhere = f"/dossiers/{browser.desk.value('SELECT reference FROM cases WHERE id = %(id)s', id=other)}"
    note = form(ines, path, str(browser.desk.value("SELECT id FROM notes")))
    browser.desk.run("UPDATE fundings SET opinion_asked_at = now()")

    assert "Entre nous." in browser.as_person(MAX).get(path).text
    assert type_in(ines, elsewhere, note, "Ailleurs").status_code == 422
    too_long = ines.post(f"{path}/notes", note | {"texte": "x" * 20_001})
    assert too_long.status_code == 422
    assert "x" * 20_001 in too_long.text
    assert texts(browser) == [("Entre nous.", False)]
    for outside in (browser.as_person(PAUL), browser.as_applicant("41816609600051")):
        for shown in (
            outside.get(path),
            outside.get(path.replace("/dossiers", "/mes-dossiers")),
            outside.get(f"{path}/notes"),
        ):
            assert "Entre nous." not in shown.text
