"""What a measure says: ours and the floor side by side, the ratio between them and what was promised."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison. `ratio` is how far from the floor we are; `at_least` or `at_most` bounds it, if promised."""

    what: str
    ours: str
    floor: str
    ratio: float
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None when nothing was promised."""
        if self.at_least is None and self.at_most is None:
            return None
        least = float("-inf") if self.at_least is None else self.at_least
        return least <= self.ratio <= (float("inf") if self.at_most is None else self.at_most)

    @property
    def target(self) -> str:
        """The promise in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g} ×"
        return f"≤ {self.at_most:g} ×" if self.at_most is not None else "—"


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured about one subject; `skipped` says what could not be, and why."""

    subject: str
    lines: tuple[Line, ...]
    skipped: str = ""


def middle(values: Sequence[float]) -> float:
    """The median: a noisy machine spoils means."""
    return statistics.median(values)


def middle_ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of what was measured one after the other."""
    return middle([one / other for one, other in zip(ours, floor, strict=True)])
