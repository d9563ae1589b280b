"""Interim reports: asked for with the decision or by hand, chased, corrected, accepted, and what that makes due."""

from copy import deepcopy
from datetime import date

import pytest

from parvis.services import deadlines, reports
from parvis.services.reports import NoSuchReportError
from parvis.states.facts import By, Given
from parvis.states.report_words import ReportKind
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.agreement_desk import SCHEDULE
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.test_reports import ASSO, TOLD, funded

INTERIM = ReportKind.INTERIM


@pytest.fixture
def city(database):
    """The city, whose annual call pays a part on the interim report."""
    contract = deepcopy(CONTRACT)
    contract["calls"][0]["payment_schedule"] = SCHEDULE
    return Desk.opened(database, contract)


def half_way(desk: Desk, case: int) -> list[tuple[object, ...]]:
    return desk.rows(
        "SELECT amount_cents, status, due_on::text FROM payments WHERE case_id = %(id)s AND instalment = 'mi-parcours'"
        " ORDER BY id",
        id=case,
    )


def awaited(desk: Desk) -> tuple[object, ...]:
    [row] = desk.rows(
        "SELECT interim_due_on::text, interim_received_on::text, due_on::text, late_after::text FROM cases"
    )
    return tuple(row)


def states(desk: Desk, kind: str = "interim") -> list[str]:
    return [
        state
        for (state,) in desk.rows("SELECT state FROM reports WHERE kind = %(kind)s ORDER BY id", kind=kind)
    ]


def typed_and_sent(desk: Desk, case: int, at: str) -> None:
    with desk.database.transaction() as session:
        for step, values in {
            **TOLD,
            "recit": {"deroule": ["Vingt ateliers."]},
            "comptes": {"ligne_1": ["3000"]},
        }.items():
            there = reports.open_report(session, case, kind=INTERIM).values(step)
            reports.save(
                session, case, step, values, reports.stamp(there), by=ASSO, at=moment(at), kind=INTERIM
            )
        reports.send(session, case, signed=True, by=ASSO, at=moment(at), kind=INTERIM)


def test_an_interim_report_is_chased_sent_corrected_accepted_and_its_instalment_is_due(city):
    desk, case = city, funded(city)
    assert awaited(desk)[:2] == ("2027-03-15", None)
    assert half_way(desk, case) == [(120_000, "planned", None), (60_000, "planned", None)]
    desk.sweep("2027-02-15 09:00")
    desk.sweep("2027-05-18 09:00")
    assert (desk.letters(case, "interim_reminder"), desk.letters(case, "interim_late")) == (2, 1)
    assert awaited(desk)[3] == "2027-03-15"

    typed_and_sent(desk, case, "2027-05-19")
    assert awaited(desk)[:3] == ("2027-03-15", "2027-05-19", "2027-06-09")
    assert_late_dates_are_kept(desk, case)
    desk.sweep("2027-06-01 09:00")
    assert desk.letters(case, "interim_reminder") == 2
    with pytest.raises(NoSuchReportError), desk.database.transaction() as session:
        reports.open_report(session, case, kind=INTERIM)
    desk.move(case, Action.CORRECT_INTERIM, at="2027-06-01", given=Given(reason="Combien de jeunes ?"))
    assert (awaited(desk)[0], states(desk)) == ("2027-07-01", ["corrections_asked"])
    typed_and_sent(desk, case, "2027-06-03")
    desk.move(case, Action.ACCEPT_INTERIM, at="2027-06-04")

    assert awaited(desk)[:3] == (None, None, "2027-06-30")
    assert_late_dates_are_kept(desk, case)
    assert half_way(desk, case) == [(120_000, "due", "2027-08-03"), (60_000, "due", "2027-08-03")]
    assert states(desk) == ["accepted"]
    assert states(desk, "final") == ["asked"]
    data = desk.value("SELECT data FROM letters WHERE template = 'interim_accepted'")
    assert data == {"balance_cents": 180_000, "deadline": "2027-08-03", "next_due": None}
    desk.sweep("2027-06-05 09:00")
    assert (
        desk.value(
            "SELECT count(*) FROM timers WHERE starts_with(rule, 'report-interim') AND settled_at IS NULL"
        )
        == 0
    )


def assert_late_dates_are_kept(desk: Desk, case: int) -> None:
    """What lists are sorted by is what its timers say, whether they are read again or not."""
    before = awaited(desk)
    with desk.database.transaction() as session:
        deadlines.replan(session, [case], at=moment("2027-06-10"))
    assert awaited(desk) == before


def test_the_final_report_ends_the_interim_one_and_one_waived_or_asked_by_hand_is_settled(city):
    desk, case, other = city, funded(city), funded(city)
    desk.move(other, Action.WAIVE_INTERIM, at="2026-12-01", given=Given(reason="Action courte."))
    with pytest.raises(MoveRefusedError, match="interim_awaited"):
        desk.move(other, Action.RECEIVE_INTERIM, at="2026-12-02")
    with pytest.raises(MoveRefusedError, match="interim_date_ahead"):
        desk.move(other, Action.ASK_INTERIM, at="2026-12-02", given=Given(due_on=date(2026, 12, 2)))
    desk.move(
        other,
        Action.ASK_INTERIM,
        at="2026-12-02",
        given=Given(due_on=date(2027, 1, 29), reason="Où en êtes-vous ?"),
    )
    with pytest.raises(MoveRefusedError, match="no_interim_awaited"):
        desk.move(other, Action.ASK_INTERIM, at="2026-12-03")
    desk.move(other, Action.RECEIVE_INTERIM, at="2027-01-10")

    for each in (case, other):
        with desk.database.transaction() as session:
            reports.receive(session, each, None, by=ASSO, at=moment("2027-02-01"))
        desk.move(each, Action.ACCEPT_REPORT, at="2027-02-02")

    assert sorted(states(desk)) == ["waived", "waived", "waived"]
    assert desk.rows("SELECT interim_due_on, interim_received_on FROM cases") == [(None, None)] * 2
    assert {status for _, status, _ in half_way(desk, case) + half_way(desk, other)} == {"due"}
    assert (
        desk.value(
            "SELECT count(*) FROM timers WHERE starts_with(rule, 'report-interim') AND settled_at IS NULL"
        )
        == 0
    )


def test_a_grant_that_is_reclaimed_awaits_no_interim_report(city):
    desk, case = city, funded(city)
    desk.move(case, Action.RECEIVE_INTERIM, at="2027-01-10")
    desk.move(
        case, Action.GIVE_NOTICE, at="2027-02-01", role=Role.FINANCE, given=Given(reason="Rien ne vient.")
    )

    desk.move(
        case, Action.RECLAIM, at="2027-04-01", role=Role.FINANCE, given=Given(reason="Rien n’est venu.")
    )

    assert awaited(desk)[:2] == (None, None)
    assert states(desk) == ["waived"]


def test_an_action_of_three_years_accounts_for_each_of_them(city):
    desk = city
    case = funded(desk)
    desk.run(
        "UPDATE cases SET starts_on = '2027-01-01', ends_on = '2029-12-31', report_due_on = '2030-07-01'"
    )
    dues = []
    for at in ("2027-03-01", "2028-06-01", "2029-06-01"):
        with desk.database.transaction() as session:
            reports.receive(
                session, case, None, by=By("person:1", Role.INSTRUCTOR), at=moment(at), kind=INTERIM
            )
        desk.move(case, Action.ACCEPT_INTERIM, at=at)
        dues.append(awaited(desk)[0])

    assert dues == ["2028-06-30", "2029-07-02", None]
    assert states(desk) == ["accepted"] * 3
