"""Several processes on the same work."""

import pytest

from parvis.models.session import Database
from tests.services.desk import Desk
from tests.services.processes import Other
from tests.services.works import withdraw


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
