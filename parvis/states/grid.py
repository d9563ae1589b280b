"""The assessment grid: points by criterion, and the score out of 100 they make. Pure."""

from collections.abc import Mapping, Sequence

from parvis.states.contract.instruction import Criterion


def score(grid: Sequence[Criterion], points: Mapping[str, int]) -> int:
    """The score out of 100 of these points (by criterion code), each criterion by its weight; half a point rounds up.

    A criterion without points counts for none. Only whole numbers are used, so that the same points always give the
    same score.
    """
    weights = sum(criterion.weight for criterion in grid)
    if not weights:
        return 0
    parts = 1
    for criterion in grid:
        parts *= criterion.maximum
    sum_of_parts = sum(
        criterion.weight * points.get(criterion.code, 0) * (parts // criterion.maximum) for criterion in grid
    )
    whole = weights * parts
    return (200 * sum_of_parts + whole) // (2 * whole)
