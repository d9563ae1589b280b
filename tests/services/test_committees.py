"""The session of a committee is recorded once it has taken place, and its quorum stands once cases are decided."""

from datetime import date

import pytest

from parvis.models.queries.committees import Sitting
from parvis.services.committees import find_sitting, hold
from parvis.services.people import UnknownNameError, acting, funders
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk, moment


def held(desk: Desk, at: str, *, quorate: bool = True) -> Sitting:
    with desk.database.transaction() as session:
        return hold(session, find_sitting(session, "copil", date(2026, 9, 15), at=moment(at)), at=moment(at),
                    quorate=quorate)  # fmt: skip


def test_a_session_held_lets_its_committee_decide(desk):
    case = desk.case_in_committee()

    sitting = held(desk, "2026-09-15 11:00")
    desk.move(
        case, Action.FUND, at="2026-09-15 12:00", role=Role.SECRETARY, given=Given(amounts=(("etat", 100),))
    )

    assert (sitting.quorate, sitting.recusals_recorded, sitting.agenda_open) == (True, True, False)
    assert desk.stage(case) == "funded"


def test_a_session_is_not_recorded_before_its_day(desk):
    with pytest.raises(MoveRefusedError) as refused:
        held(desk, "2026-09-14 23:59")

    assert [reason.code for reason in refused.value.reasons] == ["session_to_come"]


def test_the_same_session_again_writes_nothing(desk):
    first = held(desk, "2026-09-15 11:00")

    assert held(desk, "2026-09-16 11:00") == first


def test_a_wrong_quorum_is_corrected_until_a_case_is_decided(desk):
    case = desk.case_in_committee()
    held(desk, "2026-09-15 11:00", quorate=False)

    corrected = held(desk, "2026-09-15 12:00")
    desk.move(
        case, Action.FUND, at="2026-09-15 13:00", role=Role.SECRETARY, given=Given(amounts=(("etat", 100),))
    )

    assert corrected.quorate
    with pytest.raises(MoveRefusedError):
        held(desk, "2026-09-16 11:00", quorate=False)


def test_a_committee_without_a_day_is_its_next_open_sitting(desk):
    with desk.database.transaction() as session:
        assert find_sitting(session, "COPIL", None, at=moment("2026-09-15")).held_on == date(2026, 9, 15)
        with pytest.raises(UnknownNameError) as unknown:
            find_sitting(session, "copil", None, at=moment("2026-09-16"))

    assert unknown.value.known == ("copil/2026-09-15",)


def test_an_unknown_committee_is_answered_with_those_there_are(desk):
    with desk.database.transaction() as session, pytest.raises(UnknownNameError) as unknown:
        find_sitting(session, "cotech", None, at=moment("2026-09-01"))

    assert unknown.value.known == ("copil", "etouvie")


def test_a_person_acts_in_the_role_of_the_contract(desk):
    with desk.database.transaction() as session:
        paul = acting(session, " Paul@VILLE.example ")
        asked = funders(session, desk.contract_id, ["ETAT"])

    assert (paul.by.role, paul.name, (paul.funder_id,)) == ("funder", "Paul Petit", asked)


def test_a_stranger_and_an_unknown_funder_are_answered_with_those_there_are(desk):
    with desk.database.transaction() as session:
        with pytest.raises(UnknownNameError) as stranger:
            acting(session, "personne@ville.example")
        with pytest.raises(UnknownNameError) as funder:
            funders(session, desk.contract_id, ["etat", "region"])

    assert "max@ville.example" in stranger.value.known
    assert (funder.value.name, funder.value.known) == ("region", ("etat", "ville"))


def test_a_sitting_is_named_by_its_committee_and_its_day_behind_a_slash(desk):
    with desk.database.transaction() as session:
        found = find_sitting(session, "copil/2026-09-15", None, at=moment("2026-06-01"))

        assert (found.code, str(found.held_on)) == ("copil", "2026-09-15")
        with pytest.raises(UnknownNameError):
            find_sitting(session, "copil/demain", None, at=moment("2026-06-01"))
