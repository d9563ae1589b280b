"""The report of a funded action, from its applicant's page to its evaluation: typed, refused, corrected, accepted."""

import pytest

from tests.services.files.samples import pdf
from tests.services.test_reports import TOLD, funded
from tests.web.draft_answers import stamped
from tests.web.test_applicant import OWN, address, plain

INES = "ines@ville.example"


@pytest.fixture
def owed(browser):
    """A funded case that owes its report, and the address of its page."""
    case = funded(browser.desk)
    browser.clock.set("2027-05-03")
    return case, address(browser.desk, case)


def fill(asso, page):
    for step, values in TOLD.items():
        asso.post(
            f"{page}/bilan/{step}", {**values, "tampon": stamped(asso.get(f"{page}/bilan/{step}").text)}
        )


def act(browser, case, action, who=INES, **fields):
    desk = browser.desk
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    version = desk.version(case)
    return browser.as_person(who).post(
        f"/dossiers/{reference}/actions/{action}", {"version": version, **fields}
    )


def test_a_report_goes_from_the_association_to_its_evaluation(browser, owed):
    case, page = owed
    asso = browser.as_applicant(OWN)
    assert f"{page}/bilan" in asso.get(page).text
    choice = plain(asso.get(f"{page}/bilan").text)
    for way in ("L’action a eu lieu", "L’action aura lieu plus tard", "L’action n’a pas eu lieu"):
        assert way in choice

    before = plain(asso.get(f"{page}/bilan/envoi").text)
    assert "À corriger avant d’envoyer" in before
    assert "certifie" not in before
    saved = asso.post(f"{page}/bilan/recit", {"deroule": "x", "tampon": stamped(asso.get(f"{page}/bilan/recit").text)},
                      headers={"accept": "application/json"})  # fmt: skip
    assert saved.json()["told"].startswith("Enregistré le 3 mai 2027")
    gaps = plain(asso.post(f"{page}/bilan/ecarts", TOLD["comptes"]).text)
    assert "7 500,00 €" in gaps
    assert "-25,0 %" in gaps
    fill(asso, page)
    asso.post(f"{page}/bilan/pieces", files={"piece": ("photos.pdf", pdf())})
    read = plain(asso.get(f"{page}/bilan/envoi").text)
    for said in ("Quarante ateliers.", "certifie", "prévu 100", "-25,0 %"):
        assert said in read
    assert asso.post(f"{page}/bilan/envoi").status_code == 422
    assert asso.post(f"{page}/bilan/envoi", {"signature": "oui"}).headers["location"] == f"{page}?fait=bilan"

    sent_back_and_again(browser, case, page, asso)
    act(browser, case, "accept_report")
    evaluated(browser, case, page, asso)


def sent_back_and_again(browser, case, page, asso):
    act(browser, case, "ask_corrections", reason="Dire où étaient les ateliers.")
    back = plain(asso.get(f"{page}/bilan/recit").text)
    assert "Dire où étaient les ateliers." in back
    assert "Quarante ateliers." in back
    assert "Corriger le bilan" in plain(asso.get(page).text)
    asso.post(f"{page}/bilan/envoi", {"signature": "oui"})
    shown = plain(browser.as_person(INES).get(page.replace("mes-", "")).text)
    assert "-25,0 %" in shown
    assert "93,75 €" in shown


def evaluated(browser, case, page, asso):
    desk = browser.desk
    desk.run("UPDATE payments SET status = 'paid', paid_on = '2027-06-01' WHERE status = 'due'")
    desk.run("UPDATE cases SET balance_settled = true")
    half = act(browser, case, "evaluate", points_carried_out="4", reason="Utile aux habitants.")
    assert half.status_code == 422
    points = {f"points_{code}": "4" for code in ("carried_out", "people", "effects", "means")}
    act(browser, case, "evaluate", reason="Utile aux habitants.", **points)

    assert desk.stage(case) == "evaluated"
    for looked in (asso.get(page), browser.as_person(INES).get(page.replace("mes-", ""))):
        assert "Utile aux habitants." in looked.text
        assert "80 sur 100" in plain(looked.text)


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("publics", {"personnes": "douze", "part_qpv": "140"}, "personnes-faute"),
        ("publics", {"personnes": "10", "part_qpv": "50", "femmes": "11"}, "plus que toutes les personnes"),
        ("comptes", {"ligne_0": "mille"}, "ligne_0-faute"),
        ("comptes", {"ligne_0": "-5"}, "ligne_0-faute"),
    ],
)
def test_what_cannot_be_read_is_kept_pointed_out_and_not_sent(browser, owed, step, typed, said):
    _, page = owed
    asso = browser.as_applicant(OWN)

    answer = asso.post(
        f"{page}/bilan/{step}", {**typed, "tampon": stamped(asso.get(f"{page}/bilan/{step}").text)}
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{value}"' in asso.get(f"{page}/bilan/{step}").text for value in typed.values())
    assert asso.post(f"{page}/bilan/envoi", {"signature": "oui"}).status_code == 422


def test_the_other_ways_out_want_a_reason_and_are_taken_once(browser, owed):
    case, page = owed
    desk, asso = browser.desk, browser.as_applicant(OWN)
    assert asso.post(f"{page}/bilan/dates", {"fin": "2027-09-30"}).status_code == 422
    assert asso.post(f"{page}/bilan/dates", {"fin": "hier", "pourquoi": "Travaux."}).status_code == 422
    assert asso.post(f"{page}/bilan/dates", {"fin": "2026-01-01", "pourquoi": "Travaux."}).status_code == 409
    assert asso.post(f"{page}/bilan/non-realisation", {"motif": " "}).status_code == 422

    asked = asso.post(f"{page}/bilan/dates", {"fin": "2027-09-30", "pourquoi": "Travaux."})
    assert asked.headers["location"] == f"{page}?fait=dates"
    assert asso.get(f"{page}/bilan").headers["location"] == page
    assert "répond à votre demande de dates" in plain(asso.get(page).text)
    act(browser, case, "grant_new_dates")
    attested = asso.post(f"{page}/bilan/non-realisation", {"motif": "Salle fermée."})

    assert attested.headers["location"] == f"{page}?fait=non-realisation"
    assert desk.rows("SELECT not_carried_out, report_due_on::text FROM cases") == [(True, "2028-06-30")]
    assert asso.post(f"{page}/bilan/recit", {"deroule": "x"}).headers["location"] == page


def test_two_windows_never_overwrite_each_other(browser, owed):
    _, page = owed
    asso = browser.as_applicant(OWN)
    first = stamped(asso.get(f"{page}/bilan/recit").text)
    asso.post(f"{page}/bilan/recit", {"deroule": "Un", "tampon": first})

    second = asso.post(f"{page}/bilan/recit", {"deroule": "Deux", "tampon": first})

    assert second.status_code == 409
    assert "Deux" in second.text
    assert "Un" in asso.get(f"{page}/bilan/recit").text


def test_an_interim_report_is_typed_on_its_own_pages_read_and_accepted_by_the_officer(browser, owed):
    case, page = owed
    desk, asso = browser.desk, browser.as_applicant(OWN)
    assert asso.get(f"{page}/bilan-intermediaire/recit").headers["location"] == page
    assert (
        act(browser, case, "ask_interim", due_on="2027-05-20", reason="Où en êtes-vous ?").status_code == 303
    )
    shown = plain(asso.get(page).text)
    assert "Envoyer le bilan intermédiaire, au plus tard le 20 mai 2027" in shown
    assert asso.get(f"{page}/bilan-intermediaire").headers["location"] == f"{page}/bilan-intermediaire/recit"
    for step, values in {"recit": {"deroule": ["Vingt ateliers."]}, "publics": TOLD["publics"],
                         "comptes": {"ligne_1": ["3000"]}}.items():  # fmt: skip
        stamp = stamped(asso.get(f"{page}/bilan-intermediaire/{step}").text)
        saved = asso.post(f"{page}/bilan-intermediaire/{step}", {**values, "tampon": stamp})
        assert saved.headers["location"].startswith(f"{page}/bilan-intermediaire/")

    sent = asso.post(f"{page}/bilan-intermediaire/envoi", {"signature": "oui"})

    assert sent.headers["location"] == f"{page}?fait=bilan-intermediaire"
    read = plain(browser.as_person(INES).get(page.replace("mes-", "")).text)
    assert "Bilan intermédiaire reçu" in read
    assert "Vingt ateliers." in read
    act(browser, case, "correct_interim", reason="Combien de jeunes ?")
    assert "Combien de jeunes ?" in plain(asso.get(f"{page}/bilan-intermediaire/recit").text)
    asso.post(f"{page}/bilan-intermediaire", files={"bilan-intermediaire": ("point.pdf", pdf())})
    act(browser, case, "accept_interim")
    assert desk.rows("SELECT kind, state FROM reports ORDER BY id") == [
        ("final", "asked"),
        ("interim", "accepted"),
    ]
    assert "Envoyer le bilan de l’action" in plain(asso.get(page).text)
