"""Who votes and whether there is a quorum: substitutes, recusals, the last vote that is needed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.quorum import Attendance, Member, not_recorded, quorum, seats, voters

P, A, U = Attendance.PRESENT, Attendance.ABSENT, Attendance.UNKNOWN


def member(number: int, attendance: Attendance = P, *, votes: bool = True, of: int | None = None) -> Member:
    return Member(
        number, 100 + number, f"M{number}", "substitute" if of else "elected", votes, attendance, of
    )


def test_a_substitute_counts_for_the_titular_who_is_not_there_and_for_nobody_else():
    titular, substitute = member(1, A), member(2, of=1)

    assert [one.id for one in voters([titular, substitute])] == [2]
    assert [one.id for one in voters([replace(titular, attendance=P), substitute])] == [1]
    assert quorum([titular, substitute], 50).present == 1
    assert [seat.represented for seat in seats([titular, substitute])] == [True]


def test_a_substitute_of_somebody_without_a_vote_has_none():
    assert voters([member(1, A, votes=False), member(2, of=1)]) == []


def test_who_leaves_the_room_is_not_among_those_present_but_still_among_the_members():
    """CE, 19 January 1983, Chauré."""
    members = [member(n) for n in range(1, 7)]

    for_one_case = quorum(members, 50, {101, 102, 103, 104})

    assert (for_one_case.seats, for_one_case.present, for_one_case.needed) == (6, 2, 3)
    assert not for_one_case.reached
    assert quorum(members, 50, {101, 102, 103}).reached


def test_when_the_substitute_who_sits_is_recused_the_seat_is_empty_for_the_case():
    assert quorum([member(1, A), member(2, of=1)], 50, {102}).present == 0
    assert quorum([member(1, A), member(2, of=1)], 50, {101}).present == 1


def test_a_committee_without_votes_has_no_quorum_by_itself():
    assert not quorum([member(1, votes=False)], 0).reached


def test_those_of_whom_nothing_was_said_are_named_substitutes_apart():
    assert not_recorded([member(1, U), member(2, U, of=1), member(3, U, votes=False), member(4)]) == [
        "M1",
        "M3",
    ]


@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 100))
def test_a_quorum_is_at_least_its_percentage_of_the_votes(count, came, percent):
    members = [member(n + 1, P if n < came else A) for n in range(count)]

    reached = quorum(members, percent).reached

    assert reached == (min(came, count) * 100 >= percent * count)


@given(st.integers(1, 30), st.data())
def test_a_quorum_that_holds_without_the_recused_holds_when_they_are_not_members_either(count, data):
    """CGCT L2131-11, second sentence: the stricter reading satisfies the other one."""
    members = [member(n + 1, data.draw(st.sampled_from([P, A]))) for n in range(count)]
    leaving = set(data.draw(st.lists(st.integers(101, 100 + count), unique=True, max_size=count - 1)))
    staying = [one for one in members if one.person_id not in leaving]

    if quorum(members, 50, leaving).reached:
        assert quorum(staying, 50).reached
