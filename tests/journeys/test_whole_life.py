"""The whole life of cases under a clock that jumps: a short walk here, a long one among the slow tests."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from parvis.models.session import Database
from tests.journeys.whole_agreements import WholeLifeWithAgreements

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture
def machine(database: Database) -> type[WholeLifeWithAgreements]:
    """The city, on this worker's database."""
    return type("City", (WholeLifeWithAgreements,), {"database": database})


def test_a_short_life_keeps_every_promise(machine: type[WholeLifeWithAgreements]) -> None:
    short = settings(UNHURRIED, max_examples=6, stateful_step_count=25, derandomize=True, database=None)
    run_state_machine_as_test(machine, settings=short)


@pytest.mark.slow
def test_three_hundred_lives_of_fifty_steps_keep_every_promise(
    machine: type[WholeLifeWithAgreements],
) -> None:
    long = settings(UNHURRIED, max_examples=300, stateful_step_count=50)
    run_state_machine_as_test(machine, settings=long)
