"""Which envelope pays for what: the most specific one that fits, then those it is a part of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purse:
    """An envelope that fits a case: of its challenge, of its neighbourhood, of both, or general. Cents not yet spent.

    `parent_id` is the funder's general envelope of the same call and year, when this one is a part of it.
    """

    id: int
    parent_id: int | None
    of_challenge: bool
    of_neighbourhood: bool
    available_cents: int

    @property
    def chain(self) -> tuple[int, ...]:
        """The envelope and the one it is a part of: what a grant is taken from."""
        return (self.id,) if self.parent_id is None else (self.id, self.parent_id)


def most_specific(purses: Iterable[Purse]) -> Purse | None:
    """The envelope that pays, of those of one funder that fit a case, with what it and its parent both have left.

    The one of the challenge comes before the one of the neighbourhood, which comes before the general one; of several
    alike, the one with the most left, then the oldest.
    """
    known = {purse.id: purse for purse in purses}
    if not known:
        return None
    chosen = min(known.values(), key=lambda one: (
        not one.of_challenge, not one.of_neighbourhood, -one.available_cents, one.id,
    ))  # fmt: skip
    parent = known.get(chosen.parent_id) if chosen.parent_id is not None else None
    left = min(chosen.available_cents, parent.available_cents) if parent else chosen.available_cents
    return Purse(chosen.id, chosen.parent_id, chosen.of_challenge, chosen.of_neighbourhood, left)


Fits = Mapping[tuple[int, int], Sequence[Purse]]
"""By case and funder, the envelopes that fit."""


class Spending:
    """Grants taken one after the other, on paper: each sees what the envelopes have left after those before."""

    def __init__(self, fits: Fits) -> None:
        self._fits = fits
        self._spent: dict[int, int] = defaultdict(int)

    def paying(self, case_id: int, funder_id: int) -> Purse | None:
        """The envelope that would pay now, with what it has left; None when the funder has none for this case."""
        return most_specific(
            Purse(one.id, one.parent_id, one.of_challenge, one.of_neighbourhood,
                  one.available_cents - self._spent[one.id])
            for one in self._fits.get((case_id, funder_id), ())
        )  # fmt: skip

    def take(self, case_id: int, funder_id: int, cents: int) -> tuple[int, ...]:
        """Take this amount; the envelopes it counts in."""
        purse = self.paying(case_id, funder_id)
        if purse is None:
            return ()
        for envelope_id in purse.chain:
            self._spent[envelope_id] += cents
        return purse.chain
