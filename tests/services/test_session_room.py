"""The room of a session: who opens it and when, who came, whether there is a quorum."""

import pytest

from parvis.services.sessions import room
from parvis.states.facts import By
from parvis.states.outcomes import Outcome, Votes
from parvis.states.quorum import Attendance
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import moment
from tests.services.session_desk import OTHER_SECRETARY, SEATS, SECRETARY, fund


def test_a_session_opens_on_its_day_and_not_before(table):
    with pytest.raises(MoveRefusedError) as refused, table.desk.database.transaction() as session:
        room.open_session(session, table.committee, by=SECRETARY, at=moment("2026-09-14 23:59"))
    assert [reason.code for reason in refused.value.reasons] == ["session_to_come"]

    with table.desk.database.transaction() as session:
        room.open_session(session, table.committee, by=SECRETARY, at=moment("2026-09-15 00:00"))
    assert table.desk.rows(
        "SELECT agenda_open, held_at FROM committees WHERE id = %(id)s", id=table.committee
    ) == [(False, moment("2026-09-15 00:00"))]


def test_only_a_secretary_opens_and_opening_again_changes_nothing(table):
    with pytest.raises(MoveRefusedError) as refused, table.desk.database.transaction() as session:
        room.open_session(session, table.committee, by=By("person:1", Role.MEMBER), at=moment(table.at))
    assert [reason.code for reason in refused.value.reasons] == ["not_your_role"]
    table.open()
    before = table.everything()

    with table.desk.database.transaction() as session:
        room.open_session(session, table.committee, by=OTHER_SECRETARY, at=moment("2026-09-15 16:00"))

    assert table.everything() == before


def test_who_came_is_counted_and_a_substitute_sits_only_in_the_place_of_the_titular(table):
    table.open(present=("chair", "ann", "gus"))
    with table.desk.database.transaction() as session:
        assert room.enter(session, table.committee, at=moment(table.at)).quorum.present == 2

    table.attend({"ann": Attendance.EXCUSED})

    with table.desk.database.transaction() as session:
        entered = room.enter(session, table.committee, at=moment(table.at))
    assert (entered.quorum.present, entered.quorum.needed, entered.quorate) == (2, 3, False)
    table.attend({"bob": Attendance.PRESENT})
    with table.desk.database.transaction() as session:
        assert room.enter(session, table.committee, at=moment(table.at)).quorate


def test_a_stranger_does_not_attend(table):
    with pytest.raises(MoveRefusedError) as refused:
        table.attend({"rose": Attendance.PRESENT})

    assert [reason.code for reason in refused.value.reasons] == ["not_a_member"]


def test_where_a_committee_lists_no_member_the_secretary_says_whether_there_is_a_quorum(table):
    (case,) = table.cases(1)
    table.desk.run("DELETE FROM committee_members WHERE role = 'substitute'")
    table.desk.run("DELETE FROM committee_members")
    with pytest.raises(MoveRefusedError) as refused, table.desk.database.transaction() as session:
        room.open_session(session, table.committee, by=SECRETARY, at=moment(table.at))
    assert [reason.code for reason in refused.value.reasons] == ["quorum_unsaid"]

    with table.desk.database.transaction() as session:
        room.open_session(session, table.committee, by=SECRETARY, at=moment(table.at), quorate=True)
    table.save(case, fund(votes=Votes(20, 3, 0)))

    assert table.close().outcomes == {Outcome.FUND: 1}


def test_present_members_beyond_half_are_a_quorum_with_every_seat_listed(table):
    assert len(SEATS) == 6
    table.open(present=SEATS[:3])

    with table.desk.database.transaction() as session:
        assert room.enter(session, table.committee, at=moment(table.at)).quorate
