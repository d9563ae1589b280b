"""The yearly evaluation of a contract: what a year asked for, was granted, did and left unanswered, beside the last.

Read in a statement a family of figures, then assembled; pages, documents and files say it each their way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.models.queries import yearly as queries
from parvis.models.queries.calls import list_calls
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.yearly import FUNDED, ActionLine, Counted, Crossing, Figures, Running
from parvis.models.session import Session
from parvis.states.contract import Instrument

__all__ = [
    "FUNDED", "ActionLine", "Crossing", "Evaluation", "Figures", "Line", "NoSuchYearError", "Running",
    "Unanswered", "actions",
    "cost_done", "cost_planned", "evaluate", "latest_year", "share_done", "share_planned", "share_women", "share_young",
]  # fmt: skip

NOTHING = Figures()


class NoSuchYearError(Exception):
    """No call of the contract is of this year; `known` are the years that have one, the latest first."""

    def __init__(self, year: int, known: tuple[int, ...]) -> None:
        super().__init__(f"{year}: {known}")
        self.year = year
        self.known = known


@dataclass(frozen=True, slots=True)
class Line:
    """One challenge, neighbourhood, funder or instrument: its figures, and those of the year before.

    `code` is empty for what names none of it, and for all together.
    """

    code: str
    name: str
    now: Figures = NOTHING
    before: Figures = NOTHING


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What nobody answered, by code: without a proposal, or with proposals of which none is funded.

    Pairs are a neighbourhood and a challenge.
    """

    challenges: tuple[str, ...]
    challenges_unfunded: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    neighbourhoods_unfunded: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    pairs_unfunded: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A year of a contract. Each family lists all the contract names, then the cases that name none, if any.

    `calls` are the codes and instruments of the calls of the year.
    """

    contract_id: int
    contract: str
    city: str
    year: int
    years: tuple[int, ...]
    calls: tuple[tuple[str, str], ...]
    total: Line
    instruments: tuple[Line, ...]
    challenges: tuple[Line, ...]
    neighbourhoods: tuple[Line, ...]
    funders: tuple[Line, ...]
    crossings: tuple[Crossing, ...]
    running: tuple[Running, ...]

    @property
    def compared(self) -> bool:
        """Whether there is a year before to compare with."""
        return self.total.before.proposed > 0

    @property
    def unanswered(self) -> Unanswered:
        """What nobody answered."""
        at = {(each.neighbourhood, each.challenge): each for each in self.crossings}
        pairs = [
            (place.code, challenge.code)
            for place in named(self.neighbourhoods)
            for challenge in named(self.challenges)
        ]
        return Unanswered(
            _codes(self.challenges, proposed=False), _codes(self.challenges, proposed=True),
            _codes(self.neighbourhoods, proposed=False), _codes(self.neighbourhoods, proposed=True),
            tuple(pair for pair in pairs if pair not in at),
            tuple(pair for pair in pairs if pair in at and not at[pair].funded),
        )  # fmt: skip


def evaluate(session: Session, contract_id: int, year: int) -> Evaluation:
    """The evaluation of a year, in a fixed number of statements.

    Raises:
        NoSuchYearError: no call of the contract is of this year.
    """
    calls = list_calls(session, contract_id)
    known = tuple(sorted({call.year for call in calls}, reverse=True))
    if year not in known:
        raise NoSuchYearError(year, known)
    contract = contract_by_id(session, contract_id)
    both = (year, year - 1)
    instruments = _lines(queries.by_instrument(session, contract_id, both), year)
    total = next((line for line in instruments if not line.code), Line("", ""))
    funders = _lines(queries.by_funder(session, contract_id, both), year)
    return Evaluation(
        contract_id, contract.name, contract.city, year, known,
        tuple((call.code, call.instrument) for call in calls if call.year == year),
        total,
        tuple(line for kind in Instrument for line in instruments if line.code == kind),
        _lines(queries.by_challenge(session, contract_id, both), year),
        _lines(queries.by_neighbourhood(session, contract_id, both), year),
        (*funders, *_unnamed(total, funders)),
        tuple(queries.crossings(session, contract_id, year)),
        tuple(queries.running(session, contract_id, year)),
    )  # fmt: skip


def actions(session: Session, contract_id: int, year: int) -> tuple[ActionLine, ...]:
    """Every case of the year, by reference."""
    return tuple(queries.actions(session, contract_id, year))


def latest_year(session: Session, contract_id: int, today_year: int) -> int | None:
    """The latest year with a call that is not to come, else the first to come; None when there is no call."""
    years = sorted({call.year for call in list_calls(session, contract_id)})
    past = [year for year in years if year <= today_year]
    return past[-1] if past else next(iter(years), None)


def named(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What the contract names, without the cases that name none of it."""
    return tuple(line for line in lines if line.code)


def share_planned(figures: Figures) -> int | None:
    """Percent of the people planned who live in a priority neighbourhood, where actions say it."""
    return _rounded(figures.weighted_planned, figures.weighing_planned)


def share_done(figures: Figures) -> int | None:
    """Percent of the people reached who live in a priority neighbourhood, where reports say it."""
    return _rounded(figures.weighted_done, figures.weighing_done)


def cost_planned(figures: Figures) -> int | None:
    """Cents of the whole cost for each person planned, over the funded that say how many."""
    return _rounded(figures.cost_planned_cents, figures.people_planned)


def cost_done(figures: Figures) -> int | None:
    """Cents spent for each person reached, over the reports that say both."""
    return _rounded(figures.cost_done_cents, figures.people_costed)


def share_women(figures: Figures) -> int | None:
    """Percent of women and girls among the people reached, where reports say it."""
    return _rounded(100 * figures.women, figures.weighing_women)


def share_young(figures: Figures) -> int | None:
    """Percent of people under 26 among the people reached, where reports say it."""
    return _rounded(100 * figures.young, figures.weighing_young)


def _rounded(part: int, whole: int) -> int | None:
    """The quotient to the nearest whole; None of nothing."""
    return (2 * part + whole) // (2 * whole) if whole else None


def _lines(counted: Sequence[Counted], year: int) -> tuple[Line, ...]:
    """Both years of each code on one line, in the order they came; nothing for cases that name none, if none is."""
    found: dict[str, Line] = {}
    for each in counted:
        line = found.get(each.code, Line(each.code, each.name))
        now = each.figures if each.year == year else line.now
        before = each.figures if each.year == year - 1 else line.before
        found[each.code] = Line(each.code, each.name, now, before)
    return tuple(found.values())


def _unnamed(total: Line, funders: Sequence[Line]) -> tuple[Line, ...]:
    """What cases ask for beyond what they ask of the funders named, so that the funders add up to the whole."""
    now, before = (_rest(total, funders, which) for which in ("now", "before"))
    return (Line("", "", now, before),) if now != NOTHING or before != NOTHING else ()


def _rest(total: Line, funders: Sequence[Line], which: str) -> Figures:
    whole: Figures = getattr(total, which)
    return Figures(
        requested_cents=whole.requested_cents - sum(getattr(f, which).requested_cents for f in funders)
    )


def _codes(lines: Sequence[Line], *, proposed: bool) -> tuple[str, ...]:
    return tuple(
        line.code for line in named(lines) if not line.now.funded and (line.now.proposed > 0) == proposed
    )
