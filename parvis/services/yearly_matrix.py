"""Neighbourhoods × challenges: what was proposed and funded where both meet, and the sentences of a year."""

from dataclasses import dataclass

from parvis.services import yearly_words as words
from parvis.services.figures.shapes import Column, Section
from parvis.services.figures.showing import amount, counted, percent
from parvis.services.yearly import Evaluation, named
from parvis.services.yearly_sections import change, people, queue, some_actions
from parvis.states.words import Sentence

NONE, UNFUNDED, FUNDED = "none", "unfunded", "funded"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a neighbourhood and a challenge meet. `state` is `none`, `unfunded` or `funded`."""

    proposed: int
    funded: int
    granted_cents: int
    link: str

    @property
    def state(self) -> str:
        """What was answered there."""
        return FUNDED if self.funded else UNFUNDED if self.proposed else NONE


@dataclass(frozen=True, slots=True)
class Matrix:
    """A row a neighbourhood (name, spots), a column a challenge (code, label)."""

    challenges: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Spot, ...]], ...]


def matrix(made: Evaluation) -> Matrix:
    """Every neighbourhood by every challenge."""
    at = {(each.neighbourhood, each.challenge): each for each in made.crossings}
    challenges = named(made.challenges)

    def spot(place: str, challenge: str) -> Spot:
        each = at.get((place, challenge))
        if each is None:
            return Spot(0, 0, 0, "")
        link = queue(made, neighbourhoods=(place,), challenges=(challenge,))
        return Spot(each.proposed, each.funded, each.granted_cents, link)

    return Matrix(
        tuple((line.code, line.name) for line in challenges),
        tuple(
            (place.name, tuple(spot(place.code, line.code) for line in challenges))
            for place in named(made.neighbourhoods)
        ),
    )


def summary(made: Evaluation) -> tuple[Sentence, ...]:
    """The year in a few sentences, written from its figures."""
    now = made.total.now
    if not now.proposed:
        return (words.NOTHING.fill(year=made.year),)
    said = [
        words.SUMMARY_FIRST.fill(
            year=made.year, proposed=some_actions(now.proposed), funded=_funded(now.funded),
            granted=amount(now.granted_cents), requested=amount(now.requested_cents),
        )
    ]  # fmt: skip
    if made.compared and now.granted_cents:
        said.append(_compared(made))
    challenges, places = named(made.challenges), named(made.neighbourhoods)
    if now.granted_cents and challenges and places:
        most = max(challenges, key=lambda line: line.now.granted_cents)
        place = max(places, key=lambda line: line.now.granted_cents)
        said.append(
            words.SUMMARY_MOST.fill(
                challenge=most.name, granted=amount(most.now.granted_cents), place=place.name,
                in_place=amount(place.now.granted_cents),
            )
        )  # fmt: skip
    said.append(_reports(made))
    missing = made.unanswered
    said.append(
        words.SUMMARY_PAIRS.fill(
            all=counted(len(challenges) * len(places)), none=counted(len(missing.pairs)),
            unfunded=counted(len(missing.pairs_unfunded)),
        )
    )  # fmt: skip
    return tuple(said)


def _funded(count: int) -> Sentence:
    if count > 1:
        return words.SOME_FUNDED.fill(count=counted(count))
    return words.ONE_FUNDED if count else words.NONE_FUNDED


def _compared(made: Evaluation) -> Sentence:
    now, before = made.total.now.granted_cents, made.total.before.granted_cents
    if now == before:
        return words.SUMMARY_SAME.fill(before=made.year - 1)
    moved = change(now, before)
    if moved is None:
        return words.SUMMARY_FROM_NOTHING.fill(before=made.year - 1)
    said = words.SUMMARY_MORE if now > before else words.SUMMARY_LESS
    return said.fill(
        difference=amount(abs(now - before)), before=made.year - 1, percent=percent(moved, signed=True)
    )


def _reports(made: Evaluation) -> Sentence:
    now = made.total.now
    if not now.reported:
        return words.SUMMARY_NO_REPORT
    return words.SUMMARY_REPORTS.fill(
        reports=counted(now.reported), funded=counted(now.funded), done=people(now.people_done),
        planned=counted(now.people_planned_reported), spent=amount(now.spent_cents),
    )  # fmt: skip


def unanswered(made: Evaluation) -> Section:
    """What nobody answered, a row a challenge: the neighbourhoods without a proposal, those without a funded action."""
    missing = made.unanswered
    places = {line.code: line.name for line in made.neighbourhoods}
    rows = []
    for line in named(made.challenges):
        lists = [
            tuple(places[place] for place, challenge in pairs if challenge == line.code)
            for pairs in (missing.pairs, missing.pairs_unfunded)
        ]
        if any(lists):
            whole = len(lists[0]) == len(named(made.neighbourhoods))
            rows.append((
                f"{line.code} – {line.name}",
                words.EVERYWHERE if whole else ", ".join(lists[0]) or None, ", ".join(lists[1]) or None,
            ))  # fmt: skip
    says = words.ALL_ANSWERED
    if rows:
        says = words.SUMMARY_PAIRS.fill(
            all=counted(len(named(made.challenges)) * len(places_of(made))), none=counted(len(missing.pairs)),
            unfunded=counted(len(missing.pairs_unfunded)),
        )  # fmt: skip
    columns = tuple(Column(name, number=False) for name in words.UNANSWERED_COLUMNS)
    return Section("sans-reponse", words.UNANSWERED, says, columns, tuple(rows))


def places_of(made: Evaluation) -> tuple[str, ...]:
    """The neighbourhoods of the contract."""
    return tuple(line.code for line in named(made.neighbourhoods))
