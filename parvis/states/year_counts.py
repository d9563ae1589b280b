"""One authority and association over a year, counted over all cases: whether a grant would need an agreement. Pure.

Loi n° 2000-321 du 12 avril 2000, art. 10, and décret n° 2001-495: above 23,000 euros a year.
"""

from dataclasses import dataclass

from parvis.states.words import Cents, Sentence

ALREADY = Sentence(
    "{funder} lui donne déjà {total} cette année ({cases}).",
    "{funder} already gives it {total} this year ({cases}).",
)
ROOM = Sentence(
    "Au-delà de {room} ici, {funder} dépasserait {threshold} dans l’année : une convention est obligatoire.",
    "Above {room} here, {funder} would exceed {threshold} in the year: an agreement is required.",
)
NEEDED = Sentence(
    "Avec {amount} ici, {funder} donnerait {total} dans l’année, plus de {threshold} : une convention est obligatoire.",
    "With {amount} here, {funder} would give {total} in the year, more than {threshold}: an agreement is required.",
)
ONE = Sentence("{reference} : {amount}", "{reference}: {amount}")


@dataclass(frozen=True, slots=True)
class YearCount:
    """What a funder gives an association in the year besides a case: `others` are references and cents."""

    funder: str
    name: str
    threshold_cents: int
    requested_cents: int
    others: tuple[tuple[str, int], ...]

    @property
    def already_cents(self) -> int:
        """What the other cases bring it."""
        return sum(cents for _, cents in self.others)

    @property
    def room_cents(self) -> int:
        """The most this case may be given without an agreement."""
        return max(0, self.threshold_cents - self.already_cents)


def told(count: YearCount, cents: int | None = None) -> list[Sentence]:
    """What to know before deciding, with `cents` for this case when they are said; nothing when nothing is near.

    Without an amount, it is told whenever what is asked could exceed the threshold.
    """
    could = cents if cents is not None else count.requested_cents
    if not could or could + count.already_cents <= count.threshold_cents:
        return []
    cases = [ONE.fill(reference=reference, amount=Cents(each)) for reference, each in count.others]
    said = [ALREADY.fill(funder=count.name, total=Cents(count.already_cents), cases=cases)] if cases else []
    threshold = Cents(count.threshold_cents)
    if cents is None:
        return [*said, ROOM.fill(room=Cents(count.room_cents), funder=count.name, threshold=threshold)]
    total = Cents(cents + count.already_cents)
    return [*said, NEEDED.fill(amount=Cents(cents), funder=count.name, total=total, threshold=threshold)]
