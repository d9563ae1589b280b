"""The yearly evaluation as sections: a sentence, a chart and its table, each figure with the list of what it counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.services import yearly_words as words
from parvis.services.figures.shapes import Bars, Cell, Column, Pairs, Percent, Section
from parvis.services.figures.showing import amount, counted
from parvis.services.queue_address import write_query
from parvis.services.yearly import (
    FUNDED,
    Evaluation,
    Figures,
    Line,
    Running,
    cost_done,
    cost_planned,
    named,
    share_done,
    share_planned,
    share_women,
    share_young,
)
from parvis.states.queue import Filter
from parvis.states.stages import Stage
from parvis.states.words import Cents, Sentence

MINOR_MONEY, MINOR_PEOPLE = frozenset({2, 3, 4, 7, 8}), frozenset(range(2, 10)) - {3}
Fact = tuple[Cell, Sentence, str]
Narrow = Callable[[Line], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FamilyLines:
    """One way to look at the year: its code, its words, its lines, how a list is narrowed to one of them."""

    code: str
    title: Sentence
    column: Sentence
    lines: tuple[Line, ...]
    unnamed: Sentence
    narrow: Narrow
    funders: bool = False

    def name_of(self, line: Line) -> Sentence:
        """The name of one of its lines as people read it: an instrument in words."""
        if not line.code:
            return self.unnamed
        return words.INSTRUMENT_WORDS.get(line.code, _same(line.name))


def facts(made: Evaluation) -> tuple[Fact, ...]:
    """The few figures to see first: value, words, where what it counts is listed."""
    now = made.total.now
    return (
        (now.proposed, words.FACT_PROPOSED, queue(made)),
        (now.funded, words.FACT_FUNDED, queue(made, stages=FUNDED)),
        (Cents(now.requested_cents), words.FACT_REQUESTED, queue(made)),
        (Cents(now.granted_cents), words.FACT_GRANTED, queue(made, stages=FUNDED)),
        (Cents(now.paid_cents), words.FACT_PAID, queue(made, stages=FUNDED)),
        (now.people_done, words.FACT_PEOPLE, queue(made, stages=FUNDED)),
    )


def sections(made: Evaluation) -> tuple[Section, ...]:
    """The comparison with the year before; then for each way to look at the year its money and its people."""
    listed = families(made)
    return (
        _compared(made),
        *(_money(family, made) for family in listed),
        *(_people(family, made) for family in listed),
        *_running(made),
    )


def families(made: Evaluation) -> tuple[FamilyLines, ...]:
    """The ways to look at the year: challenges, neighbourhoods, funders, instruments."""
    challenges = tuple(
        Line(line.code, f"{line.code} – {line.name}" if line.code else "", line.now, line.before)
        for line in made.challenges
    )
    return (
        FamilyLines("defis", words.CHALLENGES, words.CHALLENGE, challenges, words.NO_CHALLENGE,
                lambda line: {"challenges": (line.code,)}),
        FamilyLines("quartiers", words.NEIGHBOURHOODS, words.NEIGHBOURHOOD, made.neighbourhoods, words.NO_NEIGHBOURHOOD,
                lambda line: {"neighbourhoods": (line.code,)}),
        FamilyLines("financeurs", words.FUNDERS, words.FUNDER, made.funders, words.NO_FUNDER,
                lambda line: {"funders": (line.code,)}, funders=True),
        FamilyLines("moyens", words.INSTRUMENTS, words.INSTRUMENT, made.instruments, words.TOGETHER,
                lambda line: {"calls": tuple(code for code, kind in made.calls if kind == line.code)}),
    )  # fmt: skip


def queue(made: Evaluation, **wanted: Any) -> str:
    """The address of the queue that lists the cases a figure of this year counts."""
    calls = wanted.pop("calls", tuple(code for code, _ in made.calls))
    return f"/dossiers?{write_query(Filter(calls=calls, **wanted))}"


def _money(family: FamilyLines, made: Evaluation) -> Section:
    rows = tuple((family.name_of(line), *_money_cells(line)) for line in family.lines)
    bars = tuple(
        (family.name_of(line), line.now.requested_cents, line.now.granted_cents) for line in family.lines
    )
    columns = [name.fill(year=made.year, before=made.year - 1) for name in words.MONEY_COLUMNS]
    return Section(
        family.code, family.title, _first(family), _columns(family.column, columns, MINOR_MONEY), rows,
        Bars(bars, money=True, part=words.GRANTED, whole=words.REQUESTED),
        ways=tuple(_ways(line, family, made) for line in family.lines),
        foot=(words.TOGETHER, *_money_cells(made.total)),
    )  # fmt: skip


def _first(family: FamilyLines) -> Sentence:
    most = max(named(family.lines), key=lambda line: line.now.granted_cents, default=None)
    if most is None or not most.now.granted_cents:
        return words.NONE_GRANTED
    return words.MOST_GRANTED.fill(name=family.name_of(most), granted=amount(most.now.granted_cents))


def _money_cells(line: Line) -> tuple[Cell, ...]:
    now = line.now
    return (
        now.proposed, now.funded, now.evaluated, now.not_carried_out, Cents(now.requested_cents),
        Cents(now.granted_cents), Cents(now.paid_cents), Cents(now.spent_cents), Cents(line.before.granted_cents),
    )  # fmt: skip


def _ways(line: Line, family: FamilyLines, made: Evaluation) -> tuple[str, ...]:
    """Where each cell of a row of money is listed; what a list cannot tell apart leads nowhere."""
    rest = ("",) * 5
    if not line.code:
        return ("",) * 5 + rest
    asked = queue(made, **family.narrow(line))
    if family.funders:  # a list tells who was asked, not who granted
        return ("", asked, "", "", "", *rest)
    at = [queue(made, stages=stages, **family.narrow(line)) for stages in (FUNDED, (Stage.EVALUATED,))]
    undone = queue(made, not_carried_out=True, **family.narrow(line))
    return ("", asked, *at, undone, *rest)


def _people(family: FamilyLines, made: Evaluation) -> Section:
    lines = tuple(line for line in family.lines if line.code or line.now.proposed)
    rows = tuple((family.name_of(line), *_people_cells(line.now)) for line in lines)
    now = made.total.now
    bars = tuple((family.name_of(line), line.now.people_planned, line.now.people_done) for line in lines)
    return Section(
        f"publics-{family.code}", words.PEOPLE_BY[family.code],
        words.PEOPLE_SAYS.fill(planned=people(now.people_planned), done=people(now.people_done)),
        _columns(family.column, words.PEOPLE_COLUMNS, MINOR_PEOPLE), rows,
        Bars(bars, part=words.REACHED, whole=words.PLANNED),
        foot=(words.TOGETHER, *_people_cells(now)),
    )  # fmt: skip


def _people_cells(figures: Figures) -> tuple[Cell, ...]:
    costs = (cost_planned(figures), cost_done(figures))
    shares = (share_women(figures), share_young(figures))
    return (
        figures.reported, figures.people_planned, figures.people_planned_reported, figures.people_done,
        *(None if share is None else Percent(share) for share in (share_planned(figures), share_done(figures))),
        *(None if cost is None else Cents(cost) for cost in costs),
        *(None if share is None else Percent(share) for share in shares),
    )  # fmt: skip


def _running(made: Evaluation) -> tuple[Section, ...]:
    """What agreements of several years receive this year; nothing when none is in force."""
    *funders, together = made.running
    if not together.agreements:
        return ()
    rows = tuple((_same(each.name), *_running_cells(each)) for each in funders)
    return (
        Section(
            "conventions", words.RUNNING,
            words.RUNNING_SAYS.fill(
                year=made.year, amount=amount(together.cents), firm=amount(together.firm_cents),
                paid=amount(together.paid_cents),
            ),
            _columns(words.FUNDER, words.RUNNING_COLUMNS), rows,
            Bars(tuple((_same(each.name), each.cents, each.firm_cents) for each in funders), money=True,
                 part=words.FIRM, whole=words.OF_YEAR),
            foot=(words.TOGETHER, *_running_cells(together)),
        ),
    )  # fmt: skip


def _running_cells(each: Running) -> tuple[Cell, ...]:
    indicative = each.cents - each.firm_cents
    return (
        each.agreements,
        *(Cents(cents) for cents in (each.firm_cents, indicative, each.cents, each.paid_cents)),
    )


def _same(name: str) -> Sentence:
    return Sentence(name, name)


def _compared(made: Evaluation) -> Section:
    now, before = made.total.now, made.total.before
    years: dict[str, object] = {"year": made.year, "before": made.year - 1}
    title = words.COMPARED.fill(**years)
    if not made.compared:
        return Section("comparaison", title, words.NOT_COMPARED.fill(**years))
    says = words.COMPARED_SAYS.fill(
        granted=amount(now.granted_cents), earlier=amount(before.granted_cents), **years
    )
    both = zip(comparable(now), comparable(before), strict=True)
    rows = tuple(_change(name, after, earlier) for (name, after), (_, earlier) in both)
    challenges = families(made)[0]
    pairs = tuple(
        (challenges.name_of(line), line.now.granted_cents, line.before.granted_cents)
        for line in challenges.lines
    )
    first, *others = (column.fill(**years) for column in words.COMPARED_COLUMNS)
    chart = Pairs(pairs, _same(str(made.year)), _same(str(made.year - 1)), money=True)
    return Section("comparaison", title, says, _columns(first, others), rows, chart)


def comparable(figures: Figures) -> tuple[tuple[Sentence, int | Cents], ...]:
    """The figures that years are compared by, with their names."""
    values: tuple[int | Cents, ...] = (
        figures.proposed, figures.funded, figures.evaluated, figures.not_carried_out, Cents(figures.requested_cents),
        Cents(figures.granted_cents), Cents(figures.paid_cents), Cents(figures.spent_cents), figures.people_planned,
        figures.people_done,
    )  # fmt: skip
    names = (*words.MONEY_COLUMNS[:-1], words.PEOPLE_COLUMNS[1], words.PEOPLE_COLUMNS[3])
    return tuple(zip(names, values, strict=True))


def _change(name: Sentence, after: int | Cents, earlier: int | Cents) -> tuple[Cell, ...]:
    match after, earlier:
        case Cents(one), Cents(other):
            return name, after, earlier, Cents(one - other), _changed(one, other)
        case int(one), int(other):
            return name, after, earlier, one - other, _changed(one, other)
        case _:
            raise TypeError(name.en)


def _changed(after: int, earlier: int) -> Percent | None:
    moved = change(after, earlier)
    return None if moved is None else Percent(moved, signed=True)


def change(after: int, earlier: int) -> int | None:
    """How much more or less, in whole percent; None where there was nothing."""
    return round(100 * (after - earlier) / earlier) if earlier else None


def people(count: int) -> Sentence:
    """So many people, in words."""
    return words.ONE_PERSON if count == 1 else words.PEOPLE.fill(count=counted(count))


def some_actions(count: int) -> Sentence:
    """So many actions, in words."""
    return words.ONE_ACTION if count == 1 else words.ACTIONS.fill(count=counted(count))


def _columns(
    first: Sentence, numbers: Sequence[Sentence], minor: frozenset[int] = frozenset()
) -> tuple[Column, ...]:
    """The columns of a table; `minor` are the places of the numbers a narrow terminal can do without."""
    named = (Column(name, minor=place in minor) for place, name in enumerate(numbers))
    return (Column(first, number=False), *named)
