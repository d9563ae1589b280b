"""Which envelope pays for what: the most specific one that fits, then those it is a part of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Purse:
    """An envelope that fits a case: of its challenge, of its neighbourhood, of both, or general. Cents not yet spent.

    `parent_id` is the funder's general envelope of the same call and year, when this one is a part of it. `own_cents`
    is what is reserved for this very case: not available to the others, and still its own.
    """

    id: int
    parent_id: int | None
    of_challenge: bool
    of_neighbourhood: bool
    available_cents: int
    own_cents: int = 0

    @property
    def left_cents(self) -> int:
        """What this case may be given of it."""
        return self.available_cents + self.own_cents

    @property
    def chain(self) -> tuple[int, ...]:
        """The envelope and the one it is a part of: what a grant is taken from."""
        return (self.id,) if self.parent_id is None else (self.id, self.parent_id)


def most_specific(purses: Iterable[Purse], cents: int = 0) -> Purse | None:
    """The envelope that pays `cents`, of those of one funder that fit a case, with what it and its parent have left.

    The one of the challenge comes before the one of the neighbourhood, which comes before the general one. Of several
    alike, the one that keeps something for this very case pays, if it has enough: what was planned is what is decided.
    Otherwise the one with the most left, then the oldest.
    """
    known = {purse.id: purse for purse in purses}
    if not known:
        return None
    chosen = min(known.values(), key=lambda one: (
        not one.of_challenge, not one.of_neighbourhood, not (one.own_cents and one.left_cents >= cents),
        -one.left_cents, one.id,
    ))  # fmt: skip
    parent = known.get(chosen.parent_id) if chosen.parent_id is not None else None
    left = min(chosen.left_cents, parent.left_cents) if parent else chosen.left_cents
    return replace(chosen, available_cents=left, own_cents=0)


Fits = Mapping[tuple[int, int], Sequence[Purse]]
"""By case and funder, the envelopes that fit."""


class Spending:
    """Grants taken one after the other, on paper: each sees what the envelopes have left after those before.

    What is reserved for these cases is theirs to share out again: it counts as left, for all of them. `freed` is how
    much that is, by envelope.
    """

    def __init__(self, fits: Fits) -> None:
        own = {(case_id, one.id): one.own_cents for (case_id, _), each in fits.items() for one in each}
        self.freed: dict[int, int] = defaultdict(int)
        for (_, envelope_id), cents in own.items():
            self.freed[envelope_id] += cents
        self._fits = fits
        self._spent: dict[int, int] = defaultdict(int)

    def paying(self, case_id: int, funder_id: int, cents: int = 0) -> Purse | None:
        """The envelope that would pay `cents` now, with what it has left; None when the funder has none that fits."""
        return most_specific(map(self._now, self._fits.get((case_id, funder_id), ())), cents)

    def _now(self, one: Purse) -> Purse:
        """An envelope after what was taken: what is reserved for all these cases counts as left, its own once."""
        left = one.available_cents + self.freed[one.id] - self._spent[one.id]
        return replace(one, available_cents=left - one.own_cents)

    def take(self, case_id: int, funder_id: int, cents: int) -> tuple[int, ...]:
        """Take this amount from the envelope that pays it; the envelopes it counts in."""
        return self._taken(self.paying(case_id, funder_id, cents), cents)

    def plan(self, case_id: int, funder_id: int, cents: int) -> tuple[int, ...]:
        """Take it before it is known how much will be given, at most so much: where something is kept, if it is."""
        return self._taken(self.paying(case_id, funder_id), cents)

    def _taken(self, purse: Purse | None, cents: int) -> tuple[int, ...]:
        if purse is None:
            return ()
        for envelope_id in purse.chain:
            self._spent[envelope_id] += cents
        return purse.chain
