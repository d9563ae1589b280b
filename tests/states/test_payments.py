"""Instalments add up to the grant to the cent, whatever the shares; gaps say what was not done as planned."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.cerfa import CHARGE, PRODUIT
from parvis.states.contract import TimeRules
from parvis.states.contract.instruction import PAYMENTS, Underspend
from parvis.states.deadlines import plan
from parvis.states.gaps import Gap, Line, cost_per_person, total
from parvis.states.payments import Held, PaymentStatus, Settlement, Share, owed, schedule, settle, split
from tests.states.examples import case_at

shares = st.lists(st.decimals("0.0001", "1", places=4), min_size=1, max_size=8)


@given(st.integers(0, 10**12), shares)
def test_instalments_sum_to_the_cent_and_none_is_negative(cents, parts):
    amounts = split(cents, parts)

    assert sum(amounts) == cents
    assert min(amounts) >= 0
    whole = sum(parts)
    assert all(abs(got - cents * part / whole) <= 1 for got, part in zip(amounts, parts, strict=True))


def test_two_cents_in_four_quarters_are_paid_once():
    assert split(2, [Decimal("0.25")] * 4) == [1, 0, 1, 0]
    assert split(1_001, [Decimal("0.333"), Decimal("0.667")]) == [333, 668]
    assert split(5, []) == []


def test_each_funder_pays_its_own_instalments_within_sixty_days_of_notification():
    planned = schedule(
        PAYMENTS, [Share("etat", 400_001), Share("ville", 0), Share("caf", 3, partner_id=7)],
        notified_on=date(2026, 9, 15), days=60,
    )  # fmt: skip

    assert [(p.funder, p.instalment, p.amount_cents, p.status, p.due_on) for p in planned] == [
        ("etat", "advance", 320_001, PaymentStatus.DUE, date(2026, 11, 16)),  # 14 November is a Saturday
        ("etat", "balance", 80_000, PaymentStatus.PLANNED, None),
        ("caf", "advance", 2, PaymentStatus.DUE, date(2026, 11, 16)),
        ("caf", "balance", 1, PaymentStatus.PLANNED, None),
    ]
    assert [p.partner_id for p in planned] == [None, None, 7, 7]


def test_gaps_are_in_cents_and_in_percent_of_what_was_planned():
    lines = (
        Line(CHARGE, "601", "Achats", 10_000, 7_500), Line(CHARGE, "641", "Salaires", 0, 2_000),
        Line(CHARGE, "864", "Bénévolat", 5_000, 5_000), Line(PRODUIT, "74", "État", 15_000),
    )  # fmt: skip

    assert [(line.gap.cents, line.gap.percent) for line in lines] == [
        (-2_500, Decimal("-25.0")), (2_000, None), (0, Decimal("0.0")), (-15_000, Decimal("-100.0")),
    ]  # fmt: skip
    assert total(lines, CHARGE) == Gap(15_000, 14_500)
    assert total(lines, CHARGE, in_kind=False) == Gap(10_000, 9_500)
    assert Gap(3, 4).percent == Decimal("33.3")
    assert (cost_per_person(1_000, 3), cost_per_person(1_000, 0), cost_per_person(1_000, None)) == (
        333,
        None,
        None,
    )


def test_corrections_have_reminders_of_their_own_and_dates_asked_for_wait_for_the_officer():
    asked_back = replace(
        case_at("funded"), report_due_on=date(2026, 5, 1), corrections_due_on=date(2026, 10, 1)
    )
    other_dates = replace(asked_back, new_dates_asked_on=date(2026, 6, 30))

    first, second = (
        {timer.rule: timer.deadline for timer in plan(facts, TimeRules())}
        for facts in (asked_back, other_dates)
    )

    assert set(first) == {
        "report-30", "report-15", "report+1", "report+15", "report+30", "report-late:instructor", "report-late:manager",
    }  # fmt: skip
    assert set(first.values()) == {date(2026, 10, 1)}
    assert second == {"report-dates-late:instructor": date(2026, 7, 22)}


def test_what_is_owed_follows_the_costs_and_counts_what_is_paid_first():
    held = (Held(1, 3, None, 800, "paid"), Held(2, 3, None, 200, "planned"), Held(3, 4, 9, 100, "due"))

    def left(spent: int | None, rule: Underspend = Underspend.PRO_RATA) -> Settlement:
        return settle(held, spent_cents=spent, planned_cents=1_000, rule=rule)

    assert left(900) == Settlement(((2, 100), (3, 90)), ())
    assert left(2_000) == left(None) == left(1, Underspend.IN_FULL) == Settlement(((2, 200), (3, 100)), ())
    assert left(795) == Settlement(((2, 0), (3, 80)), ((3, None, 5),))
    assert (left(0).balance_cents, left(0).repay_cents) == (0, 800)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9), shares, st.data())
def test_whatever_was_paid_what_is_paid_kept_and_asked_back_is_what_is_owed(
    granted, spent, planned, parts, data
):
    held = [
        Held(number, 1, None, cents, data.draw(st.sampled_from(["planned", "due", "ordered", "paid"])))
        for number, cents in enumerate(split(granted, parts))
    ]

    left = settle(held, spent_cents=spent, planned_cents=planned, rule=Underspend.PRO_RATA)

    gone = sum(payment.amount_cents for payment in held if payment.status in ("ordered", "paid"))
    due = owed(granted, spent_cents=spent, planned_cents=planned, rule=Underspend.PRO_RATA)
    assert gone + left.balance_cents - left.repay_cents == due <= granted
    assert min((cents for _, cents in left.pay), default=0) >= 0
    assert not (left.balance_cents and left.repay_cents)
