"""The score that points on the assessment grid make."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.contract.instruction import GRID, Criterion, Label
from parvis.states.grid import score


def criterion(code: str, weight: int, maximum: int) -> Criterion:
    return Criterion(code=code, label=Label(fr=code, en=code), weight=weight, maximum=maximum)


def test_every_point_gives_100_and_none_gives_0():
    assert score(GRID, {line.code: line.maximum for line in GRID}) == 100
    assert score(GRID, {}) == 0


def test_a_criterion_counts_by_its_weight_whatever_its_scale():
    grid = (criterion("public", 75, 10), criterion("budget", 25, 4))

    assert score(grid, {"public": 10}) == 75
    assert score(grid, {"budget": 2}) == 13  # 12.5, half a point rounds up
    assert score(grid, {"public": 5, "budget": 4}) == 63  # 62.5


def test_a_call_without_grid_gives_0_to_whatever_is_said():
    assert score((), {"public": 3}) == 0


@given(st.lists(st.integers(0, 5), min_size=5, max_size=5))
def test_more_points_never_lower_a_score(points):
    given_points = {line.code: value for line, value in zip(GRID, points, strict=True)}
    more = {code: min(5, value + 1) for code, value in given_points.items()}

    assert 0 <= score(GRID, given_points) <= score(GRID, more) <= 100
