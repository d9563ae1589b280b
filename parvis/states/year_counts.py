"""One authority and association over a year, counted over all cases: whether a grant would need an agreement. Pure.

Loi n° 2000-321 du 12 avril 2000, art. 10, and décret n° 2001-495: above 23,000 euros a year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from parvis.states.contract.members import FunderKind
from parvis.states.partners import pro_rata
from parvis.states.words import Cents, Sentence

AUTHORITIES = frozenset({
    FunderKind.STATE, FunderKind.METROPOLIS, FunderKind.CITY, FunderKind.DEPARTMENT, FunderKind.REGION, FunderKind.CAF,
})  # fmt: skip
"""Those the law calls administrative authorities (loi 2000-321 art. 1); a landlord or a bank signs acts of its own."""

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
ALREADY_TO = Sentence(
    "{funder} donne déjà {total} cette année à {who} ({cases}).",
    "{funder} already gives {total} this year to {who} ({cases}).",
)
ROOM_OF = Sentence(
    "Au-delà de {room} ici pour {who}, {funder} lui donnerait plus de {threshold} dans l’année : une convention est "
    "obligatoire avec cet organisme.",
    "Above {room} here for {who}, {funder} would give it more than {threshold} in the year: an agreement is required "
    "with this association.",
)
NEEDED_WITH = Sentence(
    "Avec {amount} ici pour {who}, {funder} lui donnerait {total} dans l’année, plus de {threshold} : une convention "
    "est obligatoire avec cet organisme.",
    "With {amount} here for {who}, {funder} would give it {total} in the year, more than {threshold}: an agreement is "
    "required with this association.",
)
ONE = Sentence("{reference} : {amount}", "{reference}: {amount}")


@dataclass(frozen=True, slots=True)
class YearCount:
    """What a funder gives an association in the year besides a case: `others` are references and cents.

    `requested_cents` is what the case asks for it; `who`, its name in a coordinated proposal, where each counts alone;
    `partner`, its SIRET, unless it is the applicant.
    """

    funder: str
    name: str
    threshold_cents: int
    requested_cents: int
    others: tuple[tuple[str, int], ...]
    who: str = ""
    partner: str = ""

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
    already, room, needed = (ALREADY_TO, ROOM_OF, NEEDED_WITH) if count.who else (ALREADY, ROOM, NEEDED)
    named: dict[str, str] = {"who": count.who} if count.who else {}
    total, threshold = Cents(count.already_cents), Cents(count.threshold_cents)
    said = [already.fill(funder=count.name, total=total, cases=cases, **named)] if cases else []
    if cents is None:
        return [
            *said,
            room.fill(room=Cents(count.room_cents), funder=count.name, threshold=threshold, **named),
        ]
    total = Cents(cents + count.already_cents)
    with_it = needed.fill(amount=Cents(cents), funder=count.name, total=total, threshold=threshold, **named)
    return [*said, with_it]


def shares(counts: Sequence[YearCount], amounts: Mapping[str, int]) -> list[int]:
    """What each of the associations counted would get of these amounts (by funder code): pro rata of what is asked."""
    found: list[int] = []
    for code, group in groupby(counts, lambda count: count.funder):
        found += pro_rata(amounts.get(code, 0), [count.requested_cents for count in group])
    return found
