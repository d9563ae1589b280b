"""The end of a session on its pages: announced with its letters, whole or not at all, with its minutes."""

import re

import pytest

from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk, contract, fund

LEA, ROSE, ANN = (f"{name}@ville.example" for name in ("lea", "rose", "ann"))


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose committees have members, with two secretaries."""
    return Desk.opened(database, contract())


@pytest.fixture
def table(desk, clock) -> SessionDesk:
    """The steering committee, on the day it sits."""
    clock.set("2026-09-15 15:00")
    return SessionDesk(desk)


def say(browser, table: SessionDesk, case: int, **fields: object):
    return browser.post(f"/seances/{table.committee}/seance/dossiers/{case}", {"version": 0, **fields})


def test_a_session_that_cannot_close_says_which_case_and_why_and_changes_nothing(browser, table):
    first, second = table.cases(2)
    table.open()
    table.save(first, fund(100_000))
    lea = browser.as_person(LEA)
    before = table.everything()

    for answer in (
        lea.get(f"/seances/{table.committee}/cloture"),
        lea.post(f"/seances/{table.committee}/cloture"),
    ):
        assert "Le comité n’en a rien dit" in answer.text
        assert f"dossier={second}" in answer.text
    assert table.everything() == before


def test_the_closing_is_announced_with_its_letters_then_done_once(browser, table):
    first, second = table.cases(2)
    table.open()
    table.save(first, fund(100_000))
    lea, rose = browser.as_person(LEA), browser.as_person(ROSE)
    say(lea, table, second, decision="reject", motif="Action déjà portée.")
    before = table.everything()

    page = lea.get(f"/seances/{table.committee}/cloture").text

    assert table.everything() == before
    owed = [int(count) for count in re.findall(r"<strong>(\d+)</strong>\s+lettre", page)]
    closed = lea.post(f"/seances/{table.committee}/cloture")
    assert closed.headers["location"] == f"/seances/{table.committee}/proces-verbal?fait=close"
    assert sum(owed) == len(table.everything()["letters"]) - len(before["letters"])
    assert (table.desk.stage(first), table.desk.stage(second)) == ("funded", "rejected")
    again = rose.post(f"/seances/{table.committee}/cloture")
    assert again.headers["location"] == f"/seances/{table.committee}/proces-verbal"
    assert len(table.desk.rows("SELECT 1 FROM minutes")) == 1


def test_the_minutes_are_read_and_kept_as_a_document(browser, table):
    [case] = table.cases(1)
    table.open()
    table.save(case, fund(100_000, conditions="Ouvrir deux créneaux"))
    lea = browser.as_person(LEA)
    lea.post(f"/seances/{table.committee}/cloture")

    page = lea.get(f"/seances/{table.committee}/proces-verbal").text

    assert "Ouvrir deux créneaux" in page
    links = re.findall(r'href="(/seances/\d+/proces-verbal/\d+)"', page)
    assert links
    for link in links:
        file = lea.get(link)
        assert file.headers["x-content-type-options"] == "nosniff"
        assert file.headers["content-disposition"].startswith('attachment; filename="proces-verbal-copil')
        assert file.content


def test_minutes_that_tell_of_a_hidden_case_are_not_for_the_member_it_is_hidden_from(browser, table):
    [case] = table.cases(1)
    table.recuse("ann", case)
    table.open()
    table.save(case, fund(100_000))
    browser.as_person(LEA).post(f"/seances/{table.committee}/cloture")
    address = f"/seances/{table.committee}/proces-verbal"
    file = table.desk.value("SELECT min(id) FROM files WHERE committee_id = %(c)s", c=table.committee)

    assert browser.as_person("bob@ville.example").get(address).status_code == 200
    assert browser.as_person(ANN).get(address).status_code == 404
    assert browser.as_person(ANN).get(f"{address}/{file}").status_code == 404


def test_an_envelope_that_lacks_one_cent_is_said_before_the_closing_and_refuses_it(browser, table):
    desk = browser.desk
    [case] = table.cases(1)
    table.open()
    lea = browser.as_person(LEA)
    desk.fill(399_999)
    say(lea, table, case, decision="fund", montant_etat="4000")
    reference = str(desk.value("SELECT reference FROM cases"))

    announced = lea.get(f"/seances/{table.committee}/cloture").text
    refused = lea.post(f"/seances/{table.committee}/cloture")

    assert refused.status_code == 409
    for text in (announced, refused.text):
        assert reference in text
        assert "Enveloppe insuffisante" in text
    assert "de trop peu" in lea.get(f"/seances/{table.committee}/seance").text
    assert desk.stage(case) == "committee"
    assert desk.letters(case, "granted") == 0
