"""Closing a session: every decision becomes a move and the minutes are written, or nothing at all is."""

import threading
import time
from datetime import date

import pytest

from parvis.models.queries.balances import balances
from parvis.services.journal import verify
from parvis.services.sessions.closing import ClosingBlockedError
from parvis.services.sessions.minutes import read_minutes
from parvis.services.sessions.room import AlreadyClosedError
from parvis.states.facts import Given
from parvis.states.outcomes import Outcome, Votes
from parvis.states.quorum import Attendance
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.session_desk import OTHER_SECRETARY, SEATS, SessionDesk, fund, said


def stages(table: SessionDesk, cases: list[int]) -> set[str]:
    return {table.desk.stage(case) for case in cases}


def test_sixty_cases_close_once_and_not_at_all_while_an_envelope_lacks_a_cent(table):
    cases = table.cases(60)
    table.open()
    for case in cases:
        table.save(case, fund(50_000))
    table.desk.fill(60 * 50_000 - 1, "etat")
    before = table.everything()

    with pytest.raises(ClosingBlockedError) as blocked:
        table.close()

    assert [(one.case_id, [reason.code for reason in one.reasons]) for one in blocked.value.blocked] == [
        (cases[-1], ["within_envelope"])
    ]
    assert "0,01\xa0€" in blocked.value.blocked[0].reasons[0].sentence.fr
    assert table.everything() == before

    table.desk.fill(60 * 50_000, "etat")
    started = time.monotonic()
    closed = table.close()
    assert time.monotonic() - started < 3

    assert closed.outcomes == {Outcome.FUND: 60}
    assert stages(table, cases) == {"funded"}
    assert table.desk.value("SELECT committed_cents = total_cents FROM envelopes ORDER BY id LIMIT 1")
    table.assert_ledger_is_columns()
    assert {table.desk.letters(case, "granted") for case in cases} == {1}
    with table.desk.database.transaction() as session:
        assert verify(session).sound
    assert table.desk.rows(
        "SELECT c.id FROM cases c WHERE c.version <> (SELECT count(*) FROM journal WHERE case_id = c.id)"
    ) == []  # fmt: skip


def test_two_closings_at_once_one_wins_and_the_other_writes_nothing(table):
    cases = table.cases(12)
    table.open()
    for case in cases:
        table.save(case, fund(50_000, 20_000))
    start, outcomes = threading.Barrier(2), []

    def close() -> None:
        start.wait()
        try:
            outcomes.append(table.close())
        except AlreadyClosedError as closed:
            outcomes.append(closed)

    both = [threading.Thread(target=close) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyClosedError", "Closed"]
    assert stages(table, cases) == {"funded"}
    assert {table.desk.letters(case, "granted") for case in cases} == {1}
    assert table.desk.value("SELECT count(*) FROM minutes") == 1
    assert table.desk.value("SELECT count(*) FROM committee_journal WHERE action = 'closed'") == 1
    table.assert_ledger_is_columns()


def test_closing_again_says_who_closed_it_and_writes_nothing(table):
    table.cases(1)
    (case,) = [row[0] for row in table.desk.rows("SELECT id FROM cases")]
    table.open()
    table.save(case, fund())
    table.close()
    before = table.everything()

    with pytest.raises(AlreadyClosedError) as closed:
        table.close(minutes_later=90)

    assert closed.value.by == "Léa Blanc"
    assert table.everything() == before


def test_every_case_that_blocks_is_named_with_all_that_blocks_it(table):
    undecided, dear, alone, fine = table.cases(4)
    table.open(present=SEATS[:3])
    table.save(dear, fund(1))
    table.save(alone, fund(2, votes=Votes(3, 0, 0)))
    table.save(fine, fund(3))
    table.recuse("bob", alone)
    table.desk.run("UPDATE fundings SET requested_cents = 0 WHERE case_id = %(c)s", c=dear)
    before = table.everything()

    with pytest.raises(ClosingBlockedError) as blocked:
        table.close()

    assert {one.case_id: [reason.code for reason in one.reasons] for one in blocked.value.blocked} == {
        undecided: ["not_decided"],
        dear: ["within_request"],
        alone: ["quorate", "votes_too_many"],
    }
    assert table.everything() == before


def test_each_outcome_becomes_its_move_with_its_letter_and_the_carried_case_goes_to_the_next_session(table):
    funded, refused, deferred, carried = table.cases(4)
    table.open()
    table.save(funded, fund(200_000, 100_000, conditions="Ouvrir le samedi."))
    table.save(refused, said(Outcome.REJECT, "Trop peu d’habitants touchés."))
    table.save(deferred, said(Outcome.DEFER))
    table.save(carried, said(Outcome.CARRY, "Le temps a manqué."))

    closed = table.close()

    assert closed.outcomes == {Outcome.FUND: 1, Outcome.REJECT: 1, Outcome.DEFER: 1, Outcome.CARRY: 1}
    assert [table.desk.stage(case) for case in (funded, refused, deferred, carried)] == [
        "funded", "rejected", "instructed", "committee",
    ]  # fmt: skip
    assert [table.desk.letters(funded, "granted"), table.desk.letters(refused, "rejected")] == [1, 1]
    assert [table.desk.letters(deferred, "deferred"), table.desk.letters(carried)] == [1, 1]
    november = table.sitting("copil", 1)
    assert table.desk.value("SELECT committee_id FROM cases WHERE id = %(c)s", c=carried) == november
    assert table.desk.rows(
        "SELECT committee_id, action FROM committee_journal WHERE action IN ('case_carried', 'agenda_filled')"
    ) == [(table.committee, "case_carried"), (november, "agenda_filled")]


def test_a_case_that_no_later_session_can_take_cannot_be_carried(table):
    (case,) = table.cases(1)
    table.desk.run(
        "UPDATE committees SET cancelled_at = now() WHERE id = %(id)s", id=table.sitting("copil", 1)
    )
    table.open()
    table.save(case, said(Outcome.CARRY))

    with pytest.raises(ClosingBlockedError) as blocked:
        table.close()

    assert [reason.code for reason in blocked.value.blocked[0].reasons] == ["no_later_session"]
    assert table.desk.stage(case) == "committee"


def test_without_quorum_a_session_can_only_put_off(table):
    first, second = table.cases(2)
    table.open(present=SEATS[:2])
    table.save(first, fund())
    table.save(second, said(Outcome.CARRY, "Quorum non atteint."))
    with pytest.raises(ClosingBlockedError) as blocked:
        table.close()
    assert [one.case_id for one in blocked.value.blocked] == [first]
    assert "2 voix" in blocked.value.blocked[0].reasons[0].sentence.fr

    table.save(first, said(Outcome.DEFER, "Quorum non atteint."))
    table.close()

    assert [table.desk.stage(first), table.desk.stage(second)] == ["instructed", "committee"]
    with table.desk.database.transaction() as session:
        minutes = read_minutes(session, table.committee)
    assert minutes is not None
    assert (minutes.quorate, minutes.quorum_present, minutes.quorum_needed) == (False, 2, 3)


def test_a_session_does_not_close_before_somebody_said_who_came(table):
    (case,) = table.cases(1)
    table.open()
    table.save(case, fund())
    table.desk.run("UPDATE committee_members SET attendance = 'unknown' WHERE role = 'chair'")

    with pytest.raises(MoveRefusedError) as refused:
        table.close()

    assert [reason.code for reason in refused.value.reasons] == ["attendance_taken"]
    assert "Chair" in refused.value.reasons[0].sentence.fr


def test_a_session_nobody_opened_does_not_close(table):
    with pytest.raises(MoveRefusedError) as refused:
        table.close()

    assert [reason.code for reason in refused.value.reasons] == ["not_from_here"]


def test_the_minutes_say_who_came_who_left_for_which_case_what_was_decided_and_what_is_left(table):
    funded, refused, carried = table.cases(3)
    table.recuse("cleo", funded)
    table.open(present=("chair", "bob", "cleo", "dan", "gus"))
    table.attend({"eve": Attendance.EXCUSED})
    table.save(funded, fund(200_000, 100_000, conditions="Ouvrir le samedi.", votes=Votes(3, 1, 0)))
    table.save(refused, said(Outcome.REJECT, "Hors sujet."))
    table.save(carried, said(Outcome.CARRY, "Le temps a manqué."))

    table.close()

    with table.desk.database.transaction() as session:
        minutes = read_minutes(session, table.committee)
        left = {one.funder: one.left_cents for one in balances(session, table.committee)}
    assert minutes is not None
    assert (minutes.committee, minutes.held_on, minutes.secretary) == (
        "Comité de pilotage", date(2026, 9, 15), "Léa Blanc",
    )  # fmt: skip
    assert (minutes.quorum_seats, minutes.quorum_present, minutes.quorum_needed) == (6, 5, 3)
    came = {one.name: (one.attendance, one.stands_for, one.replaced_by) for one in minutes.members}
    assert came["Ann"] == ("absent", "", "Gus")
    assert came["Gus"] == ("present", "Ann", "")
    assert came["Eve"] == ("excused", "", "")
    one = minutes.decisions[0]
    assert (one.outcome, one.total_cents, one.conditions, one.recused, one.voters) == (
        Outcome.FUND, 300_000, "Ouvrir le samedi.", ("Cleo",), 4,
    )  # fmt: skip
    assert one.votes == Votes(3, 1, 0)
    assert [amount.amount_cents for amount in one.amounts] == [200_000, 100_000]
    assert minutes.decisions[1].reason == "Hors sujet."
    assert minutes.decisions[2].next_session == date(2026, 11, 17)
    assert {line.funder: (line.before_cents, line.after_cents) for line in minutes.envelopes} == {
        "etat": (5_000_000, left["etat"]), "ville": (2_000_000, left["ville"]),
    }  # fmt: skip
    assert left == {"etat": 4_800_000, "ville": 1_900_000}


def test_a_case_decided_by_hand_before_the_closing_is_in_the_minutes_and_is_not_moved_again(table):
    by_hand, here = table.cases(2)
    table.open()
    table.desk.run("UPDATE committees SET quorate = true, recusals_recorded = true WHERE id = %(id)s",
                   id=table.committee)  # fmt: skip
    table.desk.move(
        by_hand, Action.FUND, role=Role.SECRETARY, at=table.at, given=Given(amounts=(("etat", 7_000),))
    )
    table.save(here, fund(5_000))

    closed = table.close()

    assert closed.outcomes == {Outcome.FUND: 1}
    with table.desk.database.transaction() as session:
        minutes = read_minutes(session, table.committee)
    assert minutes is not None
    assert [decision.total_cents for decision in minutes.decisions] == [7_000, 5_000]
    assert table.desk.letters(by_hand, "granted") == 1
    table.assert_ledger_is_columns()


def test_another_secretary_may_close_what_the_first_one_opened(table):
    (case,) = table.cases(1)
    table.open()
    table.save(case, fund(), by=OTHER_SECRETARY)

    assert table.close(by=OTHER_SECRETARY).outcomes == {Outcome.FUND: 1}
