"""A case is on the agenda its row says, whoever moves it and however many move: each story ends with that check."""

import pytest

from parvis.models.queries.contracts import write_contract
from parvis.services.advance import Request, advance_many
from parvis.states.contract import Contract
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import CONTRACT, Desk, moment

SECRETARY = By("person:3", Role.SECRETARY)
STEERING = {
    "code": "copil", "name": "Comité de pilotage", "kind": "steering", "held_on": ["2026-09-15", "2026-10-15"],
}  # fmt: skip
TWO_SITTINGS = {**CONTRACT, "committees": [STEERING]}


@pytest.fixture
def sittings(desk: Desk) -> tuple[int, int]:
    """The two sittings of the steering committee."""
    with desk.database.transaction() as session:
        write_contract(
            session, Contract.model_validate(TWO_SITTINGS), digest="two sittings", at=moment("2026-01-01")
        )
    first, second = desk.rows("SELECT id FROM committees WHERE code = 'copil' ORDER BY held_on")
    return first[0], second[0]


def instructed(desk: Desk, count: int) -> list[int]:
    cases = [desk.ready_case() for _ in range(count)]
    for case in cases:
        desk.move(case, Action.INSTRUCT)
    return cases


def bulk(desk: Desk, cases: list[int], action: Action, given: Given, by: By = SECRETARY) -> None:
    with desk.database.transaction() as session:
        advance_many(
            session, [Request(case, given) for case in cases], action, by=by, at=moment("2026-06-02")
        )


def agenda(desk: Desk, committee: int) -> list[tuple[int, int, str, str]]:
    return [
        (case, position, origin, note)
        for case, position, origin, note in desk.rows(
            "SELECT case_id, position, origin, note FROM agenda_items WHERE committee_id = %(id)s AND left_at IS NULL"
            " ORDER BY position",
            id=committee,
        )
    ]


def test_cases_come_one_after_the_other_whether_alone_or_together(desk, sittings):
    alone, *together = instructed(desk, 3)
    desk.move(alone, Action.SCHEDULE, given=Given(committee_id=sittings[0]))

    bulk(desk, together, Action.SCHEDULE, Given(committee_id=sittings[0]), By("clock", Role.CLOCK))

    assert agenda(desk, sittings[0]) == [
        (alone, 1, "hand", ""),
        (together[0], 2, "wave", ""),
        (together[1], 3, "wave", ""),
    ]
    assert desk.out_of_step() == []


@pytest.mark.parametrize("count", [1, 3])
def test_cases_carried_leave_one_sitting_for_the_other_with_the_reason(desk, sittings, count):
    cases = instructed(desk, count)
    bulk(desk, cases, Action.SCHEDULE, Given(committee_id=sittings[0]))
    desk.run("UPDATE committees SET agenda_open = false WHERE id = %(id)s", id=sittings[0])

    bulk(desk, cases, Action.CARRY, Given(committee_id=sittings[1], reason="Séance trop chargée"))

    assert agenda(desk, sittings[0]) == []
    assert [(origin, note) for *_, origin, note in agenda(desk, sittings[1])] == [
        ("carried", "Séance trop chargée")
    ] * count
    assert {desk.stage(case) for case in cases} == {"committee"}
    assert desk.out_of_step() == []


def test_the_deadline_to_decide_follows_the_sitting_a_case_is_carried_to(desk, sittings):
    (case,) = instructed(desk, 1)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=sittings[0]))

    desk.move(case, Action.CARRY, role=Role.SECRETARY, given=Given(committee_id=sittings[1], reason="Report"))

    due = desk.rows("SELECT due_at FROM timers WHERE rule LIKE 'decide%%' AND settled_at IS NULL")
    assert len(due) == 2
    assert all(at > moment("2026-10-15") for (at,) in due)


def test_a_case_is_not_carried_to_the_sitting_it_is_on_and_keeps_its_deadline(desk, sittings):
    (case,) = instructed(desk, 1)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=sittings[0]))

    with pytest.raises(MoveRefusedError) as refused:
        desk.move(
            case, Action.CARRY, role=Role.SECRETARY, given=Given(committee_id=sittings[0], reason="Report")
        )

    assert [reason.code for reason in refused.value.reasons] == ["other_session"]
    assert "déjà à l’ordre du jour" in refused.value.reasons[0].sentence.fr
    assert desk.value("SELECT count(*) FROM timers WHERE rule LIKE 'decide%%' AND settled_at IS NULL") == 2


def test_a_case_carried_back_takes_its_old_line_again_at_the_end(desk, sittings):
    case, other = instructed(desk, 2)
    bulk(desk, [case, other], Action.SCHEDULE, Given(committee_id=sittings[0]))

    for committee in (sittings[1], sittings[0]):
        desk.move(
            case, Action.CARRY, role=Role.SECRETARY, given=Given(committee_id=committee, reason="Report")
        )

    assert [(line[0], line[2]) for line in agenda(desk, sittings[0])] == [(other, "hand"), (case, "carried")]
    assert agenda(desk, sittings[1]) == []


@pytest.mark.parametrize(
    ("action", "role"),
    [(Action.UNSCHEDULE, Role.INSTRUCTOR), (Action.DEFER, Role.SECRETARY), (Action.WITHDRAW, Role.APPLICANT)],
)
def test_a_case_that_goes_back_or_ends_leaves_the_agenda_and_its_trace(desk, sittings, action, role):
    case, other = instructed(desk, 2)
    bulk(desk, [case, other], Action.SCHEDULE, Given(committee_id=sittings[0]))

    desk.move(case, action, role=role, given=Given(reason="Budget à revoir"))

    assert [line[0] for line in agenda(desk, sittings[0])] == [other]
    assert desk.value("SELECT left_at IS NOT NULL FROM agenda_items WHERE case_id = %(id)s", id=case)
    assert desk.out_of_step() == []


def test_a_decided_case_stays_on_the_agenda_of_its_sitting(desk, sittings):
    case, refused = instructed(desk, 2)
    bulk(desk, [case, refused], Action.SCHEDULE, Given(committee_id=sittings[0]))
    desk.hold_session()

    desk.move(case, Action.FUND, role=Role.SECRETARY, given=Given(amounts=(("etat", 100),)))
    desk.move(refused, Action.REJECT, role=Role.SECRETARY, given=Given(reason="Hors quartier"))

    assert [line[0] for line in agenda(desk, sittings[0])] == [case, refused]
    desk.move(refused, Action.REOPEN, role=Role.MANAGER, given=Given(reason="Recours"))
    assert [line[0] for line in agenda(desk, sittings[0])] == [case]


def test_a_case_is_not_taken_off_the_agenda_of_a_session_that_was_held(desk, sittings):
    (case,) = instructed(desk, 1)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=sittings[0]))
    desk.hold_session()

    with pytest.raises(MoveRefusedError) as refused:
        desk.move(case, Action.UNSCHEDULE, given=Given(reason="Oubli"))

    assert [reason.code for reason in refused.value.reasons] == ["session_to_come"]
