"""What one city reads does not grow with the number of others, and the national service is a sound one."""

from pathlib import Path

import pytest

from bench import growth
from bench.report import Line
from bench.scale_ground import CASES_OF_A_CITY, LINES, national
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.services import jobs

MOST = 3 * CASES_OF_A_CITY
"""Rows: a plan may read a city's own cases more than once."""
OF_ALL = {"one city: queue, a word"}
"""Words are found among those of all cities, then kept for one's own."""


@pytest.mark.slow
def test_what_one_city_reads_does_not_grow_with_the_number_of_others(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    sizes = (2 * CASES_OF_A_CITY, 10 * CASES_OF_A_CITY)
    laws, verified = {}, []
    for size in sizes:
        ground = national(postgres, size)
        with ground.open() as database:
            verified.append(jobs.verify_journal(database, tmp_path / "anchors"))
        laws[size] = {law.what: law.rows[0] for law in growth._of_a_city(ground, size)}
        databases.drop(postgres.url(), f"national_{size}")

    few, many = (laws[size] for size in sizes)
    assert all(found.sound for found in verified)
    assert [found.lines // LINES for found in verified] == list(sizes)
    assert {what for what, rows in many.items() if rows > max(1.5 * few[what], MOST)} <= OF_ALL


def test_a_cost_that_falls_keeps_the_promise_not_to_grow() -> None:
    assert Line("", "", "", -0.2, at_most=0.15).kept
    assert not Line("", "", "", 0.2, at_most=0.15).kept
    assert not Line("", "", "", 0.4, at_least=0.5).kept


def test_an_exponent_is_the_slope_of_the_cost_over_the_number_of_cases() -> None:
    assert growth.exponent({10: 5.0, 100: 5.0, 1_000: 5.0}) == pytest.approx(0)
    assert growth.exponent({10: 1.0, 100: 10.0, 1_000: 100.0}) == pytest.approx(1)
    assert growth.exponent({10: 1.0, 1_000: 10.0}) == pytest.approx(0.5)
