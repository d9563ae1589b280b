"""The years of agreements to the cent: whatever is amended, paid or shared, what stands is what was decided."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.agreement_payments import GONE, HeldPart, Part, YearPlan, payees_of, plan_year

SHARES = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(
    lambda weights: tuple(
        Part(f"part-{at}", "notification" if at == 0 else "report", Decimal(one) / sum(weights))
        for at, one in enumerate(weights)
    )
)
CENTS = st.integers(0, 50_000_001)
GRANTED = st.dictionaries(st.none() | st.integers(1, 3), st.integers(0, 9_999_999), max_size=4)


def after(held: list[HeldPart], plan: YearPlan) -> list[HeldPart]:
    """The payments once a plan is written."""
    amounts = dict(plan.kept)
    there = [
        HeldPart(one.id, one.funder_id, one.partner_id, one.instalment, amounts.get(one.id) or one.amount_cents,
                 one.status if one.id not in amounts else "planned" if amounts[one.id] else "cancelled")
        for one in held
    ]  # fmt: skip
    new = [
        HeldPart(100 + len(held) + at, one.funder_id, one.partner_id, one.instalment, one.cents, "planned")
        for at, one in enumerate(plan.new)
    ]
    return there + new


def standing(held: list[HeldPart]) -> int:
    return sum(one.amount_cents for one in held if one.status != "cancelled")


def gone(held: list[HeldPart]) -> int:
    return sum(one.amount_cents for one in held if one.status in GONE)


@given(parts=SHARES, years=st.lists(CENTS, min_size=3, max_size=3), granted=GRANTED)
def test_the_payments_of_three_years_are_their_amounts_to_the_cent_whoever_shares_them(parts, years, granted):
    for cents in years:
        plan = plan_year(parts, payees_of(7, cents, granted), [], {}, mark="avenant-0")

        assert sum(one.cents for one in plan.new) == cents
        assert all(one.cents > 0 for one in plan.new)
        payees = {one.partner_id for one in plan.new}
        assert payees <= ({who for who, weight in granted.items() if weight} or {None})


@given(
    parts=SHARES, granted=GRANTED, first=CENTS, amended=st.lists(CENTS, max_size=4),
    paid=st.lists(st.integers(0, 8), max_size=4), later=GRANTED,
)  # fmt: skip
def test_whatever_is_amended_and_paid_in_between_what_is_paid_stays_and_the_rest_makes_up_the_amount(
    *, parts, granted, first, amended, paid, later
):
    held = after([], plan_year(parts, payees_of(7, first, granted), [], {}, mark="avenant-0"))
    for number, cents in enumerate(amended, start=1):
        which = paid[number - 1] if number <= len(paid) else None
        held = [
            HeldPart(one.id, 7, one.partner_id, one.instalment, one.amount_cents, "paid")
            if at == which and one.status == "planned"
            else one
            for at, one in enumerate(held)
        ]
        before = {one.id: one for one in held if one.status in GONE}

        held = after(held, plan_year(parts, payees_of(7, cents, later), held, {}, mark=f"avenant-{number}"))
        again = plan_year(parts, payees_of(7, cents, later), held, {}, mark=f"avenant-{number}")

        assert standing(held) == max(cents, gone(held))
        assert {one.id: one for one in held if one.status in GONE} == before
        assert after(held, again) == held
        assert len({(one.partner_id, one.instalment) for one in held}) == len(held)


@given(parts=SHARES, granted=st.integers(1, 10_000_000), more=CENTS)
def test_a_first_year_pays_what_an_amendment_adds_to_the_grant_of_its_case_and_nothing_twice(
    parts, granted, more
):
    settled: dict[tuple[int, int | None], int] = {(7, None): granted}

    plan = plan_year(parts, payees_of(7, granted + more, {None: granted}), [], settled, mark="avenant-1")

    assert [(one.instalment, one.cents) for one in plan.new] == ([("avenant-1", more)] if more else [])
