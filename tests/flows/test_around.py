"""What surrounds every flow: all batches are tried, and one that fails fails the run."""

import pytest
from prefect import flow, task

from parvis.flows.around import SomeFailedError, fail_if_any, gathered
from tests.flows.prefect_server import PrefectServer

pytestmark = pytest.mark.prefect


class RowError(Exception):
    """A batch cannot be done."""


@task
def double(number: int) -> int:
    if number == 2:
        raise RowError(number)
    return number * 2


@flow
def doubles(numbers: list[int]) -> list[int]:
    done, failures = gathered([double.submit(number) for number in numbers])
    DONE.extend(done)
    fail_if_any(failures, len(numbers))
    return done


DONE: list[int] = []


def test_a_batch_that_fails_does_not_keep_the_others_from_being_done(prefect_server: PrefectServer):
    DONE.clear()

    with pytest.raises(SomeFailedError, match="1 / 3") as failed:
        doubles([1, 2, 3])

    assert DONE == [2, 6]
    assert isinstance(failed.value.__cause__, RowError)


def test_a_run_whose_batches_are_all_done_completes(prefect_server: PrefectServer):
    assert doubles([1, 3]) == [2, 6]
