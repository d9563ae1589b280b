"""The session page: opened on its day, saved case by case, safe for two hands, closed whole or not at all."""

import re
from html import unescape

import pytest

from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk, contract
from tests.web.browser import Browser

LEA, ROSE, MAX, ANN, INES = (f"{name}@ville.example" for name in ("lea", "rose", "max", "ann", "ines"))
DAY = "2026-09-15 15:00"


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose committees have members, with two secretaries."""
    return Desk.opened(database, contract())


@pytest.fixture
def table(desk, clock) -> SessionDesk:
    """The steering committee, on the day it sits."""
    clock.set(DAY)
    return SessionDesk(desk)


def path(table: SessionDesk, rest: str = "") -> str:
    return f"/seances/{table.committee}/seance{rest}"


def say(browser: Browser, table: SessionDesk, case: int, version: int = 0, **fields: object):
    return browser.post(path(table, f"/dossiers/{case}"), {"version": version, **fields})


def decisions(table: SessionDesk) -> list[tuple[object, ...]]:
    return table.desk.rows("SELECT case_id, outcome, reason FROM session_decisions ORDER BY case_id")


def version(table: SessionDesk, case: int) -> int:
    return int(table.desk.value("SELECT version FROM session_decisions WHERE case_id = %(c)s", c=case))


def test_a_session_is_opened_on_its_day_and_not_before(browser, table, clock):
    table.cases(1)
    lea = browser.as_person(LEA)
    clock.set("2026-09-14 15:00")

    early = lea.post(path(table, "/ouvrir"))

    assert early.status_code == 409
    assert "La séance est prévue le 15 septembre 2026" in early.text
    clock.set(DAY)
    assert lea.post(path(table, "/ouvrir")).status_code == 303
    assert "ouverte" in lea.get(path(table)).text


def test_attendance_makes_the_quorum_as_it_is_recorded(browser, table):
    lea = browser.as_person(LEA)
    lea.post(path(table, "/ouvrir"))
    assert "0 voix présentes, 3 nécessaires sur 6" in lea.get(path(table)).text

    came = {f"presence_{table.person(name)}": "present" for name in ("chair", "ann", "bob")}
    assert lea.post(path(table, "/presences"), came).status_code == 303

    assert "3 voix présentes, 3 nécessaires sur 6" in lea.get(path(table)).text
    lea.post(path(table, "/presences"), {**came, f"presence_{table.person('bob')}": "excused"})
    assert "2 voix présentes" in lea.get(path(table)).text
    lea.post(path(table, "/presences"), {"reste": "present"})
    assert "Présences à relever" not in lea.get(path(table)).text


def test_an_attendance_that_does_not_exist_is_refused_in_words(browser, table):
    answer = browser.as_person(LEA).post(
        path(table, "/presences"), {f"presence_{table.person('ann')}": "en retard"}
    )

    assert answer.status_code == 422
    assert "choix inconnu" in answer.text


def test_each_case_is_saved_as_one_goes_and_the_balance_follows(browser, table):
    first, second = table.cases(2)
    table.open()
    lea = browser.as_person(LEA)

    done = say(lea, table, first, decision="fund", montant_etat="4 000", montant_ville="1 000,50")

    assert done.headers["location"].endswith(f"dossier={second}#dossier-{second}")
    assert table.desk.rows("SELECT amount_cents FROM session_amounts ORDER BY funder_id") == [
        (400_000,),
        (100_050,),
    ]
    page = lea.get(done.headers["location"]).text
    assert "46\u202f000\xa0€" in page
    assert "reste 50\u202f000\xa0€" in page
    assert re.search(rf'id="dossier-{second}" open', page)


PARTNER = """
WITH other AS (INSERT INTO organisations (siret, name) VALUES ('35600000000048', 'Centre social') RETURNING id)
INSERT INTO partners (case_id, organisation_id, requested_cents, shares, state, signed_by)
SELECT %(id)s, id, 200000, '{"etat": 200000}', 'confirmed', 'Zoé Petit, présidente' FROM other
"""


def test_what_each_association_gets_is_typed_on_the_page_and_checked_to_the_cent(browser, table):
    [case] = table.cases(1)
    table.desk.run(PARTNER, id=case)
    table.open()
    lea = browser.as_person(LEA)
    assert "Part de chaque organisme" in lea.get(path(table)).text

    wrong = say(lea, table, case, decision="fund", montant_etat="4 000", part_lead_etat="3 000",
                part_35600000000048_etat="1 000,01")  # fmt: skip
    kept = say(lea, table, case, decision="fund", montant_etat="4 000", part_35600000000048_etat="1 000,01")

    assert (wrong.status_code, kept.status_code) == (409, 303)
    assert "soit 0,01\xa0€ d’écart" in unescape(wrong.text)
    assert table.desk.value("SELECT parts FROM session_decisions") == {"35600000000048/etat": 100_001}
    assert re.search(r'name="part_35600000000048_etat"[^>]* value="1.000,01"', lea.get(path(table)).text)
    lea.post(f"/seances/{table.committee}/cloture")
    assert table.desk.value("SELECT sum(amount_cents) FROM payments WHERE partner_id IS NOT NULL") == 100_001


def test_htmx_is_answered_with_the_one_case_and_the_balances(browser, table):
    first, second = table.cases(2)
    table.open()

    answer = browser.as_person(LEA).post(
        path(table, f"/dossiers/{first}"), {"version": 0, "decision": "fund", "montant_etat": "4000"},
        headers={"hx-request": "true"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert f'id="dossier-{first}"' in answer.text
    assert f'id="dossier-{second}"' not in answer.text
    assert 'id="enveloppes"' in answer.text


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({}, "decision", "à remplir"),
        ({"decision": "burn"}, "decision", "choix inconnu"),
        ({"decision": "recommend", "montant_etat": "10"}, "decision", "choix inconnu"),
        ({"decision": "fund", "montant_etat": "beaucoup"}, "montant_etat", "n’est pas un montant"),
        ({"decision": "fund", "montant_etat": "-5"}, "montant_etat", "est négatif"),
        ({"decision": "fund"}, "montants", "Indiquer le montant par financeur."),
        ({"decision": "fund", "montant_etat": "5 000,01"}, "montants", "au plus 5\u202f000,00\xa0€"),
        ({"decision": "reject"}, "motif", "Indiquer le motif."),
        ({"decision": "fund", "montant_etat": "10", "pour": "x", "contre": "1"}, "pour", "un nombre entier"),
        ({"decision": "fund", "montant_etat": "10", "pour": "3"}, "contre", "indiquer les voix"),
        ({"decision": "fund", "montant_etat": "10", "pour": "9", "contre": "1"}, "pour", "pour 6 votants"),
        ({"decision": "fund", "montant_etat": "10", "pour": "1", "contre": "2"}, "pour", "pas adoptée"),
    ],
)
def test_wrong_input_names_its_field_keeps_what_was_typed_and_changes_nothing(
    browser, table, fields, name, sentence
):
    [case] = table.cases(1)
    table.open()

    answer = say(browser.as_person(LEA), table, case, conditions="Ouvrir le samedi", **fields)

    assert answer.status_code in (409, 422)
    fault = re.search(rf'id="d{case}-{name}-faute">([^<]*)<', answer.text)
    assert fault
    assert sentence in unescape(fault[1])
    assert "Ouvrir le samedi" in answer.text
    assert decisions(table) == []


def test_two_secretaries_at_once_are_told_of_each_other_and_lose_nothing(browser, table):
    [case] = table.cases(1)
    table.open()
    lea, rose = browser.as_person(LEA), browser.as_person(ROSE)
    say(lea, table, case, decision="fund", montant_etat="3 000")

    late = say(rose, table, case, decision="reject", motif="Action déjà portée par le bailleur.")

    assert late.status_code == 409
    assert "Léa Blanc a enregistré «\u202ffinancé, 3\u202f000,00\xa0€\u202f» entre-temps" in late.text
    assert "Action déjà portée par le bailleur." in late.text
    assert decisions(table) == [(case, "fund", "")]
    now = re.search(r'name="version" value="(\d+)"', late.text)
    assert now
    again = say(
        rose, table, case, int(now[1]), decision="reject", motif="Action déjà portée par le bailleur."
    )
    assert again.status_code == 303
    assert decisions(table) == [(case, "reject", "Action déjà portée par le bailleur.")]


def test_a_decision_is_deleted_when_it_is_still_the_one_that_was_seen(browser, table):
    [case] = table.cases(1)
    table.open()
    lea = browser.as_person(LEA)
    say(lea, table, case, decision="defer", motif="Budget à préciser.")

    assert say(lea, table, case, 0, effacer="oui").status_code == 409
    assert say(lea, table, case, version(table, case), effacer="oui").status_code == 303
    assert decisions(table) == []


def test_the_list_is_adopted_at_once_but_for_the_cases_set_apart(browser, table):
    first, second, third = table.cases(3)
    table.desk.run(
        "UPDATE fundings SET opinion = 'favourable', proposed_cents = 200000"
        " WHERE case_id = ANY(%(ids)s) AND funder_id = (SELECT id FROM funders WHERE code = 'etat')",
        ids=[first, second],
    )  # fmt: skip
    table.open()
    lea = browser.as_person(LEA)
    assert "2 dossiers à décider ont une proposition" in lea.get(path(table)).text

    done = lea.post(path(table, "/adopter"), {"part": second, "pour": "6", "contre": "0"})

    assert done.headers["location"].endswith("fait=adoptes-1")
    assert decisions(table) == [(first, "fund", "")]
    assert third not in [row[0] for row in decisions(table)]


def test_who_leaves_the_room_is_said_before_the_case_is_decided(browser, table):
    [case] = table.cases(1)
    table.recuse("ann", case)
    table.open()

    page = browser.as_person(LEA).get(path(table)).text

    assert "Quittent la salle : Ann." in page.replace("\u202f", " ")
    assert "Voix alors présentes : 5" in page.replace("\u202f", " ")


def test_only_a_secretary_holds_a_session(browser, table):
    [case] = table.cases(1)
    table.open()
    for email in (MAX, ANN, INES):
        person = browser.as_person(email)
        assert person.get(path(table)).status_code == 404
        assert say(person, table, case, decision="defer", motif="Non").status_code == 404
        assert person.post(f"/seances/{table.committee}/cloture").status_code == 404


def test_a_case_of_another_agenda_is_not_decided_here(browser, table):
    table.open()
    case = table.desk.ready_case()

    assert say(browser.as_person(LEA), table, case, decision="defer", motif="Non").status_code == 404
    assert say(browser.as_person(LEA), table, 999_999, decision="defer", motif="Non").status_code == 404
