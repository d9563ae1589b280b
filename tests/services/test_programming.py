"""A proposed programming keeps to every bound, is worth what can be had, and says why: by hand, then by chance."""

from decimal import Decimal
from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.models.queries.movements import Taken, write_grants
from parvis.services import scenarios
from parvis.services.programming import propose
from parvis.states.ledger import Kind
from parvis.states.programming import (
    Asked,
    Bounds,
    Problem,
    Purse,
    compared,
    given_in,
    merit,
    points_a_thousand,
    violations,
)
from parvis.states.programming_reasons import Why
from tests.services.desk import Desk
from tests.services.envelope_desk import ALONE, AT, GENERAL, OF_CHALLENGE, OF_PLACE, answering

STATE, CITY = Purse(1, "État", 10_000_00), Purse(2, "Ville", 5_000_00)


def asked(number: int, score: int | None, /, cost: int = 100_000_00, **requested: int) -> Asked:
    """A case that asks each funder for so many euros."""
    ids = {"etat": (1,), "ville": (2,)}
    cents = {funder: euros * 100 for funder, euros in requested.items()}
    return Asked(number, f"A-{number}", score, cost, cents, {funder: ids[funder] for funder in cents})


def euros(problem: Problem) -> tuple[dict[int, int], dict[int, Why]]:
    """What the proposal gives to each case, in euros, and why."""
    proposed = propose(problem)
    assert violations(problem, proposed.amounts) == []
    totals = {case.id: 0 for case in problem.cases}
    for (case_id, _), cents in proposed.amounts.items():
        totals[case_id] += cents // 100
    return totals, {reason.case_id: reason.why for reason in proposed.reasons}


@pytest.mark.parametrize(
    ("cases", "totals", "reasons"),
    [
        pytest.param([asked(1, 80, etat=10_000), asked(2, 40, etat=10_000)],
                     {1: 10_000, 2: 0}, {1: Why.WHOLE, 2: Why.OUTRANKED}, id="the best score first"),
        pytest.param([asked(1, 80, etat=7_000), asked(2, 60, etat=7_000)],
                     {1: 7_000, 2: 3_000}, {1: Why.WHOLE, 2: Why.PURSE}, id="the rest to the next"),
        pytest.param([asked(1, 80, etat=9_500), asked(2, 20, etat=9_000)],
                     {1: 9_500, 2: 0}, {1: Why.WHOLE, 2: Why.OUTRANKED}, id="less than the least is nothing"),
        pytest.param([asked(1, 50, 10_000_00, etat=6_000, ville=4_000)],
                     {1: 8_000}, {1: Why.CEILING}, id="public money pays 80 % of a cost"),
        pytest.param([asked(1, None, etat=5_000), asked(2, 30, etat=5_000)],
                     {1: 0, 2: 5_000}, {1: Why.NOT_SCORED, 2: Why.WHOLE}, id="nothing without a score"),
        pytest.param([asked(1, 60, etat=8_000, ville=8_000)],
                     {1: 13_000}, {1: Why.PURSE}, id="each funder from its own envelope"),
        pytest.param([asked(1, 70, etat=400)], {1: 400}, {1: Why.WHOLE}, id="a small request is its own least"),
        pytest.param([asked(1, 70, etat=2_345)], {1: 2_345}, {1: Why.WHOLE}, id="all that is asked is not rounded"),
    ],
)  # fmt: skip
def test_by_hand(cases, totals, reasons):
    assert euros(Problem(tuple(cases), (STATE, CITY))) == (totals, reasons)


def test_what_a_funder_that_is_asked_nothing_would_give_is_a_fault_of_its_case():
    cases = (asked(1, 80, etat=2_000), asked(2, 80, etat=2_000, ville=2_000))
    amounts = {(1, "etat"): 2_000_00, (1, "ville"): 1, (2, "ville"): 2_000_00}

    found = violations(Problem(cases, (STATE, CITY)), amounts)

    assert [(one.code, one.case_id) for one in found] == [("over_request", 1)]


def test_an_envelope_inside_another_takes_from_both():
    inside = Purse(3, "État, Étouvie", 3_000_00)
    there = Asked(1, "A-1", 90, 100_000_00, {"etat": 8_000_00}, {"etat": (3, 1)})
    elsewhere = Asked(2, "A-2", 50, 100_000_00, {"etat": 9_000_00}, {"etat": (1,)})

    totals, reasons = euros(Problem((there, elsewhere), (STATE, inside)))

    assert totals == {1: 3_000, 2: 7_000}
    assert reasons == {1: Why.PURSE, 2: Why.PURSE}


def test_a_sitting_programs_the_envelopes_that_will_pay_and_what_is_reserved_for_its_cases(
    city: Desk,
) -> None:
    of_both, of_place = answering(city), city.case_in_committee()
    city.run("UPDATE cases SET total_cost_cents = 100000000, score = 100 - id")
    with city.database.transaction() as session:
        taken = [Taken("etat", 300_000, OF_CHALLENGE)]
        write_grants(session, of_both, 0, taken, kind=Kind.RESERVE, actor="", at=AT)

    with city.database.transaction() as session:
        made = scenarios.ground(session, city.committee("copil"))
        proposed = propose(made.problem)

    assert [(one.name, one.left_cents) for one in made.problem.purses] == [
        ("État", 1_000_000), ("État, Emploi", 400_000), ("État, Étouvie", 300_000), ("Ville, Emploi", 200_000),
    ]  # fmt: skip
    assert [dict(case.paths) for case in made.problem.cases] == [
        {"etat": (OF_CHALLENGE, GENERAL), "ville": (ALONE,)}, {"etat": (OF_PLACE, GENERAL)},
    ]  # fmt: skip
    assert proposed.amounts == {
        (of_both, "etat"): 400_000, (of_both, "ville"): 200_000,
        (of_place, "etat"): 300_000, (of_place, "ville"): 300_000,
    }  # fmt: skip
    assert proposed.reasons[0].purses == (OF_CHALLENGE, ALONE)
    assert proposed.reasons[1].purses == (OF_PLACE,)


@pytest.mark.slow
def test_three_hundred_cases_and_seven_funders_are_proposed_in_ten_seconds_of_computing() -> None:
    luck = Random(1)
    codes = [f"f{number}" for number in range(7)]
    cases = []
    for number in range(300):
        requested = {code: luck.randrange(5, 300) * 100_00 for code in luck.sample(codes, luck.randint(1, 4))}
        paths = {
            code: ((10 + at, at) if luck.random() < 0.4 else (at,))
            for at, code in enumerate(codes)
            if code in requested
        }
        cost = int(sum(requested.values()) * luck.uniform(1, 2.5))
        cases.append(Asked(number, f"A-{number}", luck.randint(20, 100), cost, requested, paths,
                           frozenset(luck.sample(["QN1", "QN2", "QN3"], 1))))  # fmt: skip
    whole = sum(case.requested_cents for case in cases)
    purses = [Purse(at, code, whole // 20) for at, code in enumerate(codes)]
    purses += [Purse(10 + at, f"{code}, Défi", whole // 70) for at, code in enumerate(codes)]
    problem = Problem(tuple(cases), tuple(purses), Bounds(shares={"QN1": Decimal("0.4")}))

    began = process_time()
    proposed = propose(problem)
    took = process_time() - began

    assert violations(problem, proposed.amounts) == []
    assert took < 10, took


def test_a_neighbourhood_keeps_its_share_and_those_it_costs_are_told():
    poor = Asked(1, "A-1", 30, 100_000_00, {"etat": 2_000_00}, {"etat": (1,)}, frozenset({"QN1"}))
    rich = Asked(2, "A-2", 90, 100_000_00, {"etat": 9_000_00}, {"etat": (1,)}, frozenset({"QN2"}))
    problem = Problem((poor, rich), (STATE,), Bounds(shares={"QN1": Decimal("0.25")}))

    proposed = propose(problem)

    assert violations(problem, proposed.amounts) == []
    assert given_in(problem, "QN1", proposed.amounts) == 2_000_00
    assert given_in(problem, "QN2", proposed.amounts) == 6_000_00
    assert [reason.why for reason in proposed.reasons] == [Why.WHOLE, Why.SHARE]
    assert "QN1" in proposed.reasons[1].says.fr


def test_two_programmings_are_compared_by_what_differs():
    problem = Problem((asked(1, 80, etat=7_000), asked(2, 60, etat=7_000)), (STATE,))

    [(case, before, after)] = compared(problem, {(1, "etat"): 100}, {(1, "etat"): 400})

    assert (case.id, before, after) == (1, 100, 400)


FUNDERS = ("etat", "ville")
AMOUNT = st.integers(3, 200).map(lambda hundreds: hundreds * 100_00 + 37)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    cases = []
    for number in range(draw(st.integers(1, 9))):
        funders = draw(st.lists(st.sampled_from(FUNDERS), min_size=1, max_size=2, unique=True))
        requested = {funder: draw(AMOUNT) for funder in funders}
        paths = {"etat": (3, 1) if draw(st.booleans()) else (1,), "ville": (2,)}
        places = draw(st.frozensets(st.sampled_from(("QN1", "QN2"))))
        cases.append(
            Asked(number, f"A-{number}", draw(st.none() | st.integers(0, 100)),
                  int(sum(requested.values()) * draw(st.sampled_from((1, 1.2, 2)))), requested,
                  {funder: paths[funder] for funder in requested}, places, draw(st.sampled_from((0, 500_00))))
        )  # fmt: skip
    purses = (
        Purse(1, "État", draw(AMOUNT)),
        Purse(2, "Ville", draw(AMOUNT)),
        Purse(3, "Étouvie", draw(AMOUNT)),
    )
    shares = {"QN1": Decimal("0.3")} if draw(st.booleans()) else {}
    return Problem(tuple(cases), purses, Bounds(shares=shares))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_a_proposal_never_breaks_a_bound_and_is_worth_as_much_as_giving_in_order(problem):
    proposed = propose(problem)

    assert violations(problem, proposed.amounts) == []
    assert len(proposed.reasons) == len(problem.cases)
    if not problem.bounds.shares:
        assert proposed.points >= merit(problem, in_order(problem)) * Decimal("0.99") - 1


def in_order(problem: Problem) -> dict[tuple[int, str], int]:
    """What somebody with a pencil would do: the case that brings the most first, all it asks for or nothing."""
    amounts: dict[tuple[int, str], int] = {}
    for case in sorted(problem.cases, key=points_a_thousand, reverse=True):
        tried = {**amounts, **{(case.id, funder): cents for funder, cents in case.requested.items()}}
        if case.score is not None and not violations(problem, tried):
            amounts = tried
    return amounts
