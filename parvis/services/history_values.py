"""How the history of a case shows what its journal keeps: a sitting, amounts, parts, points."""

from parvis.models.queries.histories import Names
from parvis.services.portals.words import told_words
from parvis.states.partners import LEAD, THE_LEAD
from parvis.states.words import Cents, Sentence


def committee(committee_id: int, names: Names) -> object:
    """A sitting by its name and its day."""
    known = names.committees.get(committee_id)
    return (
        Sentence("{name}, le {day}", "{name}, {day}").fill(name=known[0], day=known[1])
        if known
        else committee_id
    )


def amounts(given: list[tuple[str, int]], names: Names) -> list[Sentence]:
    """Amounts, each with its funder."""
    each = Sentence("{funder} ({amount})", "{funder} ({amount})")
    return [
        each.fill(funder=names.funders_by_code.get(code, code), amount=Cents(cents)) for code, cents in given
    ]


def parts(given: list[tuple[str, str, int]], names: Names) -> list[Sentence]:
    """Parts, each with its association and its funder."""
    each = Sentence("{who}, {funder} ({amount})", "{who}, {funder} ({amount})")
    return [
        each.fill(
            who=THE_LEAD if who == LEAD else who,
            funder=names.funders_by_code.get(code, code),
            amount=Cents(cents),
        )
        for who, code, cents in given
    ]


def points(given: list[tuple[str, int]], names: Names) -> list[Sentence]:
    """Points, each with its criterion."""
    each = Sentence("{criterion} {points}", "{criterion} {points}")
    return [
        each.fill(criterion=label.sentence if (label := names.criteria.get(code)) else code, points=value)
        for code, value in given
    ]


def told(given: list[tuple[str, str, str]], names: Names) -> Sentence:
    """What a platform said, each point with what Parvis had."""
    each = [told_words(*point, names.funders_by_code) for point in given]
    return Sentence(" ; ".join(one.fr for one in each), "; ".join(one.en for one in each))
