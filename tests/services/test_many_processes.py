"""Several processes on the same work, and processes killed in the middle of it."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from parvis.models.session import Database
from tests.services.desk import Desk
from tests.services.smtp_server import listening

RACE = """
    import sys
    from parvis.models.session import Database
    from parvis.services.advance import advance
    from parvis.states.facts import By
    from parvis.states.stages import Action, Role
    from parvis.states.table import MoveRefusedError, StaleVersionError
    from tests.services.desk import moment

    won = lost = 0
    with Database(sys.argv[1], role="parvis_app") as database:
        for case_id in range(1, int(sys.argv[2]) + 1):
            try:
                with database.transaction() as session:
                    advance(session, case_id, Action.WITHDRAW, by=By("person:1", Role.INSTRUCTOR),
                            at=moment("2026-06-05"), expected_version=1)
                won += 1
            except (MoveRefusedError, StaleVersionError):
                lost += 1
    print(won, lost)
"""
DISPATCH = """
    import asyncio, sys
    from datetime import datetime, timedelta, UTC
    from parvis.models.session import Database
    from parvis.notifications.smtp import SmtpPool
    from parvis.services import outbox
    from tests.services.desk import moment

    outbox.LEASE = timedelta(seconds=1)
    start = moment("2026-06-05") + timedelta(seconds=10 * int(sys.argv[3]))

    async def run():
        with Database(sys.argv[1], role="parvis_app") as database:
            async with SmtpPool(sys.argv[2], timeout_seconds=5) as pool:
                clock = lambda: start
                sender = outbox.Dispatcher(database, pool, clock, sys.argv[3], timeout=timedelta(seconds=0.1))
                print((await sender.run()).accepted, flush=True)

    asyncio.run(run())
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def seeded(desk: Desk, cases: int) -> None:
    deposits = [desk.deposit() for _ in range(cases)]
    desk.receive(*deposits)


@pytest.mark.parametrize("cases", [100, pytest.param(1_000, marks=pytest.mark.slow)])
def test_eight_processes_on_the_same_cases_have_one_winner_each(
    database: Database, database_url: str, cases: int
) -> None:
    desk = Desk.opened(database)
    seeded(desk, cases)

    racing = [start(RACE, database_url, str(cases)) for _ in range(8)]
    counts = [tuple(map(int, process.communicate()[0].split())) for process in racing]

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
            process = start(DISPATCH, database_url, post.url, str(turn))
            before = len(post.messages)
            while process.poll() is None and len(post.messages) < before + letters // (kills + 5):
                time.sleep(0.002)
            process.kill()  # nothing happens to one that has just ended
            process.communicate()
        process = start(DISPATCH, database_url, post.url, str(kills + 1))
        process.communicate()

    assert desk.rows("SELECT stage, count(*) FROM letters GROUP BY 1") == [("sent", letters)]
    assert len(set(post.message_ids)) == letters
    assert len(post.message_ids) <= letters + kills
