"""A committee, a person or a funder is found by what one calls it, or answered with those there are."""

from datetime import date

import pytest

from parvis.services.committees import find_sitting
from parvis.services.people import UnknownNameError, acting, funders
from tests.services.desk import moment


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
