"""A programming: how much each funder gives to each action before a committee, what forbids it, what explains it. Pure.

Amounts are whole cents; a share is a fraction. Nothing here chooses: services/programming.py does, with a solver.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from parvis.states.words import Cents, Sentence

Amounts = Mapping[tuple[int, str], int]
"""Cents by case id and funder code; what is not there is nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A case as a programming sees it: `score` out of 100, or None before the assessment; what it asks of whom.

    `paths` are, by funder, the envelopes its grant is taken from: its own, then those that one is a part of; a funder
    without one is not limited.
    Public money pays at most `ceiling` of its cost; `other_public_cents` is what it has of it from elsewhere.
    """

    id: int
    reference: str
    score: int | None
    cost_cents: int
    requested: Mapping[str, int]
    paths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    neighbourhoods: frozenset[str] = frozenset()
    other_public_cents: int = 0
    ceiling: Decimal = Decimal("0.8")

    @property
    def requested_cents(self) -> int:
        """All it asks for."""
        return sum(self.requested.values())


@dataclass(frozen=True, slots=True)
class Purse:
    """What is left in an envelope before this committee, in cents."""

    id: int
    name: str
    left_cents: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a programming has to keep to.

    A case that is given anything is given at least `least_cents`, or all it asks for when that is less. A proposal is
    made of whole multiples of `step_cents`, or of all that was asked. A neighbourhood of `shares` has at least that
    part of all that is given. The defaults are settings no source fixes.
    """

    least_cents: int = 1_000_00
    step_cents: int = 100_00
    shares: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a programming is made from."""

    cases: tuple[Asked, ...]
    purses: tuple[Purse, ...]
    bounds: Bounds = Bounds()

    def most_cents(self, case: Asked) -> int:
        """The most public money this call may add to a case, under the ceiling of its cost."""
        return max(0, int(case.cost_cents * case.ceiling) - case.other_public_cents)

    def least_cents(self, case: Asked) -> int:
        """The least a case is given when it is given anything."""
        return min(self.bounds.least_cents, case.requested_cents)


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing a programming may not do; `case_id` or `purse_id` says where."""

    code: str
    says: Sentence
    case_id: int | None = None
    purse_id: int | None = None


OVER_REQUEST = Sentence(
    "{reference} : {amount} de « {funder} », qui est sollicité pour {requested} ; donner au plus ce qui est demandé.",
    "{reference}: {amount} from “{funder}”, which is asked for {requested}; give at most what is asked for.",
)
NEGATIVE = Sentence(
    "{reference} : un montant ne peut pas être négatif ; écrire 0 ou davantage.",
    "{reference}: an amount cannot be negative; write 0 or more.",
)
OVER_CEILING = Sentence(
    "{reference} : {amount} d’argent public, au plus {most} pour un coût de {cost} ; réduire de {excess}.",
    "{reference}: {amount} of public money, at most {most} for a cost of {cost}; take off {excess}.",
)
UNDER_LEAST = Sentence(
    "{reference} : {amount}, moins que le minimum de {least} ; donner davantage, ou rien.",
    "{reference}: {amount}, less than the least, {least}; give more, or nothing.",
)
OVER_PURSE = Sentence(
    "Enveloppe « {purse} » : {amount} donnés, il reste {left} ; réduire de {excess}.",
    "Envelope “{purse}”: {amount} given, {left} left; take off {excess}.",
)
UNDER_SHARE = Sentence(
    "Quartier « {place} » : {amount}, moins que les {percent} % de ce qui est donné ; il manque {missing}.",
    "Neighbourhood “{place}”: {amount}, less than {percent}% of what is given; {missing} missing.",
)


def violations(problem: Problem, amounts: Amounts) -> list[Violation]:
    """Everything these amounts may not be, to the cent; none when the programming can be sent to a committee."""
    strays = _strays(problem, amounts)
    found = [
        one
        for case in problem.cases
        for one in _of_case(problem, case, given_to(case, amounts) | strays.get(case.id, {}))
    ]
    return [*found, *_of_purses(problem, amounts), *_of_places(problem, amounts)]


def _strays(problem: Problem, amounts: Amounts) -> dict[int, dict[str, int]]:
    """By case, what funders it asks nothing of would give it: found by reading the amounts once for all cases."""
    asked = {case.id: case.requested for case in problem.cases}
    found: dict[int, dict[str, int]] = {}
    for (case_id, funder), cents in amounts.items():
        if cents and case_id in asked and funder not in asked[case_id]:
            found.setdefault(case_id, {})[funder] = cents
    return found


def _of_case(problem: Problem, case: Asked, given: Mapping[str, int]) -> Iterator[Violation]:
    for funder, cents in sorted(given.items()):
        if cents < 0:
            yield Violation("negative", NEGATIVE.fill(reference=case.reference), case_id=case.id)
        if cents > case.requested.get(funder, 0):
            said = OVER_REQUEST.fill(
                reference=case.reference, amount=Cents(cents), funder=funder,
                requested=Cents(case.requested.get(funder, 0)),
            )  # fmt: skip
            yield Violation("over_request", said, case_id=case.id)
    total, most, least = sum(given.values()), problem.most_cents(case), problem.least_cents(case)
    if total > most:
        said = OVER_CEILING.fill(
            reference=case.reference, amount=Cents(total + case.other_public_cents),
            most=Cents(most + case.other_public_cents), cost=Cents(case.cost_cents), excess=Cents(total - most),
        )  # fmt: skip
        yield Violation("over_ceiling", said, case_id=case.id)
    if 0 < total < least:
        said = UNDER_LEAST.fill(reference=case.reference, amount=Cents(total), least=Cents(least))
        yield Violation("under_least", said, case_id=case.id)


def _of_purses(problem: Problem, amounts: Amounts) -> Iterator[Violation]:
    taken = taken_from(problem, amounts)
    for purse in problem.purses:
        excess = taken.get(purse.id, 0) - purse.left_cents
        if excess > 0:
            said = OVER_PURSE.fill(
                purse=purse.name,
                amount=Cents(taken[purse.id]),
                left=Cents(purse.left_cents),
                excess=Cents(excess),
            )
            yield Violation("over_purse", said, purse_id=purse.id)


def _of_places(problem: Problem, amounts: Amounts) -> Iterator[Violation]:
    whole = sum(amounts.values())
    for place, share in sorted(problem.bounds.shares.items()):
        there = given_in(problem, place, amounts)
        missing = -int(-(whole * share) // 1) - there
        if missing > 0:
            said = UNDER_SHARE.fill(
                place=place, amount=Cents(there), percent=f"{share * 100:f}".rstrip("0").rstrip("."),
                missing=Cents(missing),
            )  # fmt: skip
            yield Violation("under_share", said)


def given_to(case: Asked, amounts: Amounts) -> dict[str, int]:
    """What each funder gives to a case, of those that are asked; what others would give is a fault (`violations`)."""
    return {funder: amounts.get((case.id, funder), 0) for funder in case.requested}


def given_in(problem: Problem, place: str, amounts: Amounts) -> int:
    """What the actions of a neighbourhood are given; one that serves several counts in each."""
    return sum(
        sum(given_to(case, amounts).values()) for case in problem.cases if place in case.neighbourhoods
    )


def taken_from(problem: Problem, amounts: Amounts) -> dict[int, int]:
    """What is taken from each envelope, those it is a part of included."""
    taken: dict[int, int] = defaultdict(int)
    for case in problem.cases:
        for funder, path in case.paths.items():
            for purse_id in path:
                taken[purse_id] += amounts.get((case.id, funder), 0)
    return dict(taken)


def addable(missing: int, room: int, step: int) -> int:
    """What can be added where so much is missing and there is so much room: all of it, or whole steps."""
    return missing if room >= missing else room // step * step


def merit(problem: Problem, amounts: Amounts) -> Decimal:
    """What a programming is worth: the scores of its actions, each by the part of its request that is granted."""
    return sum(
        (
            Decimal(case.score) * sum(given_to(case, amounts).values()) / case.requested_cents
            for case in problem.cases
            if case.score is not None and case.requested_cents
        ),
        Decimal(0),
    )


def points_a_thousand(case: Asked) -> Decimal:
    """What a thousand euros given to a case bring, in points of its score: what a programming puts first."""
    if not case.score or not case.requested_cents:
        return Decimal(0)
    return Decimal(case.score) * 1_000_00 / case.requested_cents


def compared(problem: Problem, one: Amounts, other: Amounts) -> Sequence[tuple[Asked, int, int]]:
    """The cases two programmings treat differently, with what each gives, the largest difference first."""
    pairs = [
        (case, sum(given_to(case, one).values()), sum(given_to(case, other).values()))
        for case in problem.cases
        if given_to(case, one) != given_to(case, other)
    ]
    return sorted(pairs, key=lambda pair: (-abs(pair[2] - pair[1]), pair[0].reference))
