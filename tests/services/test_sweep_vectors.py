"""The sweep in SQL does what the published vectors and the pure policy of reminders say, on real rows."""

import csv
import json
from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.services import deadlines
from parvis.states.calendar import deadline_instant, local_instant
from parvis.states.reminders import plan_reminders, sweep_reminders
from tests.services.desk import Desk

FILE = Path(__file__).parents[1] / "states" / "date_vectors.csv"
VECTORS = [line for line in csv.DictReader(FILE.read_text("utf-8").splitlines()) if line["op"] == "sweeps"]
SENDING, PASSING = time(8), time(12)
"""When reminders are due, and when the clock passes that day."""

Outcome = list[tuple[str, str]]


def insert(
    desk: Desk, case_id: int, deadline: date, offsets: Iterable[int], recipient: str = "applicant"
) -> None:
    """Write the reminders around a deadline as rows."""
    for reminder in plan_reminders(deadline, offsets):
        desk.run(
            "INSERT INTO timers (case_id, rule, occurrence, kind, template, recipient, deadline, due_at, expires_at)"
            " VALUES (%(case)s, %(rule)s, %(occurrence)s, 'reminder', 'report_reminder', %(recipient)s, %(deadline)s,"
            " %(due)s, %(expires)s)",
            case=case_id, rule=reminder.rule, occurrence=f"{recipient}/{deadline}", recipient=recipient,
            deadline=deadline, due=local_instant(reminder.due_on, SENDING),
            expires=deadline_instant(deadline) if reminder.offset <= 0 else None,
        )  # fmt: skip


def bare_case(desk: Desk) -> int:
    """A case with nothing open."""
    case_id = desk.submitted_case()
    desk.run(
        "UPDATE timers SET settled_at = due_at, outcome = 'cancelled' WHERE case_id = %(id)s", id=case_id
    )
    return case_id


def sweep(desk: Desk, on: date, minute: int = 0) -> deadlines.Fired:
    return deadlines.sweep(desk.database, at=local_instant(on, PASSING.replace(minute=minute)))


def settled(desk: Desk, case_id: int, recipient: str = "applicant") -> Outcome:
    """The rules of a case settled so far, with what became of them, in the order they were due."""
    rows = desk.rows(
        "SELECT rule, outcome FROM timers WHERE case_id = %(id)s AND recipient = %(recipient)s"
        " AND outcome IN ('fired', 'superseded') ORDER BY due_at, id",
        id=case_id, recipient=recipient,
    )  # fmt: skip
    return [(str(rule), str(outcome)) for rule, outcome in rows]


def told(outcomes: Outcome, before: Outcome, what: str) -> list[str]:
    return [rule for rule, outcome in outcomes if outcome == what and (rule, outcome) not in before]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_the_sweep_sends_and_supersedes_what_the_vector_says(desk: Desk, vector: dict[str, str]) -> None:
    asked = json.loads(vector["input"])
    case_id = bare_case(desk)
    letters = desk.letters(case_id)
    insert(desk, case_id, date.fromisoformat(asked["deadline"]), asked["offsets"])

    lines = []
    before: Outcome = []
    for minute, on in enumerate(asked["sweep_dates"]):
        fired = sweep(desk, date.fromisoformat(on), minute)
        after = settled(desk, case_id)
        lines.append([on, told(after, before, "fired"), told(after, before, "superseded")])
        assert (fired.owed, fired.superseded) == (len(lines[-1][1]), len(lines[-1][2]))
        before = after

    assert lines == json.loads(vector["expected"]), vector["rationale"]
    assert desk.letters(case_id) - letters == sum(len(sent) for _, sent, _ in lines)


starts = st.dates(date(2026, 1, 1), date(2027, 12, 31))
around = st.tuples(st.integers(-30, 30), st.lists(st.integers(-40, 40), unique=True, max_size=7))
lags = st.lists(st.integers(-60, 60), min_size=1, max_size=5, unique=True).map(sorted)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(starts, st.lists(around, min_size=3, max_size=3), lags)
def test_whatever_the_outages_each_case_and_reader_gets_what_the_policy_says(
    desk: Desk, start: date, asked: list[tuple[int, list[int]]], sweeps: list[int]
) -> None:
    one, two = bare_case(desk), bare_case(desk)
    readers = [(one, "applicant"), (one, "funder:1"), (two, "applicant")]
    plans = [(start + timedelta(days=shift), offsets) for shift, offsets in asked]
    for (case_id, recipient), (deadline, offsets) in zip(readers, plans, strict=True):
        insert(desk, case_id, deadline, offsets, recipient)
    expected: list[dict[str, str]] = [{} for _ in readers]

    for lag in sweeps:
        on = start + timedelta(days=lag)
        sweep(desk, on)

        for reader, (deadline, offsets), done in zip(readers, plans, expected, strict=True):
            already = [r.offset for r in plan_reminders(deadline, offsets) if r.rule in done]
            policy = sweep_reminders(deadline, offsets, settled=already, on=on)
            done.update({reminder.rule: "superseded" for reminder in policy.superseded})
            done.update({policy.sent.rule: "fired"} if policy.sent else {})
            assert dict(settled(desk, *reader)) == done


def test_of_two_deadlines_of_one_reader_only_the_latest_reminder_still_true_leaves(desk: Desk) -> None:
    case_id = bare_case(desk)
    insert(desk, case_id, date(2026, 6, 30), [-7, 15])
    insert(desk, case_id, date(2026, 7, 20), [-1])
    desk.run("UPDATE timers SET occurrence = 'x' || id WHERE case_id = %(id)s", id=case_id)

    fired = sweep(desk, date(2026, 7, 21))

    assert (fired.owed, fired.superseded) == (1, 2)
    assert settled(desk, case_id) == [("J-7", "superseded"), ("J+15", "fired"), ("J-1", "superseded")]


def test_a_reminder_is_due_at_its_second_and_worthless_at_the_second_its_deadline_is_over(desk: Desk) -> None:
    case_id = bare_case(desk)
    deadline, second = date(2026, 6, 30), timedelta(seconds=1)
    insert(desk, case_id, deadline, [-1, 0])
    due = local_instant(date(2026, 6, 29), SENDING)

    early = deadlines.sweep(desk.database, at=due - second)
    in_time = deadlines.sweep(desk.database, at=due)
    over = deadlines.sweep(desk.database, at=deadline_instant(deadline))

    assert early == deadlines.Fired()
    assert in_time == deadlines.Fired(owed=1)
    assert over == deadlines.Fired(superseded=1)


def test_a_reminder_sent_late_says_so_to_the_day(desk: Desk) -> None:
    case_id = bare_case(desk)
    insert(desk, case_id, date(2026, 6, 30), [-7, 1])

    sweep(desk, date(2026, 6, 24))
    sweep(desk, date(2026, 7, 10))

    assert desk.rows(
        "SELECT rule, data FROM letters WHERE case_id = %(id)s AND template = 'report_reminder' ORDER BY id",
        id=case_id,
    ) == [
        ("J-7", {"deadline": "2026-06-30", "late": False, "days_late": 0}),
        ("J+1", {"deadline": "2026-06-30", "late": True, "days_late": 10}),
    ]
