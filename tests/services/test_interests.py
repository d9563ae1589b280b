"""Interests: found in the data, declared by members, settled by the secretary; a recusal hides its case."""

import pytest

from parvis.models.queries import interests as queries
from parvis.models.queries import recusals
from parvis.services import interests
from parvis.states.facts import By
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.agenda_desk import SECRETARY, committee, events, fill, instructed, opened, sitting
from tests.services.desk import CONTRACT, Desk, moment

NOW = moment("2026-06-10")
SEATS = [
    {"person": "max@ville.example", "role": "chair"},
    {"person": "paul@ville.example", "role": "funder"},
    {"person": "lea@ville.example", "role": "expert"},
]


@pytest.fixture
def seated(desk: Desk) -> Desk:
    """A steering committee of Max (in charge of the association of the other case), Paul and Léa."""
    gardener = {
        "email": "max@ville.example", "name": "Max Noir", "role": "manager",
        "organisations": ["association le jardin"],
    }  # fmt: skip
    others = [person for person in CONTRACT["people"] if person["email"] != gardener["email"]]
    return opened(
        desk,
        committee("copil", "steering", "2026-09-15", members=SEATS),
        people=[*others, gardener],
    )


def garden(desk: Desk) -> int:
    """A case of the association of one of the members."""
    case = desk.submitted_case(
        siret="77562527600018", organisation="Association « Le Jardin »", email="a@jardin.example"
    )
    desk.run("UPDATE documents SET received_at = now()")
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.run("UPDATE cases SET score = 70")
    desk.move(case, Action.INSTRUCT)
    return case


def person(desk: Desk, name: str) -> int:
    return int(desk.value("SELECT id FROM people WHERE name = %(name)s", name=name))


def hidden(desk: Desk, sitting_id: int) -> dict[int, frozenset[int]]:
    with desk.database.transaction() as session:
        return recusals.recused(session, sitting_id)


def may_see(desk: Desk, name: str, case: int) -> bool:
    with desk.database.transaction() as session:
        return recusals.may_see(session, person(desk, name), case)


def test_a_conflict_found_in_the_data_hides_the_case_until_the_secretary_dismisses_it(seated):
    case, other = garden(seated), instructed(seated)
    fill(seated)
    september = sitting(seated, "copil", "2026-09-15")
    max_ = person(seated, "Max Noir")

    assert interests.propose_all(seated.database, at=NOW) == 1
    assert interests.propose_all(seated.database, at=NOW) == 0

    assert hidden(seated, september) == {max_: frozenset({case})}
    assert not may_see(seated, "Max Noir", case)
    assert may_see(seated, "Max Noir", other)
    assert may_see(seated, "Paul Petit", case)
    with seated.database.transaction() as session, pytest.raises(MoveRefusedError):
        interests.dismiss(session, september, max_, case, reason=" ", by=SECRETARY, at=NOW)
    with seated.database.transaction() as session:
        interests.dismiss(session, september, max_, case, reason="Homonyme", by=SECRETARY, at=NOW)

    assert hidden(seated, september) == {}
    assert may_see(seated, "Max Noir", case)
    assert interests.propose_all(seated.database, at=NOW) == 0
    assert hidden(seated, september) == {}
    assert events(seated, september) == ["agenda_filled", "conflicts_found", "recusal_dismissed"]


def test_a_funder_is_known_by_the_names_other_systems_give_it_as_well(desk):
    etat, ville = CONTRACT["funders"]
    named = [{**etat, "aliases": ["Préfecture", "Association Le Jardin"]}, {**ville, "aliases": ["Mairie"]}]
    desk.run("UPDATE contracts SET digest = ''")
    sits = committee("copil", "steering", "2026-09-15", members=SEATS)
    seated = Desk.opened(desk.database, {**CONTRACT, "funders": named, "committees": [sits]})
    case, _ = garden(seated), instructed(seated)
    fill(seated)

    assert interests.propose_all(seated.database, at=NOW) == 1
    assert hidden(seated, sitting(seated, "copil", "2026-09-15")) == {
        person(seated, "Paul Petit"): frozenset({case})
    }


def test_a_member_declares_and_no_longer_sees_the_case_even_in_the_list_to_declare_from(seated):
    case, other = garden(seated), instructed(seated)
    fill(seated)
    september, paul = sitting(seated, "copil", "2026-09-15"), person(seated, "Paul Petit")
    with seated.database.transaction() as session:
        listed = interests.cases_to_weigh(session, september, paul)
        assert {(one.case_id, one.organisation) for one in listed} == {
            (case, "Association « Le Jardin »"),
            (other, "Association Exemple"),
        }
        by = By(f"person:{paul}", Role.FUNDER)
        interests.declare(session, september, paul, {case: "J’y suis bénévole"}, by=by, at=NOW)

    with seated.database.transaction() as session:
        assert [one.case_id for one in interests.cases_to_weigh(session, september, paul)] == [other]
        [line] = queries.of_sitting(session, september)
    assert (line.person, line.ground, line.detail, line.status) == (
        "Paul Petit",
        "declared",
        "J’y suis bénévole",
        "confirmed",
    )
    assert hidden(seated, september) == {paul: frozenset({case})}
    assert seated.value("SELECT declared_at FROM committee_members WHERE person_id = %(id)s", id=paul) == NOW


def test_declaring_none_again_takes_back_what_was_declared_and_not_what_was_found(seated):
    case, other = garden(seated), instructed(seated)
    fill(seated)
    interests.propose_all(seated.database, at=NOW)
    september, max_ = sitting(seated, "copil", "2026-09-15"), person(seated, "Max Noir")
    by = By(f"person:{max_}", Role.MANAGER)

    for declared in ({other: "Voisin"}, {}):
        with seated.database.transaction() as session:
            interests.declare(session, september, max_, declared, by=by, at=NOW)

    assert hidden(seated, september) == {max_: frozenset({case})}
    assert seated.value("SELECT reason FROM interests WHERE case_id = %(id)s", id=other)


def test_a_dismissed_conflict_that_the_member_then_declares_hides_the_case_again(seated):
    case = garden(seated)
    fill(seated)
    interests.propose_all(seated.database, at=NOW)
    september, max_ = sitting(seated, "copil", "2026-09-15"), person(seated, "Max Noir")
    with seated.database.transaction() as session:
        interests.dismiss(session, september, max_, case, reason="Homonyme", by=SECRETARY, at=NOW)

    with seated.database.transaction() as session:
        interests.declare(session, september, max_, {case: "J’en suis membre"}, by=SECRETARY, at=NOW)

    assert not may_see(seated, "Max Noir", case)


def test_only_a_member_declares_only_cases_of_the_agenda_and_only_before_the_session(seated):
    case = instructed(seated)
    fill(seated)
    elsewhere = seated.ready_case()
    september, paul = sitting(seated, "copil", "2026-09-15"), person(seated, "Paul Petit")

    def refusal(who: int, cases: dict[int, str]) -> str:
        with seated.database.transaction() as session, pytest.raises(MoveRefusedError) as refused:
            interests.declare(session, september, who, cases, by=SECRETARY, at=NOW)
        return refused.value.reasons[0].code

    assert refusal(person(seated, "Inès Roy"), {}) == "not_a_member"
    assert refusal(paul, {elsewhere: "x"}) == "not_on_agenda"
    seated.run("UPDATE committees SET closed_at = now()")
    assert refusal(paul, {case: "x"}) == "session_over"


def test_a_case_that_comes_later_is_compared_as_well(seated):
    instructed(seated)
    fill(seated)
    assert interests.propose_all(seated.database, at=NOW) == 0

    case = garden(seated)
    fill(seated)

    assert interests.propose_all(seated.database, at=NOW) == 1
    assert not may_see(seated, "Max Noir", case)


def test_confirming_or_dismissing_what_nobody_found_is_refused(seated):
    case = instructed(seated)
    fill(seated)
    september, paul = sitting(seated, "copil", "2026-09-15"), person(seated, "Paul Petit")

    with seated.database.transaction() as session, pytest.raises(MoveRefusedError) as refused:
        interests.confirm(session, september, paul, case, by=SECRETARY, at=NOW)

    assert [reason.code for reason in refused.value.reasons] == ["no_interest"]
