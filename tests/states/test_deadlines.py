"""What each stage plans: whole, stable, on its side of its deadline, and as the policy of reminders says."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.states import guards
from parvis.states.calendar import add_months, deadline_instant, is_working_day, local_instant, paris_day
from parvis.states.case_table import CASES
from parvis.states.contract import TimeRules
from parvis.states.deadlines import (
    Kind,
    Timer,
    plan,
    plan_all,
    plan_clock,
    plan_opinions,
    silence_on,
    working_days_after,
)
from parvis.states.facts import Facts
from parvis.states.reminders import plan_reminders, sweep_reminders
from parvis.states.stages import Role, Stage
from tests.states.stories import around, before, times

OPEN = sorted(set(Stage) - CASES.finals)
TIMES = TimeRules()
DAY = timedelta(days=1)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
hours = st.integers(0, 23)
optional_days = st.none() | days
lags = st.integers(0, 400)


def a_case(
    stage: Stage = Stage.SUBMITTED, on: date = date(2026, 6, 1), hour: int = 9, **known: object
) -> Facts:
    return Facts(1, stage, 3, local_instant(on, time(hour)), entered_on=on, entered_version=3, **known)  # type: ignore[arg-type]


any_case = st.builds(
    a_case, st.sampled_from(OPEN), days, hours, closes_on=optional_days, reply_by=optional_days, held_on=optional_days,
    report_due_on=optional_days, report_received_on=optional_days, notice_expires_on=optional_days,
    not_carried_out=st.booleans(), clock_started_on=optional_days, clock_paused_on=optional_days,
    clock_paused_days=st.integers(0, 200), awaited_funders=st.sampled_from([(), (1,), (1, 12)]),
    opinions_due_at=st.none() | days.map(deadline_instant),
)  # fmt: skip


def due(timers: list[Timer]) -> dict[str, date]:
    return {timer.rule: paris_day(timer.due_at) for timer in timers}


@given(any_case, times)
def test_every_stage_that_is_not_final_has_something_due(case, rules):
    planned = plan(case, rules)

    assert planned
    assert all(timer.due_at.tzinfo is not None for timer in planned)
    assert any(timer.expires_at is None for timer in planned), "reminders alone may all be over"


@given(any_case, times)
def test_every_stage_ends_by_the_clock_or_is_said_late_again_and_again(case, rules):
    planned = plan(case, rules)

    rows = [CASES.row(case.stage, timer.action, Role.CLOCK) for timer in planned if timer.action]
    ends = [row for row in rows if row and row.target not in (None, case.stage)]
    repeats = [timer for timer in planned if timer.repeat_days == rules.repeat_days]
    assert ends or repeats
    assert all(timer.kind is Kind.ESCALATION and timer.expires_at is None for timer in repeats)


@given(days)
def test_the_days_a_repetition_can_fall_on_are_worked_and_never_too_soon(today):
    found = working_days_after(today)

    assert len(found) == 366
    assert all(is_working_day(day) for day in found)
    assert all(today + n * DAY <= day <= today + (n + 5) * DAY for n, day in enumerate(found, start=1))


@pytest.mark.parametrize("stage", sorted(CASES.finals))
def test_a_final_stage_plans_nothing(stage):
    assert plan_all(a_case(Stage(stage), clock_started_on=date(2026, 6, 1)), TIMES) == []


@given(any_case, times)
def test_no_two_timers_of_a_case_share_rule_and_occurrence(case, rules):
    keys = [(timer.rule, timer.occurrence) for timer in plan_all(case, rules)]

    assert len(keys) == len(set(keys))


@given(any_case, times)
def test_a_reminder_before_its_deadline_is_due_in_the_future_and_before_its_expiry(case, rules):
    for timer in plan_all(case, rules):
        if timer.expires_at is not None:
            assert timer.kind is Kind.REMINDER
            assert case.at < timer.due_at < timer.expires_at == deadline_instant(timer.deadline)


@given(any_case, times)
def test_what_comes_after_a_deadline_waits_until_its_day_is_over(case, rules):
    for timer in plan_all(case, rules):
        if timer.expires_at is None:
            assert timer.due_at >= deadline_instant(timer.deadline)


@given(any_case, times)
def test_letters_of_timers_leave_on_working_days_at_the_time_of_the_call(case, rules):
    for timer in plan_all(case, rules):
        if timer.kind is not Kind.MOVE:
            day = paris_day(timer.due_at)
            assert is_working_day(day)
            assert timer.due_at == local_instant(day, rules.reminder_time)


@given(any_case, times)
def test_a_timer_moves_the_case_or_names_a_letter_and_its_reader(case, rules):
    for timer in plan_all(case, rules):
        if timer.kind is Kind.MOVE:
            assert CASES.row(case.stage, timer.action or "", Role.CLOCK)
            assert (timer.template, timer.recipient) == (None, None)
        else:
            assert timer.action is None
            assert timer.template
            assert timer.recipient


def test_every_letter_of_a_timer_is_one_that_can_be_written():
    from parvis.notifications.kinds import LETTERS

    story = a_case(
        awaited_funders=(1,),
        opinions_due_at=deadline_instant(date(2026, 8, 1)),
        clock_started_on=date(2026, 6, 1),
    )
    cases = [replace(story, stage=stage, closes_on=date(2026, 9, 1)) for stage in OPEN]
    owed = {timer.template for case in cases for timer in plan_all(case, TIMES) if timer.template}

    assert owed <= LETTERS.keys()
    assert {
        "draft_closing",
        "documents_reminder",
        "opinion_reminder",
        "statutory_warning",
        "report_reminder",
    } <= owed


@given(any_case, times, lags)
def test_planning_again_later_moves_nothing_and_only_leaves_out_what_has_come(case, rules, lag):
    now = plan_all(case, rules)

    later = plan_all(replace(case, at=case.at + lag * DAY), rules)

    assert set(later) <= set(now)
    assert all(timer.expires_at and timer.due_at <= case.at + lag * DAY for timer in set(now) - set(later))


@given(any_case, times)
def test_coming_back_to_a_stage_opens_new_occurrences_and_not_those_of_the_last_visit(case, rules):
    again = replace(case, entered_version=case.entered_version + 2, opinions_due_at=None)

    first = {(timer.rule, timer.occurrence) for timer in plan(replace(case, opinions_due_at=None), rules)}
    second = {(timer.rule, timer.occurrence) for timer in plan(again, rules)}

    assert first & second == set()


def test_opinions_asked_keep_their_reminders_after_a_pause():
    case = a_case(awaited_funders=(1, 12), opinions_due_at=deadline_instant(date(2026, 7, 1)))
    resumed = replace(case, entered_version=9, entered_on=date(2026, 6, 12))

    def opinions(facts: Facts) -> list[Timer]:
        return [timer for timer in plan(facts, TIMES) if timer.rule.startswith("opinion:")]

    assert opinions(case) == opinions(resumed) == plan_opinions(case, TIMES, date(2026, 7, 1), (1, 12))
    assert len(opinions(case)) == 8


@pytest.mark.parametrize(
    ("stage", "known", "expected"),
    [
        (Stage.DRAFT, {"closes_on": date(2026, 7, 1)},
         {"draft-15": date(2026, 6, 16), "draft-3": date(2026, 6, 26), "draft-late:instructor": date(2026, 7, 2)}),
        (Stage.DRAFT, {}, {"draft-late:instructor": date(2026, 8, 31)}),
        (Stage.SUBMITTED, {},
         {"check-late:instructor": date(2026, 6, 23), "instruct-late:manager": date(2026, 8, 5)}),
        (Stage.INCOMPLETE, {"reply_by": date(2026, 6, 30)},
         {"reply-7": date(2026, 6, 23), "reply-1": date(2026, 6, 29), "reply": date(2026, 7, 1)}),
        (Stage.INSTRUCTED, {},
         {"schedule-late:instructor": date(2026, 8, 3), "schedule-late:manager": date(2026, 8, 3)}),
        (Stage.COMMITTEE, {"held_on": date(2026, 9, 15)},
         {"decide-late:secretary": date(2026, 10, 7), "decide-late:manager": date(2026, 10, 7)}),
        (Stage.FUNDED, {"report_due_on": date(2027, 6, 30)},
         {"report-30": date(2027, 5, 31), "report-15": date(2027, 6, 15), "report+1": date(2027, 7, 1),
          "report+15": date(2027, 7, 15), "report+30": date(2027, 7, 30),
          "report-late:instructor": date(2027, 8, 30), "report-late:manager": date(2027, 10, 29)}),
        (Stage.FUNDED, {"report_received_on": date(2027, 6, 1)},
         {"evaluate-late:instructor": date(2027, 8, 26), "evaluate-late:manager": date(2027, 11, 22)}),
        (Stage.FUNDED,
         {"report_due_on": date(2027, 6, 30), "not_carried_out": True, "notice_expires_on": date(2027, 3, 1)},
         {"reclaim-late:instructor": date(2027, 8, 30), "notice-late:instructor": date(2027, 3, 2)}),
    ],
)  # fmt: skip
def test_the_plan_of_each_stage_entered_on_1_june_2026(stage, known, expected):
    assert due(plan(a_case(stage, **known), TIMES)) == expected


def test_a_reminder_whose_moment_has_come_is_left_out_to_the_minute():
    case = a_case(Stage.INCOMPLETE, reply_by=date(2026, 6, 30))
    eight = local_instant(date(2026, 6, 23), time(8))

    just_before = plan(replace(case, at=eight - timedelta(seconds=1)), TIMES)
    just_then = plan(replace(case, at=eight), TIMES)

    assert [timer.rule for timer in just_before] == ["reply-7", "reply-1", "reply"]
    assert [timer.rule for timer in just_then] == ["reply-1", "reply"]


@given(days, times)
def test_a_lapse_is_due_at_the_very_instant_its_guard_allows_it(reply_by, rules):
    case = a_case(Stage.INCOMPLETE, reply_by=reply_by)

    (lapse,) = [timer for timer in plan(case, rules) if timer.kind is Kind.MOVE]

    assert guards.REPLY_DATE_PASSED.holds(replace(case, at=lapse.due_at))
    assert not guards.REPLY_DATE_PASSED.holds(replace(case, at=lapse.due_at - timedelta(microseconds=1)))


@given(days, around, st.integers(-60, 60), hours, st.lists(st.integers(0, 90), max_size=8).map(sorted))
def test_the_timers_of_a_deadline_follow_the_policy_of_reminders(deadline, offsets, start, hour, sweeps):
    case = a_case(Stage.FUNDED, deadline + start * DAY, hour, report_due_on=deadline)
    rules = TimeRules.model_validate({"report_reminders": offsets})
    timers = [timer for timer in plan(case, rules) if timer.kind is Kind.REMINDER]
    known = {timer.rule for timer in timers}
    settled = {r.offset for r in plan_reminders(deadline, offsets) if f"report{r.offset:+d}" not in known}

    for lag in sweeps:
        at = local_instant(deadline + (start + lag) * DAY, time(12))
        policy = sweep_reminders(deadline, offsets, settled=settled, on=paris_day(at))
        sent, superseded = swept(timers, at)

        assert sent == [f"report{r.offset:+d}" for r in [policy.sent] if r]
        assert superseded == {f"report{r.offset:+d}" for r in policy.superseded}
        settled |= {r.offset for r in (policy.sent, *policy.superseded) if r}
        timers = [timer for timer in timers if timer.rule not in {*sent, *superseded}]


def swept(timers: list[Timer], at: datetime) -> tuple[list[str], set[str]]:
    """What a sweep does with timers of one recipient: the latest due that has not expired is sent."""
    come = [timer for timer in timers if timer.due_at <= at]
    alive = [timer for timer in come if timer.expires_at is None or timer.expires_at > at]
    sent = [max(alive, key=lambda timer: (timer.due_at, come.index(timer))).rule] if alive else []
    return sent, {timer.rule for timer in come} - set(sent)


def test_silence_comes_two_months_after_the_deposit_on_a_working_day():
    """CRPA L231-4 3°; 1 August 2026 is a Saturday."""
    case = a_case(clock_started_on=date(2026, 6, 1))

    assert silence_on(case, TIMES) == date(2026, 8, 3)
    assert due(plan_clock(case, TIMES)) == {
        "silence-30": date(2026, 7, 3), "silence-7": date(2026, 7, 27), "silence": date(2026, 8, 4),
    }  # fmt: skip


@pytest.mark.parametrize(
    "known", [{}, {"clock_started_on": date(2026, 6, 1), "clock_paused_on": date(2026, 6, 9)}]
)
def test_a_clock_that_does_not_run_has_no_date(known):
    case = a_case(**known)

    assert silence_on(case, TIMES) is None
    assert plan_clock(case, TIMES) == []


pauses = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), max_size=6)


@given(days, pauses, st.integers(2, 4), before)
def test_whatever_the_pauses_silence_never_comes_sooner_than_the_law_allows(start, pauses, months, warnings):
    rules = TimeRules.model_validate({"statutory_silence_months": months, "statutory_warnings": warnings})
    paused = sum(length for _, length in pauses)

    end = silence_on(a_case(clock_started_on=start, clock_paused_days=paused), rules)

    assert end is not None
    assert is_working_day(end)
    assert end >= add_months(start, 2) + paused * DAY
    assert end <= add_months(start, months) + (paused + 5) * DAY
