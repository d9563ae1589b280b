"""Agendas put right by hand: reopened, added to, taken off, reordered, whatever somebody else does meanwhile."""

import pytest

from parvis.services import agendas
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.services.agenda_desk import SECRETARY, committee, events, fill, instructed, opened, sitting, where
from tests.services.desk import Desk, moment


def test_an_agenda_reopened_with_a_reason_takes_cases_again_until_somebody_closes_it(desk):
    opened(desk, committee("copil", "steering", "2026-09-15"))
    case, late = instructed(desk), instructed(desk)
    september = sitting(desk, "copil", "2026-09-15")
    agendas.close_due(desk.database, at=moment("2026-09-10"))
    with desk.database.transaction() as session, pytest.raises(MoveRefusedError):
        agendas.add(session, september, case, by=SECRETARY, at=moment("2026-09-10"))
    with desk.database.transaction() as session, pytest.raises(MoveRefusedError):
        agendas.reopen(session, september, reason=" ", by=SECRETARY, at=moment("2026-09-10"))

    with desk.database.transaction() as session:
        assert agendas.reopen(session, september, reason="Urgence", by=SECRETARY, at=moment("2026-09-10"))
        agendas.add(session, september, case, by=SECRETARY, at=moment("2026-09-10"))
    fill(desk, "2026-09-11")

    assert (where(desk, case), where(desk, late)) == ("copil/2026-09-15", "copil/2026-09-15")
    assert events(desk, september) == ["agenda_closed", "agenda_reopened", "agenda_filled", "agenda_filled"]


def test_a_case_taken_off_by_hand_is_not_put_back_by_itself(desk):
    opened(desk, committee("copil", "steering", "2026-09-15", "2026-10-15"))
    case = instructed(desk)
    fill(desk)
    with desk.database.transaction() as session:
        agendas.remove(
            session,
            sitting(desk, "copil", "2026-09-15"),
            case,
            reason="Budget",
            by=SECRETARY,
            at=moment("2026-06-03"),
        )

    fill(desk, "2026-06-04")

    assert where(desk, case) == "copil/2026-10-15"


def test_the_same_request_twice_fills_the_agenda_once_and_its_journal_says_so_once(desk):
    opened(desk, committee("copil", "steering", "2026-09-15", "2026-10-15"))
    case, at = instructed(desk), moment("2026-06-03")
    september, october = sitting(desk, "copil", "2026-09-15"), sitting(desk, "copil", "2026-10-15")

    for _ in range(2):
        with desk.database.transaction() as session:
            agendas.add(session, september, case, by=SECRETARY, at=at, key="add")
    for _ in range(2):
        with desk.database.transaction() as session:
            agendas.carry(
                session, september, october, case, reason="Budget", by=SECRETARY, at=at, key="carry"
            )
    for _ in range(2):
        with desk.database.transaction() as session:
            agendas.remove(session, october, case, reason="Budget", by=SECRETARY, at=at, key="remove")

    assert events(desk, september) == ["agenda_filled", "case_carried"]
    assert events(desk, october) == ["case_removed"]
    assert desk.stage(case) == "instructed"


def test_a_full_sitting_takes_a_case_by_hand_only_when_somebody_says_so(desk):
    opened(desk, committee("copil", "steering", {"day": "2026-09-15", "capacity": 1}))
    first, second = instructed(desk), instructed(desk)
    september = sitting(desk, "copil", "2026-09-15")
    fill(desk)

    with desk.database.transaction() as session, pytest.raises(MoveRefusedError) as refused:
        agendas.add(session, september, second, by=SECRETARY, at=moment("2026-06-03"))
    with desk.database.transaction() as session:
        agendas.add(session, september, second, by=SECRETARY, at=moment("2026-06-03"), over_capacity=True)

    assert [reason.code for reason in refused.value.reasons] == ["agenda_full"]
    assert {where(desk, first), where(desk, second)} == {"copil/2026-09-15"}


def ordered(desk: Desk, sitting_id: int) -> list[int]:
    rows = desk.rows(
        "SELECT case_id FROM agenda_items WHERE committee_id = %(id)s AND left_at IS NULL ORDER BY position",
        id=sitting_id,
    )
    return [row[0] for row in rows]


def test_of_two_secretaries_who_reorder_at_once_the_second_is_told_to_read_again(desk):
    opened(desk, committee("copil", "steering", "2026-09-15"))
    one, two, three = (instructed(desk) for _ in range(3))
    fill(desk)
    september = sitting(desk, "copil", "2026-09-15")
    version = desk.value("SELECT version FROM committees")

    with desk.database.transaction() as session:
        agendas.reorder(
            session, september, [three], by=SECRETARY, at=moment("2026-06-03"), expected_version=version
        )
    with desk.database.transaction() as session, pytest.raises(StaleVersionError):
        agendas.reorder(
            session, september, [two], by=SECRETARY, at=moment("2026-06-03"), expected_version=version
        )

    assert ordered(desk, september) == [three, one, two]
    late = instructed(desk)
    fill(desk)
    assert ordered(desk, september) == [three, one, two, late]


def test_a_case_that_is_elsewhere_is_neither_reordered_nor_removed_nor_carried(desk):
    opened(desk, committee("copil", "steering", "2026-09-15", "2026-10-15"))
    case = instructed(desk)
    fill(desk)
    september, october = sitting(desk, "copil", "2026-09-15"), sitting(desk, "copil", "2026-10-15")

    for wrong in (
        lambda s: agendas.reorder(s, october, [case], by=SECRETARY, at=moment("2026-06-03")),
        lambda s: agendas.remove(s, october, case, reason="x", by=SECRETARY, at=moment("2026-06-03")),
        lambda s: agendas.carry(
            s, october, september, case, reason="x", by=SECRETARY, at=moment("2026-06-03")
        ),
    ):
        with desk.database.transaction() as session, pytest.raises(MoveRefusedError) as refused:
            wrong(session)
        assert refused.value.reasons[0].code == "not_on_agenda"

    with desk.database.transaction() as session:
        agendas.carry(
            session, september, october, case, reason="Trop chargée", by=SECRETARY, at=moment("2026-06-03")
        )
    assert where(desk, case) == "copil/2026-10-15"
    assert events(desk, september) == ["agenda_filled", "case_carried"]
