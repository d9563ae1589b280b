"""Agreements when something comes late: a decision after the end, a machine that was off, a letter for the morning."""

from datetime import date

import pytest

from parvis.services.agreement_sweeps import Renewing
from parvis.services.digests import morning
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.desk import Desk, moment

NOTHING = Renewing()


@pytest.fixture
def house(desk: Desk) -> AgreementDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    return AgreementDesk(desk)


def test_a_request_funded_once_the_agreement_has_ended_still_gives_the_one_that_follows_it(house):
    agreement = house.taken_over("2026-09-01")
    house.sweep("2026-09-01 06:15")
    case = house.desk.value("SELECT request_case_id FROM agreements WHERE id = %(id)s", id=agreement)
    house.complete(case, "2026-09-20", 2_000_000)
    house.desk.run("UPDATE committees SET held_on = '2027-02-10' WHERE held_on = '2026-12-10'")
    house.sweep("2027-01-01 06:15")
    assert house.stage(agreement) == "ended"

    house.fund(case, "2027-02-10", (("etat", 1_000_000),))

    assert house.desk.rows("SELECT stage, starts_on, renews_id FROM agreements ORDER BY id") == [
        ("ended", date(2024, 1, 1), None), ("active", date(2027, 1, 1), agreement)
    ]  # fmt: skip


def test_what_waits_about_an_agreement_is_in_the_digest_of_its_own_officer(house):
    officer = house.desk.value("SELECT id FROM people WHERE role = 'instructor'")
    house.taken_over("2026-11-02", instructor_id=officer)
    house.sweep("2026-11-02 06:15")
    house.desk.run("UPDATE letters SET digest = true WHERE recipient = 'instructor'")

    with house.desk.database.transaction() as session:
        morning(session, at=moment("2026-11-03 07:30"))

    told = house.desk.rows(
        "SELECT recipient, data -> 'items' -> 0 -> 'lines' -> 0 ->> 'title' FROM letters WHERE template = 'digest'"
    )
    assert told == [(f"person:{officer}", "Centre social d’Étouvie")]


def test_a_machine_that_was_off_for_years_makes_every_step_that_is_due_in_one_sweep(house):
    case = house.desk.submitted_case("2026-11-02", call="conventions")
    house.fund(case, "2026-12-10", (("etat", 500_000),))
    agreement = house.desk.value("SELECT id FROM agreements WHERE case_id = %(id)s", id=case)

    assert house.sweep("2030-02-01").moved == 2

    assert house.stage(agreement) == "ended"
    assert house.letters(agreement) == ["agreement_active", "agreement_ended"]
    assert house.sweep("2030-02-01 09:10") == NOTHING
