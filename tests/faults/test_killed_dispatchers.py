"""`kill -9` of what sends letters, again and again: none lost, at most one copy too many a kill, the same each time."""

import time
from collections.abc import Callable

import pytest

from parvis.models.session import Database
from parvis.states.words import Sentence
from tests.faults.careless import dispatch_carelessly
from tests.faults.figures import Tally, control, measured
from tests.services.desk import Desk
from tests.services.processes import Other
from tests.services.smtp_server import Post, listening
from tests.services.works import dispatch

KILLED = Sentence("Ce qui envoie les lettres, tué par kill -9", "What sends letters, killed by kill -9")


def killed_again_and_again(
    desk: Desk, letters: int, kills: int, start: Callable[[str, int], Other], tally: Tally
) -> Post:
    """Send letters, killing the dispatcher each time it has sent its share, then let one run to its end."""
    desk.receive(*(desk.deposit() for _ in range(letters)))
    with listening() as post:
        for turn in range(kills):
            process, before = start(post.url, turn), len(post.messages)
            while process.runs and len(post.messages) < before + letters // (kills + 5):
                time.sleep(0.001)
            process.kill()
        assert start(post.url, kills + 1).join() == 0
    ids = post.message_ids
    tally.times, tally.of, tally.allowed = kills, letters, kills
    tally.lost, tally.doubled = letters - len(set(ids)), len(ids) - len(set(ids))
    return post


@pytest.mark.parametrize(("letters", "kills"), [(150, 4), pytest.param(5_000, 50, marks=pytest.mark.slow)])
def test_killed_dispatchers_lose_nothing_and_repeat_at_most_one_letter_a_kill(
    database: Database, database_url: str, letters: int, kills: int
) -> None:
    desk = Desk.opened(database)

    with measured("kills", KILLED) as tally:
        post = killed_again_and_again(
            desk, letters, kills, lambda url, turn: Other(dispatch, database_url, url, turn), tally
        )

        assert desk.rows("SELECT stage, count(*) FROM letters GROUP BY 1") == [("sent", letters)]
        assert tally.lost == 0
        assert tally.doubled <= kills
        assert len(set(post.messages)) == letters, "a copy differs from the letter"


def killed_carelessly(database: Database, database_url: str, how: str) -> Tally:
    """What ten kills do to six hundred letters when they are settled this way, as they must not be."""
    tally = Tally()
    killed_again_and_again(
        Desk.opened(database), 600, 10,
        lambda url, turn: Other(dispatch_carelessly, database_url, url, turn, how), tally,
    )  # fmt: skip
    return tally


@pytest.mark.slow
def test_without_a_commit_for_each_letter_kills_repeat_many(database: Database, database_url: str) -> None:
    tally = killed_carelessly(database, database_url, "later")

    control(
        "kills", Sentence("lettres notées par lots", "letters written down in lots"), doubled=tally.doubled
    )
    assert tally.doubled > tally.times


@pytest.mark.slow
def test_settled_before_they_leave_letters_are_lost_by_kills(database: Database, database_url: str) -> None:
    tally = killed_carelessly(database, database_url, "first")

    control("kills", Sentence("notées avant de partir", "written down before leaving"), lost=tally.lost)
    assert tally.lost > 0


@pytest.mark.slow
def test_without_a_lease_two_dispatchers_send_the_same_letters(database: Database, database_url: str) -> None:
    desk = Desk.opened(database)
    desk.receive(*(desk.deposit() for _ in range(600)))

    with listening() as post:
        running = [Other(dispatch_carelessly, database_url, post.url, turn, "no_lease") for turn in range(2)]
        for process in running:
            process.join()

    doubled = len(post.message_ids) - len(set(post.message_ids))
    control("kills", Sentence("sans bail", "without a lease"), doubled=doubled)
    assert doubled > 0
