"""Several processes on the same work."""

from collections.abc import Callable

import pytest

from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.states.words import Sentence
from tests.faults.door import door
from tests.faults.figures import control, measured
from tests.services.desk import Desk
from tests.services.processes import Other
from tests.services.works import withdraw

PROCESSES = 8
MOVES = "SELECT count(*), count(DISTINCT case_id) FROM journal WHERE action = 'withdraw'"


def seeded(desk: Desk, cases: int) -> None:
    deposits = [desk.deposit() for _ in range(cases)]
    desk.receive(*deposits)


def withdrawn_by_all(url: str, cases: int) -> list[tuple[int, int]]:
    """How many moves each process made, and how many were refused, all of them on all the cases."""
    racing = [Other(withdraw, url, cases) for _ in range(PROCESSES)]
    return [process.told() for process in racing]


@pytest.mark.parametrize("cases", [100, pytest.param(1_000, marks=pytest.mark.slow)])
def test_eight_processes_on_the_same_cases_have_one_winner_each(
    database: Database, database_url: str, cases: int
) -> None:
    desk = Desk.opened(database)
    seeded(desk, cases)
    said = Sentence(
        "Huit processus font avancer les mêmes dossiers", "Eight processes move the same cases at once"
    )

    with measured("same-cases", said) as tally:
        counts = withdrawn_by_all(database_url, cases)

        made, distinct = desk.rows(MOVES)[0]
        letters = desk.value("SELECT count(*) FROM letters WHERE template = 'withdrawn'")
        tally.times, tally.of, tally.lost, tally.doubled = PROCESSES, cases, cases - distinct, made - distinct
        assert sum(won for won, _ in counts) == cases
        assert sum(lost for _, lost in counts) == (PROCESSES - 1) * cases
        assert (made, distinct, letters) == (cases, cases, cases)


@pytest.mark.slow
def test_without_asking_for_the_version_that_was_read_some_cases_are_withdrawn_twice(
    postgres: EmbeddedServer, new_database: Callable[..., str]
) -> None:
    url, cases = new_database(), 30
    with Database(url) as straight, door(postgres.url()) as way:
        desk = Desk.opened(straight)
        seeded(desk, cases)
        way.unsaid, way.late = (" AND c.version = a.version",), "WITH moved AS"

        withdrawn_by_all(way.url(url), cases)

        made, distinct = desk.rows(MOVES)[0]
    assert way.left_out
    control(
        "same-cases", Sentence("sans la version lue", "the version not asked for"), doubled=made - distinct
    )
    assert made > distinct
