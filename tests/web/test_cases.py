"""The page of a case, as people of each role use it."""

import re

import pytest

from parvis.states.stages import Action
from tests.services.desk import Desk
from tests.web.browser import Browser

INES, PAUL, LEA, MAX = "ines@ville.example", "paul@ville.example", "lea@ville.example", "max@ville.example"


def reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def act(browser: Browser, case: int, action: str, **fields: object):
    desk = browser.desk
    version = fields.pop("version", desk.version(case))
    return browser.post(f"/dossiers/{reference(desk, case)}/actions/{action}", {"version": version, **fields})


def funder(desk: Desk, code: str) -> int:
    return int(desk.value("SELECT id FROM funders WHERE code = %(code)s", code=code))


def plain(text: str) -> str:
    bare = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"\s+", " ", bare)


def test_a_case_shows_what_it_is_and_the_way_to_its_neighbours_in_the_list(browser):
    desk = browser.desk
    first, second, third = (desk.submitted_case() for _ in range(3))
    ines = browser.as_person(INES)

    page = ines.get(f"/dossiers/{reference(desk, second)}?tri=reference")

    assert page.status_code == 200
    said = plain(page.text)
    assert "Atelier cuisine" in said
    assert "8 000 €" in said
    assert f'rel="prev" href="/dossiers/{reference(desk, first)}?tri=reference"' in page.text
    assert f'rel="next" href="/dossiers/{reference(desk, third)}?tri=reference"' in page.text


def test_an_instructor_takes_a_new_deposit_to_the_committee(browser):
    desk = browser.desk
    case = desk.submitted_case()
    ines = browser.as_person(INES)

    steps: list[tuple[str, dict[str, object]]] = [
        ("request_documents", {"documents": ["rib"], "reply_by": "2026-06-20"}),
        ("receive_documents", {"documents": ["statuts", "rib"]}),
        ("complete", {}),
        ("check_eligibility", {}),
        ("ask_opinions", {"funder_ids": [funder(desk, "etat")], "due_on": "2026-06-15"}),
        ("assess", {f"points_{code}": 4 for code in ("capacity", "presence", "feasibility", "public", "priorities")}),
    ]  # fmt: skip
    for action, fields in steps:
        assert act(ines, case, action, **fields).status_code == 303, action
    paul = browser.as_person(PAUL)
    assert act(paul, case, "give_opinion", opinion="favourable", proposed_cents="4 000").status_code == 303
    assert act(ines, case, "instruct").status_code == 303
    done = act(ines, case, "schedule", committee_id=desk.committee("copil"))

    assert done.headers["location"] == f"/dossiers/{reference(desk, case)}?fait=schedule"
    assert desk.stage(case) == "committee"
    assert desk.value("SELECT score FROM cases WHERE id = %(id)s", id=case) == 80
    page = plain(ines.get(done.headers["location"]).text)
    assert "C’est fait : « inscrire à l’ordre du jour »" in page
    assert "Avis rendu" in page
    journal = desk.rows("SELECT action FROM committee_journal")
    assert journal == [("agenda_filled",)]


def test_what_is_missing_in_a_form_is_named_and_what_was_typed_is_kept(browser):
    desk = browser.desk
    case = desk.submitted_case()

    answer = act(
        browser.as_person(INES), case, "request_documents", reply_by="31/02/2026", other_documents="Devis"
    )

    assert answer.status_code == 422
    said = plain(answer.text)
    assert "n’existe pas dans le calendrier" in said
    assert 'value="31/02/2026"' in answer.text
    assert "Devis</textarea>" in answer.text
    assert desk.stage(case) == "submitted"


def test_points_are_whole_numbers_of_the_grid(browser):
    desk = browser.desk
    case = desk.submitted_case()

    answer = act(browser.as_person(INES), case, "assess", points_capacity="6", points_public="2,5")

    assert answer.status_code == 422
    assert "un nombre entier de 0 à 5" in plain(answer.text)
    assert desk.version(case) == 1


def test_a_page_read_before_somebody_else_moved_the_case_changes_nothing(browser):
    desk = browser.desk
    case = desk.submitted_case()
    desk.move(case, Action.CHECK_ELIGIBILITY)

    answer = act(browser.as_person(INES), case, "declare_ineligible", reason="Hors sujet", version=1)

    assert answer.status_code == 409
    assert "Quelqu’un est passé entre-temps" in plain(answer.text)
    assert "Hors sujet</textarea>" in answer.text
    assert desk.stage(case) == "submitted"


def test_a_refusal_says_why_in_the_words_of_the_rules(browser):
    case = browser.desk.submitted_case()

    answer = act(browser.as_person(INES), case, "instruct")

    assert answer.status_code == 409
    assert "La recevabilité n’a pas été vérifiée" in plain(answer.text)


def test_a_role_that_may_not_do_something_is_told_who_may(browser):
    case = browser.desk.submitted_case()

    answer = act(
        browser.as_person(LEA),
        case,
        "assess",
        **{f"points_{c}": 1 for c in ("capacity", "presence", "feasibility", "public", "priorities")},
    )

    assert answer.status_code == 409
    assert "Rôles qui le peuvent : instructeur" in plain(answer.text)


def test_a_choice_that_was_not_offered_is_refused(browser):
    desk = browser.desk
    case = desk.ready_case()
    desk.move(case, Action.INSTRUCT)

    answer = act(browser.as_person(INES), case, "schedule", committee_id=999)

    assert answer.status_code == 422
    assert desk.stage(case) == "instructed"


def test_a_full_sitting_is_refused_with_its_reason(browser):
    desk = browser.desk
    desk.run("UPDATE committees SET capacity = 1")
    desk.case_in_committee()
    case = desk.ready_case()
    desk.move(case, Action.INSTRUCT)

    answer = act(browser.as_person(INES), case, "schedule", committee_id=desk.committee("copil"))

    assert answer.status_code == 409
    assert "est complète" in plain(answer.text)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed_where_the_applicant_reads_it(browser, reason):
    case = browser.desk.submitted_case()

    answer = act(browser.as_person(INES), case, "declare_ineligible", reason=reason)

    assert answer.status_code == 422
    assert browser.desk.letters(case, "ineligible") == 0


def test_a_funder_sees_what_it_is_asked_for_and_a_case_of_others_is_not_there(browser):
    desk = browser.desk
    case = desk.submitted_case()
    other = desk.submitted_case(funders=desk.deposit().funders[1:])
    paul = browser.as_person(PAUL)

    unknown = paul.get("/dossiers/ANNUEL-2026-99999")
    hidden = paul.get(f"/dossiers/{reference(desk, other)}")

    assert paul.get(f"/dossiers/{reference(desk, case)}").status_code == 200
    assert (hidden.status_code, hidden.text) == (404, unknown.text)
    assert act(paul, other, "give_opinion", opinion="favourable").status_code == 404


def test_a_member_recused_from_a_case_finds_it_nowhere(browser):
    desk = browser.desk
    case = desk.case_in_committee()
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " SELECT id, %(case)s, 'declared', 'proposed', now(), 'person:1' FROM people WHERE email = %(email)s",
        case=case, email=INES,
    )  # fmt: skip
    ines = browser.as_person(INES)

    assert ines.get(f"/dossiers/{reference(desk, case)}").status_code == 404
    assert reference(desk, case) not in ines.get("/dossiers").text
    assert act(ines, case, "withdraw").status_code == 404
    assert (
        ines.post(
            f"/dossiers/{reference(desk, case)}/fichiers", files={"fichier": ("a.pdf", b"%PDF-1.4")}
        ).status_code
        == 404
    )


def test_a_file_is_attached_received_and_given_back_as_a_download(browser):
    desk = browser.desk
    case = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-01")
    ines = browser.as_person(INES)
    from tests.services.files.samples import pdf

    content = pdf()
    sent = ines.post(
        f"/dossiers/{reference(desk, case)}/fichiers",
        {"piece": "rib"},
        files={"fichier": ("relevé d’identité.pdf", content)},
    )
    assert sent.status_code == 303, plain(sent.text)
    page = ines.get(f"/dossiers/{reference(desk, case)}")
    link = re.search(r'href="(/dossiers/[^"]+/fichiers/\d+)/apercu"', page.text)

    assert link is not None
    got = ines.get(link.group(1))
    assert got.content == content
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    assert desk.value(
        "SELECT received_at IS NOT NULL FROM documents WHERE case_id = %(id)s AND code = 'rib'", id=case
    )


def test_a_file_that_is_not_what_its_name_says_is_refused_with_its_reason(browser):
    desk = browser.desk
    case = desk.submitted_case()

    answer = browser.as_person(INES).post(
        f"/dossiers/{reference(desk, case)}/fichiers", files={"fichier": ("note.pdf", b"MZ\x90\x00" * 30)}
    )

    assert answer.status_code == 422
    assert desk.value("SELECT count(*) FROM files") == 0


def test_a_file_of_another_case_is_not_there(browser):
    desk = browser.desk
    one, other = desk.submitted_case(), desk.submitted_case()
    from tests.services.files.samples import pdf

    ines = browser.as_person(INES)
    ines.post(f"/dossiers/{reference(desk, one)}/fichiers", files={"fichier": ("a.pdf", pdf())})
    number = desk.value("SELECT id FROM files")

    assert ines.get(f"/dossiers/{reference(desk, one)}/fichiers/{number}").status_code == 200
    assert ines.get(f"/dossiers/{reference(desk, other)}/fichiers/{number}").status_code == 404


def test_html_typed_in_a_deposit_is_shown_as_text(browser):
    desk = browser.desk
    case = desk.submitted_case(title="<script>alert(1)</script>", organisation="<img src=x onerror=alert(1)>")
    ines = browser.as_person(INES)

    for path in ("/dossiers", f"/dossiers/{reference(desk, case)}"):
        text = ines.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_a_file_attached_by_mistake_is_taken_off_with_a_reason(browser):
    from tests.services.files.samples import pdf

    desk, ines = browser.desk, browser.as_person(INES)
    case = desk.submitted_case()
    page = f"/dossiers/{reference(desk, case)}"
    ines.post(f"{page}/fichiers", data={"piece": "rib"}, files={"fichier": ("a.pdf", pdf())})
    number = desk.value("SELECT id FROM files")
    assert "Retirer un fichier versé par erreur" in ines.get(page).text
    assert (
        ines.post(f"{page}/fichiers/retrait", {"retire": str(number), "motif_retrait": " "}).status_code
        == 422
    )

    ines.post(
        f"{page}/fichiers/retrait", {"retire": str(number), "motif_retrait": "D’une autre association."}
    )

    shown = plain(ines.get(page).text)
    assert "Fichier retiré du dossier" in shown
    assert "D’une autre association." in shown
    assert desk.value("SELECT received_at FROM documents WHERE code = 'rib'") is None
