"""A new action first meets an officer: asked for, recorded, and only then submitted; closings by kind, and lateness."""

import json
from datetime import timedelta

import pytest

from parvis.models.queries.contracts import write_contract
from parvis.services.letters import claim_due
from parvis.states.contract import Contract
from tests.services.desk import CONTRACT, moment
from tests.web.draft_answers import case_of, fill
from tests.web.test_applicant import OWN, plain

WAVES = [
    {"code": "ete", "title": "Vague d’été", "closes": {"new": "2026-06-10", "renewal": "2026-06-05",
                                                      "school": "2026-06-20"}},
    {"code": "automne", "title": "Vague d’automne", "closes": {"new": "2026-10-15"}, "decides_on": "2026-12-10"},
]  # fmt: skip
NEXT = {"code": "annuel-2027", "title": "Appel à projets 2027", "instrument": "annual", "year": 2027,
        "opens_on": "2027-01-04"}  # fmt: skip


def changed(desk, *, schools=(), **call) -> None:
    """The contract is another one from now on."""
    document = {**CONTRACT, "schools": list(schools), "calls": [{**CONTRACT["calls"][0], **call}, NEXT]}
    with desk.database.transaction() as session:
        write_contract(
            session, Contract.model_validate(document), digest=f"{schools}", at=moment("2026-01-01")
        )


@pytest.fixture
def officer_first(asso, browser):
    """The call wants new actions to meet an officer, and closes in waves."""
    changed(browser.desk, waves=WAVES, eligibility={"contact_officer_first": True})


@pytest.mark.usefixtures("officer_first")
def test_a_new_action_meets_an_officer_before_it_is_submitted(browser, asso, draft):
    desk, case = browser.desk, case_of(browser, draft)
    fill(asso, draft)

    page = plain(asso.get(f"{draft}/demande/echange").text)
    assert "Inès Roy (ines@ville.example)" in page
    refused = asso.post(f"{draft}/depot", {"engagement": "oui"})
    assert refused.status_code == 409
    assert "se présente d’abord à un instructeur : Inès Roy (ines@ville.example)" in plain(refused.text)
    asked = asso.post(f"{draft}/echange", {"message": "Joignable le matin."})
    assert asked.headers["location"] == f"{draft}/demande/echange"
    waits = plain(asso.get(f"{draft}/demande/echange").text)
    assert "Échange demandé le 1er juin 2026" in waits
    assert "relancer l’instructeur à partir du 8 juin 2026" in waits
    again = asso.post(f"{draft}/echange")
    assert (again.status_code, "relancer à partir du 8 juin 2026" in plain(again.text)) == (409, True)
    [(kind, title, done)] = desk.rows("SELECT kind, title_fr, done_at FROM tasks")
    assert (kind, done) == ("contact", None)
    assert "Association Exemple" in title

    officer = browser.as_person("ines@ville.example")
    reference = draft.rpartition("/")[2]
    assert reference in officer.get("/dossiers?aujourdhui=moi").text
    version = desk.version(case)
    path = f"/dossiers/{reference}/actions/record_contact"
    future = officer.post(path, {"version": version, "contact_on": "2026-06-02", "reason": "Vu ensemble."})
    assert "au plus tard d’aujourd’hui" in plain(future.text)
    officer.post(
        path, {"version": version, "contact_on": "2026-05-30", "reason": "L’action entre dans l’appel."}
    )

    assert desk.value("SELECT contacted_on::text FROM cases WHERE id = %(id)s", id=case) == "2026-05-30"
    assert desk.value("SELECT count(*) FROM tasks WHERE done_at IS NULL") == 0
    assert asso.post(f"{draft}/depot", {"engagement": "oui"}).headers["location"] == f"{draft}?fait=depot"
    assert [
        desk.letters(case, name) for name in ("contact_requested", "contact_recorded", "acknowledge")
    ] == [1, 1, 1]
    officer_id = desk.value("SELECT id FROM people WHERE email = 'ines@ville.example'")
    assert desk.value("SELECT instructor_id FROM cases WHERE id = %(id)s", id=case) == officer_id


@pytest.mark.usefixtures("officer_first")
def test_an_officer_who_does_not_answer_is_reminded_then_the_manager_is(browser, asso, draft):
    desk, case = browser.desk, case_of(browser, draft)
    asso.post(f"{draft}/echange")

    desk.sweep("2026-06-09 09:00")
    late = "SELECT recipient FROM letters WHERE template = 'stage_late' AND case_id = %(id)s ORDER BY id"

    assert desk.rows(late, id=case) == [("instructor",)]
    desk.sweep("2026-06-16 09:00")
    assert desk.rows(late, id=case) == [("instructor",), ("manager",)]


def test_a_draft_submitted_after_its_closing_joins_the_next_wave_and_its_receipt_says_so(
    browser, asso, draft
):
    desk, case = browser.desk, case_of(browser, draft)
    changed(desk, waves=WAVES)
    fill(asso, draft)
    browser.clock.set("2026-06-11 09:00")
    asso = browser.as_applicant(OWN)
    assert "rejoindra « Vague d’automne »" in plain(asso.get(f"{draft}/demande/recapitulatif").text)

    asso.post(f"{draft}/depot", {"engagement": "oui"})

    wave = "SELECT w.code FROM cases c JOIN waves w ON w.id = c.wave_id WHERE c.id = %(id)s"
    assert desk.value(wave, id=case) == "automne"
    details = desk.value(
        "SELECT details::text FROM journal WHERE case_id = %(id)s AND action = 'submit'", id=case
    )
    assert json.loads(details)["missed_wave"] == "Vague d’été"
    with desk.database.transaction() as session:
        claim_due(session, by="test", at=moment("2026-06-11 09:01"), lease=timedelta(minutes=5), limit=50)
    text = desk.value(
        "SELECT body_text FROM letters WHERE case_id = %(id)s AND template = 'acknowledge'", id=case
    )
    assert "étaient clos pour cette demande depuis le 10 juin 2026" in plain(text)
    assert "examinée avec « Vague d’automne », dont le comité décide le 10 décembre 2026" in plain(text)


def test_a_draft_that_no_wave_takes_any_more_is_refused_and_told_what_opens_next(browser, asso, draft):
    desk, case = browser.desk, case_of(browser, draft)
    changed(desk, waves=WAVES)
    fill(asso, draft)
    browser.clock.set("2026-10-16 09:00")

    refused = browser.as_applicant(OWN).post(f"{draft}/depot", {"engagement": "oui"})

    said = plain(refused.text)
    assert (refused.status_code, desk.stage(case)) == (409, "draft")
    assert "dernière clôture pour elle : 15 octobre 2026" in said
    assert "Prochaine ouverture : Appel à projets 2027, le 4 janvier 2027" in said


def test_reminders_of_a_draft_count_from_the_closings_of_its_kind(browser, asso, draft):
    desk = browser.desk
    changed(desk, waves=WAVES, accepts=["new", "renewal"])
    begun = asso.post("/mes-dossiers/nouvelle", {"appel": "annuel-2026/renewal", "titre": "Vélo encore"})
    renewal = case_of(browser, str(begun.headers["location"]).removesuffix("/demande/action"))
    closings = """
        SELECT DISTINCT deadline::text FROM timers
         WHERE case_id = %(id)s AND settled_at IS NULL AND template = 'draft_closing' ORDER BY 1
        """

    assert [day for (day,) in desk.rows(closings, id=renewal)] == ["2026-06-05", "2026-10-15"]
    assert "5 juin 2026" in plain(asso.get("/mes-dossiers").text)
    changed(desk, waves=WAVES, schools=[OWN[:9]])
    assert "à déposer au plus tard le 20 juin 2026" in plain(asso.get(f"{draft}/demande/budget").text)
