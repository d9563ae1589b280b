"""Agendas fill by themselves: the right kind of committee, the wave, the neighbourhoods, the room, the closing day."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from parvis.services import filling
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.agenda_desk import committee, events, fill, instructed, opened, sitting, wave, where


def test_an_instructed_case_goes_to_the_next_deciding_sitting_and_an_uninstructed_one_nowhere(desk):
    opened(desk, committee("copil", "steering", "2026-09-15", "2026-10-15"))
    ready, waiting = instructed(desk), desk.ready_case()

    done = fill(desk)

    assert (where(desk, ready), where(desk, waiting)) == ("copil/2026-09-15", None)
    assert done == filling.Filled(added=1)
    assert fill(desk) == filling.Filled()
    assert events(desk, sitting(desk, "copil", "2026-09-15")) == ["agenda_filled"]


def test_a_case_goes_to_the_technical_committee_first_when_the_steering_one_decides(desk):
    opened(
        desk,
        committee("nord", "technical", "2026-09-01", covers=["QN08003M"]),
        committee("etouvie", "technical", "2026-09-02", covers=["QN08001M"]),
        committee("copil", "steering", "2026-09-15"),
    )
    case = instructed(desk, "QN08001M")

    fill(desk)

    assert where(desk, case) == "etouvie/2026-09-02"


def test_a_call_that_a_technical_committee_decides_never_waits_for_the_steering_one(desk):
    opened(
        desk,
        committee("etouvie", "technical", "2026-10-02", covers=["QN08001M"]),
        committee("copil", "steering", "2026-09-15"),
        decides="technical",
    )
    case = instructed(desk)

    fill(desk)

    assert where(desk, case) == "etouvie/2026-10-02"


def test_a_case_with_no_technical_sitting_in_time_goes_straight_to_the_deciding_one_and_says_so(desk):
    opened(
        desk,
        committee("etouvie", "technical", "2026-09-20", covers=["QN08001M"]),
        committee("copil", "steering", "2026-09-15"),
    )
    case = instructed(desk)

    fill(desk)

    assert where(desk, case) == "copil/2026-09-15"
    assert "Aucun comité technique" in desk.value("SELECT note FROM agenda_items")


def test_a_wave_is_decided_on_its_day_and_prepared_after_it_closes(desk):
    opened(
        desk,
        committee("etouvie", "technical", "2026-07-01", "2026-09-01", covers=["QN08001M"]),
        committee("copil", "steering", "2026-07-15", "2026-09-15", "2026-12-10"),
        waves=[wave("2026-09-15")],
    )
    case = instructed(desk)

    fill(desk)

    assert where(desk, case) == "etouvie/2026-09-01"


def test_without_technical_committee_a_wave_waits_for_the_day_it_is_decided(desk):
    opened(desk, committee("copil", "steering", "2026-07-15", "2026-09-15"), waves=[wave("2026-09-15")])
    case = instructed(desk)

    fill(desk)

    assert where(desk, case) == "copil/2026-09-15"


def test_cases_over_several_neighbourhoods_go_where_the_contract_says(desk):
    opened(
        desk,
        committee("etouvie", "technical", "2026-09-01", covers=["QN08001M"]),
        committee("est", "technical", "2026-09-03", covers=["QN08002M"], several_neighbourhoods=True),
        committee("copil", "steering", "2026-09-15"),
    )
    several, one = instructed(desk, "QN08001M", "QN08003M"), instructed(desk, "QN08002M")
    alone = instructed(desk, "QN08003M")

    fill(desk)

    assert where(desk, several) == "est/2026-09-03"
    assert where(desk, one) == "est/2026-09-03"
    assert where(desk, alone) == "copil/2026-09-15"


def test_where_the_contract_says_nothing_several_neighbourhoods_go_to_the_committee_that_covers_them(desk):
    opened(
        desk,
        committee("etouvie", "technical", "2026-09-01", covers=["QN08001M"]),
        committee("ouest", "technical", "2026-09-02", covers=["QN08001M", "QN08003M"]),
        committee("copil", "steering", "2026-09-15"),
    )
    case = instructed(desk, "QN08001M", "QN08003M")

    fill(desk)

    assert where(desk, case) == "ouest/2026-09-02"


def test_those_that_do_not_fit_go_to_the_next_sitting_with_the_reason_in_their_journal(desk):
    full = {"day": "2026-09-15", "capacity": 2}
    opened(desk, committee("copil", "steering", full, "2026-10-15"))
    cases = [instructed(desk, at=f"2026-06-0{day}") for day in (3, 1, 2)]

    done = fill(desk, "2026-06-04")

    assert [where(desk, case) for case in cases] == [
        "copil/2026-10-15",
        "copil/2026-09-15",
        "copil/2026-09-15",
    ]
    assert (done.added, done.later) == (3, 1)
    details = desk.value(
        "SELECT details::json ->> 'reason' FROM journal WHERE case_id = %(id)s AND action = 'schedule'",
        id=cases[0],
    )
    assert (
        details == "La séance du 15\u00a0septembre 2026 est complète (2 dossiers)." or "complète" in details
    )


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-09-08 23:59", "copil/2026-09-15"), ("2026-09-09 00:00", "copil/2026-10-15")]
)
def test_an_agenda_closes_at_the_start_of_the_last_day_that_leaves_its_clear_days(desk, at, expected):
    """Five clear days before 15 September are the 10th to the 14th: the packet leaves on the 9th."""
    opened(desk, committee("copil", "steering", "2026-09-15", "2026-10-15"))
    case = instructed(desk)

    done = fill(desk, at)

    assert where(desk, case) == expected
    assert done.closed == (1 if expected.endswith("10-15") else 0)


def test_a_case_put_off_by_the_steering_committee_comes_back_to_it_and_not_to_the_technical_one(desk):
    opened(
        desk,
        committee("etouvie", "technical", "2026-09-01", "2026-10-01", covers=["QN08001M"]),
        committee("copil", "steering", "2026-09-15", "2026-10-15"),
    )
    case = instructed(desk)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=sitting(desk, "copil", "2026-09-15")))
    desk.run("UPDATE committees SET held_at = now(), agenda_open = false WHERE held_on = '2026-09-15'")
    desk.move(case, Action.DEFER, role=Role.SECRETARY, at="2026-09-15 18:00", given=Given(reason="Budget"))

    fill(desk, "2026-09-16")

    assert where(desk, case) == "copil/2026-10-15"


def test_two_fills_at_the_same_moment_put_no_case_twice_and_no_sitting_over_its_capacity(desk):
    opened(desk, committee("copil", "steering", {"day": "2026-09-15", "capacity": 5}, "2026-10-15"))
    cases = [instructed(desk) for _ in range(8)]

    with ThreadPoolExecutor(2) as runs:
        done = list(runs.map(lambda _: fill(desk), range(2)))

    assert sum(one.added for one in done) == len(cases)
    places = [where(desk, case) for case in cases]
    assert places.count("copil/2026-09-15") == 5
    assert places.count("copil/2026-10-15") == 3
    assert desk.value("SELECT count(*) FROM journal WHERE action = 'schedule'") == len(cases)
