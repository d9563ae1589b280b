"""Splitting an amount of money into instalments that sum to the cent. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def split(cents: int, shares: Sequence[Decimal]) -> tuple[int, ...]:
    """The parts of `cents` by `shares`, which add up to 1: none is negative and their sum is the amount, exactly.

    What has been paid so far is rounded, not each part: a part is never more than a cent away from its share.
    """
    paid, so_far, parts = 0, Decimal(0), []
    for share in shares:
        so_far += share
        due = int((so_far * cents).quantize(Decimal(1), ROUND_HALF_UP))
        parts.append(due - paid)
        paid = due
    if parts:
        parts[-1] += cents - paid
    return tuple(parts)
