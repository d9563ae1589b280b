"""The calendar and the money of agreements: steps counted back from the end, years, instalments, timers."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from parvis.states.agreement_calendar import Door, renewal_calendar, review_due, years_of
from parvis.states.agreement_deadlines import plan
from parvis.states.agreement_facts import AgreementFacts, Year
from parvis.states.agreement_stages import AgreementStage
from parvis.states.agreement_table import AGREEMENTS
from parvis.states.calendar import (
    add_months,
    agreement_end,
    deadline_instant,
    is_working_day,
    local_instant,
    paris_day,
)
from parvis.states.contract.agreements import AgreementRules
from parvis.states.deadlines import Kind
from parvis.states.payments import split

RULES = AgreementRules()
DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
shares = st.lists(st.integers(1, 100), min_size=1, max_size=6).map(
    lambda parts: [Decimal(part) / sum(parts) for part in parts]
)
settings = st.lists(st.integers(1, 36), min_size=4, max_size=4, unique=True).map(
    lambda months: dict(
        zip(
            ("renewal_opens_months", "evaluation_months", "request_months", "decision_months"),
            sorted(months, reverse=True),
            strict=True,
        )
    )
)


def an_agreement(
    stage: AgreementStage = AgreementStage.ACTIVE, on: date = date(2026, 11, 25), **known: object
) -> AgreementFacts:
    values: dict[str, Any] = {
        "starts_on": date(2024, 1, 1), "ends_on": date(2026, 12, 31), "granted": True, **known
    }  # fmt: skip
    years = tuple(
        Year(number, first, last, firm=number == 1)
        for number, (first, last) in enumerate(years_of(values["starts_on"], values["ends_on"]), 1)
    )
    at = local_instant(on, time(9))
    return AgreementFacts(1, stage, 3, at, entered_on=on, entered_version=3, years=years, **values)


@given(st.integers(0, 10**11), shares)
def test_instalments_sum_to_the_cent_and_none_is_negative_nor_a_cent_off_its_share(cents, parts):
    found = split(cents, parts)

    assert sum(found) == cents
    assert len(found) == len(parts)
    assert all(part >= 0 for part in found)
    for part, share in zip(found, parts, strict=True):
        assert abs(part - share * cents) <= 1


def test_the_usual_schedules_are_what_a_treasurer_expects():
    assert split(1_000_001, [Decimal("0.5"), Decimal("0.3"), Decimal("0.2")]) == [500_001, 300_000, 200_000]
    assert split(2, [Decimal("0.25")] * 4) == [1, 0, 1, 0]
    assert split(0, [Decimal("0.8"), Decimal("0.2")]) == [0, 0]
    assert split(100, []) == []


@given(days, settings)
def test_the_steps_of_a_renewal_are_working_days_in_order_each_counted_from_the_original_end(end, months):
    rules = AgreementRules(**months)
    calendar = renewal_calendar(end, rules)
    steps = [calendar.opens_on, calendar.evaluation_on, calendar.request_on, calendar.decision_on]

    for day, count in zip(steps, rules.milestones, strict=True):
        exact = add_months(end, -count)
        assert is_working_day(day)
        assert exact - timedelta(days=6) <= day <= exact
    assert all(before <= after for before, after in pairwise(steps))
    assert steps[-1] < end


def test_the_usual_steps_of_an_agreement_that_ends_with_2026():
    calendar = renewal_calendar(date(2026, 12, 31), RULES)

    assert calendar.opens_on == date(2025, 10, 31)
    assert calendar.evaluation_on == date(2026, 3, 31)
    assert calendar.request_on == date(2026, 6, 30)
    assert calendar.decision_on == date(2026, 9, 30)


@given(days, st.integers(-30, 500))
def test_a_renewal_opened_late_leaves_some_days_to_each_step_and_never_passes_the_end(end, days_before):
    opened = end - timedelta(days=days_before)
    calendar = renewal_calendar(end, RULES, opened)
    steps = [calendar.evaluation_on, calendar.request_on, calendar.decision_on]

    assert all(before <= after for before, after in pairwise([opened, *steps]))
    assert all(day <= max(end, opened) for day in steps)
    for before, after in pairwise([opened, *steps]):
        assert after - before >= timedelta(days=RULES.grace_days) or after == max(end, opened)


def test_steps_that_are_not_in_order_are_refused_with_what_to_change():
    with pytest.raises(ValidationError) as refused:
        AgreementRules(evaluation_months=6, request_months=6)

    assert [error["loc"] for error in refused.value.errors()] == [("request_months",)]


@given(days, st.integers(1, 6))
def test_the_years_of_an_agreement_follow_each_other_from_its_first_day_to_its_last(start, count):
    end = agreement_end(start, count)
    found = list(years_of(start, end))

    assert len(found) == count
    assert (found[0][0], found[-1][1]) == (start, end)
    assert all(after[0] == before[1] + DAY for before, after in pairwise(found))
    assert all(review_due(last, RULES) <= last for _, last in found)


def test_an_agreement_made_longer_or_shorter_ends_with_a_year_that_is_not_whole():
    assert list(years_of(date(2024, 1, 1), date(2025, 6, 30)))[-1] == (date(2025, 1, 1), date(2025, 6, 30))
    assert list(years_of(date(2024, 1, 1), date(2023, 12, 31))) == []


@given(st.sampled_from(sorted(set(AgreementStage) - AGREEMENTS.finals)), days, days, st.none() | days)
def test_every_stage_that_is_not_final_has_something_due_and_no_reminder_after_what_it_warns_of(
    stage, start, on, approval
):
    agreement = an_agreement(
        stage, on, starts_on=start, ends_on=agreement_end(start, 3), approval_ends_on=approval
    )
    planned = plan(agreement, RULES)

    assert planned
    assert len({(timer.rule, timer.occurrence) for timer in planned}) == len(planned)
    for timer in planned:
        assert timer.expires_at is None or agreement.at < timer.expires_at
        if timer.kind is Kind.REMINDER and timer.due_at < deadline_instant(timer.deadline):
            assert timer.due_at > agreement.at
    if stage in (AgreementStage.ACTIVE, AgreementStage.IN_RENEWAL):
        ends = [timer for timer in planned if timer.action == "end"]
        assert [timer.due_at for timer in ends] == [deadline_instant(agreement.ends_on)]


def test_what_has_come_is_no_longer_reminded_of():
    renewal = an_agreement(AgreementStage.IN_RENEWAL, date(2025, 11, 3))
    rules = {timer.rule for timer in plan(renewal, RULES)}
    settled = replace(renewal, evaluation_received_on=date(2026, 1, 5), request="CONVENTIONS-00001")
    left = {timer.rule for timer in plan(settled, RULES)}

    assert {"evaluation-30", "evaluation+15", "request-30", "decision-late:manager"} <= rules
    assert {rule for rule in left if rule.startswith(("evaluation", "request"))} == set()


def test_the_approval_of_the_caf_has_reminders_of_its_own_from_fourteen_months_before():
    agreement = an_agreement(on=date(2024, 2, 1), approval_ends_on=date(2026, 6, 30))
    found = {
        timer.rule: paris_day(timer.due_at)
        for timer in plan(agreement, RULES)
        if timer.rule.startswith("approval")
    }

    assert found == {
        "approval-14m": date(2025, 4, 30), "approval-6m": date(2025, 12, 30), "approval-2m": date(2026, 4, 30),
        "approval-over": date(2026, 7, 1), "approval-late:instructor": date(2026, 7, 1),
    }  # fmt: skip


def test_a_request_is_not_due_before_the_call_that_takes_it_opens_but_by_its_closing_which_never_rolls():
    end, opened, saturday = date(2026, 12, 31), date(2025, 10, 31), date(2026, 10, 31)
    late = renewal_calendar(end, RULES, opened, Door(date(2026, 9, 1), saturday))
    endless = renewal_calendar(end, RULES, opened, Door(date(2026, 9, 1)))
    early = renewal_calendar(end, RULES, opened, Door(date(2026, 1, 5), saturday))

    assert (late.request_on, late.decision_on) == (saturday, date(2026, 11, 16))
    assert endless.request_on == date(2026, 9, 16)
    assert early == renewal_calendar(end, RULES, opened)
