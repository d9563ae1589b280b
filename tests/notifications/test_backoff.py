"""A letter deferred waits longer each time, never less than a minute nor more than six hours."""

from itertools import pairwise

from parvis.notifications.backoff import backoff_seconds


def test_waits_grow_from_a_minute_to_six_hours():
    waits = [backoff_seconds(attempt, "case:1") for attempt in range(1, 40)]

    assert 60 <= waits[0] < 120
    assert all(earlier < later for earlier, later in pairwise(waits[:8]))
    assert all(60 <= wait <= 6 * 3600 for wait in waits)
    assert waits[-1] >= 4 * 3600


def test_the_same_letter_always_waits_the_same_and_letters_do_not_come_back_together():
    waits = {backoff_seconds(10, f"case:{number}") for number in range(200)}

    assert len(waits) > 150
    assert backoff_seconds(3, "case:1") == backoff_seconds(3, "case:1")


def test_an_attempt_that_was_not_counted_waits_like_the_first():
    assert backoff_seconds(0, "k") >= 60
    assert backoff_seconds(10**6, "k") <= 6 * 3600
