"""The sittings a contract file says, as it changes: those to come follow it, those held never move."""

from datetime import date, time

import pytest

from parvis.models.queries import recusals
from parvis.models.queries.contracts import write_contract
from parvis.services import sitting_changes
from parvis.services.unlisted import tell_unlisted
from parvis.states.contract import Contract
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.services.desk import CONTRACT, Desk, moment

MEMBERS = [
    {"person": "max@ville.example", "role": "chair"},
    {"person": "paul@ville.example", "role": "funder"},
    {"person": "ines@ville.example", "role": "substitute", "substitute_for": "paul@ville.example"},
    {"person": "lea@ville.example", "role": "expert"},
]


def contract(**steering: object) -> Contract:
    """The desk's contract, its steering committee said otherwise."""
    copil, etouvie = CONTRACT["committees"]
    changed = {**copil, "members": MEMBERS, **steering}
    return Contract.model_validate({**CONTRACT, "committees": [changed, etouvie]})


def rewrite(desk: Desk, **steering: object) -> None:
    """The file changes."""
    with desk.database.transaction() as session:
        write_contract(session, contract(**steering), digest=str(steering), at=moment("2026-01-01"))


@pytest.fixture
def seated(desk: Desk) -> Desk:
    """A desk whose steering committee has members."""
    rewrite(desk)
    return desk


def sittings(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows(
        "SELECT held_on, starts_at, room, capacity FROM committees WHERE code = 'copil' ORDER BY held_on"
    )


def members(desk: Desk) -> dict[str, tuple[str, bool, str | None]]:
    rows = desk.rows(
        """
        SELECT p.name, m.role, m.votes, q.name FROM committee_members m
          JOIN people p ON p.id = m.person_id
          LEFT JOIN committee_members t ON t.id = m.substitute_for LEFT JOIN people q ON q.id = t.person_id
        """
    )
    return {name: (role, votes, titular) for name, role, votes, titular in rows}


def test_a_sitting_says_its_hour_and_room_and_what_differs_that_day(seated):
    rewrite(
        seated,
        starts_at="10:00",
        room="Salle A",
        held_on=["2026-09-15", {"day": "2026-10-15", "room": "Salle B", "capacity": 12}],
    )

    assert sittings(seated) == [
        (date(2026, 9, 15), time(10), "Salle A", None),
        (date(2026, 10, 15), time(10), "Salle B", 12),
    ]


def test_a_held_or_cancelled_sitting_keeps_what_it_was_when_the_file_changes(seated):
    rewrite(seated, held_on=["2026-09-15", "2026-10-15"])
    seated.hold_session()
    seated.run("UPDATE committees SET held_at = NULL, cancelled_at = now() WHERE held_on = '2026-10-15'")

    rewrite(seated, starts_at="08:00", members=[], held_on=["2026-11-15"])

    assert [(day, start) for day, start, *_ in sittings(seated)] == [
        (date(2026, 9, 15), time(14, 30)),
        (date(2026, 10, 15), time(14, 30)),
        (date(2026, 11, 15), time(8)),
    ]
    assert len(members(seated)) == 4


def test_a_sitting_the_file_says_no_more_goes_unless_something_was_done_for_it(seated):
    rewrite(seated, held_on=["2026-09-15", "2026-10-15"])
    case = seated.ready_case()
    seated.move(case, Action.INSTRUCT)
    october = seated.value("SELECT id FROM committees WHERE held_on = '2026-10-15'")
    seated.move(case, Action.SCHEDULE, given=Given(committee_id=october))

    rewrite(seated, held_on=["2026-11-15"])

    assert [day for day, *_ in sittings(seated)] == [date(2026, 10, 15), date(2026, 11, 15)]
    assert seated.value("SELECT planned_on FROM committees WHERE held_on = '2026-10-15'") is None


def told(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT recipient, title_fr FROM tasks WHERE done_at IS NULL ORDER BY recipient")


def test_a_sitting_in_use_that_the_file_says_no_more_is_to_be_cancelled_or_put_back(seated):
    case = seated.ready_case()
    seated.move(case, Action.INSTRUCT)
    seated.move(case, Action.SCHEDULE, given=Given(committee_id=seated.committee("copil")))
    rewrite(seated, held_on=["2026-11-15"])

    with seated.database.transaction() as session:
        tell_unlisted(session, seated.contract_id, at=moment("2026-06-02"))
        tell_unlisted(session, seated.contract_id, at=moment("2026-06-03"))

    assert [recipient for recipient, _ in told(seated)] == ["administrator", "secretary"]
    assert all("parvis committee cancel copil/2026-09-15" in str(title) for _, title in told(seated))

    rewrite(seated, held_on=["2026-09-15", "2026-11-15"])
    with seated.database.transaction() as session:
        tell_unlisted(session, seated.contract_id, at=moment("2026-06-04"))

    assert told(seated) == []


def test_the_task_about_a_sitting_that_the_file_says_no_more_ends_when_it_is_cancelled(seated):
    case = seated.ready_case()
    seated.move(case, Action.INSTRUCT)
    unlisted = seated.committee("copil")
    seated.move(case, Action.SCHEDULE, given=Given(committee_id=unlisted))
    rewrite(seated, held_on=["2026-11-15"])

    with seated.database.transaction() as session:
        tell_unlisted(session, seated.contract_id, at=moment("2026-06-02"))
        sitting_changes.cancel(
            session,
            unlisted,
            reason="Retirée du contrat",
            by=By("person:3", Role.SECRETARY),
            at=moment("2026-06-03"),
        )

    assert seated.value("SELECT count(*) FROM tasks") == 2
    assert told(seated) == []


def test_a_sitting_moved_to_another_day_stays_there_when_the_file_is_read_again(seated):
    seated.run("UPDATE committees SET held_on = '2026-09-16' WHERE code = 'copil'")

    rewrite(seated, room="Salle C")

    assert [(day, room) for day, _, room, _ in sittings(seated)] == [(date(2026, 9, 16), "Salle C")]


def test_members_follow_the_file_and_a_substitute_votes_as_its_titular(seated):
    assert members(seated) == {
        "Max Noir": ("chair", True, None),
        "Paul Petit": ("funder", True, None),
        "Inès Roy": ("substitute", True, "Paul Petit"),
        "Léa Blanc": ("expert", False, None),
    }

    paul = {**MEMBERS[1], "votes": False}
    rewrite(seated, members=[MEMBERS[0], paul, MEMBERS[2]])

    assert members(seated) == {
        "Max Noir": ("chair", True, None),
        "Paul Petit": ("funder", False, None),
        "Inès Roy": ("substitute", False, "Paul Petit"),
    }


def test_a_member_already_summoned_stays_until_told_otherwise(seated):
    seated.run("UPDATE committee_members SET invited_at = now() WHERE role = 'substitute'")

    rewrite(seated, members=[MEMBERS[0]])

    assert set(members(seated)) == {"Max Noir", "Paul Petit", "Inès Roy"}


def test_the_same_file_again_does_not_make_a_sitting_another_version(seated):
    rewrite(seated, room="Salle D")
    before = seated.value("SELECT version FROM committees WHERE code = 'copil'")

    rewrite(seated, room="Salle D", members=MEMBERS[:3])

    assert seated.value("SELECT version FROM committees WHERE code = 'copil'") == before


def test_a_neighbourhood_a_committee_covers_no_more_leaves_its_sittings(seated):
    assert seated.value("SELECT count(*) FROM committee_neighbourhoods") == 1

    rewrite(seated, covers=["QN08003M"])
    assert seated.value("SELECT count(*) FROM committee_neighbourhoods") == 2
    rewrite(seated)

    assert seated.value("SELECT count(*) FROM committee_neighbourhoods") == 1


def test_an_interest_hides_its_case_until_it_is_dismissed(seated):
    case, other = seated.case_in_committee(), seated.case_in_committee()
    copil = seated.committee("copil")
    paul = seated.value("SELECT id FROM people WHERE name = 'Paul Petit'")
    seated.run(
        "INSERT INTO interests (person_id, case_id, ground, at, by)"
        " VALUES (%(paul)s, %(case)s, 'address', %(at)s, 'clock')",
        paul=paul, case=case, at=moment("2026-09-01"),
    )  # fmt: skip

    with seated.database.transaction() as session:
        assert recusals.recused(session, copil) == {paul: frozenset({case})}
        assert not recusals.may_see(session, paul, case)
        assert recusals.may_see(session, paul, other)

    seated.run("UPDATE interests SET status = 'dismissed', reason = 'homonyme'")

    with seated.database.transaction() as session:
        assert recusals.recused(session, copil) == {}
        assert recusals.may_see(session, paul, case)
