"""Members are summoned once, in time, told of each change, let go of; substitutes come in."""

from datetime import date, time

import pytest

from parvis.models.queries import members
from parvis.services import agendas, interests, sitting_changes, summons
from parvis.services.summons import Summoned
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.agenda_desk import SECRETARY, committee, events, fill, instructed, opened, sitting, where
from tests.services.desk import Desk, moment

SEATS = [
    {"person": "max@ville.example", "role": "chair"},
    {"person": "paul@ville.example", "role": "funder"},
    {"person": "ines@ville.example", "role": "substitute", "substitute_for": "paul@ville.example"},
]
SETTINGS = {"members": SEATS, "summons_days": 10, "lead_days": 5, "room": "Salle A", "starts_at": "14:30"}
DUE = "2026-09-04"  # ten clear days before 15 September: the 5th to the 14th


@pytest.fixture
def seated(desk: Desk) -> Desk:
    """A steering committee of a chair, a funder and the funder's substitute; one case on its agenda."""
    opened(desk, committee("copil", "steering", "2026-09-15", "2026-10-15", **SETTINGS))
    instructed(desk)
    fill(desk)
    return desk


def summon(desk: Desk, at: str) -> Summoned:
    return summons.summon_all(desk.database, at=moment(at))


def letters(desk: Desk, template: str = "summons") -> list[tuple[str, int, str]]:
    """To whom, which SEQUENCE, which METHOD, in the order they were owed."""
    rows = desk.rows(
        """
        SELECT p.name, l.enclosures #>> '{0,text}' FROM letters l JOIN people p ON l.recipient = 'person:' || p.id
         WHERE l.template = %(template)s ORDER BY l.id
        """,
        template=template,
    )
    return [
        (name, int(text.split("SEQUENCE:")[1].split("\r\n")[0]), text.split("METHOD:")[1].split("\r\n")[0])
        for name, text in rows
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-09-03 23:59", 0), (f"{DUE} 07:59", 0), (f"{DUE} 08:00", 2), ("2026-09-10", 2)],
)
def test_members_are_summoned_on_the_last_morning_that_leaves_their_clear_days_or_as_soon_as_possible(
    seated, at, expected
):
    assert summon(seated, at).summoned == expected


def test_each_titular_member_is_summoned_once_with_an_invitation_and_a_link_of_their_own(seated):
    assert summon(seated, DUE) == Summoned(summoned=2)
    assert summon(seated, "2026-09-05") == Summoned()

    assert letters(seated) == [("Max Noir", 0, "REQUEST"), ("Paul Petit", 0, "REQUEST")]
    paths = [row[0] for row in seated.rows("SELECT data ->> 'path' FROM letters WHERE template = 'summons'")]
    assert len(set(paths)) == 2
    assert all(path.startswith("/lien/") for path in paths)
    assert events(seated, sitting(seated, "copil", "2026-09-15"))[-1] == "summoned"


def test_an_invitation_says_when_where_and_for_how_long(seated):
    summon(seated, DUE)

    text = seated.value("SELECT enclosures #>> '{0,text}' FROM letters WHERE template = 'summons' LIMIT 1")

    assert "DTSTART;TZID=Europe/Paris:20260915T143000\r\n" in text
    assert "DTEND;TZID=Europe/Paris:20260915T173000\r\n" in text
    assert "Salle A" in text


@pytest.mark.parametrize(
    "change", [{"starts_at": time(9)}, {"room": "Salle B"}, {"held_on": date(2026, 9, 17)}]
)
def test_a_change_is_told_once_with_a_larger_sequence_to_those_already_summoned(seated, change):
    summon(seated, DUE)
    september = sitting(seated, "copil", "2026-09-15")

    with seated.database.transaction() as session:
        told = sitting_changes.move(session, september, by=SECRETARY, at=moment("2026-09-05"), **change)
    assert summon(seated, "2026-09-05 12:00") == Summoned()

    assert told == Summoned(changed=2)
    assert letters(seated)[2:] == [("Max Noir", 1, "REQUEST"), ("Paul Petit", 1, "REQUEST")]
    assert seated.value(
        "SELECT count(DISTINCT split_part(enclosures #>> '{0,text}', 'UID:', 2)) > 0 FROM letters"
    )


def test_a_change_before_anybody_was_summoned_is_told_to_nobody(seated):
    with seated.database.transaction() as session:
        sitting_changes.move(
            session,
            sitting(seated, "copil", "2026-09-15"),
            room="Salle B",
            by=SECRETARY,
            at=moment("2026-07-01"),
        )

    assert letters(seated) == []


def test_a_sitting_is_moved_neither_to_the_past_nor_to_a_day_it_sits_already(seated):
    september = sitting(seated, "copil", "2026-09-15")

    def refusal(day: date) -> str:
        with seated.database.transaction() as session, pytest.raises(MoveRefusedError) as refused:
            sitting_changes.move(session, september, held_on=day, by=SECRETARY, at=moment("2026-07-01"))
        return refused.value.reasons[0].code

    assert refusal(date(2026, 7, 1)) == "day_passed"
    assert refusal(date(2026, 10, 15)) == "day_taken"


def test_a_substitute_is_summoned_when_the_titular_will_not_come(seated):
    september = sitting(seated, "copil", "2026-09-15")
    paul = seated.value("SELECT id FROM people WHERE name = 'Paul Petit'")
    summon(seated, DUE)

    with seated.database.transaction() as session:
        assert sitting_changes.excuse(
            session, september, paul, by=SECRETARY, at=moment("2026-09-05 10:00")
        ) == Summoned(1)
    with seated.database.transaction() as session:
        assert (
            sitting_changes.excuse(session, september, paul, by=SECRETARY, at=moment("2026-09-05 12:00"))
            == Summoned()
        )

    assert letters(seated)[2:] == [("Inès Roy", 0, "REQUEST")]
    assert seated.value(
        "SELECT data ->> 'titular' FROM letters WHERE template = 'summons' ORDER BY id DESC LIMIT 1"
    )


def test_a_cancelled_sitting_moves_its_cases_to_the_next_one_and_lets_its_members_go(seated):
    summon(seated, DUE)
    september = sitting(seated, "copil", "2026-09-15")
    [(case,)] = seated.rows("SELECT id FROM cases")

    with seated.database.transaction() as session, pytest.raises(MoveRefusedError):
        sitting_changes.cancel(session, september, reason="", by=SECRETARY, at=moment("2026-09-07"))
    with seated.database.transaction() as session:
        assert (
            sitting_changes.cancel(
                session, september, reason="Inondation", by=SECRETARY, at=moment("2026-09-07")
            )
            == 1
        )
    assert summon(seated, "2026-09-08") == Summoned()

    assert where(seated, case) == "copil/2026-10-15"
    assert "Inondation" in seated.value("SELECT note FROM agenda_items WHERE left_at IS NULL")
    assert letters(seated, "summons_cancelled") == [("Max Noir", 1, "CANCEL"), ("Paul Petit", 1, "CANCEL")]
    assert seated.value("SELECT data ->> 'reason' FROM letters WHERE template = 'summons_cancelled' LIMIT 1")
    assert events(seated, september)[-2:] == ["cancelled", "summoned"]


def test_cancelling_the_last_sitting_sends_its_cases_back_to_wait_for_another(desk):
    opened(desk, committee("copil", "steering", "2026-09-15", **SETTINGS))
    case = instructed(desk)
    fill(desk)

    with desk.database.transaction() as session:
        sitting_changes.cancel(
            session,
            sitting(desk, "copil", "2026-09-15"),
            reason="Grève",
            by=SECRETARY,
            at=moment("2026-09-07"),
        )

    assert desk.stage(case) == "instructed"
    assert letters(desk, "summons_cancelled") == []


def test_a_member_the_contract_no_longer_seats_is_let_go_of_with_those_who_stood_in(seated):
    summon(seated, DUE)
    opened(
        seated,
        committee("copil", "steering", "2026-09-15", "2026-10-15", **{**SETTINGS, "members": SEATS[:1]}),
    )

    assert summon(seated, "2026-09-05").cancelled == 1
    assert summon(seated, "2026-09-05") == Summoned()

    assert letters(seated, "summons_cancelled") == [("Paul Petit", 1, "CANCEL")]
    september = sitting(seated, "copil", "2026-09-15")
    assert (
        seated.value("SELECT count(*) FROM committee_members WHERE committee_id = %(id)s", id=september) == 1
    )


def test_who_declared_nothing_is_reminded_once_before_the_packet_leaves(seated):
    """The packet leaves on the 9th, so the reminder on the 6th."""
    summon(seated, DUE)
    september = sitting(seated, "copil", "2026-09-15")
    max_ = seated.value("SELECT id FROM people WHERE name = 'Max Noir'")
    with seated.database.transaction() as session:
        interests.declare(session, september, max_, {}, by=SECRETARY, at=moment("2026-09-05"))

    assert summon(seated, "2026-09-06 07:59") == Summoned()
    assert summon(seated, "2026-09-06 08:00") == Summoned(reminded=1)
    assert summon(seated, "2026-09-07") == Summoned()

    assert seated.value("SELECT count(*) FROM letters WHERE template = 'interests_reminder'") == 1
    assert (
        seated.value("SELECT recipient FROM letters WHERE template = 'interests_reminder'")
        != f"person:{max_}"
    )


def test_who_declared_is_asked_once_more_about_the_cases_that_came_since(seated):
    summon(seated, DUE)
    september = sitting(seated, "copil", "2026-09-15")
    max_ = seated.value("SELECT id FROM people WHERE name = 'Max Noir'")
    with seated.database.transaction() as session:
        interests.declare(session, september, max_, {}, by=SECRETARY, at=moment("2026-09-05"))
    assert summon(seated, "2026-09-06 08:00") == Summoned(reminded=1)
    cases = [instructed(seated) for _ in range(2)]
    for case in cases:
        with seated.database.transaction() as session:
            agendas.add(session, september, case, by=SECRETARY, at=moment("2026-09-07"))

    assert summon(seated, "2026-09-07 09:00") == Summoned(reminded=1)
    assert summon(seated, "2026-09-08") == Summoned()

    (data,) = seated.rows(
        "SELECT data FROM letters WHERE template = 'interests_reminder' AND recipient = 'person:' || %(id)s",
        id=max_,
    )
    assert (data[0]["cases"], data[0]["new"]) == (2, True)
    with seated.database.transaction() as session:
        undeclared = {seat.person_id: seat.undeclared for seat in members.seats(session, september)}
        new = [case.case_id for case in interests.cases_to_weigh(session, september, max_) if case.new]
    assert len(undeclared[max_]) == 2
    assert new == cases
    with seated.database.transaction() as session:
        interests.declare(session, september, max_, {}, by=SECRETARY, at=moment("2026-09-08"))
        assert {seat.person_id: seat.undeclared for seat in members.seats(session, september)}[max_] == ()


def test_nobody_is_reminded_once_the_packet_has_left(seated):
    summon(seated, DUE)

    assert summon(seated, "2026-09-09 08:00") == Summoned()


def test_only_the_secretary_cancels_moves_and_excuses(seated):
    september = sitting(seated, "copil", "2026-09-15")
    instructor = SECRETARY.__class__("person:1", Role.INSTRUCTOR)

    with seated.database.transaction() as session, pytest.raises(MoveRefusedError):
        sitting_changes.cancel(session, september, reason="x", by=instructor, at=moment("2026-09-05"))
    with seated.database.transaction() as session, pytest.raises(MoveRefusedError):
        sitting_changes.move(session, september, room="x", by=instructor, at=moment("2026-09-05"))
