"""A secretary holds a session on its page: attendance, decisions, envelopes, closing; nothing half done."""

import re

import pytest

from parvis.states.quorum import Attendance
from tests.services.desk import Desk
from tests.services.session_desk import DAY, SEATS, SessionDesk, contract
from tests.web.browser import Browser, Clock

LEA, ROSE = "lea@ville.example", "rose@ville.example"


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose committees have members."""
    return Desk.opened(database, contract())


@pytest.fixture
def sitting(desk) -> SessionDesk:
    """Its steering committee."""
    return SessionDesk(desk)


@pytest.fixture
def lea(browser: Browser, sitting: SessionDesk, clock: Clock) -> Browser:
    """The secretary, on the day of the session."""
    clock.set(DAY)
    return browser.as_person(LEA)


def send(browser: Browser, sitting: SessionDesk, what: str, **fields: object):
    return browser.post(f"/seances/{sitting.committee}/seance/{what}", fields)


def page(browser: Browser, sitting: SessionDesk) -> str:
    text = browser.get(f"/seances/{sitting.committee}/seance").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u202f", " ").replace("\xa0", " ")


def opened(lea: Browser, sitting: SessionDesk) -> None:
    assert send(lea, sitting, "ouverture").status_code == 303
    came = {f"presence_{sitting.person(name)}": "present" for name in SEATS[:4]}
    assert send(lea, sitting, "presences", **came, reste="absent").status_code == 303


def test_a_secretary_opens_decides_and_closes_a_session(browser, lea, sitting):
    desk = browser.desk
    fund, reject = sitting.cases(2)
    opened(lea, sitting)
    assert "4 voix présentes sur 6 ; il en faut 3" in page(lea, sitting)

    kept = send(lea, sitting, f"decisions/{fund}", resultat="fund", amount_etat="4 000,50", version=0)
    assert kept.headers["location"].endswith(f"/seance#dossier-{fund}")
    send(lea, sitting, f"decisions/{reject}", resultat="reject", motif="Hors priorités", version=0)
    shown = page(lea, sitting)
    assert "4 000,50 €" in shown
    assert "2 dossiers décidés sur 2" in shown
    closed = send(lea, sitting, "cloture")

    assert closed.status_code == 303, re.sub(r"\s+", " ", closed.text)
    assert (desk.stage(fund), desk.stage(reject)) == ("funded", "rejected")
    assert desk.letters(fund, "granted") == 1


def test_a_session_whose_envelope_lacks_one_cent_is_refused_and_names_the_case(browser, lea, sitting):
    desk = browser.desk
    [case] = sitting.cases(1)
    desk.run("UPDATE envelopes SET total_cents = 399999")
    opened(lea, sitting)
    send(lea, sitting, f"decisions/{case}", resultat="fund", amount_etat="4000", version=0)

    refused = send(lea, sitting, "cloture")

    assert refused.status_code == 409
    assert str(desk.value("SELECT reference FROM cases")) in refused.text
    assert "Enveloppe insuffisante" in refused.text
    assert desk.stage(case) == "committee"
    assert desk.letters(case, "granted") == 0


def test_what_is_wrong_in_a_decision_is_said_at_its_case_with_what_was_typed(browser, lea, sitting):
    [case] = sitting.cases(1)
    opened(lea, sitting)

    unread = send(lea, sitting, f"decisions/{case}", resultat="fund", amount_etat="quatre", version=0)
    too_much = send(lea, sitting, f"decisions/{case}", resultat="fund", amount_etat="5 000,01", version=0)
    nothing = send(lea, sitting, f"decisions/{case}", resultat="", version=0)

    assert (unread.status_code, too_much.status_code, nothing.status_code) == (422, 409, 422)
    assert 'value="quatre"' in unread.text
    assert "au plus" in too_much.text
    assert browser.desk.rows("SELECT 1 FROM session_decisions") == []


def test_two_secretaries_do_not_overwrite_each_other(browser, lea, sitting):
    [case] = sitting.cases(1)
    opened(lea, sitting)
    rose = browser.as_person(ROSE)
    send(rose, sitting, f"decisions/{case}", resultat="fund", amount_etat="100", version=0)

    late = send(lea, sitting, f"decisions/{case}", resultat="defer", motif="À revoir", version=0)

    assert late.status_code == 409
    assert "Quelqu’un a enregistré une autre décision" in late.text
    assert browser.desk.value("SELECT outcome FROM session_decisions") == "fund"


def test_proposals_are_adopted_one_by_one_or_all_at_once(browser, lea, sitting):
    desk = browser.desk
    first, second, silent = sitting.cases(3)
    desk.run(
        "UPDATE fundings SET opinion = 'favourable', proposed_cents = 100000 WHERE case_id = ANY(%(ids)s)",
        ids=[first, second],
    )
    opened(lea, sitting)

    assert send(lea, sitting, f"decisions/{first}", faire="proposition").status_code == 303
    assert send(lea, sitting, "propositions").status_code == 303

    kept = desk.rows("SELECT case_id FROM session_decisions ORDER BY case_id")
    assert [row[0] for row in kept] == [first, second]
    assert send(lea, sitting, f"decisions/{silent}", faire="proposition").status_code == 409


def test_a_decision_is_taken_back(browser, lea, sitting):
    [case] = sitting.cases(1)
    opened(lea, sitting)
    send(lea, sitting, f"decisions/{case}", resultat="defer", motif="À revoir", version=0)
    version = browser.desk.value("SELECT version FROM session_decisions")

    assert send(lea, sitting, f"decisions/{case}", faire="effacer", version=version).status_code == 303
    assert browser.desk.rows("SELECT 1 FROM session_decisions") == []


def test_a_session_does_not_open_before_its_day(browser, clock, sitting):
    clock.set("2026-09-14 15:00")
    lea = browser.as_person(LEA)

    refused = send(lea, sitting, "ouverture")

    assert refused.status_code == 409
    assert "l’ouvrir ce jour-là ou après" in refused.text


def test_a_second_closing_is_told_who_closed_it(browser, lea, sitting):
    [case] = sitting.cases(1)
    opened(lea, sitting)
    send(lea, sitting, f"decisions/{case}", resultat="defer", motif="À revoir", version=0)
    send(lea, sitting, "cloture")

    again = send(browser.as_person(ROSE), sitting, "cloture")

    assert again.status_code == 409
    assert "Léa Blanc" in again.text


def test_who_leaves_the_room_is_said_at_the_case(browser, lea, sitting):
    [case] = sitting.cases(1)
    sitting.recuse("ann", case)
    opened(lea, sitting)

    assert "sortent : Ann" in page(lea, sitting)


def test_a_case_of_another_session_is_not_decided_here(browser, lea, sitting):
    sitting.cases(1)
    elsewhere = browser.desk.submitted_case()
    opened(lea, sitting)

    answer = send(lea, sitting, f"decisions/{elsewhere}", resultat="defer", motif="x", version=0)

    assert answer.status_code == 409
    assert "n’est pas à l’ordre du jour" in answer.text


@pytest.mark.parametrize("said", list(Attendance))
def test_attendance_is_recorded_as_said(browser, lea, sitting, said):
    ann = sitting.person("ann")

    send(lea, sitting, "presences", **{f"presence_{ann}": said.value})

    assert (
        browser.desk.value(
            "SELECT attendance FROM committee_members WHERE person_id = %(p)s AND committee_id = %(c)s",
            p=ann,
            c=sitting.committee,
        )
        == said
    )
