"""Whether all is well: what the database and the disk tell, and who is told once a day when it is not."""

from dataclasses import replace
from pathlib import Path

import pytest

from parvis.models.queries.health import measure
from parvis.models.session import Database
from parvis.services.health import examine, is_current, tell
from parvis.states.health import Level
from tests.services.desk import Desk, moment

NOBODY = "http://127.0.0.1:9/api"


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk.opened(database)


def test_what_is_late_is_counted_and_what_is_done_is_not(desk: Desk):
    case_id = desk.submitted_case()
    with desk.database.transaction() as session:
        before = measure(session, at=moment("2026-06-01 09:00"))
        later = measure(session, at=moment("2026-12-01"))
    desk.run("UPDATE timers SET settled_at = due_at, outcome = 'fired' WHERE case_id = %(id)s", id=case_id)
    desk.run("UPDATE letters SET stage = 'failed', last_error = '550' WHERE case_id = %(id)s", id=case_id)
    with desk.database.transaction() as session:
        done = measure(session, at=moment("2026-12-01"))

    assert (before.timers_due, before.oldest_timer) == (0, None)
    assert later.timers_due > 0
    assert later.oldest_timer
    assert (later.letters_due, later.oldest_letter) == (before.letters_due, moment("2026-06-01"))
    assert (done.timers_due, done.letters_due) == (0, 0)
    assert done.letters_failed == before.letters_due > 0
    assert (done.journaled, done.anchored_at, done.held_since) == (True, None, None)


def test_the_letter_that_waits_longest_tells_what_its_server_said(desk: Desk):
    case_id = desk.submitted_case()
    desk.run("UPDATE letters SET last_error = '451 later', attempts = 3 WHERE case_id = %(id)s", id=case_id)

    found = examine(desk.database, Path("/nowhere"), NOBODY, at=moment("2026-06-02"))
    letters = next(one for one in found.findings if one.code == "letters")

    assert letters.level == Level.WRONG
    assert letters.todo is not None
    assert "451 later" in letters.todo.fr


def test_who_watches_is_told_of_each_trouble_once_a_day(desk: Desk, tmp_path: Path):
    found = examine(desk.database, tmp_path, NOBODY, at=moment("2026-06-02"))
    tomorrow = replace(found, at=moment("2026-06-03"))
    with desk.database.transaction() as session:
        told = [tell(session, one) for one in (found, found, tomorrow)]
        current = is_current(session)

    assert found.level == Level.WRONG
    assert found.figures.disk_free_bytes > 1
    assert told == [1, 0, 1]
    assert current
    assert desk.rows("SELECT rule, occurrence, data ->> 'name_fr' FROM letters ORDER BY id") == [
        ("out_of_order", "jobs/2026-06-02", "Travaux planifiés"),
        ("out_of_order", "jobs/2026-06-03", "Travaux planifiés"),
    ]
