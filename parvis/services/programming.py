"""A programming proposed by a solver: the most points the envelopes can buy, within everything it has to keep to."""

from dataclasses import dataclass
from decimal import Decimal

import highspy

from parvis.states.programming import (
    Asked,
    Problem,
    addable,
    given_in,
    given_to,
    merit,
    points_a_thousand,
    taken_from,
    violations,
)
from parvis.states.programming_reasons import Explained, explained

EUROS = 100.0
GAP = 0.001
"""How far from the best proposal one may stop, as a part of it: a tenth of a percent of its points."""
SECONDS = 8.0
TRIES = 6


class NoProgrammingError(Exception):
    """Nothing keeps to these bounds: a neighbourhood's share asks for more than its actions do."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal: cents by case and funder, why each case is given what it is, what it is worth in points."""

    amounts: dict[tuple[int, str], int]
    reasons: tuple[Explained, ...]
    points: Decimal


def propose(problem: Problem) -> Proposed:
    """The programming that is worth the most points (states/programming.merit), exact to the cent.

    Cases without a score are given nothing. The same problem gives the same proposal.

    Raises:
        NoProgrammingError: no programming keeps to the bounds.
    """
    margin = 0
    for _ in range(TRIES):
        amounts = _rounded(problem, _solved(problem, margin))
        broken = violations(problem, amounts)
        if not broken:
            return Proposed(amounts, tuple(explained(problem, amounts)), merit(problem, amounts))
        # rounding down took a share below its bound: ask the solver for a little more there
        margin = max(2 * margin, problem.bounds.step_cents)
    raise NoProgrammingError


class _Solver(highspy.Highs):
    """HiGHS, silent from the start: it greets on the standard output before one can ask it not to."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the name is HiGHS’s)
        """Be silent first."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class _Model:
    """The columns of the solver: an amount in euros for each case and funder, and whether the case is funded."""

    solver: _Solver
    amounts: dict[tuple[int, str], "highspy.highs.highs_var"]
    funded: dict[int, "highspy.highs.highs_var"]


def _solved(problem: Problem, margin_cents: int) -> dict[tuple[int, str], float]:
    model = _model(problem)
    for case in _candidates(problem):
        _bind_case(model, problem, case)
    _bind_purses(model, problem)
    _bind_places(model, problem, margin_cents)
    solver = model.solver
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        raise NoProgrammingError
    values = solver.getSolution().col_value
    return {key: values[column.index] for key, column in model.amounts.items()}


def _model(problem: Problem) -> _Model:
    solver = _Solver()  # type: ignore[no-untyped-call]
    for option, value in (
        ("threads", 1), ("random_seed", 1), ("mip_rel_gap", GAP), ("time_limit", SECONDS),
    ):  # fmt: skip
        solver.setOptionValue(option, value)
    model = _Model(solver, {}, {})
    for case in _candidates(problem):
        for funder, cents in case.requested.items():
            points = float(case.score or 0) / (case.requested_cents / EUROS)
            model.amounts[case.id, funder] = solver.addVariable(lb=0, ub=cents / EUROS, obj=points)
        model.funded[case.id] = solver.addBinary(obj=0)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return model


def _candidates(problem: Problem) -> list[Asked]:
    """The cases that may be given anything: scored, asking, and with room under the ceiling for the least."""
    return [
        case
        for case in problem.cases
        if case.score and case.requested_cents and problem.most_cents(case) >= problem.least_cents(case)
    ]


def _bind_case(model: _Model, problem: Problem, case: Asked) -> None:
    """Nothing, or between the least and the ceiling; the least has room for what rounding takes off."""
    solver, funded = model.solver, model.funded[case.id]
    whole = sum(model.amounts[case.id, funder] for funder in case.requested)
    most = min(problem.most_cents(case), case.requested_cents)
    rounding = problem.bounds.step_cents * len(case.requested)
    least = min(problem.least_cents(case) + rounding, most)
    solver.addConstr(whole - most / EUROS * funded <= 0)
    solver.addConstr(whole - least / EUROS * funded >= 0)


def _bind_purses(model: _Model, problem: Problem) -> None:
    for purse in problem.purses:
        taken = [
            model.amounts[case.id, funder]
            for case in _candidates(problem)
            for funder in case.requested
            if purse.id in case.paths.get(funder, ())
        ]
        if taken:
            model.solver.addConstr(model.solver.qsum(taken) <= max(0, purse.left_cents) / EUROS)


def _bind_places(model: _Model, problem: Problem, margin_cents: int) -> None:
    if not model.amounts:
        return
    everything = model.solver.qsum(model.amounts.values())
    for place, share in sorted(problem.bounds.shares.items()):
        there = [
            model.amounts[case.id, funder]
            for case in _candidates(problem)
            if place in case.neighbourhoods
            for funder in case.requested
        ]
        model.solver.addConstr(model.solver.qsum(there) - float(share) * everything >= margin_cents / EUROS)


def _rounded(problem: Problem, euros: dict[tuple[int, str], float]) -> dict[tuple[int, str], int]:
    """Whole steps, downwards, except what is granted in full; then, to the cent, nothing over any bound."""
    step = problem.bounds.step_cents
    amounts: dict[tuple[int, str], int] = {}
    for case in _candidates(problem):
        for funder, asked in case.requested.items():
            cents = round(euros[case.id, funder] * EUROS)
            amounts[case.id, funder] = asked if cents >= asked else cents // step * step
    _take_off(problem, amounts)
    _drop_crumbs(problem, amounts)
    _fill_up(problem, amounts)
    return {key: cents for key, cents in amounts.items() if cents}


def _take_off(problem: Problem, amounts: dict[tuple[int, str], int]) -> None:
    """Where a rounding of the solver is a cent over a purse or a ceiling, take a step off the last case."""
    step = problem.bounds.step_cents
    taken = taken_from(problem, amounts)
    for purse in problem.purses:
        for case in reversed(_candidates(problem)):
            for funder in case.requested:
                if taken.get(purse.id, 0) <= purse.left_cents:
                    break
                if purse.id in case.paths.get(funder, ()) and amounts[case.id, funder]:
                    less = min(step, amounts[case.id, funder])
                    amounts[case.id, funder] -= less
                    taken[purse.id] -= less
    for case in _candidates(problem):
        excess = sum(given_to(case, amounts).values()) - problem.most_cents(case)
        for funder in sorted(case.requested, key=lambda one: -amounts[case.id, one]):
            if excess > 0:
                less = min(amounts[case.id, funder], -(-excess // step) * step)
                amounts[case.id, funder] -= less
                excess -= less


def _drop_crumbs(problem: Problem, amounts: dict[tuple[int, str], int]) -> None:
    for case in _candidates(problem):
        if sum(given_to(case, amounts).values()) < problem.least_cents(case):
            for funder in case.requested:
                amounts[case.id, funder] = 0


def _fill_up(problem: Problem, amounts: dict[tuple[int, str], int]) -> None:
    """Give what rounding left to the actions that bring the most for it, as far as it goes."""
    taken = taken_from(problem, amounts)
    left = {purse.id: purse.left_cents - taken.get(purse.id, 0) for purse in problem.purses}
    for case in sorted(_candidates(problem), key=lambda one: (-points_a_thousand(one), one.id)):
        more = _more(problem, case, amounts, left)
        total = sum(given_to(case, amounts).values()) + sum(more.values())
        if not more or total < problem.least_cents(case):
            continue
        wanted = {
            **amounts,
            **{(case.id, funder): amounts[case.id, funder] + cents for funder, cents in more.items()},
        }
        if any(
            given_in(problem, place, wanted) < sum(wanted.values()) * share
            for place, share in problem.bounds.shares.items()
        ):
            continue
        amounts.update(wanted)
        for funder, cents in more.items():
            for purse_id in case.paths.get(funder, ()):
                left[purse_id] -= cents


def _more(
    problem: Problem, case: Asked, amounts: dict[tuple[int, str], int], left: dict[int, int]
) -> dict[str, int]:
    """What each funder can still add to a case: whole steps, or all that is missing."""
    step, room = problem.bounds.step_cents, problem.most_cents(case) - sum(given_to(case, amounts).values())
    spent: dict[int, int] = {}
    more: dict[str, int] = {}
    for funder, asked in case.requested.items():
        missing, path = asked - amounts[case.id, funder], case.paths.get(funder, ())
        able = min([missing, room, *(left[purse_id] - spent.get(purse_id, 0) for purse_id in path)])
        cents = addable(missing, able, step)
        if cents > 0:
            more[funder] = cents
            room -= cents
            spent |= {purse_id: spent.get(purse_id, 0) + cents for purse_id in path}
    return more
