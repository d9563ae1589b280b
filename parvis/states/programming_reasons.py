"""Why a programming gives a case what it gives: one sentence a person can check with a pencil. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from parvis.states.fields.amounts import MAX_AMOUNT_CENTS
from parvis.states.programming import (
    Amounts,
    Asked,
    Problem,
    Purse,
    addable,
    given_in,
    given_to,
    points_a_thousand,
    taken_from,
)
from parvis.states.words import Cents, Sentence


class Why(StrEnum):
    """What decided an amount."""

    NOT_SCORED = "not_scored"
    NOTHING_ASKED = "nothing_asked"
    NO_ROOM_UNDER_CEILING = "no_room_under_ceiling"
    WHOLE = "whole"
    CEILING = "ceiling"
    PURSE = "purse"
    SHARE = "share"
    ROUNDED = "rounded"
    OUTRANKED = "outranked"


@dataclass(frozen=True, slots=True)
class Explained:
    """The reason of one case: its code, its sentence, and the envelopes it names."""

    case_id: int
    why: Why
    says: Sentence
    purses: tuple[int, ...] = ()


NOT_SCORED = Sentence(
    "Pas encore de note : saisir la grille d’analyse, puis proposer de nouveau.",
    "No score yet: fill in the assessment, then propose again.",
)
NOTHING_ASKED = Sentence(
    "Rien n’est demandé aux financeurs de cette programmation.", "Nothing is asked of these funders."
)
NO_ROOM = Sentence(
    "Le plafond de cofinancement ({percent} % de {cost}) est déjà atteint par d’autres subventions.",
    "The co-funding ceiling ({percent}% of {cost}) is already reached by other grants.",
)
WHOLE = Sentence("Tout ce qui est demandé : {amount}.", "All that is asked for: {amount}.")
CEILING = Sentence(
    "Limité par le plafond de cofinancement : {percent} % de {cost}.",
    "Limited by the co-funding ceiling: {percent}% of {cost}.",
)
PURSE = Sentence(
    "Limité par {purses} : le reste va à des actions qui apportent plus de points pour 1 000 € "
    "(celle-ci : {points}).",
    "Limited by {purses}: the rest goes to actions that bring more points for €1,000 (this one: {points}).",
)
SHARE = Sentence(
    "Limité pour garder la part des quartiers : {places}.",
    "Limited to keep the share of neighbourhoods: {places}.",
)
ROUNDED = Sentence(
    "Ce qui reste à donner est moins que le pas de {step}.",
    "What is left to give is less than the step of {step}.",
)
OUTRANKED = Sentence(
    "Rien : {purses} ne suffisent pas, et d’autres actions apportent plus de points pour 1 000 € "
    "(celle-ci : {points}) ; le minimum est de {least}.",
    "Nothing: {purses} are not enough, and other actions bring more points for €1,000 (this one: {points}); "
    "the least is {least}.",
)
NAMED = Sentence("« {name} »", "“{name}”")


def explained(problem: Problem, amounts: Amounts) -> list[Explained]:
    """The reason of every case, in their order."""
    taken = taken_from(problem, amounts)
    left = {purse.id: purse.left_cents - taken.get(purse.id, 0) for purse in problem.purses}
    return [_explained(problem, case, amounts, left) for case in problem.cases]


def _explained(problem: Problem, case: Asked, amounts: Amounts, left: dict[int, int]) -> Explained:
    given = given_to(case, amounts)
    total, most, step = sum(given.values()), problem.most_cents(case), problem.bounds.step_cents
    percent = f"{case.ceiling * 100:f}".rstrip("0").rstrip(".")
    if not case.requested_cents:
        return Explained(case.id, Why.NOTHING_ASKED, NOTHING_ASKED)
    if case.score is None:
        return Explained(case.id, Why.NOT_SCORED, NOT_SCORED)
    if total == case.requested_cents:
        return Explained(case.id, Why.WHOLE, WHOLE.fill(amount=Cents(total)))
    if most < problem.least_cents(case):
        return Explained(
            case.id, Why.NO_ROOM_UNDER_CEILING, NO_ROOM.fill(percent=percent, cost=Cents(case.cost_cents))
        )
    if total and most - total < step:
        return Explained(case.id, Why.CEILING, CEILING.fill(percent=percent, cost=Cents(case.cost_cents)))
    return _by_purses(problem, case, given, left) or _by_places(problem, case, amounts)


def _by_purses(
    problem: Problem, case: Asked, given: dict[str, int], left: dict[int, int]
) -> Explained | None:
    """What its envelopes lack; None when they have enough for a step more, or for the least of a case without."""
    total, step = sum(given.values()), problem.bounds.step_cents
    missing = {
        funder: asked - given[funder] for funder, asked in case.requested.items() if asked > given[funder]
    }
    needed = step if total else problem.least_cents(case)
    room = sum(addable(cents, _room(case, funder, left), step) for funder, cents in missing.items())
    short = tuple(
        dict.fromkeys(
            purse
            for funder, cents in sorted(missing.items())
            for purse in case.paths.get(funder, ())
            if left[purse] < min(cents, needed)
        )
    )
    if not short or room >= needed:
        return None
    named, points = _names(problem.purses, short), _shown(points_a_thousand(case))
    if total:
        return Explained(case.id, Why.PURSE, PURSE.fill(purses=named, points=points), short)
    least = Cents(problem.least_cents(case))
    return Explained(case.id, Why.OUTRANKED, OUTRANKED.fill(purses=named, points=points, least=least), short)


def _by_places(problem: Problem, case: Asked, amounts: Amounts) -> Explained:
    """The shares of neighbourhoods that a step more would take below their bound; else nothing but the rounding."""
    total = sum(given_to(case, amounts).values())
    more = problem.bounds.step_cents if total else problem.least_cents(case)
    whole = sum(amounts.values()) + more
    places = [
        place
        for place, share in sorted(problem.bounds.shares.items())
        if place not in case.neighbourhoods and given_in(problem, place, amounts) < whole * share
    ]
    if places:
        return Explained(case.id, Why.SHARE, SHARE.fill(places=places))
    return Explained(case.id, Why.ROUNDED, ROUNDED.fill(step=Cents(problem.bounds.step_cents)))


def _room(case: Asked, funder: str, left: dict[int, int]) -> int:
    """What its envelopes have left; a funder without one is not limited."""
    return min((left[purse] for purse in case.paths.get(funder, ())), default=MAX_AMOUNT_CENTS)


def _names(purses: Sequence[Purse], short: tuple[int, ...]) -> list[Sentence]:
    by_id = {purse.id: purse.name for purse in purses}
    return [NAMED.fill(name=by_id[purse_id]) for purse_id in short]


def _shown(points: Decimal) -> str:
    return f"{points:.1f}".replace(".", ",")
