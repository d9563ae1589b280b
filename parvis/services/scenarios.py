"""Programmings of a sitting: begun, changed in a grid, proposed by the solver, compared, sent to the committee."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from parvis.models.queries import scenarios as queries
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.purses import fitting
from parvis.models.queries.scenarios import CaseLine, PurseLine, ScenarioRow
from parvis.models.session import Session
from parvis.services import programming, reserving
from parvis.services.committee_journal import record_event
from parvis.services.reserving import Sent
from parvis.services.sessions.room import enter
from parvis.services.year_counts import agreements_told
from parvis.states.contract import Call
from parvis.states.facts import By
from parvis.states.programming import (
    Amounts,
    Asked,
    Bounds,
    Problem,
    Purse,
    Violation,
    compared,
    given_to,
    merit,
    taken_from,
    violations,
)
from parvis.states.programming_reasons import Explained, explained
from parvis.states.purses import Spending
from parvis.states.sitting_events import SittingEvent
from parvis.states.sitting_table import SittingStage
from parvis.states.words import Sentence

LONGEST_NAME = 80
BEFORE = frozenset({SittingStage.PLANNED, SittingStage.SUMMONED})

NAME = Sentence(
    "Donner un nom à la programmation, de {most} signes au plus.",
    "Give the programming a name, of at most {most} signs.",
)
SAME_NAME = Sentence(
    "Cette séance a déjà une programmation « {name} » : choisir un autre nom.",
    "This session has a programming “{name}” already: choose another name.",
)
CHANGED = Sentence(
    "La programmation « {name} » a changé depuis que vous l’avez ouverte : relire la page, puis recommencer.",
    "The programming “{name}” has changed since you opened it: read the page again, then retry.",
)
SENT = Sentence(
    "La programmation « {name} » est celle que voit le comité : la copier pour en changer les montants.",
    "The programming “{name}” is the one the committee sees: copy it to change its amounts.",
)
BROKEN = Sentence(
    "La programmation ne peut pas être envoyée au comité :",
    "The programming cannot be sent to the committee:",
)
TOO_LATE = Sentence(
    "La séance a commencé : sa programmation ne change plus. Écrire les décisions sur la page de séance.",
    "The session has begun: its programming no longer changes. Write the decisions on the session page.",
)
IMPOSSIBLE = Sentence(
    "Aucune programmation ne respecte les parts demandées pour les quartiers : les réduire dans le fichier du contrat.",
    "No programming keeps the shares asked for neighbourhoods: reduce them in the contract’s file.",
)
NOBODY_HERE = Sentence(
    "Aucun dossier n’est à l’ordre du jour : l’ordre du jour d’abord, la programmation ensuite.",
    "No case is on the agenda: the agenda first, the programming next.",
)


class Source(StrEnum):
    """What a programming begins with."""

    FUNDERS = "funders"
    SOLVER = "solver"
    NOTHING = "nothing"


class ScenarioRefusedError(Exception):
    """Nothing was written: why, and what is wrong one by one."""

    def __init__(self, sentence: Sentence, details: tuple[Sentence, ...] = ()) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
        self.details = details


@dataclass(frozen=True, slots=True)
class Ground:
    """What the programmings of a sitting are made from."""

    cases: tuple[CaseLine, ...]
    purses: tuple[PurseLine, ...]
    funders: Mapping[str, str]
    problem: Problem


@dataclass(frozen=True, slots=True)
class PurseState:
    """An envelope under a programming, in cents; `part` of its funder's general one, which stands before it, or not."""

    name: str
    part: bool
    left_cents: int
    given_cents: int

    @property
    def after_cents(self) -> int:
        """What would be left; less than nothing when too much is given."""
        return self.left_cents - self.given_cents


@dataclass(frozen=True, slots=True)
class Shown:
    """A programming with all that a reader checks: reasons only while its amounts are the solver's."""

    row: ScenarioRow
    ground: Ground
    amounts: Amounts
    purses: tuple[PurseState, ...]
    broken: tuple[Violation, ...]
    reasons: Mapping[int, Explained]
    points: int
    agreements: Mapping[int, list[Sentence]] = field(default_factory=dict)
    """By case, which grants would need an agreement, over all the cases of the year."""

    def given(self, case_id: int, funder: str) -> int:
        """What this funder gives to this case."""
        return self.amounts.get((case_id, funder), 0)

    def total(self, case_id: int) -> int:
        """What a case is given in all."""
        return sum(cents for (case, _), cents in self.amounts.items() if case == case_id)


@dataclass(frozen=True, slots=True)
class Difference:
    """A case two programmings treat differently, in cents."""

    reference: str
    one_cents: int
    other_cents: int


def ground(session: Session, committee_id: int) -> Ground:
    """The cases of the agenda, the envelopes they take from, and the bounds of their calls."""
    cases = queries.case_lines(session, committee_id)
    fits = fitting(session, [case.id for case in cases])
    spending = Spending(fits)
    purses = queries.purse_lines(session, committee_id, {one.id for each in fits.values() for one in each})
    contract = contract_by_id(session, queries.contract_of(session, committee_id))
    calls = {call.code: call for call in contract.calls}
    funders = queries.funders(session, committee_id)
    used = {code for case in cases for code in case.requested}
    return Ground(
        tuple(cases), tuple(purses), {code: name for code, (_, name) in funders.items() if code in used},
        Problem(
            tuple(_asked(case, _paths(case, funders, spending), calls[case.call]) for case in cases),
            tuple(Purse(one.id, one.name, one.available_cents + spending.freed[one.id]) for one in purses),
            _bounds(cases, calls),
        ),
    )  # fmt: skip


def _paths(
    case: CaseLine, funders: Mapping[str, tuple[int, str]], spending: Spending
) -> dict[str, tuple[int, ...]]:
    """By funder, the envelope that is to pay this case (states/purses.py), then the one it is a part of.

    Envelopes alike share the cases out, each counted for what it asks; sending reserves there, and so decides there.
    """
    paths = {code: spending.plan(case.id, funders[code][0], cents) for code, cents in case.requested.items()}
    return {code: path for code, path in paths.items() if path}


def _asked(case: CaseLine, paths: Mapping[str, tuple[int, ...]], call: Call) -> Asked:
    return Asked(
        case.id, case.reference, case.score, case.cost_cents, case.requested, paths, frozenset(case.neighbourhoods),
        ceiling=call.co_funding_ceiling,
    )  # fmt: skip


def _bounds(cases: list[CaseLine], calls: Mapping[str, Call]) -> Bounds:
    """Those of the call most cases of the agenda belong to."""
    if not cases:
        return Bounds()
    rules = calls[Counter(case.call for case in cases).most_common(1)[0][0]].programming
    shares = {each.neighbourhood: each.share for each in rules.shares}
    return Bounds(rules.least_cents, rules.step_cents, shares)


def begin(
    session: Session, committee_id: int, name: str, source: Source | int, *, by: By, at: datetime
) -> int:
    """Begin a programming with what funders propose, what the solver proposes, nothing, or a copy of another.

    Raises:
        ScenarioRefusedError: no name or one that is taken, no case, no such programming to copy.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ScenarioRefusedError(NAME.fill(most=LONGEST_NAME))
    made = ground(session, committee_id)
    if not made.cases:
        raise ScenarioRefusedError(NOBODY_HERE)
    given = queries.amounts(session, source) if isinstance(source, int) else _first(made, source)
    scenario_id = queries.begin(session, committee_id, name, by=by.actor, at=at)
    if scenario_id is None:
        raise ScenarioRefusedError(SAME_NAME.fill(name=name))
    queries.write(session, scenario_id, given, version=0, solved=source is Source.SOLVER, by=by.actor, at=at)
    return scenario_id


def _first(made: Ground, source: Source) -> Amounts:
    if source is Source.SOLVER:
        return solve(made)
    if source is Source.FUNDERS:
        return {(case.id, code): cents for case in made.cases for code, cents in case.proposed.items()}
    return {}


def solve(made: Ground) -> Amounts:
    """What the solver proposes.

    Raises:
        ScenarioRefusedError: nothing keeps to the bounds.
    """
    try:
        return programming.propose(made.problem).amounts
    except programming.NoProgrammingError:
        raise ScenarioRefusedError(IMPOSSIBLE) from None


def save(
    session: Session, row: ScenarioRow, given: Amounts, *, version: int, by: By, at: datetime, solved: bool = False
) -> None:  # fmt: skip
    """Keep these amounts; they may break bounds for a while, sending is what checks them.

    Raises:
        ScenarioRefusedError: it was changed by somebody else meanwhile, or it is the one that was sent.
    """
    if row.sent_at is not None:
        raise ScenarioRefusedError(SENT.fill(name=row.name))
    if not queries.write(session, row.id, given, version=version, solved=solved, by=by.actor, at=at):
        raise ScenarioRefusedError(CHANGED.fill(name=row.name))


def show(session: Session, row: ScenarioRow) -> Shown:
    """A programming, checked against what its sitting has now."""
    made = ground(session, row.committee_id)
    given = queries.amounts(session, row.id)
    taken = taken_from(made.problem, given)
    reasons = {one.case_id: one for one in explained(made.problem, given)} if row.solved else {}
    return Shown(
        row, made, given,
        tuple(
            PurseState(line.name, line.part, purse.left_cents, taken.get(purse.id, 0))
            for line, purse in zip(made.purses, made.problem.purses, strict=True)
        ),
        tuple(violations(made.problem, given)), reasons, int(merit(made.problem, given)),
        agreements_told(session, [case.id for case in made.cases], given),
    )  # fmt: skip


def compare(session: Session, one: ScenarioRow, other: ScenarioRow) -> list[Difference]:
    """The cases two programmings of a sitting treat differently, the largest difference first."""
    made = ground(session, one.committee_id)
    pairs = compared(made.problem, queries.amounts(session, one.id), queries.amounts(session, other.id))
    return [Difference(case.reference, before, after) for case, before, after in pairs]


def send(session: Session, row: ScenarioRow, *, version: int, by: By, at: datetime) -> None:
    """Make it what the committee is proposed, in place of any other, and reserve it; the sitting's journal says so.

    Raises:
        ScenarioRefusedError: it breaks a bound, changed meanwhile, or the session has begun.
    """
    if enter(session, row.committee_id, at=at, hold=True).stage not in BEFORE:
        raise ScenarioRefusedError(TOO_LATE)
    waiting = reserving.hold(session, ground(session, row.committee_id).problem)
    shown = show(session, row)
    if shown.broken:
        raise ScenarioRefusedError(BROKEN, tuple(one.says for one in shown.broken))
    if not queries.send(session, row.committee_id, row.id, version=version, at=at):
        raise ScenarioRefusedError(CHANGED.fill(name=row.name))
    cases = sum(1 for case in shown.ground.problem.cases if any(given_to(case, shown.amounts).values()))
    told = record_event(
        session, row.committee_id, SittingEvent.PROGRAMMED,
        {"name": row.name, "count": cases, "cents": row.total_cents}, by=by, at=at,
    )  # fmt: skip
    sent = Sent(f"c{row.committee_id}.{told.seq}", row.name, by.actor, at)
    undecided = [case for case in shown.ground.problem.cases if case.id in waiting]
    reserving.reserve(session, undecided, shown.amounts, sent)
