"""The secretary's work on the command line: an agenda put right, members, interests, a sitting moved or cancelled."""

import pytest

from parvis.models.session import Database
from parvis.states.stages import Action
from tests.cli.conftest import Terminal
from tests.services.agenda_desk import committee, fill, instructed, opened
from tests.services.desk import Desk

LEA = ("--as", "lea@ville.example")
SEATS = [
    {"person": "max@ville.example", "role": "chair"},
    {"person": "paul@ville.example", "role": "funder"},
    {"person": "ines@ville.example", "role": "substitute", "substitute_for": "paul@ville.example"},
]


@pytest.fixture
def desk(database: Database) -> Desk:
    """A steering committee that sits in September and October."""
    made = Desk.opened(database)
    return opened(
        made, committee("copil", "steering", "2026-09-15", "2026-10-15", members=SEATS, room="Salle A")
    )


@pytest.fixture
def terminal(desk: Desk, empty_terminal: Terminal) -> Terminal:
    """A terminal beside no contract file: the database keeps the contract of the desk."""
    empty_terminal.environment["PARVIS_CONTRACT"] = "no-file.yaml"
    return empty_terminal


def reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


@pytest.fixture
def cases(desk: Desk) -> list[str]:
    """Three cases on the agenda of September."""
    made = [instructed(desk) for _ in range(3)]
    fill(desk)
    return [reference(desk, case) for case in made]


def agenda(terminal: Terminal, sitting: str = "copil/2026-09-15") -> list[str]:
    return [line["reference"] for line in terminal("committee", "show", sitting, "--json").json["agenda"]]


def test_a_sitting_is_shown_with_its_agenda_its_members_and_what_they_declared(terminal, cases):
    terminal("committee", "declare", "copil", "paul@ville.example", "--interest", f"{cases[1]}=voisin", *LEA)

    shown = terminal("committee", "show", "copil")
    told = terminal("committee", "show", "copil", "--json").json

    assert shown.code == 0
    for word in (
        "mardi 15 septembre 2026 à 14 h 30",
        "Salle A",
        "ouvert",
        cases[0],
        "Max Noir",
        "présidence",
        "voisin",
    ):
        assert word.replace("\u00a0", " ") in shown.said.replace("\u00a0", " ").replace("\u202f", " ")
    assert [line["reference"] for line in told["agenda"]] == cases
    assert told["starts_at"] == "14:30:00"
    assert [seat["person"] for seat in told["members"]] == ["Max Noir", "Paul Petit", "Inès Roy"]
    assert [one["status"] for one in told["interests"]] == ["confirmed"]


def test_an_agenda_is_put_right_by_hand(terminal, desk, cases):
    first, second, third = cases
    late = reference(desk, instructed(desk))

    assert terminal("committee", "reorder", "copil", third, *LEA).code == 0
    assert terminal("committee", "add", "copil", late, *LEA).code == 0
    assert terminal("committee", "remove", "copil", second, "--reason", "Budget", *LEA).code == 0
    moved = terminal(
        "committee", "move", "copil/2026-09-15", first, "copil/2026-10-15", "--reason", "Absent", *LEA
    )

    assert (
        moved.said.replace("\u202f", " ")
        == f"{first} passe de la séance du 15 septembre 2026 à celle du 15 octobre 2026."
    )
    assert agenda(terminal) == [third, late]
    assert agenda(terminal, "copil/2026-10-15") == [first]


def test_an_agenda_is_ordered_by_a_criterion(terminal, cases):
    terminal("committee", "reorder", "copil", *reversed(cases), *LEA)
    assert agenda(terminal) == cases[::-1]

    answer = terminal("committee", "reorder", "copil", "--by", "référence", "--json", *LEA)

    assert [line["reference"] for line in answer.json["agenda"]] == cases
    assert terminal("committee", "reorder", "copil", *LEA).code == 2


def test_a_version_that_passed_is_refused_as_a_conflict(terminal, cases):
    version = terminal("committee", "show", "copil", "--json").json["version"]
    terminal("committee", "reorder", "copil", cases[2], *LEA)

    answer = terminal("committee", "reorder", "copil", cases[1], "--expected-version", str(version), *LEA)

    assert answer.code == 6
    assert "Cette séance" in answer.said


def test_an_agenda_is_closed_and_reopened_with_a_reason(terminal, desk, cases):
    late = reference(desk, instructed(desk))

    assert terminal("committee", "close-agenda", "copil", *LEA).code == 0
    assert terminal("committee", "add", "copil", late, *LEA).code == 3
    assert terminal("committee", "reopen-agenda", "copil", *LEA).code == 3
    assert terminal("committee", "reopen-agenda", "copil", "--reason", "Urgence", *LEA).code == 0
    assert terminal("committee", "add", "copil", late, *LEA).code == 0


def test_a_conflict_is_listed_dismissed_with_a_reason_and_confirmed(terminal, cases):
    terminal(
        "committee", "declare", "copil", "paul@ville.example", "--interest", f"{cases[0]}=bénévole", *LEA
    )

    silent = terminal("committee", "dismiss", "copil", "paul@ville.example", cases[0], *LEA)
    dismissed = terminal(
        "committee", "dismiss", "copil", "paul@ville.example", cases[0], "--reason", "Ancien", *LEA
    )
    listed = terminal("committee", "conflicts", "copil", "--json").json["interests"]
    confirmed = terminal("committee", "confirm", "copil", "paul@ville.example", cases[0], "--json", *LEA)

    assert (silent.code, dismissed.code) == (3, 0)
    assert [(one["person"], one["status"], one["reason"]) for one in listed] == [
        ("Paul Petit", "dismissed", "Ancien")
    ]
    assert confirmed.json["status"] == "confirmed"
    assert "Paul Petit" in terminal("committee", "conflicts", "copil").said


def test_a_member_who_declares_nothing_has_declared(terminal, cases):
    answer = terminal("committee", "declare", "copil", "max@ville.example", "--as", "max@ville.example")

    assert "aucun intérêt déclaré" in answer.said
    seats = terminal("committee", "members", "copil", "--json").json["members"]
    assert [seat["person"] for seat in seats if seat["declared_at"]] == ["Max Noir"]
    assert terminal("committee", "declare", "copil", "max@ville.example", "--interest", "x", *LEA).code == 2


def test_a_sitting_is_changed_a_member_excused_and_the_sitting_cancelled(terminal, desk, cases):
    terminal.at = "2026-09-05"
    changed = terminal("committee", "change", "copil/2026-09-15", "--time", "9:00", "--room", "Salle B", *LEA)
    excused = terminal("committee", "excuse", "copil", "paul@ville.example", "--json", *LEA)
    wrong = terminal("committee", "change", "copil", "--time", "25h", *LEA)
    cancelled = terminal("committee", "cancel", "copil", "--reason", "Inondation", "--json", *LEA)

    assert (changed.code, excused.code, wrong.code, cancelled.code) == (0, 0, 2, 0)
    assert excused.json["attendance"] == "excused"
    assert cancelled.json["cases"] == 3
    assert agenda(terminal, "copil/2026-10-15") == cases
    assert "annulée" in terminal("committee", "list").said
    assert desk.value("SELECT count(*) FROM journal WHERE action = %(a)s", a=Action.CARRY) == 3


def test_only_the_secretary_orders_and_cancels(terminal, cases):
    assert terminal("committee", "reorder", "copil", cases[1], "--as", "ines@ville.example").code == 3
    assert terminal("committee", "cancel", "copil", "--reason", "x", "--as", "max@ville.example").code == 3
