"""Several processes on the same work, and processes killed in the middle of it."""

import time

import pytest

from parvis.models.session import Database
from tests.services.desk import Desk
from tests.services.processes import Other
from tests.services.smtp_server import listening
from tests.services.works import dispatch, withdraw


def seeded(desk: Desk, cases: int) -> None:
    deposits = [desk.deposit() for _ in range(cases)]
    desk.receive(*deposits)


@pytest.mark.parametrize("cases", [100, pytest.param(1_000, marks=pytest.mark.slow)])
def test_eight_processes_on_the_same_cases_have_one_winner_each(
    database: Database, database_url: str, cases: int
) -> None:
    desk = Desk.opened(database)
    seeded(desk, cases)

    racing = [Other(withdraw, database_url, cases) for _ in range(8)]
    counts = [process.told() for process in racing]

    assert sum(won for won, _ in counts) == cases
    assert sum(lost for _, lost in counts) == 7 * cases
    assert desk.value("SELECT count(*) FROM journal WHERE action = 'withdraw'") == cases
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'withdrawn'") == cases


@pytest.mark.parametrize(("letters", "kills"), [(150, 4), pytest.param(2_000, 20, marks=pytest.mark.slow)])
def test_killed_dispatchers_lose_nothing_and_repeat_at_most_one_letter_a_kill(
    database: Database, database_url: str, letters: int, kills: int
) -> None:
    desk = Desk.opened(database)
    seeded(desk, letters)

    with listening() as post:
        for turn in range(kills):
            process = Other(dispatch, database_url, post.url, turn)
            before = len(post.messages)
            while process.runs and len(post.messages) < before + letters // (kills + 5):
                time.sleep(0.002)
            process.kill()
        assert Other(dispatch, database_url, post.url, kills + 1).join() == 0

    assert desk.rows("SELECT stage, count(*) FROM letters GROUP BY 1") == [("sent", letters)]
    assert len(set(post.message_ids)) == letters
    assert len(post.message_ids) <= letters + kills
