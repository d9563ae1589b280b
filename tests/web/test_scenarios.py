"""Programmings of a sitting, as a page: proposed, corrected in the grid, pasted, compared, sent, found in session."""

import re
from html import unescape

import pytest

from parvis.services import money
from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk, contract

LEA, INES, ANN, MAX = (f"{name}@ville.example" for name in ("lea", "ines", "ann", "max"))


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose committees have members."""
    return Desk.opened(database, contract())


@pytest.fixture
def table(desk, clock) -> SessionDesk:
    """Three scored cases on an agenda; the State has 9,000 € left for 15,000 € asked, the City enough."""
    clock.set("2026-09-10")
    table = SessionDesk(desk)
    first, second, third = table.cases(3, total_cost_cents=2_000_000)
    table.desk.run("UPDATE cases SET score = 90 WHERE id = %(id)s", id=first)
    table.desk.run("UPDATE cases SET score = 40 WHERE id = %(id)s", id=second)
    table.desk.run("UPDATE cases SET score = NULL WHERE id = %(id)s", id=third)
    table.desk.fill(900_000, "etat")
    return table


def path(table: SessionDesk, rest: str = "") -> str:
    return f"/seances/{table.committee}/programmation{rest}"


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def amounts(table: SessionDesk, scenario: str) -> dict[tuple[str, str], int]:
    rows = table.desk.rows(
        "SELECT c.reference, f.code, a.amount_cents / 100 FROM scenario_amounts a JOIN cases c ON c.id = a.case_id"
        " JOIN funders f ON f.id = a.funder_id WHERE a.scenario_id = %(id)s", id=int(scenario),
    )  # fmt: skip
    return {(reference[-1], code): euros for reference, code, euros in rows}


def begun(browser, table: SessionDesk, name: str, source: str) -> str:
    answer = browser.post(path(table), {"nom": name, "depuis": source})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"]).rpartition("/")[2]


def version(table: SessionDesk, scenario: str) -> int:
    return int(table.desk.value("SELECT version FROM scenarios WHERE id = %(id)s", id=int(scenario)))


def test_the_solver_proposes_and_says_why_and_what_is_sent_is_what_the_session_proposes(
    browser, table, clock
):
    lea = browser.as_person(LEA)
    solved = begun(lea, table, "Calcul", "solver")

    shown = words(lea.get(path(table, f"/{solved}")).text)
    assert amounts(table, solved) == {
        ("1", "etat"): 5000,
        ("1", "ville"): 3000,
        ("2", "etat"): 4000,
        ("2", "ville"): 3000,
    }
    assert "Tout ce qui est demandé : 8 000,00 €" in shown
    assert "Limité par « État »" in shown
    assert "Pas encore de note" in shown

    sent = lea.post(path(table, f"/{solved}/envoyer"), {"version": version(table, solved)})
    assert sent.status_code == 303
    assert lea.post(path(table, f"/{solved}"), {"version": version(table, solved)}).status_code == 422
    assert "Programmation envoyée au comité" in words(lea.get(f"/seances/{table.committee}").text)

    clock.set("2026-09-15 15:00")
    table.open()
    lea = browser.as_person(LEA)
    saved = lea.post(f"/seances/{table.committee}/seance/adopter", {"pour": "6", "contre": "0"})
    assert saved.status_code == 303, words(saved.text)
    decided = table.desk.rows("SELECT outcome, sum(amount_cents) / 100 FROM session_decisions d JOIN session_amounts a"
                              " USING (committee_id, case_id) GROUP BY case_id, outcome ORDER BY case_id")  # fmt: skip
    assert decided == [("fund", 8000), ("fund", 7000)]


def test_the_grid_is_kept_as_typed_its_faults_named_and_what_breaks_a_bound_is_not_sent(browser, table):
    lea = browser.as_person(LEA)
    empty = begun(lea, table, "À la main", "nothing")
    one, two, _ = (row[0] for row in table.desk.rows("SELECT id FROM cases ORDER BY id"))

    wrong = lea.post(
        path(table, f"/{empty}"), {"version": version(table, empty), f"m_{one}_etat": "beaucoup"}
    )
    assert wrong.status_code == 422
    assert 'value="beaucoup"' in wrong.text
    assert amounts(table, empty) == {}

    typed = {f"m_{one}_etat": "5 000", f"m_{two}_etat": "4 500,50", f"m_{two}_ville": "3000"}
    stale = version(table, empty)
    assert lea.post(path(table, f"/{empty}"), {"version": stale, **typed}).status_code == 303
    again = lea.post(path(table, f"/{empty}"), {"version": stale, **typed})
    assert again.status_code == 422
    assert "a changé depuis que vous l’avez ouverte" in words(again.text)

    refused = lea.post(path(table, f"/{empty}/envoyer"), {"version": version(table, empty)})
    assert refused.status_code == 422
    assert "Enveloppe « État » : 9 500,50 € donnés, il reste 9 000,00 €" in words(refused.text)
    assert table.desk.value("SELECT count(*) FROM scenarios WHERE sent_at IS NOT NULL") == 0


def test_rows_of_a_spreadsheet_are_pasted_under_the_names_of_their_columns(browser, table):
    lea = browser.as_person(LEA)
    empty = begun(lea, table, "Tableur", "nothing")
    pasted = "Dossier\tVille\tÉtat\nANNUEL-2026-00001\t1 000\t2 000,00\nannuel-2026-00002\t\t1500"

    assert lea.post(path(table, f"/{empty}"), {"version": 1, "collage": pasted}).status_code == 303
    assert amounts(table, empty) == {("1", "ville"): 1000, ("1", "etat"): 2000, ("2", "etat"): 1500}

    wrong = lea.post(
        path(table, f"/{empty}"), {"version": 2, "collage": "ANNUEL-2026-00009\t5\nANNUEL-2026-00001\tdix"}
    )
    assert wrong.status_code == 422
    assert "ligne 1 : aucun dossier de l’ordre du jour n’a le numéro « ANNUEL-2026-00009 »" in words(
        wrong.text
    )
    assert "ligne 2 :" in words(wrong.text)
    assert len(amounts(table, empty)) == 3


def test_two_programmings_are_compared_and_one_of_the_same_name_is_refused(browser, table):
    lea = browser.as_person(LEA)
    solved = begun(lea, table, "Calcul", "solver")
    copy = begun(lea, table, "Copie", solved)
    assert amounts(table, copy) == amounts(table, solved)
    assert "donnent la même chose" in lea.get(path(table, f"/{copy}?avec={solved}")).text

    lea.post(path(table, f"/{copy}"), {"version": 1, "collage": "ANNUEL-2026-00001\t1000"})
    compared = words(lea.get(path(table, f"/{copy}?avec={solved}")).text)
    assert "ANNUEL-2026-00001 1 000 € 8 000 € 7 000 €" in compared

    same = lea.post(path(table), {"nom": " Calcul ", "depuis": "nothing"})
    assert same.status_code == 422
    assert "a déjà une programmation « Calcul »" in words(same.text)
    assert lea.post(path(table, f"/{copy}/effacer"), {"version": 2}).status_code == 303
    assert lea.get(path(table, f"/{copy}")).status_code == 404


def test_only_those_who_prepare_the_sitting_whole_see_its_programmings(browser, table):
    made = begun(browser.as_person(LEA), table, "Calcul", "solver")

    assert browser.as_person(INES).get(path(table)).status_code == 404
    assert browser.as_person(ANN).get(path(table, f"/{made}")).status_code == 404
    assert browser.as_person(MAX).get(path(table, f"/{made}")).status_code == 200
    assert browser.as_person(LEA).get(path(table, "/999999")).status_code == 404
    table.desk.run(
        "INSERT INTO committee_members (committee_id, person_id, role, votes)"
        " SELECT %(c)s, id, 'elected', true FROM people WHERE email = %(e)s", c=table.committee, e=LEA,
    )  # fmt: skip
    table.desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " SELECT p.id, (SELECT min(id) FROM cases), 'declared', 'confirmed', now(), 'person:1' FROM people p"
        " WHERE email = %(e)s", e=LEA,
    )  # fmt: skip
    assert browser.as_person(LEA).get(path(table, f"/{made}")).status_code == 404, (
        "a programming tells of every case"
    )


def test_what_would_need_an_agreement_is_told_before_it_is_decided_with_the_cases_it_counts(browser, table):
    """One authority and association over 23,000 euros a year, over all cases (loi 2000-321 art. 10)."""
    first, second, _ = (row[0] for row in table.desk.rows("SELECT id FROM cases ORDER BY id"))
    granted = table.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=first)
    table.desk.run("UPDATE cases SET stage = 'funded' WHERE id = %(id)s", id=first)
    table.desk.run(
        "UPDATE fundings SET granted_cents = 1900000 WHERE case_id = %(id)s AND funder_id = 1", id=first
    )
    made = begun(browser.as_person(LEA), table, "Calcul", "nothing")
    reference = table.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=second)

    case = words(browser.as_person(LEA).get(f"/dossiers/{reference}").text)
    session = words(browser.as_person(LEA).get(f"/seances/{table.committee}/seance").text)
    browser.as_person(LEA).post(path(table, f"/{made}"), {"version": 1, f"m_{second}_etat": "4000,01"})
    grid = words(browser.as_person(LEA).get(path(table, f"/{made}")).text)

    assert f"État lui donne déjà 19 000,00 € cette année ({granted} : 19 000,00 €)." in case
    assert "Au-delà de 4 000,00 € ici, État dépasserait 23 000,00 € dans l’année : une convention" in case
    assert "Avec 4 000,01 € ici, État donnerait 23 000,01 € dans l’année" in grid
    browser.as_person(LEA).post(path(table, f"/{made}"), {"version": 2, f"m_{second}_etat": "4000"})
    assert "dans l’année" not in words(browser.as_person(LEA).get(path(table, f"/{made}")).text)
    assert "Au-delà de 4 000,00 € ici" in session


def test_what_is_sent_is_reserved_in_place_of_what_was_sent_before(browser, table):
    lea = browser.as_person(LEA)
    solved = begun(lea, table, "Calcul", "solver")
    lea.post(path(table, f"/{solved}/envoyer"), {"version": version(table, solved)})
    assert table.desk.rows("SELECT reserved_cents, available_cents FROM envelopes ORDER BY id") == [
        (900_000, 0), (600_000, 1_400_000),
    ]  # fmt: skip
    other = begun(lea, table, "Moins", "nothing")
    lea.post(path(table, f"/{other}"), {"version": 1, "collage": "ANNUEL-2026-00002\t5000"})
    lea.post(path(table, f"/{other}/envoyer"), {"version": 2})
    assert table.desk.rows("SELECT reserved_cents FROM envelopes ORDER BY id") == [(500_000,), (0,)]
    assert lea.post(path(table, f"/{solved}/envoyer"), {"version": version(table, solved)}).status_code == 303
    with table.desk.database.transaction() as session:
        assert money.verify(session).sound
