"""What the figures of an installation mean: how long is too long, and what is said then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from parvis.states.health import Figures, Level, Trouble, findings, worst

AT = datetime(2026, 6, 2, 9, tzinfo=UTC)
QUIET = Figures(disk_bytes=100, disk_free_bytes=50, journaled=True, anchored_at=AT - timedelta(hours=5))


def ago(**how_long: float) -> datetime:
    return AT - timedelta(**how_long)


def level(figures: Figures, code: str) -> Level:
    return {one.code: one.level for one in findings(figures, AT)}[code]


def test_a_quiet_house_is_well_and_has_nothing_to_do():
    found = findings(QUIET, AT)

    assert worst(found) == Level.WELL
    assert not any(one.todo for one in found)


@pytest.mark.parametrize(
    ("changes", "code", "expected"),
    [
        ({"oldest_timer": ago(minutes=20)}, "deadlines", Level.WELL),
        ({"oldest_timer": ago(minutes=40)}, "deadlines", Level.WATCH),
        ({"oldest_timer": ago(hours=3)}, "deadlines", Level.WRONG),
        ({"oldest_timer": ago(hours=9), "begun": {"advance-deadlines": ago(minutes=2)}}, "deadlines", Level.WATCH),
        ({"oldest_letter": ago(hours=3)}, "letters", Level.WRONG),
        ({"oldest_letter": ago(hours=3), "begun": {"send-letters": ago(minutes=1)}}, "letters", Level.WATCH),
        ({"oldest_letter": ago(hours=3), "begun": {"send-letters": ago(minutes=1)}, "letter_error": "451"},
         "letters", Level.WRONG),
        ({"oldest_letter": ago(days=3), "held_since": ago(days=3)}, "letters", Level.WATCH),
        ({"letters_failed": 2}, "refused", Level.WATCH),
        ({"jobs_seen": False}, "jobs", Level.WRONG),
        ({"troubles": (Trouble("send-letters", message="away"),)}, "jobs", Level.WATCH),
        ({"anchored_at": None}, "proof", Level.WATCH),
        ({"anchored_at": None, "journaled": False}, "proof", Level.WELL),
        ({"anchored_at": ago(days=2)}, "proof", Level.WATCH),
        ({"anchored_at": ago(days=5)}, "proof", Level.WRONG),
        ({"disk_free_bytes": 9}, "disk", Level.WATCH),
        ({"disk_free_bytes": 2}, "disk", Level.WRONG),
        ({"oldest_transaction": ago(minutes=20)}, "transactions", Level.WATCH),
    ],
)  # fmt: skip
def test_what_is_not_well_says_what_to_do(changes, code, expected):
    figures = replace(QUIET, **changes)
    one = next(one for one in findings(figures, AT) if one.code == code)

    assert one.level == expected
    assert (one.todo is None) == (expected == Level.WELL)


def test_what_the_mail_server_said_is_repeated_to_whoever_can_mend_it():
    figures = replace(QUIET, oldest_letter=ago(hours=3), letters_due=4, letter_error="454 TLS not available")
    one = next(one for one in findings(figures, AT) if one.code == "letters")

    assert "4 à faire" in one.seen.fr
    assert one.todo is not None
    assert "454 TLS not available" in one.todo.fr
