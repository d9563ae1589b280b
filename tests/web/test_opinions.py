"""A funder's page of opinions: one by one, many at once, each fault beside its case."""

import re

from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.desk import Desk
from tests.web.browser import Browser

PAUL = "paul@ville.example"


def funder(desk: Desk, code: str) -> int:
    return int(desk.value("SELECT id FROM funders WHERE code = %(code)s", code=code))


def asked(desk: Desk, code: str = "etat") -> int:
    case = desk.submitted_case()
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(funder(desk, code),)))
    return case


def given(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows(
        "SELECT opinion, proposed_cents, opinion_comment FROM fundings WHERE opinion IS NOT NULL ORDER BY case_id"
    )


def paul(browser: Browser) -> Browser:
    return browser.as_person(PAUL)


def test_a_funder_clears_ten_opinions_at_once(browser):
    desk = browser.desk
    cases = [asked(desk) for _ in range(10)]
    versions = {f"version_{case}": desk.version(case) for case in cases}
    funds = paul(browser)

    done = funds.post(
        "/avis",
        {"dossier": cases, "avis_tous": "favourable", "tel_que_demande": "oui", "commentaire_tous": "D’accord",
         f"avis_{cases[3]}": "unfavourable", f"commentaire_{cases[3]}": "Hors cadre", **versions},
    )  # fmt: skip

    assert done.headers["location"] == "/avis?faits=10"
    kept = given(desk)
    assert kept[0] == ("favourable", 500_000, "D’accord")
    assert kept[3] == ("unfavourable", None, "Hors cadre")
    page = funds.get("/avis?faits=10").text
    assert "10 avis sont enregistrés" in page
    assert "Aucun dossier n’attend votre avis" in page


def test_an_amount_that_cannot_be_read_is_said_beside_it_and_nothing_is_recorded(browser):
    desk = browser.desk
    case, other = asked(desk), asked(desk)

    answer = paul(browser).post(
        "/avis",
        {f"avis_{case}": "favourable", f"montant_{case}": "beaucoup", f"avis_{other}": "favourable"},
    )

    assert answer.status_code == 422
    assert f'id="montant-{case}-faute"' in answer.text
    assert 'value="beaucoup"' in answer.text
    assert given(desk) == []


def test_nothing_chosen_is_said(browser):
    asked(browser.desk)

    answer = paul(browser).post("/avis", {})

    assert answer.status_code == 422
    assert "Aucun avis n’est choisi" in answer.text


def test_an_opinion_on_a_case_that_changed_meanwhile_is_refused_and_the_others_given(browser):
    desk = browser.desk
    changed, fine = asked(desk), asked(desk)
    before = desk.version(changed)
    desk.move(changed, Action.CHECK_ELIGIBILITY)

    answer = paul(browser).post(
        "/avis",
        {f"avis_{changed}": "favourable", f"version_{changed}": before, f"avis_{fine}": "reserved"},
    )

    assert answer.status_code == 409
    assert "Ce dossier a changé entre-temps" in answer.text
    assert given(desk) == [("reserved", None, "")]


def test_a_case_that_does_not_wait_for_this_funder_is_left_alone(browser):
    desk = browser.desk
    case = asked(desk, "ville")

    answer = paul(browser).post(
        "/avis", {f"avis_{case}": "favourable", "dossier": case, "avis_tous": "favourable"}
    )

    assert answer.status_code == 422
    assert given(desk) == []


def test_the_page_shows_until_when_and_how_many_others_answered(browser):
    desk = browser.desk
    case = desk.submitted_case()
    desk.move(
        case, Action.ASK_OPINIONS, given=Given(funder_ids=(funder(desk, "etat"), funder(desk, "ville")))
    )

    text = re.sub(r"\s+", " ", paul(browser).get("/avis").text)

    assert "0 sur 1" in text
    assert "1 dossier attend votre avis" in text
